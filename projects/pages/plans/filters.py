"""Filters of delivery plans, milestones and their dates (推进方案、节点)."""

import datetime as dt

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from projects.figures.definitions import DUE_SOON_DAYS
from projects.models import (
    AnnualList,
    DateChangeRequest,
    DeliveryPlan,
    Listing,
    Milestone,
    Official,
    Project,
    Unit,
)
from projects.queries.plans.progress import (
    ACHIEVED,
    DUE,
    DUE_BY,
    DUE_DONE,
    FIGURE_OF,
    ON_TIME,
    OPEN,
    OVERDUE,
    of_status,
)

from ..base.filters import lists_of

# --- plans ----------------------------------------------------------------------------------------------

CURRENT = "current"
OPEN_PLANS = [state for state in DeliveryPlan.State if state != DeliveryPlan.State.SUPERSEDED]


class PlanFilter(django_filters.FilterSet):
    """Choices over visible plans; without a state, all that still matter."""

    q = django_filters.CharFilter(method="by_words", label="关键词", help_text="项目、文号")
    state = django_filters.ChoiceFilter(
        choices=[(CURRENT, "在办和在执行"), *DeliveryPlan.State.choices],
        method="by_state",
        label="状态",
        empty_label="全部",
    )
    unit = django_filters.ModelChoiceFilter(
        field_name="project__lead_department",
        queryset=Unit.objects.all(),
        label="推进部门",
        empty_label="全部",
    )
    district = django_filters.ModelChoiceFilter(
        field_name="project__host_district",
        queryset=Unit.objects.filter(kind=Unit.Kind.DISTRICT),
        label="属地",
        empty_label="全部",
    )

    def by_words(self, plans: QuerySet[DeliveryPlan], name: str, value: str) -> QuerySet[DeliveryPlan]:
        for word in value.lower().split():
            plans = plans.filter(Q(project__search_text__contains=word) | Q(document__icontains=word))
        return plans

    def by_state(self, plans, name, value):
        return plans.filter(state__in=OPEN_PLANS) if value == CURRENT else plans.filter(state=value)


class DateChangeFilter(django_filters.FilterSet):
    """Choices over visible requests (调整申请)."""

    q = django_filters.CharFilter(method="by_words", label="关键词", help_text="节点或项目")
    state = django_filters.ChoiceFilter(choices=DateChangeRequest.State, label="状态", empty_label="全部")
    unit = django_filters.ModelChoiceFilter(
        field_name="milestone__unit", queryset=Unit.objects.all(), label="责任单位", empty_label="全部"
    )

    def by_words(self, requests: QuerySet, name: str, value: str) -> QuerySet:
        for word in value.lower().split():
            requests = requests.filter(
                Q(milestone__name__icontains=word) | Q(milestone__plan__project__search_text__contains=word)
            )
        return requests


# --- milestones -----------------------------------------------------------------------------------------

STATUSES = [
    (OVERDUE, "已逾期"),
    (DUE, f"{DUE_SOON_DAYS}天内到期"),
    (OPEN, "未办结"),
    (ACHIEVED, "已办结"),
    (DUE_BY, "截至日应办结"),
    (DUE_DONE, "应办结且已办结"),
    (ON_TIME, "应办结且按期办结"),
]
FIGURES = {figure: status for status, figure in FIGURE_OF.items()}
UNKNOWN = "none"


