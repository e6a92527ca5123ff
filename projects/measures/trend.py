"""Investment over the year (投资走势): cumulative amounts period by period beside plan and 序时."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db import connection
from django.db.models import BigIntegerField, Case, Count, F, Max, QuerySet, Sum, Value, When

from ..models import ProgressReport, Project, YearAmounts
from ..models.year_amounts import bit_of, column_of, counts_within, stood_on
from ..money import Ratio, round_half_up
from ..periods import TenDayPeriod
from .baselines import Baseline
from .population import Scope
from .targets import target_total


@dataclass(frozen=True)
class PeriodDone:
    """What stood at a period's end (累计完成), 万元.

    `carried` holds an unreported period's last amount on; None before anybody reported. `is_reported` says whether
    anybody did for this period; `joined` how many projects reported for the first time in the year.
    """

    period: TenDayPeriod
    carried: Decimal | None
    is_reported: bool
    joined: int


@dataclass(frozen=True)
class Strip:
    """A project's year so far: cumulative 万元 by period (carried on, None before its first report), and which it reported.

    As many entries as periods have begun by the day; the last is the running one's.
    """

    amounts: tuple[Decimal | None, ...]
    reported: tuple[bool, ...]


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
        shown = point and point.is_reported
        points.append(
            TrendPoint(period, point.carried if shown else None, expected, point.joined if shown else 0)
        )
    return points


def done_by_period(scope: Scope) -> list[PeriodDone]:
    """The periods of the year up to the one of the scope's day, in order. One query.

    A list, a unit or a single project is a scope narrowed to it; many projects at once are strips_of().
    """
    if scope.basis != "confirmed":
        return _from_reports(scope)
    periods = _periods_until(scope.cut_off, scope.year)
    counted = scope.versions().order_by().values("listing__project")
    rows = YearAmounts.objects.filter(year=scope.year, project__in=counted).order_by()
    asked = {}
    for period in periods:
        amount, is_reported = _columns(period, scope.cut_off)
        asked |= {_key("sum", period): Sum(amount), _key("n", period): Count(amount)}
        asked[_key("told", period)] = Max(is_reported)
    answer = rows.aggregate(**asked) if asked else {}
    found, before = [], 0
    for period in periods:
        total, n = answer[_key("sum", period)], answer[_key("n", period)]
        carried = None if total is None else round_half_up(total, 2)
        found.append(PeriodDone(period, carried, bool(answer[_key("told", period)]), n - before))
        before = n
    return found


def strips_of(projects: QuerySet[Project], *, year: int, as_of: date) -> dict[int, Strip]:
    """{project id: Strip} of the projects that reported in the year by the day. One query."""
    day = min(as_of, date(year, 12, 31))
    periods = _periods_until(day, year)
    if not periods:
        return {}
    amounts = YearAmounts.objects.on(day).filter(project__in=projects.order_by().values("pk"))
    columns = [column_of(period) for period in periods[:-1]]
    _stood, told = _columns(periods[-1], day)
    strips = {}
    for project, reported, is_told, *stood in (
        amounts.annotate(told=told).values_list("project", "reported", "told", *columns, "stood").iterator()
    ):
        said = (*(bool(reported & bit_of(period)) for period in periods[:-1]), bool(is_told))
        if any(said):
            strips[project] = Strip(tuple(stood), said)
    return strips


def _periods_until(day: date, year: int) -> list[TenDayPeriod]:
    return [period for period in TenDayPeriod.of_year(year) if period.first_on <= day]


def _columns(period: TenDayPeriod, day: date):
    """Of a row of YearAmounts on the day: the amount at the period's end or so far, and whether it was reported."""
    if period.last_on <= day:
        return F(column_of(period)), F("reported").bitand(bit_of(period))
    told = Case(When(counts_within(day), then=Value(1)), default=Value(0), output_field=BigIntegerField())
    return stood_on(day), told


def _key(word: str, period: TenDayPeriod) -> str:
    return f"{word}_{period.index}"


def _from_reports(scope: Scope) -> list[PeriodDone]:
    """done_by_period() the long way, for amounts not yet confirmed: the steps between reports, added up."""
    steps = _increments(scope)
    found, carried = [], None
    for period in _periods_until(scope.cut_off, scope.year):
        step, joined = steps.get(period.last_on, (None, 0))
        if step is not None:
            carried = (carried or Decimal(0)) + step
        found.append(PeriodDone(period, carried, step is not None, joined))
    return found


def _increments(scope: Scope) -> dict:
    """{period's last day: (Σ change of the year's cumulative amount since each project's report before, first reports)}.

    The steps are taken in the database, where a project's cumulative figure follows its last one.
    """
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
