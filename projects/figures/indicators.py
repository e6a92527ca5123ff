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
GROWTH = INDICATOR_RATES["indicator_growth"]
GROWTH_PLACES = 2


@dataclass(frozen=True)
class IndicatorCard:
    """One indicator with its latest value up to the day, in its own unit; value is None before the first."""

    name: str
    unit: str
    target: Decimal | None
    value: Decimal | None
    city_total: Decimal | None
    as_of_on: date | None
    pk: int | None = None
    last_year: Decimal | None = None

    @property
    def completion(self) -> Ratio:
        """完成年度任务的比例; none where no task was set."""
        return COMPLETION.over(self.value, self.target)

    @property
    def share_of_city(self) -> Ratio:
        """占全市比重; none where the city's total is not known."""
        return SHARE_OF_CITY.over(self.value, self.city_total)

    @property
    def share_words(self) -> str:
        """24% and 17.2%, as bulletins print it: one decimal, none where it is nought."""
        return self.share_of_city.words().replace(".0%", "%")

    @property
    def increase(self) -> Decimal | None:
        """比上年同期增加的数; None where either is not known."""
        return None if self.value is None or self.last_year is None else self.value - self.last_year

    @property
    def growth(self) -> Ratio:
        """比上年同期增长的比例, negative when it fell; none where last year's value is not known."""
        return GROWTH.over(self.increase, None if self.value is None else self.last_year)

    @property
    def growth_words(self) -> str:
        """+22.86%, with its sign as bulletins print it; “—” where last year's value is not known."""
        words = self.growth.words(GROWTH_PLACES)
        return f"+{words}" if (self.increase or 0) > 0 and self.growth.value is not None else words

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
    expected: Decimal | None
    entry: IndicatorValue | None
    increment: Decimal | None
    target: Decimal | None

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
        last_year=Subquery(latest.values("last_year")[:1]),
        valued_on=Subquery(latest.values("as_of_on")[:1]),
    )
    return [
        IndicatorCard(
            row.name, row.unit, row.target, row.value, row.city_total, row.valued_on, row.pk, row.last_year
        )
        for row in rows
    ]


def indicator_months(indicator: Indicator, as_of: date) -> list[IndicatorMonth]:
    """The twelve months of an indicator's year with the values dated up to the day. One query.

    No pace where no task was set. The increment is the difference from the last value before, none for a month without a value.
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
        expected = (
            None
            if indicator.target is None
            else round_half_up(Fraction(indicator.target) * TEN_DAY.share(last_on, indicator.year), 2)
        )
        increment = None if entry is None else entry.value - before
        months.append(IndicatorMonth(month, last_on, expected, entry, increment, indicator.target))
        before = before if entry is None else entry.value
    return months
