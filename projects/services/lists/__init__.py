"""Verbs of annual lists, their versions and adjustments (名单)."""
