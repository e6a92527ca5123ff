"""Pages of permits, land, markers of joint services (手续、用地)."""
