"""Rows of the desk, saved views, help (工作台)."""
