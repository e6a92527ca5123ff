"""Verbs of supervision orders (督办)."""
