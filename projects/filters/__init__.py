"""Filters (筛选) of the pages, one module per subject."""
