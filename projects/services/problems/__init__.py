"""Verbs of problems, corrective actions, clinics, visits (问题、措施、诊所、走访)."""
