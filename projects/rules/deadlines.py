"""Deadlines (期限): what is overdue, when a ten-day report is due, and whom a lateness reaches."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ..periods import TenDayPeriod, WorkingCalendar


def overdue_days(due_on: date | None, as_of: date) -> int:
    """Calendar days past the due day (逾期天数): 0 on the due day, before it, and without a due day."""
    return max((as_of - due_on).days, 0) if due_on else 0


def working_days_overdue(due_on: date, as_of: date, calendar: WorkingCalendar) -> int:
    """Working days past the due day (逾期工作日), negative while there are days left."""
    return calendar.count(due_on, as_of)


def report_opens_on(period: TenDayPeriod) -> date:
    """The first day on which a period's report may be filled (填报开始日)."""
    return period.first_on


def report_due_on(period: TenDayPeriod, calendar: WorkingCalendar, grace_days: int = 1) -> date:
    """The last day to hand in a period's report (报送截止日): its last day and so many working days of grace."""
    return calendar.shift(period.last_on, grace_days)


@dataclass(frozen=True, order=True)
class LadderStep:
    """A step of the ladder (逐级提醒): from this many working days overdue on, these roles are told."""

    days: int
    roles: tuple[str, ...]


# Roles as in models.Role; “host” is the district that answers for 属地保障.
DEFAULT_LADDER = (
    LadderStep(-7, ("reporter",)),
    LadderStep(-3, ("reporter",)),
    LadderStep(-1, ("reporter",)),
    LadderStep(1, ("reporter", "unit_head")),
    LadderStep(3, ("host", "service_officer")),
    LadderStep(7, ("sponsor",)),
    LadderStep(15, ("office", "inspector")),
)


def steps_reached(steps: Iterable[LadderStep], working_days_overdue: int) -> tuple[LadderStep, ...]:
    """The steps that have come, in order; the caller remembers which were taken, since each is taken once."""
    return tuple(sorted(step for step in steps if step.days <= working_days_overdue))
