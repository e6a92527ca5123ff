"""Verbs of leads, industry chains, indicators (招商、产业链)."""
