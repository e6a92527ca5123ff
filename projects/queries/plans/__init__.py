"""Rows of delivery plans, milestones and their dates (推进方案、节点)."""
