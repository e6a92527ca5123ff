"""Opening a locked period again (重新开放填报) and ending that early; the office alone, with the reason.

What was published in the meantime stays as published: a reopening lets reports be handed in, it touches no figure.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from projects.models import PeriodReopening, Project, User
from projects.periods import TenDayPeriod
from projects.queries.reports.reports import ReportWindow, current_window

from ..base.changing import added, changed, held, refuse, required
from ..base.guards import not_office, office_only, one_at_a_time
from ..base.steps import Steps, not_now, step

WORK = "重新开放填报"
LONGEST_DAYS = 60
REASON_LENGTH = 300


def steps_of(reopening: PeriodReopening, user: User, today: date) -> Steps:
    """What may be done with a reopening: close (提前关闭). No query."""
    ended = f"该次开放已于{reopening.until_on.isoformat()}结束，无需关闭。"
    return Steps(close=step(not_office(user, WORK), not reopening.is_open_on(today) and not_now(ended)))


@transaction.atomic
def reopen_period(
    *, period: TenDayPeriod, project: Project | None, until_on: date, reason: str, by: User, now: datetime
) -> PeriodReopening:
    """Open a locked period for one project, or for all where none is given, until a day (重新开放).

    Refuses: anybody but the office; a period that is still open or not begun; a day before today or more than
    LONGEST_DAYS ahead; no reason; what stands open until that day already (the same click twice answers the first).
    """
    office_only(by, WORK)
    one_at_a_time()
    reason = reason.strip()
    today, window = timezone.localdate(now), current_window(period)
    late = until_on > today + timedelta(days=LONGEST_DAYS)
    refuse(
        **_unfit(period, project, window, today),
        until_on=(until_on < today and "开放截止日不能早于今天。")
        or (late and f"开放截止日最晚为今天起{LONGEST_DAYS}天内，请改为较近的日期。"),
        reason=(not reason and "请写明重新开放的原因。")
        or (len(reason) > REASON_LENGTH and f"原因请控制在 {REASON_LENGTH} 字以内。"),
    )
    same = {"period_ends_on": period.last_on, "project": project, "until_on": until_on, "reason": reason}
    twin = PeriodReopening.objects.filter(**same, made_by=by).first()
    if twin:
        return twin
    standing = window.reopened_until(today, project.pk if project else None)
    if standing and standing >= until_on:
        refuse(until_on=f"{period.label}已开放至{standing.isoformat()}，无需再次开放。")
    reopening = PeriodReopening(**same, made_by=by, made_at=now)
    return added(reopening, "重新开放填报", by=by, now=now, reason=reason)


@transaction.atomic
def close_reopening(*, reopening: PeriodReopening, reason: str, by: User, now: datetime) -> PeriodReopening:
    """End a reopening before its day (提前关闭): from today on the period is locked again.

    Refuses: anybody but the office; no reason; a reopening that is over.
    """
    reopening, today = held(reopening), timezone.localdate(now)
    steps_of(reopening, by, today).require("close")
    reason = required(reason, "提前关闭原因", most=REASON_LENGTH)
    with changed(reopening, "提前关闭填报", by=by, now=now, reason=reason):
        reopening.until_on = today - timedelta(days=1)
    return reopening


def _unfit(
    period: TenDayPeriod, project: Project | None, window: ReportWindow, today: date
) -> dict[str, str]:
    """Why the period needs no opening, by field."""
    if window.is_future(today):
        return {"period": f"{period.label}尚未开始，无需重新开放。"}
    if today <= window.closes_on:
        closes = f"{window.closes_on.month}月{window.closes_on.day}日"
        return {"period": f"{period.label}填报期至{closes}，尚未截止，无需重新开放。"}
    if project and period.last_on < project.reports_from_on:
        first = TenDayPeriod.containing(project.reports_from_on)
        return {"project": f"该项目自{first.label}起报送旬报，{period.label}无需填报。"}
    return {}
