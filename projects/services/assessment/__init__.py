"""Verbs of schemes, rounds, appeals (考核)."""
