"""Targets of the plan year by 旬, 月, 季 and 年 (以旬保月、以月保季、以季保年): met, short, made up later, still to do.

One rule judges every level: at the close of a cell the year's cumulative investment stands against the cumulative
target. What fell short is made up (已补回) when the cumulative figure catches up before the next larger cell ends;
the shortfall at the close stays on record. Amounts are 万元, exact; source: docs/rules.md §5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from ..money import Ratio, round_half_up
from ..periods import TenDayPeriod

PERIODS = TenDayPeriod.PER_YEAR
ZERO = Decimal("0.00")


class TargetLevel(StrEnum):
    """A level of the year (层级), from the smallest."""

    TEN_DAY = "ten_day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def words(self) -> str:
        return {"ten_day": "旬", "month": "月", "quarter": "季", "year": "年"}[self]

    @property
    def size(self) -> int:
        """Ten-day periods in one cell."""
        return {"ten_day": 1, "month": 3, "quarter": 9, "year": PERIODS}[self]

    @property
    def cells(self) -> int:
        return PERIODS // self.size

    @property
    def larger(self) -> "TargetLevel":
        """The level that a shortfall of this one may be made up in; of the year itself the year."""
        levels = list(TargetLevel)
        return levels[min(levels.index(self) + 1, len(levels) - 1)]


class TargetState(StrEnum):
    """What became of a target (目标状态)."""

    MET = "met"
    SHORT = "short"
    MADE_UP = "made_up"
    RUNNING = "running"
    FUTURE = "future"
    UNREPORTED = "unreported"  # closed before the first report of the year
    NO_TARGET = "no_target"

    @property
    def words(self) -> str:
        return {
            "met": "达标",
            "short": "欠账",
            "made_up": "已补回",
            "running": "进行中",
            "future": "未到",
            "unreported": "未报数",
            "no_target": "无任务",
        }[self]


@dataclass(frozen=True)
class TargetCell:
    """A 旬, month, quarter or the year: target, done within it, and the shortfalls at its two ends.

    `carried` is the shortfall it began with (上期结转欠账), `shortfall` the one at its close, or by now while it runs.
    None where nothing was reported to tell it by, or where it has not begun.
    """

    level: TargetLevel
    number: int
    target: Decimal
    done: Decimal | None
    carried: Decimal | None
    shortfall: Decimal | None
    state: TargetState

    @property
    def first(self) -> int:
        """Place of its first ten-day period, 0 to 35."""
        return self.number * self.level.size

    @property
    def last(self) -> int:
        return self.first + self.level.size - 1

    @property
    def completion(self) -> Ratio:
        return Ratio(self.done or 0, self.target)

    @property
    def words(self) -> str:
        """10月上旬, 10月, 四季度, 全年."""
        if self.level is TargetLevel.TEN_DAY:
            return f"{self.first // 3 + 1}月{TenDayPeriod.PARTS[self.first % 3]}旬"
        return {
            TargetLevel.MONTH: f"{self.number + 1}月",
            TargetLevel.QUARTER: f"{'一二三四'[min(self.number, 3)]}季度",
            TargetLevel.YEAR: "全年",
        }[self.level]


@dataclass(frozen=True)
class Pace:
    """What is left to the end of a level's running cell, and what each ten-day period from now on must bring."""

    until: TargetLevel
    remaining: Decimal
    periods: int

    @property
    def each(self) -> Decimal:
        """Rounded up to the cent, so that keeping it covers the remainder (后续每旬需完成)."""
        cents = -(-Fraction(self.remaining) * 100 // self.periods)
        return Decimal(int(cents)).scaleb(-2)


@dataclass(frozen=True)
class TargetYear:
    """36 targets, and the year's cumulative investment at the close of each of the `closed` periods.

    `done` holds None before the first report of the year and for what has not closed; `now` is the cumulative figure
    known today, which may hold more than the last close. A year that has not begun has only future cells.
    """

    targets: Sequence[Decimal]
    done: Sequence[Decimal | None]
    closed: int
    now: Decimal | None = None
    begun: bool = True

    @cached_property
    def due(self) -> list[Decimal]:
        """Cumulative targets; [0] before the year."""
        sums = [ZERO]
        for target in self.targets:
            sums.append(sums[-1] + target)
        return sums

    @property
    def total(self) -> Decimal:
        return self.due[-1]

    @property
    def due_now(self) -> Decimal:
        """序时应完成: the cumulative target at the last close."""
        return self.due[self.closed]

    @property
    def shortfall(self) -> Decimal | None:
        """欠账 at the last close, against what is known now; None where nothing was reported to tell it by."""
        return None if self.latest is None else max(ZERO, self.due_now - self.latest)

    @property
    def latest(self) -> Decimal | None:
        return self.now if self.now is not None else self._done_at(self.closed)

    def cells(self, level: TargetLevel) -> list[TargetCell]:
        return [self.cell(level, number) for number in range(level.cells)]

    def cell(self, level: TargetLevel, number: int) -> TargetCell:
        start, end = number * level.size, (number + 1) * level.size
        target = self.due[end] - self.due[start]
        state = self._state(level, start, end, target)
        if not self.begun or start > self.closed:
            return TargetCell(level, number, target, None, None, None, state)
        running = end > self.closed
        before, after = self._done_at(start), self.latest if running else self._done_at(end)
        return TargetCell(
            level,
            number,
            target,
            None if before is None or after is None else after - before,
            self._short(start, before),
            self._short(min(end, self.closed), after),
            state,
        )

    def current(self, level: TargetLevel) -> TargetCell:
        """The cell of the latest period that has closed; the first before any has."""
        return self.cell(level, max(self.closed - 1, 0) // level.size)

    def pace(self, until: TargetLevel) -> Pace | None:
        """What is required from now to the end of the running cell of a level; None when the year is over."""
        if self.closed >= PERIODS:
            return None
        end = (self.closed // until.size + 1) * until.size
        remaining = max(ZERO, self.due[end] - (self.latest or ZERO))
        return Pace(until, remaining, end - self.closed)

    def _done_at(self, periods: int) -> Decimal | None:
        """Cumulative investment after so many periods, all closed."""
        return self.done[periods - 1] if periods else ZERO

    def _short(self, periods: int, done: Decimal | None) -> Decimal | None:
        return None if done is None else max(ZERO, self.due[periods] - done)

    def _state(self, level: TargetLevel, start: int, end: int, target: Decimal) -> TargetState:
        if not target:
            return TargetState.NO_TARGET
        if not self.begun or start > self.closed:
            return TargetState.FUTURE
        if end > self.closed:
            return TargetState.RUNNING
        done = self._done_at(end)
        if done is None:
            return TargetState.UNREPORTED
        if done >= self.due[end]:
            return TargetState.MET
        larger_end = ((end - 1) // level.larger.size + 1) * level.larger.size
        later = range(end + 1, min(larger_end, self.closed) + 1)
        if any(self._short(periods, self._done_at(periods)) == ZERO for periods in later):
            return TargetState.MADE_UP
        return TargetState.SHORT


def split_by_shares(plan: Decimal, shares: Sequence[Fraction]) -> tuple[Decimal, ...]:
    """A plan split by cumulative shares (按基线分解): increments to the cent that add up to the plan exactly.

    Each cumulative amount is rounded once; the last share is 1.
    """
    sums = [round_half_up(Fraction(plan) * share, 2) for share in shares]
    return tuple(after - before for before, after in zip([ZERO, *sums], sums, strict=False))


def spread(amount: Decimal, periods: int) -> tuple[Decimal, ...]:
    """An amount in equal parts to the cent that add up to it exactly."""
    return split_by_shares(amount, [Fraction(number, periods) for number in range(1, periods + 1)])


def fit_rest(plan: Decimal, targets: Sequence[Decimal], closed: int) -> tuple[Decimal, ...]:
    """余数摊到后续各旬: what the targets lack of the plan goes evenly to the periods still open.

    What they exceed it by is taken from those in proportion. ValueError where no open period can take it.
    """
    kept, rest = tuple(targets[:closed]), tuple(targets[closed:])
    left, given = plan - sum(kept, ZERO), sum(rest, ZERO)
    if left == given:
        return (*kept, *rest)
    if not rest:
        raise ValueError(f"各旬都已结束，差{plan - sum(kept, ZERO)}万元无处可摊")
    if left < 0:
        raise ValueError(f"已结束各旬的目标合计{sum(kept, ZERO)}万元，超过年度计划{plan}万元")
    if left > given:
        extra = spread(left - given, len(rest))
        return (*kept, *(target + more for target, more in zip(rest, extra, strict=True)))
    sums = [sum(rest[: number + 1], ZERO) for number in range(len(rest))]
    return (*kept, *split_by_shares(left, [Fraction(one) / Fraction(given) for one in sums]))
