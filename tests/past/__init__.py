"""A past day is answered with that day’s facts, whoever asks afterwards."""
