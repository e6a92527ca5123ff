"""Ten-day reports as screens and services need them (旬报查询): windows, the last report, plans, counts."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from projects import rules
from projects.models import (
    HANDED_IN_STATES,
    PENDING_STATES,
    Duty,
    OfficeSettings,
    PeriodReopening,
    ProgressReport,
    Project,
    ReportState,
    Role,
)
from projects.models.projects import ProjectQuerySet
from projects.periods import TenDayPeriod, WorkingCalendar

from ..base.calendar import working_calendar


@dataclass(frozen=True)
class Reopened:
    """A locked period opened again (重新开放): from the day it was decided until a day, for one project or all."""

    project_id: int | None
    from_on: date
    until_on: date

    def covers(self, day: date, project_id: int | None) -> bool:
        return self.project_id in (None, project_id) and self.from_on <= day <= self.until_on


@dataclass(frozen=True)
class ReportWindow:
    """When a period's report may be handed in (填报窗口): from `opens_on`, on time until `due_on`, late until `closes_on`.

    After that only where the office has opened it again (`reopened`); questions without a project are asked for all.
    """

    period: TenDayPeriod
    opens_on: date
    due_on: date
    closes_on: date
    reopened: tuple[Reopened, ...] = ()

    def is_future(self, day: date) -> bool:
        return day < self.opens_on

    def is_late(self, day: date, project_id: int | None = None) -> bool:
        return self.days_late(day, project_id) > 0

    def is_locked(self, day: date, project_id: int | None = None) -> bool:
        return day > self.closes_on and self.reopened_until(day, project_id) is None

    def reopened_until(self, day: date, project_id: int | None = None) -> date | None:
        """Until when the period stands open again on the day; None where it does not."""
        found = [each.until_on for each in self.reopened if each.covers(day, project_id)]
        return max(found, default=None) if day > self.closes_on else None

    def due_on_for(self, day: date, project_id: int | None = None) -> date:
        """The day up to which a hand-in on `day` is in time: its own window's, be it the first or a reopened one."""
        return self.reopened_until(day, project_id) or self.due_on

    def days_late(self, day: date, project_id: int | None = None) -> int:
        """How late a hand-in on the day is (迟报天数), against its own window; 0 in time."""
        return rules.overdue_days(self.due_on_for(day, project_id), day)


@dataclass(frozen=True)
class ReportWindows:
    """The windows of any period (填报窗口) by the office's calendar, grace and reopenings, read once: three queries."""

    calendar: WorkingCalendar
    grace_days: int
    reopened: Mapping[date, tuple[Reopened, ...]]

    @classmethod
    def current(
        cls, *, calendar: WorkingCalendar | None = None, settings: OfficeSettings | None = None
    ) -> "ReportWindows":
        """As the office has it now; what the caller has read already is not read again."""
        settings = settings or OfficeSettings.current()
        return cls(calendar or working_calendar(), settings.report_grace_days, reopenings())

    def of(self, period: TenDayPeriod) -> ReportWindow:
        """The window of a period; it closes with the due day of the next one."""
        return ReportWindow(
            period=period,
            opens_on=rules.report_opens_on(period),
            due_on=rules.report_due_on(period, self.calendar, self.grace_days),
            closes_on=rules.report_due_on(period.next(), self.calendar, self.grace_days),
            reopened=self.reopened.get(period.last_on, ()),
        )

    def reopened_on(self, day: date) -> list[ReportWindow]:
        """Windows that stand open again on the day for some project, the latest period first."""
        found = [
            ends_on
            for ends_on, several in self.reopened.items()
            if any(one.covers(day, one.project_id) for one in several)
        ]
        windows = [self.of(TenDayPeriod.ending_on(ends_on)) for ends_on in sorted(found, reverse=True)]
        return [window for window in windows if day > window.closes_on]


def reopenings() -> dict[date, tuple[Reopened, ...]]:
    """Every reopening by the last day of its period. One query; the office decides a few a month."""
    found: dict[date, list[Reopened]] = defaultdict(list)
    rows = PeriodReopening.objects.order_by("pk")
    for ends_on, project, made_at, until_on in rows.values_list(
        "period_ends_on", "project", "made_at", "until_on"
    ):
        found[ends_on].append(Reopened(project, timezone.localdate(made_at), until_on))
    return {ends_on: tuple(several) for ends_on, several in found.items()}


def current_window(period: TenDayPeriod) -> ReportWindow:
    """The window of a period as the office has it now. Three queries."""
    return ReportWindows.current().of(period)


def still_fillable(projects: ProjectQuerySet, window: ReportWindow, day: date) -> ProjectQuerySet:
    """Of the projects those whose report of the window's period may be handed in on the day (可以填报)."""
    if window.is_future(day):
        return projects.none()
    if not window.is_locked(day):
        return projects
    return projects.filter(
        pk__in=[each.project_id for each in window.reopened if each.covers(day, each.project_id)]
    )


def last_report_before(project: Project, period: TenDayPeriod) -> ProgressReport | None:
    """The latest earlier report of the year that was handed in (上期旬报)."""
    earlier = project.reports.filter(
        state__in=HANDED_IN_STATES, period_ends_on__lt=period.last_on, period_ends_on__year=period.year
    )
    return earlier.order_by("-period_ends_on").first()


def office_contacts(settings: OfficeSettings | None = None) -> str:
    """Whom to ask (找谁): the office and up to two of its people by name."""
    names = (
        Duty.objects.current()
        .filter(role=Role.OFFICE, user__is_active=True)
        .order_by("pk")
        .values_list("user__full_name", flat=True)[:2]
    )
    people = "、".join(names)
    name = (settings or OfficeSettings.current()).office_name
    return name + (f"（{people}）" if people else "")


def missing_reports(projects: ProjectQuerySet, period: TenDayPeriod) -> ProjectQuerySet:
    """Projects that owe the period's report and have not handed it in (旬报未报): none, a draft, or returned."""
    handed_in = ProgressReport.objects.filter(period_ends_on=period.last_on, state__in=HANDED_IN_STATES)
    return projects.reporting_on(period.last_on).exclude(pk__in=handed_in.values("project"))


def confirmable_states(settings: OfficeSettings) -> frozenset[str]:
    """States from which the office confirms: with unit review only what the unit passed."""
    return frozenset({ReportState.PASSED}) if settings.unit_review_required else PENDING_STATES
