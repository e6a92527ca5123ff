"""Pages of ledgers as they come (数据导入)."""
