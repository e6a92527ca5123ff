"""Comparing (比对): staged rows with the record; the changes that an import would write."""
