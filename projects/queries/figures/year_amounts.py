"""Whether the year's amounts (年度累计) say what the reports say, asked the long way: report by report."""

from collections.abc import Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter

from projects.models import AMOUNT_COLUMNS, ProgressReport, Project, YearAmounts
from projects.periods import TenDayPeriod

FIRST = itemgetter(0)


def wrong_year_amounts() -> list[tuple[Project, int]]:
    """(project, year) whose row is missing, too many, or differs from its confirmed reports; none is as it should be.

    Both sides stream in the order of projects, so memory does not grow with the ledger.
    """
    confirmed = ProgressReport.objects.of_basis("confirmed").order_by()
    years = {day.year for day in confirmed.dates("period_ends_on", "year")}
    years |= set(YearAmounts.objects.order_by().values_list("year", flat=True).distinct())
    wrong = []
    for year in sorted(years):
        sides = merge(_told(year), _stored(year), key=FIRST)
        for project, rows in groupby(sides, key=FIRST):
            found = [row[1:] for row in rows]
            if len(found) != 2 or found[0] != found[1]:
                wrong.append((project, year))
    projects = Project.objects.in_bulk({project for project, _year in wrong})
    return [(projects[project], year) for project, year in wrong]


def _told(year: int) -> Iterator[tuple]:
    """(project id, reported, early, amounts) as the reports tell them."""
    reports = (
        ProgressReport.objects.of_basis("confirmed")
        .filter(period_ends_on__year=year)
        .order_by("project_id", "period_ends_on")
        .values_list("project_id", "period_ends_on", "counts_from_on", "invested_this_year")
        .iterator(chunk_size=2000)
    )
    ends = [period.last_on for period in TenDayPeriod.of_year(year)]
    for project, own in groupby(reports, key=FIRST):
        by_end = {ends_on: (counts_from_on, amount) for _project, ends_on, counts_from_on, amount in own}
        reported = early = 0
        amounts, stood = [], None
        for place, ends_on in enumerate(ends):
            if ends_on in by_end:
                counts_from_on, stood = by_end[ends_on]
                reported |= 1 << place
                early |= (counts_from_on < ends_on) << place
            amounts.append(stood)
        yield project, reported, early, amounts


def _stored(year: int) -> Iterator[tuple]:
    rows = YearAmounts.objects.filter(year=year).order_by("project_id")
    columns = ("project_id", "reported", "early", *AMOUNT_COLUMNS)
    for project, reported, early, *amounts in rows.values_list(*columns).iterator(chunk_size=2000):
        yield project, reported, early, amounts
