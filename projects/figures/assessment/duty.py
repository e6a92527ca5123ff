"""Projects' plans and amounts by time in duty (按在任时间划分): to each holder the part of its own days (docs/rules.md §12)."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from ...models import YearAmounts
from ...models.reports.year_amounts import stood_on
from ...periods import TenDayPeriod
from ...queries.register.terms import Responsibility
from ...rules.targets import ZERO, split_by_shares
from ..baselines import baselines_of_year
from ..population import Scope
from ..year.targets import hand_splits


class ListedProject(NamedTuple):
    """A project of the population by its highest list; `told` is what is done, None where nothing was reported."""

    project: int
    name: str
    code: str
    annual_list: int
    list_name: str
    listing: int
    planned: Decimal
    told: Decimal | None


class DutyPart(NamedTuple):
    """What a holder answers for of a project's plan and amount, and which days in words; "" for the whole."""

    unit: int | None
    planned: Decimal
    done: Decimal
    words: str = ""


class TimeInDuty:
    """Projects' plans and amounts by time in duty. Three queries, however many projects and hand-overs.

    The term is the plan year up to the cut-off day: of the plan a holder has the 序时 share of its days in that of the
    term, of the amount what stood at the end of its days less what stood before them.
    """

    def __init__(self, scope: Scope, responsibility: Responsibility, rows: list[ListedProject]) -> None:
        self.year, self.day = scope.year, scope.cut_off
        self.first_on = date(self.year, 1, 1)
        self.baselines = baselines_of_year(self.year)
        self.parts = {row.project: responsibility.parts(row.project, self.first_on, self.day) for row in rows}
        self.splits = hand_splits([row.listing for row in rows if self._is_own(row)], self.day)
        several = [pk for pk, parts in self.parts.items() if len(parts) > 1]
        days = sorted({end for pk in several for _unit, end in self.parts[pk][:-1]})
        self.stood: dict[tuple[int, date], Decimal] = {}
        if several:
            asked = {f"stood_{place}": stood_on(end) for place, end in enumerate(days)}
            amounts = YearAmounts.objects.filter(year=self.year, project__in=several).order_by()
            for project, *stood in amounts.annotate(**asked).values_list("project", *asked):
                self.stood |= {
                    (project, end): amount or ZERO for end, amount in zip(days, stood, strict=True)
                }

    def of(self, row: ListedProject) -> list[DutyPart]:
        """The parts of each holder, in order; they add up to the project's plan and amount to the cent."""
        parts, whole = self.parts[row.project], row.told or ZERO
        if len(parts) == 1:
            return [DutyPart(parts[0][0], row.planned, whole)]
        plans = split_by_shares(row.planned, [self._of_term(row, end) for _unit, end in parts])
        ends = [self.stood.get((row.project, end), ZERO) for _unit, end in parts[:-1]]
        amounts = [after - before for before, after in pairwise([ZERO, *ends, whole])]
        starts = [self.first_on, *(end + timedelta(days=1) for _unit, end in parts[:-1])]
        return [
            DutyPart(unit, planned, done, f"{start:%Y-%m-%d}至{end:%Y-%m-%d}在任")
            for (unit, end), planned, done, start in zip(parts, plans, amounts, starts, strict=True)
        ]

    def term_share(self, row: ListedProject) -> Fraction:
        """序时 of the project at the end of the term."""
        return self._share(row, self.day)

    def _of_term(self, row: ListedProject, end: date) -> Fraction:
        """The share of the term that is over by the day; by days while 序时 asks for nothing yet."""
        if term := self._share(row, self.day):
            return self._share(row, end) / term
        return Fraction((end - self.first_on).days + 1, (self.day - self.first_on).days + 1)

    def _share(self, row: ListedProject, day: date) -> Fraction:
        split = self.splits.get(row.listing)
        if split and row.planned:
            periods = TenDayPeriod.of_year(self.year)
            due = sum(
                (one for period, one in zip(periods, split, strict=True) if period.last_on <= day), ZERO
            )
            return Fraction(due) / Fraction(row.planned)
        return self.baselines[row.annual_list].share(day, self.year)

    def _is_own(self, row: ListedProject) -> bool:
        return self.baselines[row.annual_list].by_project
