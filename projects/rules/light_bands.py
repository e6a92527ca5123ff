"""Bands of lights (亮灯档): what is measured, and the light between two ends, each open or closed."""

from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from .lights import Light, LightDimension

Exact = Decimal | Fraction | int
COLOURS = {Light.YELLOW: "黄", Light.RED: "红"}


class _Form(NamedTuple):
    """How a gauge is written and compared; `falling`: the less, the worse; `rule` names where a band begins.

    `scale` turns a value into steps of which more is worse.
    """

    words: str
    dimension: LightDimension
    unit: str
    rule: str = ""
    whole: bool = True
    falling: bool = False
    scale: int = 1


class LightGauge(StrEnum):
    """What is measured of a project (亮灯指标); it implies the dimension."""

    MONTHS_DUE = "months_due"
    POINTS_BEHIND = "points_behind"
    SHARE_OF_PRO_RATA = "share_of_pro_rata"
    MONTHS_UNREGISTERED = "months_unregistered"
    MILESTONE_DAYS = "milestone_days"
    PROBLEM_DAYS = "problem_days"
    PERIODS_MISSING = "periods_missing"

    @property
    def form(self) -> _Form:
        return _FORMS[self]

    @property
    def words(self) -> str:
        return _FORMS[self].words

    @property
    def dimension(self) -> LightDimension:
        return _FORMS[self].dimension

    def badness(self, value: Exact) -> Exact:
        """A value as whole numbers of which more is worse: days and months as they are, points and percent by tenths.

        Points and percent are judged unrounded: a tenth is an even number, all between two tenths the odd one there.
        """
        scale = _FORMS[self].scale
        return value if scale == 1 else _halves(value, scale)  # this is asked of every project


def _halves(value: Exact, scale: int) -> int:
    above, below = value.as_integer_ratio()
    whole, rest = divmod(above * scale, below)
    return 2 * whole + bool(rest)


_FORMS = {
    LightGauge.MONTHS_DUE: _Form(
        "应开工未开工的月数", LightDimension.START, "个月", "连续{}个月应开工未开工"
    ),
    LightGauge.POINTS_BEHIND: _Form("低于序时的百分点", LightDimension.PROGRESS, "个百分点", whole=False, scale=10),
    LightGauge.SHARE_OF_PRO_RATA: _Form(
        "完成序时进度的百分比", LightDimension.PROGRESS, "%", whole=False, falling=True, scale=-10
    ),
    LightGauge.MONTHS_UNREGISTERED: _Form(
        "开工后未纳统的月数", LightDimension.STATISTICS, "个月", "开工满{}个月未纳统"
    ),
    LightGauge.MILESTONE_DAYS: _Form("节点逾期天数", LightDimension.MILESTONE, "天", "逾期{}天及以上"),
    LightGauge.PROBLEM_DAYS: _Form("问题超时限天数", LightDimension.PROBLEM, "天", "超时限{}天及以上"),
    LightGauge.PERIODS_MISSING: _Form(
        "连续未报旬报的旬数", LightDimension.REPORT, "旬", "连续{}旬及以上未报"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Band:
    """One band (档) of a gauge: its light, its ends, and how many ten-day periods running it must hold (连续旬数).

    An end left empty has no limit. Of the two ends the mild one is where the band begins, the severe one where a
    worse band does: a value beyond the severe end has reached the band all the same.
    """

    gauge: LightGauge
    light: Light
    low: Decimal | None = None
    high: Decimal | None = None
    low_closed: bool = True
    high_closed: bool = False
    running: int = 1

    @cached_property
    def first(self) -> int | None:
        """The lowest value in the band, as LightGauge.badness counts (unturned); None without a lower end."""
        return _step(
            self.gauge, self.low, ROUND_CEILING if self.low_closed else ROUND_FLOOR, self.low_closed, 1
        )

    @cached_property
    def last(self) -> int | None:
        """The highest value in the band, likewise; None without an upper end."""
        return _step(
            self.gauge, self.high, ROUND_FLOOR if self.high_closed else ROUND_CEILING, self.high_closed, -1
        )

    @cached_property
    def mild(self) -> int | None:
        """Where the band begins, as badness; None: it has no beginning, which a sound rule set does not do."""
        if self.gauge.form.falling:
            return None if self.last is None else -self.last
        return self.first

    @cached_property
    def severe(self) -> int | None:
        """Where the band ends towards the worse, as badness; None without limit."""
        if self.gauge.form.falling:
            return None if self.first is None else -self.first
        return self.last

    def contains(self, value: Exact) -> bool:
        found = self.gauge.badness(value)
        return (self.mild is None or self.mild <= found) and (self.severe is None or found <= self.severe)

    @cached_property
    def range_words(self) -> str:
        """The two ends as officials write them: 10至30个百分点, 超过30个百分点, 不足60%, 1至14天."""
        unit = self.gauge.form.unit
        if self.gauge.form.whole:
            return _whole_range(self.first, self.last, unit)
        low, high = _plain(self.low), _plain(self.high)
        if low and high and self.low_closed and self.high_closed:
            return f"{low}{unit}至{high}{unit}" if unit == "%" else f"{low}至{high}{unit}"
        above = low and (f"{low}{unit}及以上" if self.low_closed else f"超过{low}{unit}")
        below = high and (f"不超过{high}{unit}" if self.high_closed else f"不足{high}{unit}")
        return "、".join(filter(None, (above, below)))

    def rule_words(self, value: Exact) -> str:
        """The rule that lights for the value (规则): 10至30个百分点亮黄灯, 逾期15天及以上亮红灯."""
        running = f"、连续{self.running}旬如此" if self.running > 1 else ""
        return f"{self._condition(value)}{running}亮{COLOURS[self.light]}灯"

    def _condition(self, value: Exact) -> str:
        if self.gauge is LightGauge.MONTHS_DUE and self.first == 1:
            return "到期当月未开工"
        if (
            self.gauge.form.whole
        ):  # a count says where the band begins; where the next one does is its own matter
            return self.gauge.form.rule.format(self.first)
        return self.range_words if self.contains(value) else self.beginning.range_words

    @cached_property
    def beginning(self) -> "Band":
        """The band without its severe end."""
        return replace(self, low=None) if self.gauge.form.falling else replace(self, high=None)

    @cached_property
    def before_words(self) -> str:
        """What lies just before the band, for a value that is not in it yet: 不足10个百分点, 80%及以上."""
        if self.gauge.form.falling:
            before = Band(self.gauge, self.light, low=self.high, low_closed=not self.high_closed)
        else:
            before = Band(self.gauge, self.light, high=self.low, high_closed=not self.low_closed)
        return before.range_words


def _step(gauge: LightGauge, end: Decimal | None, rounding: str, closed: bool, inward: int) -> int | None:
    if end is None:
        return None
    if not gauge.form.whole:
        found = _halves(Decimal(end), abs(gauge.form.scale))
        return found if closed or found % 2 else found + inward
    whole = int(Decimal(end).to_integral_value(rounding))
    return whole if closed else whole + inward


def _whole_range(first: int | None, last: int | None, unit: str) -> str:
    if first is None:
        return "" if last is None else f"不超过{last}{unit}"
    if last is None:
        return f"{first}{unit}及以上"
    return f"{first}{unit}" if first == last else f"{first}至{last}{unit}"


def _plain(number: Decimal | None) -> str:
    """30, 12.5: no idle zeros; "" for none."""
    return "" if number is None else f"{Decimal(number).normalize():f}"
