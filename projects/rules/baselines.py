"""Pro-rata baselines (序时基线): what share of the year's plan should be done by a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ..periods import ONE_DAY, TenDayPeriod, last_of_month


def _closed_months(as_of: date) -> int:
    return as_of.month - (as_of < last_of_month(as_of.year, as_of.month))


def _by_ten_day(as_of: date) -> Fraction:
    period = TenDayPeriod.containing(as_of)
    return Fraction(period.index - (as_of < period.last_on), TenDayPeriod.PER_YEAR)


def _by_month(as_of: date) -> Fraction:
    return Fraction(_closed_months(as_of), 12)


def _by_half_month(as_of: date) -> Fraction:
    """Halves close on the 15th and on the last day: 7.5 of 12 on 15 August."""
    months = _closed_months(as_of)
    open_half = months < as_of.month and as_of.day >= 15
    return Fraction(2 * months + open_half, 24)


def _by_day(as_of: date) -> Fraction:
    return Fraction(as_of.timetuple().tm_yday, date(as_of.year, 12, 31).timetuple().tm_yday)


BUILT_IN_BASELINES: dict[str, Callable[[date], Fraction]] = {
    "ten_day": _by_ten_day,
    "month": _by_month,
    "half_month": _by_half_month,
    "day": _by_day,
}


@dataclass(frozen=True)
class Curve:
    """A baseline given by points (自定义基线): (month, day, cumulative share), ascending, the last share 1.

    A share is reached at the end of its day. Between points the curve is a step, or a straight line by days
    when joined. 29 February means the last of February in any year.
    """

    points: tuple[tuple[int, int, Fraction | Decimal | int], ...]
    joined: bool = False

    def __post_init__(self) -> None:
        days = [(month, day) for month, day, _ in self.points]
        shares = [share for _, _, share in self.points]
        if not self.points or shares[-1] != 1:
            raise ValueError("序时基线最后一个节点的累计占比应为100%")
        if days != sorted(set(days)) or shares != sorted(shares) or shares[0] < 0:
            raise ValueError("序时基线的节点应按日期先后排列，累计占比不得减少或为负")
        for month, day in days:
            date(2024, month, day)  # ValueError: no such day, even in a leap year

    def share(self, as_of: date) -> Fraction:
        """The cumulative share at the end of a day of the plan year."""
        before_on, before = date(as_of.year, 1, 1) - ONE_DAY, Fraction(0)
        for month, day, given in self.points:
            point_on = date(as_of.year, month, min(day, last_of_month(as_of.year, month).day))
            share = Fraction(given)
            if as_of < point_on:
                if not self.joined:
                    return before
                return before + (share - before) * Fraction(
                    (as_of - before_on).days, (point_on - before_on).days
                )
            before_on, before = point_on, share
        return before


def pro_rata(as_of: date, year: int, baseline: str | Curve = "ten_day") -> Fraction:
    """序时进度 of a plan year by the end of a day: 0 before the year, 1 after it.

    `baseline` is a name in BUILT_IN_BASELINES, counting steps that have closed, or a Curve.
    """
    if as_of.year != year:
        return Fraction(as_of.year > year)
    return baseline.share(as_of) if isinstance(baseline, Curve) else BUILT_IN_BASELINES[baseline](as_of)


# 三亚市 2022: 20% by the end of the first quarter, then 50%, 75%, 100%.
QUARTERLY_2022 = Curve(
    ((3, 31, Decimal("0.20")), (6, 30, Decimal("0.50")), (9, 30, Decimal("0.75")), (12, 31, Decimal(1)))
)
# 广东省 2022: ten percent a month, all of it by the end of October.
ACCELERATED_2022 = Curve(
    tuple((month, last_of_month(2024, month).day, Fraction(month, 10)) for month in range(1, 11))
)
