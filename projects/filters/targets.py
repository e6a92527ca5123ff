"""What the page of targets is asked for (目标进度): list, level, cell, grouping, and which projects."""

import django_filters
from django import forms
from django.db.models import QuerySet

from projects.measures.population import DIMENSIONS
from projects.models import AnnualList, Project
from projects.rules.targets import TargetLevel

BY_PROJECT = "project"
SPLITS = {
    "list": "名单",
    **{key: dimension.name for key, dimension in DIMENSIONS.items()},
    BY_PROJECT: "项目",
}


class TargetFilter(django_filters.FilterSet):
    """Choices of the page; only words narrow the projects here, list and group are part of the scope."""

    list = django_filters.ModelChoiceFilter(
        queryset=AnnualList.objects.none(), method="unchanged", label="名单", empty_label="全部"
    )
    q = django_filters.CharFilter(method="by_words", label="项目", help_text="名称、代码或拼音首字母")
    short = django_filters.BooleanFilter(
        method="unchanged",
        label="欠账",
        widget=forms.Select(choices=[("", "全部"), ("true", "仅看有欠账的")]),
    )
    split = django_filters.ChoiceFilter(
        choices=[*SPLITS.items()], method="unchanged", widget=forms.HiddenInput
    )
    level = django_filters.ChoiceFilter(
        choices=[(level.value, level.words) for level in TargetLevel],
        method="unchanged",
        widget=forms.HiddenInput,
    )
    by = django_filters.CharFilter(method="unchanged", widget=forms.HiddenInput)
    group = django_filters.CharFilter(method="unchanged", widget=forms.HiddenInput)

    def __init__(self, *args, year: int, **kwargs):
        super().__init__(*args, **kwargs)
        lists = AnnualList.objects.filter(year=year).select_related("kind").order_by("kind__position")
        self.filters["list"].queryset = lists
        if self.grouping != BY_PROJECT:
            del self.filters["q"], self.filters["short"]

    def by_words(self, projects: QuerySet[Project], name, value):
        return projects.search(value)

    def unchanged(self, projects, name, value):
        return projects

    @property
    def grouping(self) -> str:
        given = self.data.get("split", "")
        return given if given in SPLITS else "list"

    @property
    def chosen_level(self) -> TargetLevel:
        given = self.data.get("level", "")
        return TargetLevel(given) if given in set(TargetLevel) else TargetLevel.MONTH

    @property
    def short_only(self) -> bool:
        return self.data.get("short") == "true"

    def cell(self, closed: int) -> int:
        """The number of the cell asked for; else that of the latest period that has closed."""
        given = self.data.get("cell", "")
        if given.isascii() and given.isdigit() and len(given) < 3 and int(given) < self.chosen_level.cells:
            return int(given)
        return max(closed - 1, 0) // self.chosen_level.size
