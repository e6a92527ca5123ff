"""Filters of the progress list and the wall chart (进度清单、挂图作战): whose projects, which of them."""

import datetime as dt

import django_filters
from django import forms
from django.db.models import QuerySet

from projects.models import AnnualList, Listing, Official, Project, Unit

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
        lists = AnnualList.objects.filter(year=as_of.year).select_related("kind").order_by("kind__position")
        self.filters["list"].queryset = lists

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
