"""Investment over the year (投资走势): cumulative amounts period by period beside plan and 序时."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Sum

from ...money import Ratio, round_half_up
from ...periods import TenDayPeriod
from ..baselines import Baseline
from ..definitions import RATES
from ..population import Scope
from .line import done_by_period
from .targets import target_total


@dataclass(frozen=True)
class TrendPoint:
    """One ten-day period: cumulative 万元 of the population, None where nobody reported and after the day.

    `joined` counts projects whose first report of the year is this period's: a ledger that starts late makes the
    line jump, and the screen says so.
    """

    period: TenDayPeriod
    invested: Decimal | None
    planned: Decimal
    joined: int

    def completion(self, plan: Decimal) -> Ratio:
        return RATES["investment_completion"].over(self.invested, plan)


def investment_trend(scope: Scope, baseline: Baseline, *, planned: Decimal | None = None) -> list[TrendPoint]:
    """36 points of the plan year: Σ invested by the period's end, and the plan at the baseline's share.

    `planned` is the scope's planned investment where the caller has it already. One query, two without it; four more
    by each project's own plan, where the line is the sum of their targets.

    The population is that of the scope's day, so the line shows how today's list got here.
    """
    if planned is None:
        planned = scope.once().order_by().aggregate(total=Sum("planned_investment"))["total"] or Decimal(0)
    done = {point.period: point for point in done_by_period(scope)}
    own_plan = target_total(scope).year.due if baseline.by_project else None
    points = []
    for period in TenDayPeriod.of_year(scope.year):
        share: Fraction = baseline.share(period.last_on, scope.year)
        expected = own_plan[period.index] if own_plan else round_half_up(Fraction(planned) * share, 2)
        point = done.get(period)
        if point is not None and point.is_reported:
            points.append(TrendPoint(period, point.carried, expected, point.joined))
        else:
            points.append(TrendPoint(period, None, expected, 0))
    return points
