"""Yearly indicators (招商等指标): completion of the year's task and share of the city, as of a day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Subquery

from ..models import Indicator, IndicatorValue
from ..money import Ratio


@dataclass(frozen=True)
class IndicatorCard:
    """One indicator with its latest value up to the day, in its own unit; value is None before the first."""

    name: str
    unit: str
    target: Decimal
    value: Decimal | None
    city_total: Decimal | None
    as_of_on: date | None

    @property
    def completion(self) -> Ratio:
        """完成年度任务的比例."""
        return Ratio(self.value or 0, self.target)

    @property
    def share_of_city(self) -> Ratio:
        """占全市比重; none where the city's total is not known."""
        return Ratio(self.value or 0, self.city_total or 0)


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
        IndicatorCard(row.name, row.unit, row.target, row.value, row.city_total, row.valued_on)
        for row in rows
    ]
