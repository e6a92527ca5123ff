"""Working days each level has for a problem: where the office starts (docs/rules.md §9); it changes them in the admin."""

LIMITS = {"officer": 3, "department": 10, "sponsor": 10, "zone": 15, "city": 20, "province": 30}


def add_limits(apps, schema_editor):
    limit = apps.get_model("projects", "LevelLimit")
    for level, days in LIMITS.items():
        limit.objects.get_or_create(level=level, defaults={"working_days": days})
