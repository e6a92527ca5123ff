"""The overview (总览) of all projects, a list or a group: rates, lights, stages, units, trend; every figure a door."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.figures.figures import Figures, figures_of
from projects.figures.indicators import indicator_cards
from projects.figures.lagging import SHOWN, Causes, Lag, causes_of, lagging
from projects.figures.population import DIMENSIONS, Scope
from projects.models import AnnualList

from ...base.filters import lists_of
from ...base.readings import reading_of
from ...base.requests import HouseRequest
from ...base.scope import asked, door, doors, group_of, of_known_group, page_over
from .cards import completion_rates, light_counts
from .groups import bars, lines, projects_of_group, refuse_foreign
from .overdue import overdue_by_unit
from .stages import stage_columns
from .trend import trend

LAGGING_SHOWN = 5


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
    context: dict[str, Any] = {
        "group": group,
        "reading": reading,
        "overall_href": page_over("dashboard", scope.within("", "")),
        "cards": lines([row for row in figures.lists if not group or row["projects"]]),
        "total": total,
        "total_doors": doors(scope),
        "rates": completion_rates(total),
        "gap": total.gap_told,
        "lights": [
            (light, n, f"{door(scope, 'projects')}&light={light.value}") for light, n in light_counts(total)
        ],
        "stages": stage_columns(scope, total, watched=not reading.is_published),
    }
    if not reading.is_published:
        context |= follow_up(scope, figures)
    if group:
        context["table"] = projects_of_group(request, scope)
    else:
        context |= {
            "splits": [(key, dimension.name) for key, dimension in DIMENSIONS.items()],
            "split": split,
            "split_name": DIMENSIONS[split].name,
            "bars": bars(figures.groups),
            "lines": lines(figures.groups),
            "indicators": indicator_cards(scope.year, scope.cut_off),
        }
    return render(request, "figures/dashboard/dashboard.html", context | frame_of(request, scope))


def follow_up(scope: Scope, figures: Figures) -> dict[str, Any]:
    """What no publication freezes: overdue milestones, what lags and why, the year's line."""
    return {
        "trend": trend(scope, figures.total),
        "overdue": overdue_by_unit(scope),
        "lagging": lagging_block(scope, figures),
    }


def frame_of(request: HouseRequest, scope: Scope) -> dict[str, Any]:
    """What the head of each dashboard page needs: the day, the lists and years to choose from, whose eyes."""
    return {
        "as_of": scope.as_of,
        "takes_as_of": True,
        "scope": scope,
        "all_lists": lists_of(scope.year),
        "years": sorted({scope.year, *AnnualList.objects.values_list("year", flat=True)}, reverse=True),
        "limited": not request.user.sees_all_projects,
    }


def dimension_asked(request: HouseRequest, name: str) -> str:
    """The dimension that the address splits by; words that are none count as not given."""
    given = request.GET.get(name, "")
    return given if given in DIMENSIONS else "lead_department"


@dataclass(frozen=True)
class LaggingBlock:
    """The projects that lag most with their causes, how many there are in all, and the list of them."""

    lines: list[tuple[Lag, Causes]]
    total: int
    href: str


def lagging_block(scope: Scope, figures: Figures, most: int = LAGGING_SHOWN) -> LaggingBlock:
    lags = lagging(scope, figures.colours, most=most)
    causes = causes_of(lags, scope.cut_off)
    lines = [(lag, causes[lag.project_id]) for lag in lags if lag.project_id in causes]
    total = sum(figures.total.lights.get(light.value, 0) for light in SHOWN)
    return LaggingBlock(lines, total, page_over("lagging_list", scope))
