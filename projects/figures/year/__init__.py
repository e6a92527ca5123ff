"""The year by ten-day periods (全年三十六旬): the line of what is done, its targets, its trend."""
