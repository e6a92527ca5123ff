"""口径说明: every figure's definition with what it counts on the day, made from figures/definitions."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from projects.figures.definitions import (
    FIGURES,
    INDICATOR_RATES,
    MATTER_RATES,
    RATES,
    Definition,
    Derived,
    FigureGroup,
    Rate,
)
from projects.figures.figures import FigureRow, figures_of
from projects.figures.indicators import IndicatorCard, indicator_cards
from projects.models.lists.listings import BUILT_IN_BASELINES
from projects.rules import Light

from ..base.filters import lists_of
from ..base.requests import HouseRequest
from ..base.scope import asked_corrected, door, doors

# where what is no figure of the lists is shown
ELSEWHERE = {
    "slip_days": ("progress_list", "by=unit", "进度清单"),
    "reports_due": ("report_list", "", "旬报"),
    "reports_on_time": ("report_list", "", "旬报"),
    "report_on_time_rate": ("scheme_list", "", "考核方案"),
    "visits_owed": ("visit_sponsors", "", "走访完成情况"),
    "visits_made": ("visit_sponsors", "", "走访完成情况"),
    "assessed_figures": ("scheme_list", "", "考核方案"),
}


@dataclass(frozen=True)
class DefinitionEntry:
    """One definition with its proof of the day: what the template shows in the last column."""

    definition: Definition
    kind: str
    value: Any = None
    terms: tuple[tuple[str, str, Any, str], ...] = ()  # (key, name, number, door) of each part
    lines: tuple[Any, ...] = ()
    href: str = ""
    words: str = ""


@require_safe
def definition_list(request: HouseRequest) -> HttpResponse:
    """Every figure: formula, population, unit, rounding, source, and its numbers of the day as doors. Constant queries."""
    scope = asked_corrected(request).within("", "")
    row = figures_of(scope).total
    cards = indicator_cards(scope.year, scope.cut_off)
    proof = _Proof(request, row, cards)
    sections = [
        (group, [proof.of(figure) for figure in FIGURES.values() if figure.group == group])
        for group in FigureGroup
    ]
    return render(
        request,
        "figures/definition_list.html",
        {
            "as_of": scope.as_of,
            "takes_as_of": True,
            "scope": scope,
            "row": row,
            "sections": sections,
            "all_lists": lists_of(scope.year),
        },
    )


class _Proof:
    """The numbers of one reading beside their definitions."""

    def __init__(self, request: HouseRequest, row: FigureRow, cards: list[IndicatorCard]) -> None:
        self.row = row
        self.cards = cards
        self.doors = doors(row.scope)
        self.day = row.scope.as_of
        # the schemes are not for everybody, and nobody is led to a page that refuses
        self.closed = set() if request.user.sees_all_projects else {"scheme_list"}

    def of(self, figure: Definition) -> DefinitionEntry:
        key, row = figure.key, self.row
        if rate := RATES.get(key) or MATTER_RATES.get(key):
            return DefinitionEntry(figure, "rate", row.ratio(key), terms=self._terms(rate))
        if key in INDICATOR_RATES or key.startswith("indicator_"):
            return DefinitionEntry(
                figure, "indicators", lines=tuple(self._indicator(figure, card) for card in self.cards)
            )
        if not isinstance(figure, Derived | Rate):
            return self._number(figure)
        if key == "start_identity":
            names = ("new_starts_due", "missed_starts", "early_starts", "new_starts_started")
            return DefinitionEntry(figure, "identity", terms=tuple(self._term(name) for name in names))
        if key == "pro_rata_progress":
            rule = row.baseline.name
            words = f"序时口径：{dict(BUILT_IN_BASELINES).get(rule, rule)}"
            return DefinitionEntry(figure, "share", row.pro_rata_ratio, words=words)
        if key == "schedule_gap_points":
            return DefinitionEntry(figure, "gap", row.schedule_gap_points)
        if key == "lights":
            return DefinitionEntry(figure, "lights", lines=tuple(self._light(light) for light in Light))
        name, query, words = ELSEWHERE[key]
        href = (
            "" if name in self.closed else f"{reverse(name)}?as_of={self.day.isoformat()}&{query}".rstrip("&")
        )
        return DefinitionEntry(figure, "elsewhere", href=href, words=words)

    def _number(self, figure: Definition) -> DefinitionEntry:
        if (
            figure.key not in self.row.values
        ):  # milestones that fall due later: no figure of a row, but of the list
            return DefinitionEntry(
                figure, "elsewhere", href=door(self.row.scope, figure.key), words="节点清单"
            )
        return DefinitionEntry(figure, "number", self.row[figure.key], href=self.doors[figure.key])

    def _term(self, key: str) -> tuple[str, str, Any, str]:
        return key, FIGURES[key].name, self.row[key], self.doors[key]

    def _terms(self, rate: Rate) -> tuple[tuple[str, str, Any, str], ...]:
        return self._term(rate.numerator), self._term(rate.denominator)

    def _light(self, light: Light) -> tuple[Light, int, str]:
        return light, self.row.lights.get(light.value, 0), f"{self.doors['projects']}&light={light.value}"

    def _indicator(self, figure: Definition, card: IndicatorCard) -> tuple[str, str, Any, Any, Any, Any]:
        """(name, address, rate in words, numerator or the value itself, denominator, unit) of one indicator."""
        href = f"{reverse('indicator_detail', args=[card.pk])}?as_of={self.day.isoformat()}"
        parts = {
            "indicator_completion": (card.completion.words(), card.value, card.target),
            "indicator_share_of_city": (card.share_words, card.value, card.city_total),
            "indicator_growth": (card.growth_words, card.increase, card.last_year),
            "indicator_increase": (None, card.increase, None),
            "indicator_last_year": (None, card.last_year, None),
            "indicator_value": (None, card.value, None),
            "indicator_target": (None, card.target, None),
            "indicator_city_total": (None, card.city_total, None),
        }
        return card.name, href, *parts[figure.key], card.unit
