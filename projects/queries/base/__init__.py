"""What every query stands on."""
