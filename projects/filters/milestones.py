"""Filters of the milestone list (节点筛选)."""

import datetime as dt

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from projects.measures.definitions import DUE_SOON_DAYS
from projects.models import AnnualList, Listing, Milestone, Official, Project, Unit
from projects.queries.progress import (
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
        lists = AnnualList.objects.filter(year=as_of.year).select_related("kind").order_by("kind__position")
        self.filters["list"].queryset = lists

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
