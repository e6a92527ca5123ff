"""Delivery plans (推进方案): plans with their milestones, the templates they are drafted from."""
