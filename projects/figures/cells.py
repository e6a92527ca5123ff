"""The population read once and cut into cells (统计单元): figures of the total, a list or a group are sums of cells."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models import Count as CountRows
from django.db.models.expressions import Combinable

from ..models import Problem, Project
from ..money import round_half_up
from ..queries.alerts.findings import milestones_driven
from ..rules import Light
from .baselines import expected_by_cell
from .definitions import AMOUNTS, COUNTS, FOLLOW_UP, MATTERS
from .lights.judging import colours_for
from .population import Rows, Scope

KEYS = ("cell_list", "cell_group", "cell_once")
EXPECTED = "expected"  # 序时应完成 by each project's own plan, exact
REPORTED = "reported"  # rows with a report of the year
PLANNED_TOLD = "planned_told"  # planned 万元 of the lists that have reports: what completion is a rate of
INVESTED = "invested_this_year"
Numbers = dict[str, Any]  # by figure key: int for a count, Decimal for an amount, Fraction for EXPECTED


class Cell(NamedTuple):
    """Rows of one list and one group; `once` says that they stand for their projects in the total.

    A project in two lists has a row in each, and is counted over the lists by its highest.
    """

    annual_list: int
    group: int | None
    once: bool


class Cells:
    """The figures of every cell of a scope: one grouped query, and with follow_up one for each kind of fact.

    own_plan adds the amount expected by the projects' own plans.
    """

    def __init__(self, scope: Scope, by: str = "", follow_up: bool = True, own_plan: bool = False) -> None:
        group = scope.group_of(by) if by else Value(0)
        rows = scope.versions().order_by().annotate(cell_list=F("listing__annual_list"), cell_group=group)
        grouped = rows.annotate(cell_once=scope.is_highest())  # costs more, but can be grouped by
        rows = rows.annotate(cell_once=scope.marked_highest())
        self._numbers = _numbers(rows, scope)
        self._lights: dict[Cell, Counter[Light]] = defaultdict(Counter)
        self.colours: dict[int, Light] = {}  # of the projects ever listed, with follow_up
        self.silent = self._silent(scope)
        self._zeros: Numbers = {key: 0 for key in COUNTS} | {key: Decimal("0.00") for key in AMOUNTS}
        self._zeros[REPORTED] = 0
        if own_plan:
            self._zeros[EXPECTED] = Fraction(0)
            for place, amount in expected_by_cell(grouped, KEYS, scope.cut_off, scope.year).items():
                self._numbers.setdefault(Cell(*place), dict(self._zeros))[EXPECTED] = amount
        if scope.publication is not None:
            self._published_lights(grouped)
        elif follow_up:
            self._zeros |= dict.fromkeys(FOLLOW_UP, 0)
            self._follow_up(rows, scope.listed(), scope.cut_off)

    def total(self) -> tuple[Numbers, Counter[Light]]:
        return self._sum(lambda cell: cell.once)

    def of_list(self, list_id: int) -> tuple[Numbers, Counter[Light]]:
        return self._sum(lambda cell: cell.annual_list == list_id)

    def of_group(self, group_id: int | None) -> tuple[Numbers, Counter[Light]]:
        return self._sum(lambda cell: cell.once and cell.group == group_id)

    def has_group(self, group_id: int | None) -> bool:
        return any(cell.once and cell.group == group_id for cell in self._numbers)

    def silent_of_total(self) -> frozenset[int]:
        return frozenset(cell.annual_list for cell in self._numbers if cell.once) & self.silent

    def silent_of_group(self, group_id: int | None) -> frozenset[int]:
        cells = (cell for cell in self._numbers if cell.once and cell.group == group_id)
        return frozenset(cell.annual_list for cell in cells) & self.silent

    def _silent(self, scope: Scope) -> frozenset[int]:
        """The lists with projects of which none had a report of the year (尚无旬报), by all that the list counts.

        One query, and only where the part of a list that is looked at had none.
        """
        rows: Counter[int] = Counter()
        reported: Counter[int] = Counter()
        for cell, values in self._numbers.items():
            rows[cell.annual_list] += values["projects"]
            reported[cell.annual_list] += values[REPORTED]
        silent = {pk for pk, n in rows.items() if n and not reported[pk]}
        if silent and (scope.by or not (scope.viewer is None or scope.viewer.sees_all_projects)):
            whole = replace(scope, by="", group="", viewer=None, lists=tuple(sorted(silent))).versions()
            told = whole.filter(told__isnull=False).order_by()
            silent -= set(told.values_list("listing__annual_list", flat=True).distinct())
        return frozenset(silent)

    def _sum(self, belongs: Callable[[Cell], bool]) -> tuple[Numbers, Counter[Light]]:
        """Σ of some cells. Nothing reported is nothing known: the amount is then None.

        Where only lists of theirs have no report, completion and 序时 are of the others.
        """
        numbers = dict(self._zeros)
        lights: Counter[Light] = Counter()
        left_out = dict.fromkeys(("planned_investment", EXPECTED), Fraction(0))
        for cell, values in self._numbers.items():
            if belongs(cell):
                for key, value in values.items():
                    numbers[key] += value
                if cell.annual_list in self.silent:
                    for key in left_out:
                        left_out[key] += Fraction(values.get(key, 0))
                lights += self._lights[cell]
        is_silent = numbers["projects"] and not numbers[REPORTED]
        if is_silent:
            numbers[INVESTED] = None
        elif EXPECTED in numbers:
            numbers[EXPECTED] -= left_out[EXPECTED]
        without = 0 if is_silent else left_out["planned_investment"]
        numbers[PLANNED_TOLD] = round_half_up(Fraction(numbers["planned_investment"]) - without, 2)
        return numbers, lights

    def _published_lights(self, rows: Rows) -> None:
        """The lights that were published; milestones and problems are no part of what is published. One query."""
        for *cell, light, n in rows.values_list(*KEYS, "light").annotate(CountRows("pk")):
            self._lights[Cell(*cell)][Light(light)] += n

    def _follow_up(self, rows: Rows, projects: QuerySet[Project], day: date) -> None:
        """Adds milestones, problems and lights to the cells; each project's are asked once, whatever its lists."""
        colours = self.colours = colours_for(projects, day)
        milestones = milestones_driven(day, projects).due_by(day)
        problems = Problem.objects.raised_by_day(day).filter(project__in=projects)
        counts = matters_by(milestones, "milestone", day, "plan__project")
        for project, found in matters_by(problems, "problem", day, "project").items():
            counts.setdefault(project, Counter()).update(found)
        sums: dict[Cell, Counter[str]] = defaultdict(Counter)
        for *cell, project in rows.values_list(*KEYS, "listing__project").iterator(chunk_size=2000):
            place = Cell(*cell)
            if place not in self._numbers or project not in colours:
                continue  # listed by somebody between two statements: the next reading has it
            self._lights[place][colours[project]] += 1
            if project in counts:
                sums[place].update(counts[project])
        for place, numbers in sums.items():
            self._numbers[place] |= numbers