class MilestoneFilter(django_filters.FilterSet):
    """Choices over visible milestones of plans in force; a status is that of `as_of`, not of now.

    The unit is the one that answers (责任单位): the lead department where a milestone names none.
    """

    q = django_filters.CharFilter(method="by_words", label="关键词", help_text="节点或项目")
    status = django_filters.ChoiceFilter(
        choices=STATUSES, method="by_status", label="状态", empty_label="全部"
    )
    stage = django_filters.ChoiceFilter(choices=Milestone.Stage, label="阶段", empty_label="全部")
    unit = django_filters.ModelChoiceFilter(
        queryset=Unit.objects.all(),
        method="by_unit",
        label="责任单位",
        empty_label="全部",
        null_label="未明确",
        null_value=UNKNOWN,
    )
    list = django_filters.ModelChoiceFilter(
        queryset=AnnualList.objects.none(), method="by_list", label="名单", empty_label="全部"
    )
    sponsor = django_filters.ModelChoiceFilter(
        field_name="plan__project__sponsor",
        queryset=Official.objects.all(),
        label="挂包领导",
        empty_label="全部",
    )
    department = django_filters.ModelChoiceFilter(
        field_name="plan__project__lead_department",
        queryset=Unit.objects.filter(kind=Unit.Kind.DEPARTMENT),
        label="推进部门",
        empty_label="全部",
    )
    district = django_filters.ModelChoiceFilter(
        field_name="plan__project__host_district",
        queryset=Unit.objects.filter(kind=Unit.Kind.DISTRICT),
        label="属地",
        empty_label="全部",
    )

    # where a figure of one project, or of projects found by words, opens its milestones
    project = django_filters.CharFilter(
        field_name="plan__project__code", label="项目代码", widget=forms.HiddenInput
    )
    project_q = django_filters.CharFilter(
        method="by_project_words", label="项目关键词", widget=forms.HiddenInput
    )

    def __init__(self, *args, as_of: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of
        self.filters["list"].queryset = lists_of(as_of.year)

    def by_words(self, milestones: QuerySet[Milestone], name: str, value: str) -> QuerySet[Milestone]:
        for word in value.lower().split():
            named = Project.objects.search(word).values("pk")
            milestones = milestones.filter(Q(name__icontains=word) | Q(plan__project__in=named))
        return milestones

    def by_project_words(self, milestones, name, value):
        return milestones.filter(plan__project__in=Project.objects.search(value).values("pk"))

    def by_unit(self, milestones, name, value):
        wanted = None if value == UNKNOWN else value.pk
        milestones = milestones.with_responsible()
        return milestones.filter(responsible=wanted) if wanted else milestones.filter(responsible=None)

    def by_status(self, milestones, name, value):
        return of_status(milestones, value, self.as_of)

    def by_list(self, milestones, name, value):
        return milestones.filter(
            plan__project__in=Listing.objects.filter(annual_list=value).values("project")
        )


# --- progress -------------------------------------------------------------------------------------------

BY_UNIT = "unit"
DOOR_NAMES = ("list", "department", "district", "sponsor")  # called the same on the milestone list


class WhoseFilter(django_filters.FilterSet):
    """Projects of a list, a department, a district, a sponsor."""

    list = django_filters.ModelChoiceFilter(
        queryset=AnnualList.objects.none(), method="by_list", label="名单", empty_label="全部"
    )
    department = django_filters.ModelChoiceFilter(
        field_name="lead_department",
        queryset=Unit.objects.filter(kind=Unit.Kind.DEPARTMENT),
        label="推进部门",
        empty_label="全部",
    )
    district = django_filters.ModelChoiceFilter(
        field_name="host_district",
        queryset=Unit.objects.filter(kind=Unit.Kind.DISTRICT),
        label="属地",
        empty_label="全部",
    )
    sponsor = django_filters.ModelChoiceFilter(
        queryset=Official.objects.all(), label="挂包领导", empty_label="全部"
    )

    def __init__(self, *args, as_of: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["list"].queryset = lists_of(as_of.year)

    def by_list(self, projects: QuerySet[Project], name, value):
        return projects.filter(pk__in=Listing.objects.filter(annual_list=value).values("project"))


class ProgressFilter(WhoseFilter):
    """The same, with words; `late` is taken by the view, which counts over projects or over units."""

    q = django_filters.CharFilter(method="by_words", label="项目", help_text="名称、代码或拼音首字母")
    by = django_filters.ChoiceFilter(
        choices=[(BY_UNIT, "按责任单位")], method="unchanged", label="统计方式", widget=forms.HiddenInput
    )
    late = django_filters.BooleanFilter(
        method="unchanged",
        label="逾期",
        widget=forms.Select(choices=[("", "全部"), ("true", "仅看有逾期的")]),
    )

    def by_words(self, projects, name, value):
        return projects.search(value)

    def unchanged(self, projects, name, value):
        return projects

    @property
    def late_only(self) -> bool:
        return bool(self._given().get("late"))

    @property
    def by_unit(self) -> bool:
        return self._given().get("by") == BY_UNIT

    def door_parameters(self) -> dict[str, str]:
        """What narrows the milestone list to the milestones of exactly these projects."""
        given = self._given()
        names = {name: str(given[name].pk) for name in DOOR_NAMES if given.get(name)}
        return names | ({"project_q": given["q"]} if given.get("q") else {})

    def _given(self) -> dict:
        """What the address says that means something; the rest narrows nothing."""
        return self.form.cleaned_data if self.form.is_bound and self.form.errors is not None else {}
