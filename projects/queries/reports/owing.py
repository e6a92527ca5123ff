"""Who owes a ten-day report (旬报应报): the period that is due, and how many run unreported."""

from dataclasses import dataclass
from datetime import date

from projects.models import OfficeSettings
from projects.periods import TenDayPeriod, WorkingCalendar
from projects.rules import report_due_on

from ..base.calendar import working_calendar


@dataclass(frozen=True)
class ReportingClock:
    """The due days of ten-day reports as the office set them: built once per question, two queries."""

    calendar: WorkingCalendar
    grace_days: int

    @classmethod
    def current(cls) -> "ReportingClock":
        return cls(working_calendar(), OfficeSettings.current().report_grace_days)

    def due_on(self, period: TenDayPeriod) -> date:
        """Last day on which the period's report is in time (应报日)."""
        return report_due_on(period, self.calendar, self.grace_days)

    def last_due(self, day: date) -> TenDayPeriod:
        """The latest period whose report is late if still missing on the day: its due day lies before it."""
        period = TenDayPeriod.last_closed(day)
        while self.due_on(period) >= day:
            period = period.previous()
        return period

    def missing_periods(
        self, last_due: TenDayPeriod, reports_from_on: date, last_reported_on: date | None
    ) -> int:
        """How many periods in a row up to last_due have no report, counted from the last one handed in.

        last_reported_on is that report's period end; a project owes nothing before reports_from_on.
        """
        since = TenDayPeriod.containing(reports_from_on).previous()
        if last_reported_on is not None:
            since = max(since, TenDayPeriod.ending_on(last_reported_on))
        return max(0, (last_due.year - since.year) * 36 + last_due.index - since.index)
