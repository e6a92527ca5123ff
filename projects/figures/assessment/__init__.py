"""What assessment scores (考核): the figures of a unit, its time in duty, the sheet of points."""
