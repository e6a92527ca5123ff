"""Filters of ten-day reports (旬报筛选): those handed in, and who has not yet."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from projects.models import (
    HANDED_IN_STATES,
    PENDING_STATES,
    Handover,
    PeriodReopening,
    ProgressReport,
    Project,
    ReportState,
)
from projects.periods import TenDayPeriod
from projects.queries.reports.reports import ReportWindows
from projects.queries.reports.timeliness import late_reports, punctual_reports

from ..base.filters import ChoiceFilter, HouseFilterSet, ListFilter, UnitFilter, WordsFilter
from .periods import periods_until

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


class PeriodFilter(ChoiceFilter):
    """旬: one of the last year's until the filter set's day, or the one that the address names."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("旬", field_name="period_ends_on", **kwargs)

    @property
    def field(self) -> forms.Field:
        self.extra["choices"] = periods_until(self.parent.as_of, self.parent.data.get("period", ""))
        return super().field

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        return qs.filter(period_ends_on=TenDayPeriod.parse(value).last_on) if value else qs


def _lead_filter() -> UnitFilter:
    return UnitFilter("推进部门", "lead_department", null_label="待明确")


class ReportFilter(HouseFilterSet):
    """Choices over visible reports; `windows` decides what was handed in late."""

    q = WordsFilter(label="项目")
    period = PeriodFilter()
    state = ChoiceFilter("状态", STATES, method="by_state")
    unit = UnitFilter("推进部门或属地", method="by_unit")
    list = ListFilter()
    late = ChoiceFilter("报送时间", PUNCTUALITY, method="by_late")

    def __init__(self, *args: Any, windows: ReportWindows, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.windows = windows

    def by_state(self, reports: QuerySet[ProgressReport], name: str, value: str) -> QuerySet[ProgressReport]:
        return reports.filter(state__in=PENDING_STATES if value == PENDING else [value])

    def by_unit(self, reports: QuerySet[ProgressReport], name: str, value: Any) -> QuerySet[ProgressReport]:
        held = Project.objects.held_by(Handover.Slot.LEAD_DEPARTMENT, value, self.as_of)
        hosted = Project.objects.held_by(Handover.Slot.HOST_DISTRICT, value, self.as_of)
        return reports.filter(Q(project__in=held.values("pk")) | Q(project__in=hosted.values("pk")))

    def by_late(self, reports: QuerySet[ProgressReport], name: str, value: str) -> QuerySet[ProgressReport]:
        return (late_reports if value == "true" else punctual_reports)(reports, self.windows)


class ReportsDueFilter(HouseFilterSet):
    """Choices over projects that owe a period's report, annotated by queries.timeliness.with_report_of.

    The period's projects are chosen by the page.
    """

    q = WordsFilter(project="pk", label="项目")
    period = PeriodFilter(method="unchanged", empty_label=None)
    status = ChoiceFilter("填报情况", STATUSES, method="by_status")
    unit = UnitFilter("推进部门或属地", method="by_unit")
    lead = _lead_filter()
    list = ListFilter("pk")

    def __init__(self, *args: Any, period: TenDayPeriod, windows: ReportWindows, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of_period, self.windows = period, windows

    def by_status(self, projects: QuerySet, name: str, value: str) -> QuerySet:
        if value == UNTOUCHED:
            return projects.filter(report_state__isnull=True)
        if value == HANDED_IN:
            return projects.filter(report_state__in=HANDED_IN_STATES)
        if value == LATE:
            handed_in = ProgressReport.objects.filter(
                period_ends_on=self.of_period.last_on, state__in=HANDED_IN_STATES
            )
            late = late_reports(handed_in, self.windows)
            return projects.filter(pk__in=late.values("project"))
        if value == MISSING:
            return projects.filter(Q(report_state__isnull=True) | ~Q(report_state__in=HANDED_IN_STATES))
        return projects.filter(report_state=value)

    def by_unit(self, projects: QuerySet[Project], name: str, value: Any) -> QuerySet[Project]:
        return projects.filter(Q(lead_department=value) | Q(host_district=value))


class MissingFilter(HouseFilterSet):
    """Choices over the projects whose reports are counted unit by unit (未报催报).

    The period's projects are chosen by the page, and units once they are counted.
    """

    period = PeriodFilter(method="unchanged", empty_label=None)
    lead = _lead_filter()
    list = ListFilter("pk")
    owes = ChoiceFilter("范围", [("1", "有未报的单位")], method="unchanged", empty_label="全部单位")


class ReopeningFilter(HouseFilterSet):
    """Choices over reopenings (重新开放)."""

    q = WordsFilter(label="项目")
    period = PeriodFilter()
    status = ChoiceFilter("状态", [("open", "开放中"), ("over", "已结束")], method="by_status")

    def by_status(
        self, reopenings: QuerySet[PeriodReopening], name: str, value: str
    ) -> QuerySet[PeriodReopening]:
        is_open = Q(until_on__gte=self.as_of)
        return reopenings.filter(is_open if value == "open" else ~is_open)
