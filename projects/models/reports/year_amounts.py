"""The year's amounts (年度累计): for each project and plan year what stood confirmed at the end of each period.

It says nothing that the reports do not say; it is there so that a year's line is one sum over short rows. The writer is
services/figures/year_amounts.py, in the transaction that changed the reports.
"""

from datetime import date
from typing import Any, TypeVar

from django.db import models
from django.db.models import Case, Exists, F, FilteredRelation, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import GreaterThan

from ...periods import TenDayPeriod
from ..fields import MoneyField
from ..projects import Project
from .reports import LedgerReading, ProgressReport

Rows = TypeVar("Rows", bound=models.QuerySet[Any])
AMOUNT_COLUMNS = tuple(f"by_{number:02d}" for number in range(1, TenDayPeriod.PER_YEAR + 1))


def column_of(period: TenDayPeriod) -> str:
    """The column that holds what stood at a period's end."""
    return AMOUNT_COLUMNS[period.index - 1]


def bit_of(period: TenDayPeriod) -> int:
    """The period's bit in `reported` and `early`."""
    return 1 << (period.index - 1)


def amounts_of(project: str, year: int) -> FilteredRelation:
    """The year's row beside a queryset whose `project` path leads to projects: to annotate, and read by stood_on()."""
    path = f"{project}__year_amounts" if project else "year_amounts"
    return FilteredRelation(path, condition=Q(**{f"{path}__year": year}))


def stood_on(day: date, amounts: str = "") -> Combinable:
    """Expression over YearAmounts of day's year: the confirmed 万元 that counted on the day, null before any.

    `amounts` is the name under which amounts_of() was annotated. A join costs a tenth of asking each project's
    reports for the latest.

    Inside a period that is the amount of the period before, save where the period's own report counts already (台账
    made within it), or an earlier ledger of the period stood then (LedgerReading).
    """
    period = TenDayPeriod.containing(day)
    row = f"{amounts}__" if amounts else ""
    column = F(row + column_of(period))
    if day == period.last_on:
        return column
    before = F(row + column_of(period.previous())) if period.index > 1 else Value(None, MoneyField())
    reading = reading_on(day, f"{row}project")
    return Case(
        When(counts_within(day, amounts), then=column),
        When(_is_early(period, row), then=Coalesce(reading, before, output_field=MoneyField())),
        default=before,
        output_field=MoneyField(),
    )


def reading_on(day: date, project: str = "pk") -> Subquery:
    """What a ledger of the running period said that a later one of it has replaced since; null where none did."""
    readings = LedgerReading.objects.on(day).filter(project=OuterRef(project)).order_by()
    return Subquery(readings.values("invested_this_year")[:1])


def _is_early(period: TenDayPeriod, row: str) -> Q:
    return Q(GreaterThan(F(f"{row}early").bitand(bit_of(period)), 0))


def counts_within(day: date, amounts: str = "") -> Q:
    """Condition on YearAmounts: the report of the running period counts from the day or earlier.

    Few rows have the bit of `early`, and only these are looked up among the reports.
    """
    period = TenDayPeriod.containing(day)
    report = ProgressReport.objects.of_basis("confirmed").up_to(day)
    row = f"{amounts}__" if amounts else ""
    own = report.filter(project=OuterRef(f"{row}project"), period_ends_on=period.last_on)
    return _is_early(period, row) & Q(Exists(own.order_by()))


def invested_on(
    rows: Rows, project: str, *, year: int, day: date, basis: str = "confirmed"
) -> tuple[Rows, Combinable]:
    """(rows, expression): 本年累计完成投资 of the day's latest report of the year, null without one.

    `project` leads from a row to its project ("" on Project itself). Confirmed amounts come by a join from the year's
    row, which the rows returned carry as `amounts`; what waits for review is asked of each project's reports.
    """
    day = min(day, date(year, 12, 31))
    if day.year < year:
        return rows, Cast(Value(None), MoneyField())  # typed, so that PostgreSQL can sum it
    if basis != "confirmed":
        latest = ProgressReport.objects.latest_for(project or "pk", year=year, as_of=day, basis=basis)
        reported = Subquery(latest.values("invested_this_year")[:1])
        return rows, Coalesce(reading_on(day, project or "pk"), reported)
    return rows.annotate(amounts=amounts_of(project, year)), stood_on(day, "amounts")


class YearAmountsQuerySet(models.QuerySet["YearAmounts"]):
    def on(self, day: date) -> models.QuerySet[Any]:
        """Rows of the day's year annotated with `stood`: the confirmed 万元 that counted on the day."""
        return self.filter(year=day.year).order_by().annotate(stood=stood_on(day))


class YearAmounts(models.Model):
    """A project's cumulative confirmed 万元 at the end of each of the year's 36 periods: columns by_01 to by_36.

    An unreported period carries the last amount on; null before the first report. Reports still to count are in it,
    so a reading on a day stops at the day's period (figures/year/trend.py). `reported` has bit n-1 set where period n
    was reported, `early` where its report counts from a day before the period's end.
    """

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="year_amounts", verbose_name="项目"
    )  # no fact of its own: goes with its project when an import is taken back
    year = models.PositiveSmallIntegerField("年度")
    reported = models.BigIntegerField("已报各旬", default=0)
    early = models.BigIntegerField("旬内计入各旬", default=0)

    objects = YearAmountsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度累计"
        ordering = ["project", "-year"]
        constraints = [models.UniqueConstraint(fields=["project", "year"], name="one_row_a_project_and_year")]

    def __str__(self) -> str:
        return f"{self.project} {self.year}年"


for _number, _column in enumerate(AMOUNT_COLUMNS, 1):
    YearAmounts.add_to_class(_column, MoneyField(f"第{_number}旬末累计", null=True))
