"""Rows for screens, documents and messages (查询): reading only, every question takes its day."""
