"""A ten-day period on a page (旬): read from an address, offered as a choice, shown with its window."""

from dataclasses import dataclass
from datetime import date

from projects.periods import EARLIEST, LATEST, TenDayPeriod
from projects.queries.reports.reports import ReportWindow


def period_of(text: str) -> TenDayPeriod | None:
    """The period of a code in an address; None where it is none."""
    try:
        period = TenDayPeriod.parse(text)
    except ValueError:
        return None
    return period if EARLIEST.year <= period.year < LATEST.year else None


def periods_until(day: date, asked: str = "") -> list[tuple[str, str]]:
    """Choices of periods (旬): the one the day falls in and 35 before it, and the one asked for."""
    latest = TenDayPeriod.containing(day)
    periods = [latest.shift(-back) for back in range(TenDayPeriod.PER_YEAR)]
    try:
        wanted = TenDayPeriod.parse(asked)
    except ValueError:
        wanted = latest
    if wanted not in periods:
        periods.append(wanted)
    return [(period.code, period.label) for period in periods]


@dataclass(frozen=True)
class PeriodShown:
    """A period that a page is about: how its window stands today, and the periods beside it."""

    window: ReportWindow
    today: date

    @property
    def is_future(self) -> bool:
        return self.window.is_future(self.today)

    @property
    def is_late(self) -> bool:
        return self.window.is_late(self.today)

    @property
    def is_locked(self) -> bool:
        return self.window.is_locked(self.today)

    @property
    def reopened_until(self) -> date | None:
        return self.window.reopened_until(self.today)

    @property
    def reopened_for_some(self) -> bool:
        return any(each.covers(self.today, each.project_id) for each in self.window.reopened)

    @property
    def previous(self) -> TenDayPeriod:
        return self.window.period.previous()

    @property
    def next(self) -> TenDayPeriod | None:
        """None where it has not begun."""
        after = self.window.period.next()
        return after if after.first_on <= self.today else None
