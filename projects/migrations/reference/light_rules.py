"""Rule sets of lights to start from (亮灯规则预设): 银川 in force from the beginning, 武汉 and 三亚 as drafts."""

from datetime import UTC, date, datetime
from decimal import Decimal


OWN_WORDS = "节点、问题、旬报维度为本区自定"
# gauge, light, low, low closed, high, high closed
OWN = [
    ("milestone_days", "yellow", 1, True, 15, False),
    ("milestone_days", "red", 15, True, None, False),
    ("problem_days", "yellow", 1, True, 7, False),
    ("problem_days", "red", 7, True, None, False),
    ("periods_missing", "yellow", 1, True, 2, False),
    ("periods_missing", "red", 2, True, None, False),
]
PRESETS = [
    # name, source, least plan of the year in 万元, in force from, bands
    (
        "银川市2025年",
        f"参照银川市2025年做法；{OWN_WORDS}",
        0,
        date(2000, 1, 1),
        [
            ("months_due", "yellow", 1, True, 3, False),
            ("months_due", "red", 3, True, None, False),
            ("points_behind", "yellow", 10, True, 30, True),
            ("points_behind", "red", 30, False, None, False),
            ("months_unregistered", "yellow", 1, True, 2, False),
            ("months_unregistered", "red", 2, True, None, False),
            *OWN,
        ],
    ),
    (
        "武汉市2022年",
        f"参照武汉市2022年做法；{OWN_WORDS}",
        0,
        None,
        [
            ("share_of_pro_rata", "yellow", 60, True, 80, False),
            ("share_of_pro_rata", "red", None, True, 60, False),
            *OWN,
        ],
    ),
    (
        "三亚市2022年",
        f"参照三亚市2022年做法；{OWN_WORDS}",
        1000,
        None,
        [
            ("share_of_pro_rata", "yellow", 50, True, 100, False),
            ("share_of_pro_rata", "red", None, True, 50, False),
            *OWN,
        ],
    ),
]


def add_presets(apps, schema_editor, gauge_field="gauge"):
    rule_sets = apps.get_model("projects", "LightRuleSet").objects
    bands = apps.get_model("projects", "LightBand").objects
    for name, source, least, effective_on, rows in PRESETS:
        rule_set = rule_sets.create(
            name=name,
            source=source,
            min_planned_investment=Decimal(least),
            effective_on=effective_on,
            made_at=datetime(2000, 1, 1, tzinfo=UTC),
        )
        for gauge, light, low, low_closed, high, high_closed in rows:
            bands.create(
                rule_set=rule_set,
                **{gauge_field: gauge},
                light=light,
                low=None if low is None else Decimal(low),
                low_closed=low_closed,
                high=None if high is None else Decimal(high),
                high_closed=high_closed,
            )
