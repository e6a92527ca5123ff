"""Pro-rata baselines (序时口径) by name: a built-in one, or a named curve of the office."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ..models import AnnualList, BaselineCurve
from ..rules import Curve, pro_rata


@dataclass(frozen=True)
class Baseline:
    """A baseline by name; `rule` is what rules.pro_rata takes."""

    name: str
    rule: "str | Curve" = "ten_day"

    def share(self, day: date, year: int) -> Fraction:
        return pro_rata(day, year, self.rule)


TEN_DAY = Baseline("ten_day")


def baseline_of(annual_list: AnnualList) -> Baseline:
    """The baseline of an annual list: its own curve, else its built-in rule."""
    if annual_list.curve is not None:
        return curve_baseline(annual_list.curve)
    return Baseline(annual_list.baseline, annual_list.baseline)


def curve_baseline(curve: BaselineCurve) -> Baseline:
    """A named curve (BaselineCurve row) as a baseline."""
    points = tuple((month, day, Fraction(share)) for month, day, share in curve.points)
    return Baseline(curve.name, Curve(points=points, joined=curve.is_joined))


def baselines_of_year(year: int) -> dict[int, Baseline]:
    """{annual list id: baseline} of a year's lists. One query."""
    lists = AnnualList.objects.filter(year=year).select_related("curve")
    return {annual_list.pk: baseline_of(annual_list) for annual_list in lists}
