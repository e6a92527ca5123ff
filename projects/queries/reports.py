"""Ten-day reports as screens and services need them (旬报查询): windows, the last report, plans, counts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max, OuterRef, QuerySet, Subquery

from .. import rules
from ..models import (
    HANDED_IN_STATES,
    PENDING_STATES,
    CarryOver,
    Duty,
    ListingVersion,
    OfficeSettings,
    ProgressReport,
    Project,
    ReportState,
    Role,
    User,
)
from ..periods import TenDayPeriod, WorkingCalendar
from .calendar import working_calendar


@dataclass(frozen=True)
class ReportWindow:
    """When a period's report may be handed in (填报窗口): from `opens_on`, on time until `due_on`, late until `closes_on`."""

    period: TenDayPeriod
    opens_on: date
    due_on: date
    closes_on: date

    def is_future(self, day: date) -> bool:
        return day < self.opens_on

    def is_late(self, day: date) -> bool:
        return day > self.due_on

    def is_locked(self, day: date) -> bool:
        return day > self.closes_on


def report_window(period: TenDayPeriod, *, calendar: WorkingCalendar, grace_days: int) -> ReportWindow:
    """The window of a period; it closes with the due day of the next one."""
    return ReportWindow(
        period=period,
        opens_on=rules.report_opens_on(period),
        due_on=rules.report_due_on(period, calendar, grace_days),
        closes_on=rules.report_due_on(period.next(), calendar, grace_days),
    )


def current_window(period: TenDayPeriod) -> ReportWindow:
    """The window of a period by the office's calendar and grace. Two queries."""
    return report_window(
        period, calendar=working_calendar(), grace_days=OfficeSettings.current().report_grace_days
    )


def last_report_before(
    project: Project, period: TenDayPeriod, *, any_year: bool = False
) -> ProgressReport | None:
    """The latest earlier report that was handed in (上期旬报), of the same year unless any year will do."""
    earlier = project.reports.filter(state__in=HANDED_IN_STATES, period_ends_on__lt=period.last_on)
    if not any_year:
        earlier = earlier.filter(period_ends_on__year=period.year)
    return earlier.order_by("-period_ends_on").first()


def carry_over(project: Project, year: int) -> Decimal | None:
    """Investment completed before the year (至上年底累计), None when nobody stated it."""
    return CarryOver.objects.filter(project=project, year=year).values_list("amount", flat=True).first()


def planned_investment(project: Project, *, year: int, as_of: date) -> Decimal | None:
    """The year's planned investment in force on the day (年度计划投资); the largest where lists differ."""
    return (
        ListingVersion.objects.in_force(as_of)
        .filter(listing__project=project, listing__annual_list__year=year)
        .aggregate(largest=Max("planned_investment"))["largest"]
    )


def office_contacts() -> str:
    """Whom to ask (找谁): the office and up to two of its people by name."""
    names = (
        Duty.objects.filter(role=Role.OFFICE, ends_on__isnull=True, user__is_active=True)
        .order_by("pk")
        .values_list("user__full_name", flat=True)[:2]
    )
    people = "、".join(names)
    return f"{OfficeSettings.current().office_name}" + (f"（{people}）" if people else "")


def with_report_of(projects: QuerySet[Project], period: TenDayPeriod) -> QuerySet[Project]:
    """Projects with the period's report beside them: report_pk, report_state, report_amount, report_returns."""
    mine = ProgressReport.objects.filter(project=OuterRef("pk"), period_ends_on=period.last_on)
    return projects.annotate(
        report_pk=Subquery(mine.values("pk")[:1]),
        report_state=Subquery(mine.values("state")[:1]),
        report_amount=Subquery(mine.values("invested_this_year")[:1]),
        report_submitted_at=Subquery(mine.values("submitted_at")[:1]),
        report_return_reason=Subquery(mine.values("return_reason")[:1]),
    )


def missing_reports(projects: QuerySet[Project], period: TenDayPeriod) -> QuerySet[Project]:
    """Projects that owe the period's report and have not handed it in (旬报未报): none, a draft, or returned."""
    handed_in = ProgressReport.objects.filter(period_ends_on=period.last_on, state__in=HANDED_IN_STATES)
    return projects.reporting_on(period.last_on).exclude(pk__in=handed_in.values("project"))


def pending_count(user: User, *, waiting_for_office: bool = False) -> int:
    """“另有 n 份待审”: reports the person sees that wait for review; for the office alone, those it may confirm."""
    reports = ProgressReport.objects.visible_to(user)
    if waiting_for_office and OfficeSettings.current().unit_review_required:
        return reports.filter(state=ReportState.PASSED).count()
    return reports.filter(state__in=PENDING_STATES).count()
