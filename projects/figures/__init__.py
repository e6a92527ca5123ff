"""Numbers with a definition (指标): population, figures, trend, lights. Start in definitions.py."""
