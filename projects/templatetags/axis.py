"""A time axis (时间轴): days as places across a drawing. Pure geometry, shared by Gantt and wall chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from projects.periods import last_of_month

ONE_DAY = dt.timedelta(1)
TEN_DAY_MONTHS = 15  # up to so many months the 旬 are marked
MONTH_WIDTH = 26  # narrower months are named by quarter


@dataclass(frozen=True)
class AxisBand:
    """A named stretch of the scale: a year, a quarter, a month."""

    x: float
    width: float
    words: str


@dataclass(frozen=True)
class Axis:
    """Days from `first_on` to `last_on`, both whole, across `width` pixels."""

    first_on: dt.date
    last_on: dt.date
    width: int

    @classmethod
    def around(cls, days: Iterable[dt.date], width: int) -> Axis:
        """Whole months around the days."""
        days = sorted(days)
        first, last = days[0], days[-1]
        return cls(first.replace(day=1), last_of_month(last.year, last.month), width)

    @classmethod
    def of_year(cls, year: int, width: int) -> Axis:
        return cls(dt.date(year, 1, 1), dt.date(year, 12, 31), width)

    @property
    def days(self) -> int:
        return (self.last_on - self.first_on).days + 1

    def holds(self, day: dt.date | None) -> bool:
        return day is not None and self.first_on <= day <= self.last_on

    def start(self, day: dt.date) -> float:
        """Where a day begins; days outside are drawn at the edge."""
        return self._place((day - self.first_on).days)

    def end(self, day: dt.date) -> float:
        """Where a day ends."""
        return self._place((day - self.first_on).days + 1)

    def middle(self, day: dt.date) -> float:
        return round((self.start(day) + self.end(day)) / 2, 1)

    def _place(self, days: int) -> float:
        return round(min(max(days, 0), self.days) / self.days * self.width, 1)

    # --- scale ------------------------------------------------------------------------------------------

    def months(self) -> list[dt.date]:
        """The first days of the months."""
        found, day = [], self.first_on.replace(day=1)
        while day <= self.last_on:
            found.append(day)
            day = last_of_month(day.year, day.month) + ONE_DAY
        return found

    def years(self) -> list[AxisBand]:
        months = self.months()
        firsts = [day for day in months if day.month == 1 or day == months[0]]
        return self._bands(firsts, lambda day: f"{day.year}年")

    def parts(self) -> list[AxisBand]:
        """Months, or quarters where months would be too narrow to name, or nothing where quarters would."""
        months = self.months()
        if self.width / len(months) >= MONTH_WIDTH:
            return self._bands(months, lambda day: f"{day.month}月")
        quarters = [day for day in months if day.month % 3 == 1 or day == months[0]]
        if self.width / len(months) * 3 >= MONTH_WIDTH:
            return self._bands(quarters, lambda day: f"{(day.month + 2) // 3}季")
        return []

    def ten_days(self) -> list[float]:
        """Where the second and third 旬 begin, on axes short enough to show them."""
        months = self.months()
        if len(months) > TEN_DAY_MONTHS:
            return []
        return [self.start(month.replace(day=day)) for month in months for day in (11, 21)]

    def _bands(self, firsts: list[dt.date], words: Callable[[dt.date], str]) -> list[AxisBand]:
        edges = [self.start(day) for day in firsts] + [float(self.width)]
        return [
            AxisBand(x, round(after - x, 1), words(day))
            for day, x, after in zip(firsts, edges, edges[1:], strict=False)
        ]
