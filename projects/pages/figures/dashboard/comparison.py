"""The main figures beside those of the same day last month and last year (同期对比); a day without figures has no column."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.figures.comparison import Moment, compared
from projects.figures.definitions import COUNTS, FIGURES, RATES
from projects.figures.figures import FigureRow
from projects.money import Ratio, format_yi, gap_points
from projects.templatetags.show import signed

from ...base.context import context_of
from ...base.requests import HouseRequest
from ...base.scope import asked, door, group_of, of_known_group
from .overview import frame_of

COMPARED = (
    "projects new_starts_started start_rate_of_year planned_investment invested_this_year investment_completion "
    "in_production entered_statistics"
).split()
NEEDS_REPORTS = frozenset({"invested_this_year", "investment_completion"})


@dataclass(frozen=True)
class ComparisonSide:
    """A figure on one of the days: its value with its door, and the difference of today from it in words."""

    value: Any = None
    href: str = ""
    show: str = ""
    difference: str = ""
    places: int = 1


@dataclass(frozen=True)
class ComparisonLine:
    """One figure of a list, the day itself first."""

    key: str
    name: str
    sides: list[ComparisonSide]


@require_safe
def dashboard_compare(request: HouseRequest) -> HttpResponse:
    """A table per list and one for all together; the day itself, last month's, last year's own lists."""
    scope = asked(request).scope
    group = group_of(scope)
    scope = of_known_group(scope, group)
    found = compared(scope)
    days = {"本期": found.now, "上月同期": found.month, "上年同期": found.year}
    moments = {day: moment for day, moment in days.items() if moment.figures is not None}
    rows = []
    if (figures := found.now.figures) and figures.lists:
        rows = [("", figures.total)]
        if len(figures.lists) > 1:
            rows += [(row.list_name, row) for row in figures.lists]
    context = {
        "group": group,
        "tables": [(row.list_name, _lines(name, row, moments)) for name, row in rows],
        "moments": moments.items(),
        "notes": [moment.note for moment in days.values() if moment.note],
    }
    return render(request, "figures/dashboard/compare.html", context | context_of(frame_of(scope)))


def _lines(name: str, now: FigureRow, moments: dict[str, Moment]) -> list[ComparisonLine]:
    rows = [moment.row(name) for moment in moments.values()]
    lines = [ComparisonLine(key, _name(key), [_side(key, now, then) for then in rows]) for key in COMPARED]
    return [*lines, ComparisonLine("", "与序时差距（个百分点）", [_gap_side(now, then) for then in rows])]


def _name(key: str) -> str:
    if key in RATES:
        return RATES[key].name
    return f"{FIGURES[key].name}（{'个' if key in COUNTS else '亿元'}）"


def _side(key: str, now: FigureRow, then: FigureRow | None) -> ComparisonSide:
    if then is None or not then["projects"] or (key in NEEDS_REPORTS and then.remark):
        return ComparisonSide()
    if key == "entered_statistics" and then is not now and now["statistics_undated"]:
        return ComparisonSide()  # since when is not known of all of them
    told = _DIFFERENCES["rate" if key in RATES else "count" if key in COUNTS else "amount"]
    value = then.ratio(key) if key in RATES else then[key]
    current = now.ratio(key) if key in RATES else now[key]
    opens = RATES[key].denominator if key in RATES else key
    opens = "projects" if key == "investment_completion" else opens
    show = "yi" if told is _amount else ""
    compares = then is not now and not (key in NEEDS_REPORTS and now.remark)
    difference = told(current, value) if compares else ""
    return ComparisonSide(value, door(then.scope, opens), show, difference, then.places)


def _gap_side(now: FigureRow, then: FigureRow | None) -> ComparisonSide:
    """The gap's own change, from unrounded rates and 序时, rounded once."""
    if then is None or then.schedule_gap_points is None or then.remark:
        return ComparisonSide()
    words = signed(then.schedule_gap_points)
    done, pace, pace_then = then.investment_completion.value, now.pro_rata_progress, then.pro_rata_progress
    if then is now or now.remark or done is None or pace is None or pace_then is None:
        return ComparisonSide(words)
    level = done + pace - pace_then
    return ComparisonSide(words, difference=_points(gap_points(now.investment_completion, level)))


def _count(now: int, then: int) -> str:
    return f"{now - then:+,}个".replace("-", "−") if now != then else "持平"


def _amount(now: Decimal, then: Decimal) -> str:
    words = format_yi(now - then)
    if words in {"0", "-0"}:
        return "持平"
    return f"{'+' if now > then else ''}{words}亿元".replace("-", "−")


def _rate(now: Ratio, then: Ratio) -> str:
    return "" if then.value is None or now.value is None else _points(gap_points(now, Fraction(then.value)))


def _points(points: Decimal | None) -> str:
    return "" if points is None else f"{signed(points)}个百分点" if points else "持平"


_DIFFERENCES: dict[str, Callable[[Any, Any], str]] = {"count": _count, "amount": _amount, "rate": _rate}
