"""The weekly overdue report, by docs/rules.md §11: as of Sunday; open = last open + new − cleared."""

from dataclasses import dataclass
from datetime import date, timedelta

from .facts import World
from .findings import Finding, findings

Key = tuple[str, str]


@dataclass(frozen=True)
class Line:
    """One matter as an issue prints it; the holders are those of the day."""

    due_on: date
    days_late: int
    weeks: int
    sponsor: str | None
    lead_department: str | None
    unit: str | None


@dataclass(frozen=True)
class Issue:
    new: dict[Key, Line]
    still: dict[Key, Line]
    cleared: dict[Key, Line]

    @property
    def open(self) -> dict[Key, Line]:
        return {**self.new, **self.still}


def issue(world: World, sunday: date, asked: date, before: Issue | None) -> Issue:
    """The issue of a week after the signed issue before it; `weeks` counts the issues in a row that have listed it.

    Without an issue before, a matter has been listed on every Sunday since it was due.
    """
    listed = before.open if before else opening(world, sunday, asked)
    new, still = {}, {}
    for one in findings(world, sunday, asked):
        earlier = listed.get(one.key)
        line = printed(world, one, sunday, earlier.weeks + 1 if earlier else 1)
        (still if earlier else new)[one.key] = line
    gone = {key: line for key, line in listed.items() if key not in still}
    return Issue(new, still, gone)


def opening(world: World, sunday: date, asked: date) -> dict[Key, Line]:
    """What stood open a week earlier where no issue says so: listed on each Sunday since it was due."""
    before = sunday - timedelta(days=7)
    late = findings(world, before, asked)
    return {one.key: printed(world, one, before, (one.days_late + 6) // 7) for one in late}


def printed(world: World, one: Finding, sunday: date, weeks: int) -> Line:
    project = world.projects[one.project]
    holders = project.holder("sponsor", sunday), project.holder("lead_department", sunday)
    return Line(one.due_on, one.days_late, weeks, *holders, one.unit)
