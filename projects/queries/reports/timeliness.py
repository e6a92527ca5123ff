"""Whether a report came in time (按期、迟报): judged by its first hand-in, against its own window.

A report that was returned or reopened and handed in anew stays as punctual as it was the first time; how often it
came back is counted elsewhere. What a ledger brought was never handed in and is not judged.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from projects.models import HANDED_IN_STATES, ProgressReport, Project, ReportRound
from projects.periods import TenDayPeriod

from .reports import ReportWindow, ReportWindows


def with_first_hand_in(reports: QuerySet[ProgressReport]) -> QuerySet[Any]:
    """Reports with `first_handed_in_at`: the moment of their first round, None where a ledger brought that."""
    handed_in = Case(When(submitted_by__isnull=False, then=F("submitted_at")), output_field=DateTimeField())
    first = ReportRound.objects.filter(report=OuterRef("pk")).annotate(moment=handed_in)
    moment = Case(
        When(source=ProgressReport.Source.LEDGER, then=Value(None)),
        When(round=1, then=F("submitted_at")),
        default=Subquery(first.order_by("number").values("moment")[:1]),
        output_field=DateTimeField(null=True),
    )
    return reports.annotate(first_handed_in_at=moment)


def days_late(report: Any, windows: ReportWindows) -> int | None:
    """Days a report annotated by with_first_hand_in came late, 0 in time, None where nothing is to be judged."""
    if report.first_handed_in_at is None:
        return None
    day = timezone.localdate(report.first_handed_in_at)
    return windows.of(report.period).days_late(day, report.project_id)


def late_reports(reports: QuerySet[ProgressReport], windows: ReportWindows) -> QuerySet[ProgressReport]:
    """The reports that came late, by the same rule as days_late. One query for the periods that occur."""
    judged = with_first_hand_in(reports)
    late = Q(pk__in=[])
    for ends_on in judged.order_by().values_list("period_ends_on", flat=True).distinct():
        late |= Q(period_ends_on=ends_on) & _late_in(windows.of(TenDayPeriod.ending_on(ends_on)))
    return judged.filter(late)


def punctual_reports(reports: QuerySet[ProgressReport], windows: ReportWindows) -> QuerySet[ProgressReport]:
    """The reports that came in time: those judged and not late."""
    judged = with_first_hand_in(reports).filter(first_handed_in_at__isnull=False)
    return judged.exclude(pk__in=late_reports(reports, windows).values("pk"))


def with_report_of(projects: QuerySet[Project], period: TenDayPeriod) -> QuerySet[Any]:
    """Projects with the period's report beside them: report_pk, report_state, report_amount, report_return_reason.

    And report_handed_in_at, the moment of its first hand-in, by which it is in time or late.
    """
    mine = ProgressReport.objects.filter(project=OuterRef("pk"), period_ends_on=period.last_on)
    return projects.annotate(
        report_pk=Subquery(mine.values("pk")[:1]),
        report_state=Subquery(mine.values("state")[:1]),
        report_amount=Subquery(mine.values("invested_this_year")[:1]),
        report_return_reason=Subquery(mine.values("return_reason")[:1]),
        report_handed_in_at=Subquery(with_first_hand_in(mine).values("first_handed_in_at")[:1]),
    )


def with_handed_in(projects: QuerySet[Project], period: TenDayPeriod) -> QuerySet[Any]:
    """Projects with `is_handed_in`: whether the period's report was handed in, and not returned since."""
    handed_in = ProgressReport.objects.filter(
        project=OuterRef("pk"), period_ends_on=period.last_on, state__in=HANDED_IN_STATES
    )
    return projects.annotate(is_handed_in=Exists(handed_in))


def _late_in(window: ReportWindow) -> Q:
    """Handed in after the due day, save under a reopening that covered the day for the project."""
    late = Q(first_handed_in_at__gte=_morning_after(window.due_on))
    for each in window.reopened:
        since = max(each.from_on, window.closes_on + timedelta(days=1))
        covered = Q(
            first_handed_in_at__gte=_start_of(since), first_handed_in_at__lt=_morning_after(each.until_on)
        )
        if each.project_id is not None:
            covered &= Q(project=each.project_id)
        late &= ~covered
    return late


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _morning_after(day: date) -> datetime:
    return _start_of(day + timedelta(days=1))
