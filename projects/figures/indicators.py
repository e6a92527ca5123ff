"""Yearly indicators (招商等指标): completion of the year's task and share of the city, as of a day."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import OuterRef, Subquery

from ..models import Indicator, IndicatorValue
from ..money import Ratio, gap_points, round_half_up
from .baselines import TEN_DAY
from .definitions import INDICATOR_RATES

MONTHS = range(1, 13)
COMPLETION = INDICATOR_RATES["indicator_completion"]
SHARE_OF_CITY = INDICATOR_RATES["indicator_share_of_city"]


@dataclass(frozen=True)
class IndicatorCard:
    """One indicator with its latest value up to the day, in its own unit; value is None before the first."""

    name: str
    unit: str
    target: Decimal
    value: Decimal | None
    city_total: Decimal | None
    as_of_on: date | None
    pk: int | None = None

    @property
    def completion(self) -> Ratio:
        """完成年度任务的比例."""
        return COMPLETION.over(self.value, self.target)

    @property
    def share_of_city(self) -> Ratio:
        """占全市比重; none where the city's total is not known."""
        return SHARE_OF_CITY.over(self.value, self.city_total)

    @property
    def pro_rata(self) -> Ratio | None:
        """序时进度 of the day the value stands for; none before the first value."""
        if self.as_of_on is None:
            return None
        return Ratio.exact(TEN_DAY.share(self.as_of_on, self.as_of_on.year))

    @property
    def gap_points(self) -> Decimal | None:
        """与序时差距 of the value on its own day, in 个百分点."""
        return None if self.pro_rata is None else gap_points(self.completion, self.pro_rata)


@dataclass(frozen=True)
class IndicatorMonth:
    """One month of an indicator's year: the pace at its end, the last value in it up to the day (None without one)."""

    month: int
    last_on: date
    expected: Decimal
    entry: IndicatorValue | None
    increment: Decimal | None
    target: Decimal

    @property
    def completion(self) -> Ratio | None:
        return COMPLETION.over(self.entry.value, self.target) if self.entry else None

    @property
    def share_of_city(self) -> Ratio | None:
        return SHARE_OF_CITY.over(self.entry.value, self.entry.city_total) if self.entry else None


def indicator_cards(year: int, as_of: date) -> list[IndicatorCard]:
    """The year's indicators in their order, each with its latest value up to the day. One query."""
    latest = IndicatorValue.objects.filter(indicator=OuterRef("pk"), as_of_on__lte=as_of).order_by(
        "-as_of_on"
    )
    rows = Indicator.objects.filter(year=year).annotate(
        value=Subquery(latest.values("value")[:1]),
        city_total=Subquery(latest.values("city_total")[:1]),
        valued_on=Subquery(latest.values("as_of_on")[:1]),
    )
    return [
        IndicatorCard(row.name, row.unit, row.target, row.value, row.city_total, row.valued_on, row.pk)
        for row in rows
    ]


def indicator_months(indicator: Indicator, as_of: date) -> list[IndicatorMonth]:
    """The twelve months of an indicator's year with the values dated up to the day. One query.

    The increment is the difference from the last value before, none for a month without a value.
    """
    latest = {
        entry.as_of_on.month: entry
        for entry in indicator.values.filter(as_of_on__year=indicator.year, as_of_on__lte=as_of)
        .select_related("made_by")
        .order_by("as_of_on")
    }
    months, before = [], Decimal(0)
    for month in MONTHS:
        entry = latest.get(month)
        last_on = date(indicator.year, month, monthrange(indicator.year, month)[1])
        expected = round_half_up(Fraction(indicator.target) * TEN_DAY.share(last_on, indicator.year), 2)
        increment = None if entry is None else entry.value - before
        months.append(IndicatorMonth(month, last_on, expected, entry, increment, indicator.target))
        before = before if entry is None else entry.value
    return months
