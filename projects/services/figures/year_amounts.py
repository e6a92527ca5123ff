"""The writer of the year's amounts (年度累计): whoever changes what is confirmed calls it in the same transaction.

A writer holds the projects before it touches their reports, so that of two writers the second reads what the first
left, and neither waits for the other in a circle.
"""

from collections.abc import Iterable

from django.db import connection

from projects.models import AMOUNT_COLUMNS, ProgressReport, Project, ReportState, YearAmounts
from projects.periods import TenDayPeriod

AT_ONCE = 500  # projects named in one statement


def hold_projects(projects: Iterable[int]) -> None:
    """Take the projects' rows until the transaction ends, in one order. Before their reports are written."""
    for some in _batches(projects):
        list(
            Project.objects.select_for_update(no_key=True)
            .filter(pk__in=some)
            .order_by("pk")
            .values_list("pk")
        )


def rewrite_year_amounts(years: Iterable[tuple[int, int]]) -> None:
    """Write anew the amounts of each (project id, plan year) from its confirmed reports. After they are written.

    Two statements for each year and 500 projects.
    """
    by_year: dict[int, set[int]] = {}
    for project, year in years:
        by_year.setdefault(year, set()).add(project)
    for year, projects in sorted(by_year.items()):
        for some in _batches(projects):
            YearAmounts.objects.filter(year=year, project__in=some).delete()
            _insert(year, some)


def rewrite_all_year_amounts() -> None:
    """Write the amounts of every project and year anew: after reports were written by other means than the services."""
    YearAmounts.objects.all().delete()
    confirmed = ProgressReport.objects.of_basis("confirmed").order_by()
    for day in confirmed.dates("period_ends_on", "year"):
        _insert(day.year)


def _batches(projects: Iterable[int]) -> Iterable[list[int]]:
    ordered = sorted(set(projects))
    return (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))


def _insert(year: int, projects: Iterable[int] | None = None) -> None:
    """One statement: each report speaks from its period's end to the day before the next one's."""
    reports = (
        ProgressReport.objects.filter(state=ReportState.CONFIRMED, period_ends_on__year=year)
        .order_by()
        .values("project_id", "period_ends_on", "counts_from_on", "invested_this_year")
    )
    if projects is not None:
        reports = reports.filter(project__in=projects)
    inner, params = reports.query.sql_with_params()
    ends = [connection.ops.adapt_datefield_value(period.last_on) for period in TenDayPeriod.of_year(year)]
    amount = "MAX(CASE WHEN period_ends_on <= %s AND (next_on IS NULL OR next_on > %s) THEN invested_this_year END)"
    amounts = ", ".join([amount] * len(ends))
    bits = " ".join(f"WHEN %s THEN {1 << number}" for number in range(len(ends)))
    table = YearAmounts._meta.db_table
    sql = f"""
        INSERT INTO {table} (project_id, year, reported, early, {", ".join(AMOUNT_COLUMNS)})
        SELECT project_id, {int(year)}, SUM(bit), SUM(CASE WHEN counts_from_on < period_ends_on THEN bit ELSE 0 END),
            {amounts}
        FROM (
            SELECT project_id, period_ends_on, counts_from_on, invested_this_year,
                LEAD(period_ends_on) OVER (PARTITION BY project_id ORDER BY period_ends_on) AS next_on,
                CASE period_ends_on {bits} END AS bit
            FROM ({inner}) AS confirmed
        ) AS spans GROUP BY project_id"""  # noqa: S608 - our own columns and Django's own SQL
    twice = [end for end in ends for _ in range(2)]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*twice, *ends, *params])
