"""The main work done by hand in a real browser."""
