"""Limits and age of problems (办理时限、账龄): how long a level has, how long a problem has been open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q

from projects.models import LevelLimit, OfficeSettings, Problem
from projects.models.problems.problems import ProblemQuerySet

from ..base.calendar import working_calendar


def limits_by_level() -> dict[str, int]:
    """Working days of each level, in the order of the levels; the office's default where none is set. Two queries."""
    given = dict(LevelLimit.objects.values_list("level", "working_days"))
    default = OfficeSettings.current().problem_limit_days
    return {level: given.get(level, default) for level in Problem.Level.values}


def limit_on(level: str, day: date) -> date:
    """The limit of a problem that comes to the level on the day (办理时限). Three queries."""
    return working_calendar().shift(day, limits_by_level()[level])


@dataclass(frozen=True)
class AgeBucket:
    """A span of calendar days since a problem was raised (账龄); both ends belong to it."""

    key: str
    words: str
    shortest: int
    longest: int | None

    def raised_within(self, as_of: date) -> Q:
        """Problems of this age on the day."""
        found = Q(raised_on__lte=as_of - timedelta(days=self.shortest))
        if self.longest is not None:
            found &= Q(raised_on__gte=as_of - timedelta(days=self.longest))
        return found


AGES = (
    AgeBucket("week", "7天以内", 0, 7),
    AgeBucket("fortnight", "8—15天", 8, 15),
    AgeBucket("month", "16—30天", 16, 30),
    AgeBucket("longer", "30天以上", 31, None),
)
AGE_OF = {bucket.key: bucket for bucket in AGES}
OVERDUE = "overdue"
# how the open problems may be counted: key → (words, the column, the column of its name, its filter on the list)
DIMENSIONS = {
    "unit": ("责任单位", "lead_unit", "lead_unit__name"),
    "category": ("问题类别", "category", "category"),
    "level": ("协调层级", "level", "level"),
}
CHOICES = {"category": Problem.Category, "level": Problem.Level}
IN_OFFICE_ORDER = (F("lead_unit__position").asc(nulls_last=True), "lead_unit__name_key")
NOBODY = "none"  # the unit of problems nobody answers for yet


def days_open(problem: Problem, as_of: date) -> int:
    """Calendar days from being raised to being written off, or to the day (已办天数)."""
    until = problem.resolved_by_day(as_of) or as_of
    return max((until - problem.raised_on).days, 0)


@dataclass(frozen=True)
class AgeLine:
    """The open problems of one unit, category or level: how many of each age, in all, and past their limit."""

    key: str
    words: str
    counts: tuple[int, ...]
    total: int
    overdue: int


def ageing(problems: ProblemQuerySet, *, by: str, as_of: date) -> list[AgeLine]:
    """Open problems by age (账龄分布), a line for each value of the dimension, the most problems first. One query.

    Units with as many stand in the office's order.
    """
    _words, column, name = DIMENSIONS[by]
    rows = (
        problems.open(as_of)
        .order_by(*IN_OFFICE_ORDER if by == "unit" else ())
        .values(column, name)
        .annotate(
            total=Count("pk"),
            late=Count("pk", filter=Q(due_on__lt=as_of)),
            **{bucket.key: Count("pk", filter=bucket.raised_within(as_of)) for bucket in AGES},
        )
    )
    lines = [
        AgeLine(
            key=NOBODY if row[column] is None else str(row[column]),
            words=CHOICES[by](row[column]).label if by in CHOICES else row[name] or "责任单位待明确",
            counts=tuple(row[bucket.key] for bucket in AGES),
            total=row["total"],
            overdue=row["late"],
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (-line.total, line.words if by in CHOICES else ""))


def total_of(lines: Iterable[AgeLine]) -> AgeLine:
    """The foot of the table: sums over the lines, each problem standing in exactly one of them."""
    lines = list(lines)
    return AgeLine(
        key="",
        words="合计",
        counts=tuple(sum(line.counts[number] for line in lines) for number in range(len(AGES))),
        total=sum(line.total for line in lines),
        overdue=sum(line.overdue for line in lines),
    )
