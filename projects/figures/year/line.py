"""What stood done at the end of each ten-day period (累计完成线): of everything, of each group, of each project.

Confirmed amounts are sums over models.YearAmounts; amounts still waiting for review are steps between reports.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Aggregate, BigIntegerField, Case, Count, F, Max, QuerySet, Sum, Value, When
from django.db.models.expressions import Combinable

from ...models import ProgressReport, YearAmounts
from ...models.reports.year_amounts import bit_of, column_of, counts_within, stood_on
from ...money import round_half_up
from ...periods import TenDayPeriod
from ..population import DIMENSIONS, Scope

BY_LIST = "list"
Group = int | None


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


def done_by_period(scope: Scope) -> list[PeriodDone]:
    """The periods of the year up to the one of the scope's day, in order; empty where nobody reported. One query."""
    return done_by_group(scope).get(0, [])


def done_by_group(scope: Scope, by: str = "") -> dict[Group, list[PeriodDone]]:
    """{group id: its periods} of each list (by="list"), of each group of a dimension, or of everything as group 0.

    One query. Within a list or group each project counts once.
    """
    listings = scope.versions().order_by()
    narrowed: dict[str, Any]
    group: Combinable
    if by == BY_LIST:
        narrowed = {"project__listings__in": listings.values("listing")}
        group = F("project__listings__annual_list")
    else:
        narrowed = {"project__in": listings.values("listing__project")}
        group = DIMENSIONS[by].group_of(scope.cut_off, "project") if by else Value(0)
    return _done(narrowed, group, scope)


def done_by_project(projects: Iterable[int], scope: Scope) -> dict[int, list[PeriodDone]]:
    """{project id: its periods} of some projects, for a page's rows. One query."""
    return _done({"project__in": list(projects)}, F("project"), scope)


def _done(narrowed: dict[str, Any], group: Combinable, scope: Scope) -> dict[Any, list[PeriodDone]]:
    read = _from_year_amounts if scope.basis == "confirmed" else _from_reports
    periods = [period for period in TenDayPeriod.of_year(scope.year) if period.first_on <= scope.cut_off]
    return read(narrowed, group, periods, scope) if periods else {}


def _from_year_amounts(
    narrowed: dict[str, Any], group: Combinable, periods: list[TenDayPeriod], scope: Scope
) -> dict[Any, list[PeriodDone]]:
    asked: dict[str, Aggregate] = {}
    for period in periods:
        amount, is_reported = _columns(period, scope.cut_off)
        asked |= {_key("sum", period): Sum(amount), _key("n", period): Count(amount)}
        asked[_key("told", period)] = Max(is_reported)
    rows: QuerySet[Any] = YearAmounts.objects.filter(year=scope.year, **narrowed).order_by()
    found = {}
    for row in rows.annotate(row_group=group).values("row_group").annotate(**asked):
        line, before = [], 0
        for period in periods:
            total, n = row[_key("sum", period)], row[_key("n", period)]
            carried = None if total is None else round_half_up(total, 2)
            line.append(PeriodDone(period, carried, bool(row[_key("told", period)]), n - before))
            before = n
        found[row["row_group"]] = line
    return found


def _columns(period: TenDayPeriod, day: date) -> tuple[Combinable, Combinable]:
    """Of a row of YearAmounts on the day: the amount at the period's end or so far, and whether it was reported."""
    if period.last_on <= day:
        return F(column_of(period)), F("reported").bitand(bit_of(period))
    told = Case(When(counts_within(day), then=Value(1)), default=Value(0), output_field=BigIntegerField())
    return stood_on(day), told


def _key(word: str, period: TenDayPeriod) -> str:
    return f"{word}_{period.index}"


def _from_reports(
    narrowed: dict[str, Any], group: Combinable, periods: list[TenDayPeriod], scope: Scope
) -> dict[Any, list[PeriodDone]]:
    reports = (
        ProgressReport.objects.of_basis(scope.basis)
        .up_to(scope.cut_off)
        .filter(period_ends_on__year=scope.year, **narrowed)
        .order_by()
        .annotate(row_group=group)
    )
    found = {}
    for row_group, steps in _steps(reports).items():
        line, carried = [], None
        for period in periods:
            step, joined = steps.get(period.last_on, (None, 0))
            if step is not None:
                carried = (carried or Decimal(0)) + step
            line.append(PeriodDone(period, carried, step is not None, joined))
        found[row_group] = line
    return found


def _steps(reports: QuerySet[Any]) -> dict[Group, dict[date, tuple[Decimal, int]]]:
    """{group: {period's last day: (Σ change of the cumulative amount since each project's report before, first reports)}}.

    The steps are taken in the database, where a project's cumulative figure follows its last one.
    """
    columns = reports.values("project_id", "period_ends_on", "invested_this_year", "row_group")
    inner, params = columns.query.sql_with_params()
    sql = f"""
        SELECT row_group, period_ends_on, SUM(invested_this_year - COALESCE(earlier, 0)),
            SUM(CASE WHEN earlier IS NULL THEN 1 ELSE 0 END)
        FROM (
            SELECT row_group, period_ends_on, invested_this_year, LAG(invested_this_year) OVER (
                PARTITION BY project_id, row_group ORDER BY period_ends_on) AS earlier
            FROM ({inner}) AS reported
        ) AS paired GROUP BY row_group, period_ends_on"""  # noqa: S608 - Django's own SQL inside ours
    ends_on = ProgressReport._meta.get_field("period_ends_on")
    found: dict = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for row_group, day, step, joined in cursor.fetchall():
            found[row_group][ends_on.to_python(day)] = (round_half_up(Decimal(str(step)), 2), joined)
    return found
