"""Pages of alerts, the ladder, notices (预警、通知)."""
