"""Filters of baselines, targets, publications and dashboards (指标)."""

from typing import Any

import django_filters
from django import forms

from projects.figures.corrections import FACTS
from projects.figures.definitions import AMOUNTS
from projects.figures.lights.lagging import SHOWN
from projects.figures.population import DIMENSIONS
from projects.models import Project, Publication
from projects.pinyin import plain
from projects.queries.figures.corrections import CorrectionRow
from projects.rules.targets import TargetLevel

from ..base.filters import ChoiceFilter, HouseFilterSet, ListFilter, WordsFilter, YesFilter
from ..register.filters import ProjectFilter

# --- targets --------------------------------------------------------------------------------------------

BY_PROJECT = "project"
SPLITS = {
    "list": "名单",
    **{key: dimension.name for key, dimension in DIMENSIONS.items()},
    BY_PROJECT: "项目",
}


class TargetFilter(HouseFilterSet):
    """Choices of the page; only words narrow the projects here, list and group are part of the scope."""

    list = ListFilter(method="unchanged")
    q = WordsFilter(project="pk", label="项目", help_text="名称、代码或拼音")
    short = YesFilter("欠账", "仅看有欠账的", method="unchanged")
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

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        if self.grouping != BY_PROJECT:
            del self.filters["q"], self.filters["short"]

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


# --- publications ---------------------------------------------------------------------------------------

Rows = list[CorrectionRow]  # in the class the word is a filter's


class CorrectionFilter(HouseFilterSet):
    """Choices over the rows of queries.corrections; the list chooses the population, in which the rest narrows."""

    q = django_filters.CharFilter(method="unchanged", label="项目", help_text="名称或代码")
    list = ListFilter(method="unchanged", empty_label="合计")
    fact = ChoiceFilter("更正内容", [*FACTS.items()], method="unchanged")
    figure = ChoiceFilter(
        "影响金额", [(key, amount.name) for key, amount in AMOUNTS.items()], method="unchanged"
    )

    def __init__(self, *args: Any, publication: Publication, **kwargs: Any) -> None:
        super().__init__(*args, queryset=Project.objects.none(), as_of=publication.as_of, **kwargs)
        self.year = publication.year

    def asked(self, name: str) -> Any:
        """The choice made, None where there is none or it cannot be read."""
        return self.form.cleaned_data.get(name) or None if self.form.errors is not None else None

    def narrowed(self, rows: Rows) -> Rows:
        if not self.form.is_valid():
            return []
        words, fact, figure = (self.asked(name) for name in ("q", "fact", "figure"))
        return [
            row
            for row in rows
            if (not words or plain(words) in plain(f"{row.project} {row.code}"))
            and (not fact or row.correction.fact == fact)
            and (not figure or row.correction.effects.get(figure))
        ]


# --- lagging --------------------------------------------------------------------------------------------


class LaggingFilter(ProjectFilter):
    """The ledger's choices that make sense here; the light is asked once, by the view, of all that is listed."""

    light = ChoiceFilter("亮灯", [(light.value, light.words) for light in SHOWN], method="unchanged")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("category", "stage", "state", "level", "gap", "watch"):
            del self.filters[name]
