"""Kinds of sheets (表的种类)."""

LEDGER, MILESTONES, INVESTMENT = "ledger", "milestones", "investment"
PROBLEMS, INDICATORS, UNRECOGNISED = "problems", "indicators", "unrecognised"
LEADS, OFFICIALS, UNITS, PLACES = "leads", "officials", "units", "places"
