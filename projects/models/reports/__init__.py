"""Ten-day reports (旬报): reports and visits, and the amounts stored from them by year."""
