"""Rows of light rule sets, exemptions, history (亮灯)."""
