"""Pages of ten-day reports (旬报)."""
