"""Investment over the year (投资走势): cumulative amounts period by period beside plan and 序时."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db import connection
from django.db.models import Sum

from ..models import ProgressReport
from ..money import Ratio, round_half_up
from ..periods import TenDayPeriod
from .baselines import Baseline
from .population import Scope
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
        return Ratio(self.invested or 0, plan)


def investment_trend(scope: Scope, baseline: Baseline, *, planned: Decimal | None = None) -> list[TrendPoint]:
    """36 points of the plan year: Σ invested by the period's end, and the plan at the baseline's share.

    `planned` is the scope's planned investment where the caller has it already. One query, two without it;
    four more by each project's own plan, where the line is the sum of their targets.

    The population is that of the scope's day, so the line shows how today's list got here. The steps between
    reports are taken in the database, where a project's cumulative figure follows its last one.
    """
    if planned is None:
        planned = scope.once().order_by().aggregate(total=Sum("planned_investment"))["total"] or Decimal(0)
    steps = _increments(scope)
    own_plan = target_total(scope).year.due if baseline.by_project else None
    points, running = [], Decimal(0)
    for period in TenDayPeriod.of_year(scope.year):
        step, joined = steps.get(period.last_on, (None, 0))
        running += step or 0
        share: Fraction = baseline.share(period.last_on, scope.year)
        expected = own_plan[period.index] if own_plan else round_half_up(Fraction(planned) * share, 2)
        points.append(TrendPoint(period, None if step is None else running, expected, joined))
    return points


def _increments(scope: Scope) -> dict:
    """{period's last day: (Σ change of the year's cumulative amount since each project's report before, first reports)}."""
    reports = (
        ProgressReport.objects.of_basis(scope.basis)
        .up_to(scope.cut_off)
        .filter(period_ends_on__year=scope.year, project__in=scope.versions().values("listing__project"))
        .order_by()
        .values("project_id", "period_ends_on", "invested_this_year")
    )
    inner, params = reports.query.sql_with_params()
    sql = f"""
        SELECT period_ends_on, SUM(step), SUM(CASE WHEN earlier IS NULL THEN 1 ELSE 0 END) FROM (
            SELECT period_ends_on, earlier, invested_this_year - COALESCE(earlier, 0) AS step FROM (
                SELECT period_ends_on, invested_this_year,
                    LAG(invested_this_year) OVER (PARTITION BY project_id ORDER BY period_ends_on) AS earlier
                FROM ({inner}) AS reported
            ) AS paired
        ) AS steps GROUP BY period_ends_on"""
    ends_on = ProgressReport._meta.get_field("period_ends_on")
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return {
            ends_on.to_python(day): (round_half_up(Decimal(str(step)), 2), joined)
            for day, step, joined in cursor.fetchall()
        }