def matters_by(rows: QuerySet[Any], subject: str, day: date, project: str) -> dict[int, Counter[str]]:
    """{project: {figure key: number}} of milestones or problems; `project` is the path to theirs. One query."""
    keys = [key for key in FOLLOW_UP if MATTERS[key].subject == subject]
    numbers = [CountRows("pk", filter=MATTERS[key].select(day)) for key in keys]
    counted = rows.order_by().values(project).annotate(**dict(zip(keys, numbers, strict=True)))
    return {row[project]: Counter({key: row[key] for key in keys}) for row in counted}


def _numbers(rows: Rows, scope: Scope) -> dict[Cell, Numbers]:
    """{cell: {figure key: number}} of the population's rows annotated with the cell's keys. One query.

    The rows are marked by the figures that count them and added up around that, for a window cannot be grouped by.
    """
    day, project, every = scope.cut_off, scope.project_path, Q(pk__isnull=False)
    marks: dict[str, Combinable] = {
        f"n_{key}": Case(When(every & count.select(day, project), then=1), default=0)
        for key, count in COUNTS.items()
    }
    marks |= {f"n_{key}": F(amount.column) for key, amount in AMOUNTS.items()}
    marks["n_reported"] = Case(When(told__isnull=False, then=1), default=0)
    inner, params = rows.annotate(**marks).values(*KEYS, *marks).query.sql_with_params()
    sql = f"""
        SELECT {", ".join(KEYS)}, {", ".join(f"SUM({mark})" for mark in marks)}
        FROM ({inner}) AS marked GROUP BY {", ".join(KEYS)}"""  # noqa: S608 - names of our own columns; values are parameters
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for annual_list, group, once, *sums, reported in cursor.fetchall():
            counts = dict(zip(COUNTS, sums, strict=False)) | {REPORTED: reported}
            # SQLite adds amounts as floats and forgets their places
            amounts = (round_half_up(Decimal(str(total or 0)), 2) for total in sums[len(COUNTS) :])
            found[Cell(annual_list, group, bool(once))] = counts | dict(zip(AMOUNTS, amounts, strict=True))
    return found
