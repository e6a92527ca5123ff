"""The assessment in the demonstration (演示考核): a scheme in force, a published quarter with an appeal, a half in draft."""

import datetime as dt
from decimal import Decimal
from typing import Any

from projects.models import Role, ScoringScheme, User
from projects.rules.scoring import PeriodKind, ScoredPeriod
from projects.services.assessment.appeals import file_appeal
from projects.services.assessment.rounds import give_points, open_round, publish_round
from projects.services.assessment.schemes import draft_scheme, enforce_scheme
from projects.services.base.changing import sure

SHANGHAI = dt.timezone(dt.timedelta(hours=8))


def show_assessment(today: dt.date) -> None:
    """The third quarter by a copy of the default scheme, which stays a draft to be tried beside it."""
    now = dt.datetime.combine(today, dt.time(9), SHANGHAI)
    office = sure(User.objects.filter(duties__role=Role.OFFICE).first())
    head = sure(User.objects.filter(duties__role=Role.UNIT_HEAD).first())
    unit = sure(head.current_duties[0].unit)
    by: dict[str, Any] = {"by": office, "now": now}
    scheme = draft_scheme(
        name="重大项目推进工作考核办法（演示）",
        year=today.year,
        effective_on=dt.date(today.year, 1, 1),
        based_on=ScoringScheme.objects.get(),
        note="演示用，分值沿用缺省方案。",
        **by,
    )
    scheme = enforce_scheme(scheme=scheme, document="淄高新办〔2023〕3号", **by)
    quarter = open_round(scheme=scheme, period=ScoredPeriod(today.year, PeriodKind.QUARTER, 3), **by)
    give_points(
        round_=quarter,
        item=scheme.items.get(weight=0),
        unit=unit,
        points=Decimal(2),
        reason="项目集中开工活动受市级通报表扬",
        document="淄重办〔2023〕15号",
        **by,
    )
    quarter = publish_round(round_=quarter, document="淄高新督〔2023〕6号", **by)
    file_appeal(
        round_=quarter,
        unit=unit,
        item=scheme.items.get(figure="schedule_gap"),
        reason="9月下旬产值单漏计一笔设备款，请核对。",
        evidence="9月产值单",
        by=head,
        now=now,
    )
    open_round(scheme=scheme, period=ScoredPeriod(today.year, PeriodKind.HALF, 1), **by)
