"""Ranking of groups by a figure (排名): places by rules.ranking, the change since last month, nobody left out."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from ..models import IndustryChain, Official, Unit
from ..rules.ranking import NO_TASK, RankingEntry, RankingPlace, rank
from .cells import INVESTED
from .comparison import month_before
from .definitions import COUNTS, RATES
from .figures import FigureRow, figure_rows
from .population import Scope

GAP = "schedule_gap_points"


@dataclass(frozen=True)
class Criterion:
    """What groups are ranked by (排名依据): a rate, with its numerator and denominator, or the gap to 序时."""

    key: str
    name: str
    numerator: str
    denominator: str
    unit: str = "%"

    def result(self, row: FigureRow) -> Decimal | None:
        """The number as printed: what looks equal on paper shares a place."""
        if self.key == GAP:
            return row.schedule_gap_points
        return row.ratio(self.key).percent(row.places)

    def judged(self, row: FigureRow) -> int:
        """How many projects the result judges: those of the denominator where it counts projects, else all."""
        return row[self.denominator if self.denominator in COUNTS else "projects"]


CRITERIA = {
    criterion.key: criterion
    for criterion in (
        Criterion("investment_completion", "投资完成率", "invested_this_year", "planned_investment"),
        Criterion(GAP, "与序时差距", "invested_this_year", "planned_investment", "个百分点"),
        *(
            Criterion(rate.key, rate.name, rate.numerator, rate.denominator)
            for rate in RATES.values()
            if rate.key != "investment_completion"
        ),
    )
}


@dataclass(frozen=True)
class RankedGroup:
    """A line of the ranking; row None for a group without listed projects, earlier None without a place then."""

    name: str
    group_id: int | None
    row: FigureRow | None
    result: Decimal | None
    place: int | None
    earlier: int | None
    remark: str

    @property
    def climbed(self) -> int | None:
        """Places won since last month (名次变化), negative for lost; None where one of the two is missing."""
        return None if self.place is None or self.earlier is None else self.earlier - self.place


def ranking(
    scope: Scope, *, by: str, criterion: Criterion, largest_first: bool = True, with_few: bool = False
) -> list[RankedGroup]:
    """The groups of a dimension by place; then, apart, those with few projects and those without a task (无任务).

    Two readings of the population, without follow-up, however many groups; 未明确 is nobody and takes no place.
    """

    def ranked(rows: list[FigureRow], idle: list[int]) -> list[RankingPlace[int]]:
        entries = [
            RankingEntry(
                row.group_id,
                criterion.judged(row),
                criterion.result(row),
                is_silent=row.is_silent and criterion.numerator == INVESTED,
            )
            for row in rows
            if row.group_id is not None
        ]
        entries += [RankingEntry(pk, 0, None) for pk in idle]
        return rank(entries, largest_first=largest_first, with_few=with_few)

    rows = {row.group_id: row for row in figure_rows(scope, by=by, follow_up=False)}
    idle = {pk: name for pk, name in _everybody(scope, by) if pk not in rows}
    before = month_before(scope).scope
    rows_then = figure_rows(before, by=by, follow_up=False) if before else []
    earlier = {line.key: line.place for line in ranked(rows_then, [])}
    found = []
    for line in ranked(list(rows.values()), list(idle)):
        row = rows.get(line.key)
        found.append(
            RankedGroup(
                row.group if row else idle[line.key],
                line.key,
                row,
                criterion.result(row) if row and line.remark != NO_TASK else None,
                line.place,
                earlier.get(line.key),
                _remark(line, row, criterion),
            )
        )
    return found


def _remark(line: RankingPlace[int], row: FigureRow | None, criterion: Criterion) -> str:
    """What the place says, and which lists without any report its result leaves out."""
    left_out = row.remark if row and row.leaves_out and criterion.numerator == INVESTED else ""
    return "；".join(dict.fromkeys(filter(None, (line.remark, left_out))))


def _everybody(scope: Scope, by: str) -> list[tuple[int, str]]:
    """Those in office who could have a task. Only who sees all projects may be told that somebody has none."""
    if scope.viewer is not None and not scope.viewer.sees_all_projects:
        return []
    groups: dict[str, Callable] = {
        "sponsor": lambda: Official.objects.filter(is_active=True),
        "lead_department": lambda: Unit.objects.filter(is_active=True, kind=Unit.Kind.DEPARTMENT),
        "host_district": lambda: Unit.objects.filter(is_active=True, kind=Unit.Kind.DISTRICT),
        "industry_chain": lambda: IndustryChain.objects.all(),
    }
    return list(groups[by]().values_list("pk", "name"))
