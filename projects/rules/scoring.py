"""How assessment scores are made (考核计分): a value to points, points to a total, totals to ranks.

Pure and exact: the same figures give the same score in whatever order they come. Rounding is once per item, half up to
two places, so that the items a card prints add up to the total it prints.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from ..money import round_half_up
from .ranking import places

PLACES = 2
Exact = Decimal | Fraction | int


class PointsRule(StrEnum):
    """How a value becomes points (计分方法)."""

    LINEAR = "linear"
    DEDUCTION = "deduction"


class TieRule(StrEnum):
    """What decides between equal totals (同分处理)."""

    SAME_RANK = "same_rank"
    NEXT_FIGURE = "next_figure"


class SmallRule(StrEnum):
    """What becomes of a unit with few projects (小样本处理): its rates jump with every single one."""

    APART = "apart"
    MARKED = "marked"
    ZONE_MEAN = "zone_mean"


class PeriodKind(StrEnum):
    """How long an assessment looks back (考核周期)."""

    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


MONTHS = {PeriodKind.QUARTER: 3, PeriodKind.HALF: 6, PeriodKind.YEAR: 12}


@dataclass(frozen=True)
class ScoredPeriod:
    """A quarter, half or year under assessment (考核期). ValueError for a number the year does not have."""

    year: int
    kind: PeriodKind
    number: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", PeriodKind(self.kind))
        if not 1 <= self.number <= 12 // MONTHS[self.kind]:
            raise ValueError(f"no {self.kind} number {self.number}")

    @property
    def first_on(self) -> date:
        return date(self.year, (self.number - 1) * MONTHS[self.kind] + 1, 1)

    @property
    def last_on(self) -> date:
        last_month = self.number * MONTHS[self.kind]
        after = date(self.year + 1, 1, 1) if last_month == 12 else date(self.year, last_month + 1, 1)
        return after - timedelta(days=1)

    @property
    def words(self) -> str:
        if self.kind == PeriodKind.YEAR:
            return f"{self.year}年度"
        if self.kind == PeriodKind.HALF:
            return f"{self.year}年{'上下'[self.number - 1]}半年"
        return f"{self.year}年{'一二三四'[self.number - 1]}季度"

    @property
    def code(self) -> str:
        """2023-Q3, 2023-H1, 2023-Y1: for addresses."""
        return f"{self.year}-{self.kind[0].upper()}{self.number}"

    @classmethod
    def parse(cls, code: str) -> "ScoredPeriod":
        """Read a code back; ValueError where it is none."""
        year, _, rest = code.partition("-")
        kinds = {kind[0].upper(): kind for kind in PeriodKind}
        plain = year.isascii() and year.isdigit() and len(year) == 4 and rest[1:] in {"1", "2", "3", "4"}
        if not plain or rest[0] not in kinds or int(year) < 1:
            raise ValueError(f"no period {code!r}")
        return cls(int(year), kinds[rest[0]], int(rest[1:]))


@dataclass(frozen=True)
class ItemRule:
    """The points of one item (考核项): `weight` is its full mark, reached at `full_at`.

    LINEAR: nothing at `zero_at`, the weight at `full_at`, on the straight line between and beyond. DEDUCTION:
    `per_point` points off for every unit of the value below `full_at`. Both stay within `floor` and `cap`.
    ValueError says in Chinese what does not fit.
    """

    method: PointsRule
    weight: Decimal
    full_at: Decimal
    zero_at: Decimal = Decimal(0)
    per_point: Decimal = Decimal(0)
    floor: Decimal = Decimal(0)
    cap: Decimal | None = None

    def __post_init__(self) -> None:
        if self.weight < 0:
            raise ValueError("权重不能为负数。")
        if not self.floor <= self.weight <= self.highest:
            raise ValueError("最低分不能高于权重，最高分不能低于权重。")
        if self.method == PointsRule.LINEAR and self.zero_at >= self.full_at:
            raise ValueError("零分值须低于满分值。")
        if self.method == PointsRule.DEDUCTION and self.per_point <= 0:
            raise ValueError("按差距扣分须填写每差一个单位扣几分。")

    @property
    def highest(self) -> Decimal:
        return self.weight if self.cap is None else self.cap

    def points(self, value: Exact | None) -> Decimal | None:
        """The item's score for a value (in % or 个百分点); None without a value: nothing was due, nothing is scored."""
        if value is None:
            return None
        value = Fraction(value)
        weight, full_at = Fraction(self.weight), Fraction(self.full_at)
        if self.method == PointsRule.LINEAR:
            zero_at = Fraction(self.zero_at)
            raw = weight * (value - zero_at) / (full_at - zero_at)
        else:
            raw = weight - Fraction(self.per_point) * max(full_at - value, Fraction(0))
        within = min(max(raw, Fraction(self.floor)), Fraction(self.highest))
        return round_half_up(within, PLACES)


def total_points(
    parts: Iterable[tuple[Decimal | None, Decimal]], *, full_marks: Decimal, bonus: Decimal = Decimal(0)
) -> Decimal | None:
    """The total of (score, weight) pairs (总分), and what is added or taken off beside them.

    An item without a score (无任务) is left out and its weight is spread over the others in proportion, so that nobody
    gains or loses by having nothing due. None where no item has a score. Never below nothing.
    """
    scored = [(Fraction(score), Fraction(weight)) for score, weight in parts if score is not None]
    weights = sum(weight for _score, weight in scored)
    if not weights:
        return None
    reached = sum(score for score, _weight in scored) * Fraction(full_marks) / weights + Fraction(bonus)
    return round_half_up(max(reached, Fraction(0)), PLACES)


def ranks(results: Mapping[int, tuple[Decimal, ...]], tie_rule: TieRule) -> dict[int, int]:
    """{unit: rank} of results (total, then the item scores by which ties are broken).

    Equal results share a rank and the next rank is skipped (1、1、3). SAME_RANK looks at the totals alone.
    """
    keys = {
        unit: result if tie_rule == TieRule.NEXT_FIGURE else result[:1] for unit, result in results.items()
    }
    return places(keys)


def weight_gap(weights: Iterable[Decimal], full_marks: Decimal) -> Decimal:
    """How far the weights are from the full marks (权重合计与满分之差): 0 where a scheme is whole."""
    return sum(weights, Decimal(0)) - full_marks
