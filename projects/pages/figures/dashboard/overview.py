"""The overview (总览) of all projects, a list or a group: rates, lights, stages, units, trend; every figure a door."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_safe
from django_tables2 import Table

from projects.figures.figures import FigureRow, Figures, figures_of
from projects.figures.indicators import IndicatorCard, indicator_cards
from projects.figures.lights.lagging import SHOWN, Causes, Lag, causes_of, lagging
from projects.figures.population import DIMENSIONS, Scope
from projects.models import AnnualList
from projects.rules import Light

from ...base.context import show
from ...base.filters import lists_of
from ...base.readings import Reading, reading_of
from ...base.requests import HouseRequest
from ...base.scope import ScopeGroup, asked, door, doors, group_of, of_known_group, page_over
from .cards import RateLine, completion_rates, light_counts
from .groups import bars, lines, projects_of_group, refuse_foreign
from .overdue import OverdueUnits, overdue_by_unit
from .stages import stage_columns
from .trend import trend

LAGGING_SHOWN = 5
SPLITS = tuple((key, dimension.name) for key, dimension in DIMENSIONS.items())


@require_safe
def dashboard(request: HouseRequest) -> HttpResponse:
    """Cards per list, the total, stages, lights, overdue, what lags, trend; of a group its projects, else one split.

    Constant queries. Of a group that is not known nothing is shown; a foreign one is not found.
    """
    scope = asked(request).scope
    group = group_of(scope)
    scope = of_known_group(scope, group)
    split = dimension_asked(request, "split")
    figures = figures_of(scope, by="" if group else split)
    total = figures.total
    if group:
        refuse_foreign(request.user, total)
    reading = reading_of(request, scope)
    parts: list[Any] = [whole(scope, group, reading, figures)]
    if not reading.is_published:
        parts.append(follow_up(scope, figures))
    parts.append(
        GroupPart(projects_of_group(request, scope)) if group else split_part(scope, split, figures.groups)
    )
    return show(request, "figures/dashboard/dashboard.html", frame_of(scope), *parts)


@dataclass(frozen=True)
class Whole:
    """The population as a whole and list by list: rates, lights, stages, each number with its door."""

    group: ScopeGroup | None
    reading: Reading
    overall_href: str
    cards: list[dict[str, Any]]
    total: FigureRow
    total_doors: dict[str, str]
    rates: list[RateLine]
    gap: str
    lights: list[tuple[Light, int, str]]
    stages: list[dict[str, Any]]


def whole(scope: Scope, group: ScopeGroup | None, reading: Reading, figures: Figures) -> Whole:
    total, projects = figures.total, door(scope, "projects")
    return Whole(
        group=group,
        reading=reading,
        overall_href=page_over("dashboard", scope.within("", "")),
        cards=lines([row for row in figures.lists if not group or row["projects"]]),
        total=total,
        total_doors=doors(scope),
        rates=completion_rates(total),
        gap=total.gap_told,
        lights=[(light, n, f"{projects}&light={light.value}") for light, n in light_counts(total)],
        stages=stage_columns(scope, total, watched=not reading.is_published),
    )


@dataclass(frozen=True)
class LaggingBlock:
    """The projects that lag most with their causes, how many there are in all, and the list of them."""

    lines: list[tuple[Lag, Causes]]
    total: int
    href: str


@dataclass(frozen=True)
class FollowUp:
    """What no publication freezes: overdue milestones, what lags and why, the year's line."""

    trend: dict[str, Any]
    overdue: OverdueUnits
    lagging: LaggingBlock


def follow_up(scope: Scope, figures: Figures) -> FollowUp:
    return FollowUp(trend(scope, figures.total), overdue_by_unit(scope), lagging_block(scope, figures))


@dataclass(frozen=True)
class GroupPart:
    """Of a group its projects."""

    table: Table


@dataclass(frozen=True)
class SplitPart:
    """Of all, one split: the groups of a dimension as bars and as a table; and the main indicators."""

    split: str
    split_name: str
    bars: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    indicators: list[IndicatorCard]
    splits: tuple[tuple[str, str], ...] = SPLITS


def split_part(scope: Scope, split: str, groups: list[FigureRow]) -> SplitPart:
    cards = indicator_cards(scope.year, scope.cut_off)
    return SplitPart(split, DIMENSIONS[split].name, bars(groups), lines(groups), cards)


@dataclass(frozen=True)
class ScopeFrame:
    """What the head of each dashboard page needs: the day, the lists and years to choose from."""

    as_of: date
    scope: Scope
    all_lists: QuerySet[AnnualList]
    years: list[int]
    takes_as_of: bool = True


def frame_of(scope: Scope) -> ScopeFrame:
    years = {scope.year, *AnnualList.objects.values_list("year", flat=True)}
    return ScopeFrame(scope.as_of, scope, lists_of(scope.year), sorted(years, reverse=True))


def dimension_asked(request: HouseRequest, name: str) -> str:
    """The dimension that the address splits by; words that are none count as not given."""
    given = request.GET.get(name, "")
    return given if given in DIMENSIONS else "lead_department"


def lagging_block(scope: Scope, figures: Figures, most: int = LAGGING_SHOWN) -> LaggingBlock:
    lags = lagging(scope, figures.colours, most=most)
    causes = causes_of(lags, scope.cut_off)
    lines = [(lag, causes[lag.project_id]) for lag in lags if lag.project_id in causes]
    total = sum(figures.total.lights.get(light.value, 0) for light in SHOWN)
    return LaggingBlock(lines, total, page_over("lagging_list", scope))
