"""What has been corrected since a publication (更正): the two readings of its day, fact by fact and figure by figure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from ..models import Publication, PublishedRow, User
from ..money import gap_points, round_half_up
from .definitions import AMOUNTS, COUNTS, RATES
from .figures import FigureRow
from .published import Counted, Facts, as_corrected, as_published, counted_rows

NOTHING = Decimal("0.00")
ADDED, REMOVED, OTHER_LIST = "added", "removed", "annual_list"
_COLUMNS = {column.name: column for column in PublishedRow._meta.fields}
FACTS = {
    ADDED: "列入统计",
    REMOVED: "移出统计",
    OTHER_LIST: "计入名单",
    **{name: str(_COLUMNS[name].verbose_name).partition("（")[0] for name in Facts._fields},
}
# the column of Facts that each amount sums
SUMMED = {
    "total_investment": "total_investment",
    "planned_investment": "planned_investment",
    "invested_this_year": "invested",
}


@dataclass(frozen=True)
class Correction:
    """One fact of a project that reads differently now (一处更正), with what it does to the amounts, in 万元.

    `lists` are the lists that counted the project before and after; the effects of a population's corrections add up
    to the difference of its figures.
    """

    project: int
    fact: str
    before: Any
    after: Any
    lists: tuple[int, ...]
    effects: dict[str, Decimal]

    @property
    def fact_words(self) -> str:
        return FACTS[self.fact]

    @property
    def planned(self) -> Decimal:
        return self.effects.get("planned_investment", NOTHING)

    @property
    def invested(self) -> Decimal:
        return self.effects.get("invested_this_year", NOTHING)

    @property
    def total(self) -> Decimal:
        return self.effects.get("total_investment", NOTHING)


class Readings:
    """Both readings of a publication's day over what the viewer may see. Two queries, however many projects."""

    def __init__(self, published: Iterable[Counted], corrected: Iterable[Counted]) -> None:
        self._published, self._corrected = list(published), list(corrected)

    @classmethod
    def of(cls, publication: Publication, viewer: User | None = None) -> Self:
        return cls(
            counted_rows(as_published(publication, viewer)), counted_rows(as_corrected(publication, viewer))
        )

    def corrections(self, annual_list: int | None = None) -> list[Correction]:
        """What differs in a list; without one in the total, where a project counts once, by its highest list."""
        before, after = _by_project(self._published, annual_list), _by_project(self._corrected, annual_list)
        found: list[Correction] = []
        for project in before | after:
            found += _compared(project, before.get(project), after.get(project))
        return found


def corrected_sum(corrections: Iterable[Correction], figure: str) -> Decimal:
    """By how much the corrections moved an amount."""
    return sum((correction.effects.get(figure, NOTHING) for correction in corrections), NOTHING)


def _by_project(rows: list[Counted], annual_list: int | None) -> dict[int, Counted]:
    """The row that stands for each project in a list, or in the total."""
    found: dict[int, Counted] = {}
    for row in rows:
        if annual_list is not None:
            if row.annual_list == annual_list:
                found[row.project] = row
        elif row.project not in found or row.position < found[row.project].position:
            found[row.project] = row
    return found


def _compared(project: int, before: Counted | None, after: Counted | None) -> list[Correction]:
    if before is None or after is None:
        sides = (REMOVED, before, -1), (ADDED, after, 1)
        return [_whole(project, fact, side, sign) for fact, side, sign in sides if side is not None]
    lists = tuple(dict.fromkeys((before.annual_list, after.annual_list)))
    found = []
    if before.annual_list != after.annual_list:
        found.append(Correction(project, OTHER_LIST, before.annual_list, after.annual_list, lists, {}))
    for name in Facts._fields:
        was, now = getattr(before.facts, name), getattr(after.facts, name)
        if was != now:
            effects = {key: _wan((now or 0) - (was or 0)) for key, column in SUMMED.items() if column == name}
            found.append(Correction(project, name, was, now, lists, effects))
    return found


def _whole(project: int, fact: str, side: Counted, sign: int) -> Correction:
    """A row that only one of the readings counts, with all of its amounts."""
    effects = {key: _wan(sign * (getattr(side.facts, column) or 0)) for key, column in SUMMED.items()}
    return Correction(project, fact, None, None, (side.annual_list,), effects)


def _wan(amount: Decimal | int) -> Decimal:
    return round_half_up(amount, 2)


# --- figure by figure -------------------------------------------------------------------------------------

COMPARED_COUNTS = (
    "projects started new_starts new_starts_started new_starts_due missed_starts early_starts"
    " completed in_production entered_statistics"
).split()


@dataclass(frozen=True)
class ComparedFigure:
    """A main figure in both readings and the difference: a number, an amount in 万元, or 个百分点 for rates."""

    key: str
    name: str
    unit: str
    published: Any
    corrected: Any
    difference: int | Decimal | None

    @property
    def is_amount(self) -> bool:
        return self.key in AMOUNTS

    @property
    def is_counted(self) -> bool:
        """Whether the figure opens its rows: rates and gaps do not."""
        return self.key in COUNTS or self.key in AMOUNTS


def compared_figures(published: FigureRow, corrected: FigureRow) -> list[ComparedFigure]:
    """Counts, amounts, rates and the gap to 序时, in the order of the overview."""
    lines = [
        ComparedFigure(
            figure.key,
            figure.name,
            figure.unit,
            published[figure.key],
            corrected[figure.key],
            _moved(published[figure.key], corrected[figure.key]),
        )
        for figure in (*(COUNTS[key] for key in COMPARED_COUNTS), *AMOUNTS.values())
    ]
    for key, rate in RATES.items():
        was, now = published.ratio(key), corrected.ratio(key)
        lines.append(ComparedFigure(key, rate.name, "%", was, now, gap_points(now, was, corrected.places)))
    before, after = published.schedule_gap_points, corrected.schedule_gap_points
    moved = _moved(before, after)
    return [*lines, ComparedFigure("schedule_gap_points", "与序时差距", "个百分点", before, after, moved)]


def _moved(before: Any, after: Any) -> Any:
    """The difference; none where one of the two is not known."""
    return None if before is None or after is None else after - before
