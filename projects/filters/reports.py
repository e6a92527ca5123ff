"""Filters of ten-day reports (旬报筛选): those handed in, and who has not yet."""

import datetime as dt

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from projects.models import (
    HANDED_IN_STATES,
    PENDING_STATES,
    AnnualList,
    Listing,
    ProgressReport,
    Project,
    ReportState,
    Unit,
)
from projects.periods import TenDayPeriod
from projects.rules import report_due_on

PENDING = "pending"
MISSING, UNTOUCHED, HANDED_IN = "missing", "untouched", "handed_in"
STATES = [(PENDING, "待审"), *ReportState.choices]
STATUSES = [
    (MISSING, "未报（含草稿、退回）"),
    (UNTOUCHED, "未填"),
    (ReportState.DRAFT.value, "草稿"),
    (ReportState.RETURNED.value, "已退回"),
    (HANDED_IN, "已报"),
]


def periods_until(day: dt.date, asked: str = "") -> list[tuple[str, str]]:
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


class ReportFilter(django_filters.FilterSet):
    """Choices over visible reports; `calendar` and `grace_days` decide what was handed in late."""

    q = django_filters.CharFilter(method="by_words", label="项目")
    period = django_filters.ChoiceFilter(method="by_period", label="旬", empty_label="全部")
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", label="状态", empty_label="全部")
    unit = django_filters.ModelChoiceFilter(
        queryset=Unit.objects.filter(is_active=True),
        method="by_unit",
        label="推进部门或属地",
        empty_label="全部",
    )
    list = django_filters.ModelChoiceFilter(
        queryset=AnnualList.objects.none(), method="by_list", label="名单", empty_label="全部"
    )
    late = django_filters.BooleanFilter(
        method="by_late", label="报送时间", widget=forms.Select(choices=[("", "全部"), ("true", "逾期报送")])
    )

    def __init__(self, *args, today: dt.date, calendar, grace_days: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.calendar, self.grace_days = calendar, grace_days
        asked = self.data.get("period", "") if self.data else ""
        self.filters["period"].extra["choices"] = periods_until(today, asked)
        lists = AnnualList.objects.filter(year=today.year).select_related("kind").order_by("kind__position")
        self.filters["list"].queryset = lists

    def by_words(self, reports: QuerySet[ProgressReport], name: str, value: str) -> QuerySet[ProgressReport]:
        return reports.filter(project__in=Project.objects.search(value).values("pk"))

    def by_period(self, reports, name, value):
        return reports.filter(period_ends_on=TenDayPeriod.parse(value).last_on)

    def by_state(self, reports, name, value):
        return reports.filter(state__in=PENDING_STATES if value == PENDING else [value])

    def by_unit(self, reports, name, value):
        return reports.filter(Q(project__lead_department=value) | Q(project__host_district=value))

    def by_list(self, reports, name, value):
        return reports.filter(project__in=Listing.objects.filter(annual_list=value).values("project"))

    def by_late(self, reports, name, value):
        if not value:
            return reports
        late = Q(pk__in=[])
        for ends_on in reports.order_by().values_list("period_ends_on", flat=True).distinct():
            due_on = report_due_on(TenDayPeriod.containing(ends_on), self.calendar, self.grace_days)
            next_day = timezone.make_aware(dt.datetime.combine(due_on + dt.timedelta(days=1), dt.time()))
            late |= Q(period_ends_on=ends_on, submitted_at__gte=next_day)
        return reports.filter(late)


class DutyFilter(django_filters.FilterSet):
    """Choices over projects that owe a period's report, annotated by queries.reports.with_report_of."""

    q = django_filters.CharFilter(method="by_words", label="项目")
    period = django_filters.ChoiceFilter(method="unchanged", label="旬", empty_label=None)
    status = django_filters.ChoiceFilter(
        choices=STATUSES, method="by_status", label="填报情况", empty_label="全部"
    )
    unit = django_filters.ModelChoiceFilter(
        queryset=Unit.objects.filter(is_active=True),
        method="by_unit",
        label="推进部门或属地",
        empty_label="全部",
    )

    def __init__(self, *args, today: dt.date, period: TenDayPeriod, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["period"].extra["choices"] = periods_until(today, period.code)
        self.filters["period"].extra["initial"] = period.code

    def unchanged(self, projects, name, value):
        """The view has chosen the period's projects already."""
        return projects

    def by_words(self, projects: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return projects.search(value)

    def by_status(self, projects, name, value):
        if value == UNTOUCHED:
            return projects.filter(report_state__isnull=True)
        if value == HANDED_IN:
            return projects.filter(report_state__in=HANDED_IN_STATES)
        if value == MISSING:
            return projects.filter(Q(report_state__isnull=True) | ~Q(report_state__in=HANDED_IN_STATES))
        return projects.filter(report_state=value)

    def by_unit(self, projects, name, value):
        return projects.filter(Q(lead_department=value) | Q(host_district=value))
