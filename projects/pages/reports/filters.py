"""Filters of ten-day reports (旬报筛选): those handed in, and who has not yet."""

import datetime as dt

import django_filters
from django.db.models import Q, QuerySet

from projects.models import (
    HANDED_IN_STATES,
    PENDING_STATES,
    AnnualList,
    Listing,
    PeriodReopening,
    ProgressReport,
    Project,
    ReportState,
    Unit,
)
from projects.periods import TenDayPeriod
from projects.queries.reports.reports import ReportWindows
from projects.queries.reports.timeliness import late_reports, punctual_reports

from ..base.filters import lists_of

PENDING = "pending"
PUNCTUALITY = [("true", "迟报"), ("false", "按期")]
MISSING, UNTOUCHED, HANDED_IN, LATE = "missing", "untouched", "handed_in", "late"
STATES = [(PENDING, "待审"), *ReportState.choices]
STATUSES = [
    (MISSING, "未报（含草稿、退回）"),
    (UNTOUCHED, "未填"),
    (ReportState.DRAFT.value, "草稿"),
    (ReportState.RETURNED.value, "已退回"),
    (HANDED_IN, "已报"),
    (LATE, "已报（迟报）"),
]
UNKNOWN = "none"


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
    """Choices over visible reports; `windows` decides what was handed in late."""

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
    late = django_filters.ChoiceFilter(
        choices=PUNCTUALITY, method="by_late", label="报送时间", empty_label="全部"
    )

    def __init__(self, *args, today: dt.date, windows: ReportWindows, **kwargs):
        super().__init__(*args, **kwargs)
        self.windows = windows
        asked = self.data.get("period", "") if self.data else ""
        self.filters["period"].extra["choices"] = periods_until(today, asked)
        self.filters["list"].queryset = lists_of(today.year)

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
        return (late_reports if value == "true" else punctual_reports)(reports, self.windows)


class ReportsDueFilter(django_filters.FilterSet):
    """Choices over projects that owe a period's report, annotated by queries.timeliness.with_report_of."""

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

    lead = django_filters.ModelChoiceFilter(
        field_name="lead_department",
        queryset=Unit.objects.filter(is_active=True),
        label="推进部门",
        empty_label="全部",
        null_label="待明确",
        null_value=UNKNOWN,
    )

    list = django_filters.ModelChoiceFilter(
        queryset=AnnualList.objects.none(), method="by_list", label="名单", empty_label="全部"
    )

    def __init__(self, *args, today: dt.date, period: TenDayPeriod, windows: ReportWindows, **kwargs):
        super().__init__(*args, **kwargs)
        self.period, self.windows = period, windows
        self.filters["period"].extra["choices"] = periods_until(today, period.code)
        self.filters["period"].extra["initial"] = period.code
        self.filters["list"].queryset = lists_of(today.year)

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
        if value == LATE:
            handed_in = ProgressReport.objects.filter(
                period_ends_on=self.period.last_on, state__in=HANDED_IN_STATES
            )
            late = late_reports(handed_in, self.windows)
            return projects.filter(pk__in=late.values("project"))
        if value == MISSING:
            return projects.filter(Q(report_state__isnull=True) | ~Q(report_state__in=HANDED_IN_STATES))
        return projects.filter(report_state=value)

    def by_unit(self, projects, name, value):
        return projects.filter(Q(lead_department=value) | Q(host_district=value))

    def by_list(self, projects, name, value):
        return projects.filter(pk__in=Listing.objects.filter(annual_list=value).values("project"))


class MissingFilter(django_filters.FilterSet):
    """Choices over the projects whose reports are counted unit by unit (未报催报)."""

    period = django_filters.ChoiceFilter(method="unchanged", label="旬", empty_label=None)
    lead = django_filters.ModelChoiceFilter(
        field_name="lead_department",
        queryset=Unit.objects.filter(is_active=True),
        label="推进部门",
        empty_label="全部",
        null_label="待明确",
        null_value=UNKNOWN,
    )
    list = django_filters.ModelChoiceFilter(
        queryset=AnnualList.objects.none(), method="by_list", label="名单", empty_label="全部"
    )
    owes = django_filters.ChoiceFilter(
        choices=[("1", "有未报的单位")], method="unchanged", label="范围", empty_label="全部单位"
    )

    def __init__(self, *args, today: dt.date, period: TenDayPeriod, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["period"].extra["choices"] = periods_until(today, period.code)
        self.filters["period"].extra["initial"] = period.code
        self.filters["list"].queryset = lists_of(today.year)

    def unchanged(self, projects, name, value):
        """The view has chosen the period's projects already, and chooses units when they are counted."""
        return projects

    def by_list(self, projects, name, value):
        return projects.filter(pk__in=Listing.objects.filter(annual_list=value).values("project"))


class ReopeningFilter(django_filters.FilterSet):
    """Choices over reopenings (重新开放)."""

    q = django_filters.CharFilter(method="by_words", label="项目")
    period = django_filters.ChoiceFilter(method="by_period", label="旬", empty_label="全部")
    status = django_filters.ChoiceFilter(
        choices=[("open", "开放中"), ("over", "已结束")],
        method="by_status",
        label="状态",
        empty_label="全部",
    )

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        asked = self.data.get("period", "") if self.data else ""
        self.filters["period"].extra["choices"] = periods_until(today, asked)

    def by_words(self, reopenings: QuerySet[PeriodReopening], name: str, value: str):
        return reopenings.filter(project__in=Project.objects.search(value).values("pk"))

    def by_period(self, reopenings, name, value):
        return reopenings.filter(period_ends_on=TenDayPeriod.parse(value).last_on)

    def by_status(self, reopenings, name, value):
        is_open = Q(until_on__gte=self.today)
        return reopenings.filter(is_open if value == "open" else ~is_open)
