"""A scheme to start from (缺省方案): a draft that scores nobody until the office has checked it and put it in force."""

from datetime import UTC, date, datetime
from decimal import Decimal


NAME = "缺省方案（待核）"
NOTE = "产品自带的起点，分值未经批准；请核定权重和分值、填写依据文件后批准执行。"
ITEMS = [
    # name, figure, weight, method, zero, full, per point, floor, cap, note
    ("投资进度", "schedule_gap", 35, "deduction", 0, 0, 1, 0, None, "每慢于序时1个百分点扣1分"),
    ("按计划开工", "start_rate_to_date", 20, "linear", 60, 100, 0, 0, None, ""),
    ("节点按期", "milestones_on_time", 20, "linear", 50, 100, 0, 0, None, "考核期内到期的节点"),
    ("旬报按期", "reports_on_time", 10, "linear", 60, 100, 0, 0, None, "考核期内应报的旬报"),
    ("问题办结", "problems_settled", 15, "linear", 40, 100, 0, 0, None, ""),
    ("加减分", "manual", 0, "linear", 0, 100, 0, -5, 5, "受表彰、被通报等，逐项注明理由和文号"),
]


def add_scheme(apps, schema_editor):
    item = apps.get_model("projects", "ScoringItem")
    scheme = apps.get_model("projects", "ScoringScheme").objects.create(
        name=NAME,
        year=2023,
        effective_on=date(2023, 1, 1),
        note=NOTE,
        made_at=datetime(2023, 1, 1, tzinfo=UTC),
    )
    for position, (name, figure, weight, method, zero, full, per_point, floor, cap, note) in enumerate(
        ITEMS, 1
    ):
        item.objects.create(
            scheme=scheme,
            position=position * 10,
            name=name,
            figure=figure,
            weight=Decimal(weight),
            method=method,
            zero_at=Decimal(zero),
            full_at=Decimal(full),
            per_point=Decimal(per_point),
            floor=Decimal(floor),
            cap=None if cap is None else Decimal(cap),
            note=note,
        )
