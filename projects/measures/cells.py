"""The population read once and cut into cells (统计单元): figures of the total, a list or a group are sums of cells."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models import Count as CountRows

from ..models import Milestone, Problem, Project
from ..money import round_half_up
from ..queries.findings import milestones_driven
from .definitions import AMOUNTS, COUNTS
from .lights import colours_for
from .population import DIMENSIONS, Scope

FOLLOW_UP = ("milestones_due", "milestones_overdue", "problems_open")
KEYS = ("cell_list", "cell_group", "cell_once")
Numbers = dict[str, int | Decimal]


class Cell(NamedTuple):
    """Rows of one list and one group; `once` says that they stand for their projects in the total.

    A project in two lists has a row in each, and is counted over the lists by its highest.
    """

    annual_list: int
    group: int | None
    once: bool


class Cells:
    """The figures of every cell of a scope: one grouped query, and with follow_up one for each kind of fact."""

    def __init__(self, scope: Scope, by: str = "", follow_up: bool = True) -> None:
        group = DIMENSIONS[by].group_of(scope.cut_off) if by else Value(0)
        rows = (
            scope.versions()
            .order_by()
            .annotate(cell_list=F("listing__annual_list"), cell_group=group, cell_once=scope.marked_highest())
        )
        self._numbers = _numbers(rows, scope.cut_off)
        self._lights: dict[Cell, Counter] = defaultdict(Counter)
        self._zeros: Numbers = {key: 0 for key in COUNTS} | {key: Decimal("0.00") for key in AMOUNTS}
        if follow_up:
            self._zeros |= dict.fromkeys(FOLLOW_UP, 0)
            self._follow_up(rows, scope.listed(), scope.cut_off)

    def total(self) -> tuple[Numbers, Counter]:
        return self._sum(lambda cell: cell.once)

    def of_list(self, list_id: int) -> tuple[Numbers, Counter]:
        return self._sum(lambda cell: cell.annual_list == list_id)

    def of_group(self, group_id: int | None) -> tuple[Numbers, Counter]:
        return self._sum(lambda cell: cell.once and cell.group == group_id)

    def has_group(self, group_id: int | None) -> bool:
        return any(cell.once and cell.group == group_id for cell in self._numbers)

    def _sum(self, belongs: Callable[[Cell], bool]) -> tuple[Numbers, Counter]:
        numbers, lights = dict(self._zeros), Counter()
        for cell, values in self._numbers.items():
            if belongs(cell):
                for key, value in values.items():
                    numbers[key] += value
                lights += self._lights[cell]
        return numbers, lights

    def _follow_up(self, rows: QuerySet, projects: QuerySet[Project], day: date) -> None:
        """Adds milestones, problems and lights to the cells; each project's are asked once, whatever its lists."""
        colours = colours_for(projects, day)
        milestones = milestones_driven(day, projects).due_by(day).order_by()
        due = milestones.values_list("plan__project").annotate(
            n_due=CountRows("pk"), n_overdue=CountRows("pk", filter=Milestone.objects.is_overdue(day))
        )
        problems = Problem.objects.open(day).filter(project__in=projects).order_by()
        still = dict(problems.values_list("project").annotate(CountRows("pk")))
        counts = {project: (due, overdue, still.pop(project, 0)) for project, due, overdue in due}
        counts |= {project: (0, 0, n) for project, n in still.items()}
        sums: dict[Cell, list[int]] = defaultdict(lambda: [0, 0, 0])
        for *cell, project in rows.values_list(*KEYS, "listing__project").iterator(chunk_size=2000):
            place = Cell(*cell)
            if place not in self._numbers or project not in colours:
                continue  # listed by somebody between two statements: the next reading has it
            self._lights[place][colours[project]] += 1
            if found := counts.get(project):
                sums[place] = [one + other for one, other in zip(sums[place], found, strict=True)]
        for place, numbers in sums.items():
            self._numbers[place] |= zip(FOLLOW_UP, numbers, strict=True)


def _numbers(rows: QuerySet, day: date) -> dict[Cell, Numbers]:
    """{cell: {figure key: number}} of listing versions annotated with the cell's keys. One query.

    The rows are marked by the figures that count them and added up around that, for a window cannot be grouped by.
    """
    every = Q(pk__isnull=False)
    marks = {
        f"n_{key}": Case(When(every & count.select(day), then=1), default=0) for key, count in COUNTS.items()
    }
    marks |= {f"n_{key}": F(amount.path()) for key, amount in AMOUNTS.items()}
    inner, params = rows.annotate(**marks).values(*KEYS, *marks).query.sql_with_params()
    sql = f"""
        SELECT {", ".join(KEYS)}, {", ".join(f"SUM({mark})" for mark in marks)}
        FROM ({inner}) AS marked GROUP BY {", ".join(KEYS)}"""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for annual_list, group, once, *sums in cursor.fetchall():
            counts = dict(zip(COUNTS, sums, strict=False))
            # SQLite adds amounts as floats and forgets their places
            amounts = (round_half_up(Decimal(str(total or 0)), 2) for total in sums[len(COUNTS) :])
            found[Cell(annual_list, group, bool(once))] = counts | dict(zip(AMOUNTS, amounts, strict=True))
    return found
