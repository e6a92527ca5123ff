"""Pages of the weekly overdue report (逾期周报)."""
