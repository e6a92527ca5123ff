"""A day beside the same day of last month and of last year (较上月同期、较上年同期): each read as a day of its own."""

from dataclasses import dataclass, replace

from ..models import AnnualList
from ..periods import EARLIEST, same_day_last_month, same_day_last_year
from .figures import FigureRow, Figures, figures_of
from .population import Scope


@dataclass(frozen=True)
class Moment:
    """One of the days compared: its scope and figures, or the kind words for why there are none (说明)."""

    scope: Scope | None
    note: str = ""
    figures: Figures | None = None

    def row(self, name: str) -> FigureRow | None:
        """The total ("") or the list of this name; None where there was none."""
        if self.figures is None:
            return None
        if not name:
            return self.figures.total
        return next((row for row in self.figures.lists if row.list_name == name), None)


@dataclass(frozen=True)
class Comparison:
    """The day asked for and the two it is compared with."""

    now: Moment
    month: Moment
    year: Moment


def compared(scope: Scope) -> Comparison:
    """Figures of the three days, without follow-up: three readings and at most four small questions."""
    return Comparison(_read(scope), _read_or_say(month_before(scope)), _read_or_say(year_before(scope)))


def month_before(scope: Scope) -> Moment:
    """The scope a month earlier; none in January, when the year's cumulative figures begin anew."""
    day = same_day_last_month(scope.cut_off)
    if day.year != scope.year:
        return Moment(None, "上月同期属于上一年度，年度累计数从1月起重新计算，不作比较。")
    return Moment(replace(scope, as_of=day))


def year_before(scope: Scope) -> Moment:
    """The scope a year earlier, over that year's own lists of the same kinds."""
    year = scope.year - 1
    day = same_day_last_year(scope.cut_off)
    kinds = scope.annual_lists().values("kind")
    lists = AnnualList.objects.filter(year=year, kind__in=kinds).order_by("kind__position")
    found = tuple(lists.values_list("pk", flat=True))
    if year < EARLIEST.year or not found:
        only = scope.annual_lists().first() if len(scope.lists) == 1 else None
        return Moment(None, f"{year}年没有{f'“{only.name}”' if only else ''}名单，不作比较。")
    return Moment(replace(scope, as_of=day, year=year, lists=found if scope.lists else ()))


def _read_or_say(moment: Moment) -> Moment:
    return moment if moment.scope is None else _read(moment.scope)


def _read(scope: Scope) -> Moment:
    figures = figures_of(scope, follow_up=False)
    day, silent = scope.cut_off, figures.total.leaves_out
    words = f"截至{day.year}年{day.month}月{day.day}日"
    note = f"{words}，{'、'.join(silent)}名单还没有旬报，该名单及合计的完成投资不作比较。" if silent else ""
    if not figures.total["projects"]:
        note = f"{words}没有在列项目。"
    return Moment(scope, note, figures)
