"""The ranking page (排名): groups of a dimension by a chosen figure, with the etiquette of rankings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from projects.figures.population import DIMENSIONS, Scope
from projects.figures.ranking import CRITERIA, Criterion, RankedGroup, ranking
from projects.periods import same_day_last_month
from projects.rules.ranking import FEW_PROJECTS, FEW_WORDS, NO_TASK, SILENT

from ...base.context import show
from ...base.listing import exported, list_notes
from ...base.requests import HouseRequest
from ...base.scope import asked
from .overview import SPLITS, dimension_asked, frame_of
from .tables import RankingTable

LARGEST, SMALLEST = "desc", "asc"


@require_safe
def ranking_list(request: HouseRequest) -> HttpResponse:
    """Ranked, those with few projects, 无任务. ?by= figure= order= few=; two readings of the population."""
    given = request.GET
    by = dimension_asked(request, "by")
    criterion = CRITERIA.get(given.get("figure", ""), CRITERIA["investment_completion"])
    order = SMALLEST if given.get("order") == SMALLEST else LARGEST
    with_few = given.get("few") == "1"
    scope = asked(request).scope.within("", "")
    rows = ranking(scope, by=by, criterion=criterion, largest_first=order == LARGEST, with_few=with_few)
    who = DIMENSIONS[by].name
    table = RankingTable(rows, as_of=scope.cut_off, criterion=criterion, who=who)
    words = _words(scope, criterion, order, with_few)
    notes = list_notes(request, scope.cut_off, [], *words)
    title = f"{who}{criterion.name}排名"
    if file := exported(request, table, title=title, notes=notes, as_of=scope.cut_off):
        return file
    shown = RankingShown(title, words, table, same_day_last_month(scope.cut_off), *_counts(rows))
    choice = RankingChoice(by, criterion, order, with_few)
    return show(request, "figures/dashboard/ranking.html", shown, choice, frame_of(scope))


@dataclass(frozen=True)
class RankingChoice:
    """What is ranked, by which figure, from which end; and what else could be chosen."""

    by: str
    criterion: Criterion
    order: str
    with_few: bool
    dimensions: tuple[tuple[str, str], ...] = SPLITS
    criteria: tuple[Criterion, ...] = tuple(CRITERIA.values())


@dataclass(frozen=True)
class RankingShown:
    """The ranking with its conditions, and how many groups are ranked, stand apart, have no task or never reported."""

    title: str
    words: list[str]
    table: RankingTable
    compared_on: date
    ranked: int
    apart: int
    idle: list[str]
    silent: int


def _counts(rows: Sequence[RankedGroup]) -> tuple[int, int, list[str], int]:
    """How many are ranked, stand apart for few projects, the names of those without a task, how many never reported."""
    return (
        sum(row.place is not None for row in rows),
        sum(row.remark.startswith(FEW_WORDS) for row in rows),
        [row.name for row in rows if row.remark == NO_TASK],
        sum(row.remark == SILENT for row in rows),
    )


def _words(scope: Scope, criterion: Criterion, order: str, with_few: bool) -> list[str]:
    """How the ranking was made, for the page, the sheet and the paper alike."""
    chosen = scope.annual_lists().first() if scope.lists else None
    whose = chosen.name if chosen else "（名单无法识别）" if scope.lists else "全部名单"
    population = f"{scope.year}年{whose}项目，每个项目只计一次"
    direction = "从高到低" if order == LARGEST else "从低到高"
    few = f"项目数不足{FEW_PROJECTS + 1}个的" + ("一并排名并注明" if with_few else "单列、不排名")
    return [
        population,
        f"按{criterion.name}{direction}，数值相同的名次并列",
        few,
        f"没有项目的列“{NO_TASK}”，项目均未报过旬报的列“{SILENT}”，均不排名",
    ]
