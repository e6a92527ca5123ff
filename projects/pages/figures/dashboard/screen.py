"""The big screen (大屏): panels that change by themselves, for a wall; dark, no hands needed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from projects import clock
from projects.figures.figures import FigureRow, figures_of
from projects.figures.population import DIMENSIONS
from projects.rules import Light

from ...base.context import show
from ...base.requests import HouseRequest
from ...base.scope import asked
from .cards import light_counts
from .groups import lines
from .overdue import OverdueUnits, overdue_by_unit
from .overview import LaggingBlock, dimension_asked, frame_of, lagging_block
from .stages import stage_columns

PANELS = ("lists", "units", "stages", "lagging", "overdue")
LISTS_SHOWN, UNITS_SHOWN, LAGGING_SHOWN, OVERDUE_SHOWN = 3, 12, 6, 8


@never_cache
@require_safe
def dashboard_screen(request: HouseRequest) -> HttpResponse:
    """All panels in one page, one shown; ?panel= says which first. The script changes them and fetches anew."""
    scope = asked(request).scope.within("", "")
    by = dimension_asked(request, "split")
    figures = figures_of(scope, by=by)
    total = figures.total
    request.session.modified = True  # a wall that is alive stays signed in
    asked_for = request.GET.get("panel", "")
    first = asked_for if asked_for in PANELS else PANELS[0]
    panels = Panels(
        cards=lines(figures.lists[:LISTS_SHOWN]),
        total=total,
        gap=total.gap_told,
        lights=light_counts(total),
        who=DIMENSIONS[by].name,
        units=units_chart(figures.groups),
        stages=stage_columns(scope, total),
        lagging=lagging_block(scope, figures, LAGGING_SHOWN),
        overdue=overdue_by_unit(scope, OVERDUE_SHOWN),
    )
    turn = Turn(first, PANELS[(PANELS.index(first) + 1) % len(PANELS)], clock.now())
    return show(request, "figures/dashboard/screen.html", panels, turn, frame_of(scope))


@dataclass(frozen=True)
class Panels:
    """What hangs on the wall: the lists, the whole, its units, stages, what lags and what is overdue."""

    cards: list[dict[str, Any]]
    total: FigureRow
    gap: str
    lights: list[tuple[Light, int]]
    who: str
    units: dict[str, Any]
    stages: list[dict[str, Any]]
    lagging: LaggingBlock
    overdue: OverdueUnits


@dataclass(frozen=True)
class Turn:
    """Which panel is shown, which comes next, and when all was read."""

    first: str
    next_panel: str
    refreshed_at: datetime


def units_chart(groups: list[FigureRow]) -> dict[str, Any]:
    """Units around 序时 as a chart and as the table beside it: the fastest and the slowest where there are many."""
    ranked = [(gap, row) for row in groups if (gap := row.schedule_gap_points) is not None]
    ranked.sort(key=lambda pair: -pair[0])
    left_out = max(len(ranked) - UNITS_SHOWN, 0)
    if left_out:
        half = UNITS_SHOWN // 2
        ranked = [*ranked[:half], *ranked[-half:]]
    return {
        "chart": {
            "labels": [row.group for _gap, row in ranked],
            "values": [float(gap) for gap, _row in ranked],
            "unit": "个百分点",
        },
        "rows": [row for _gap, row in ranked],
        "left_out": left_out,
    }
