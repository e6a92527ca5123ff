"""The weekly overdue report, by docs/rules.md §11: as of Sunday; open = last open + new − cleared."""

from dataclasses import dataclass
from datetime import date, timedelta

from .facts import World
from .findings import Finding, findings
from .ladder import Ladder

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

    @property
    def holders(self) -> tuple[str | None, ...]:
        return self.sponsor, self.lead_department, self.unit


@dataclass(frozen=True)
class Issue:
    new: dict[Key, Line]
    still: dict[Key, Line]
    cleared: dict[Key, Line]

    @property
    def open(self) -> dict[Key, Line]:
        return {**self.new, **self.still}


def issue(world: World, alerts: Ladder, sunday: date, asked: date, before: Issue | None = None) -> Issue:
    """The issue of a week, after the signed issue before it; what is exempt on its Sunday is not open.

    `weeks` counts the issues in a row that have listed a matter; without an issue before, it has been listed on every
    Sunday since it was due.
    """
    listed = before.open if before else opening(world, alerts, sunday - timedelta(days=7), asked)
    new, still = {}, {}
    for one in not_exempt(world, alerts, sunday, asked):
        earlier = listed.get(one.key)
        line = printed(world, one, sunday, earlier.weeks + 1 if earlier else 1)
        (still if earlier else new)[one.key] = line
    gone = {key: line for key, line in listed.items() if key not in still}
    return Issue(new, still, gone)


def opening(world: World, alerts: Ladder, sunday: date, asked: date) -> dict[Key, Line]:
    """What stood open a week earlier where no issue says so."""
    late = not_exempt(world, alerts, sunday, asked)
    return {one.key: printed(world, one, sunday, (one.days_late + 6) // 7) for one in late}


def not_exempt(world: World, alerts: Ladder, day: date, asked: date) -> list[Finding]:
    exempt = alerts.exempt_on(day)
    return [one for one in findings(world, day, asked) if one.key not in exempt]


def printed(world: World, one: Finding, sunday: date, weeks: int) -> Line:
    project = world.projects[one.project]
    holders = project.holder("sponsor", sunday), project.holder("lead_department", sunday)
    return Line(one.due_on, one.days_late, weeks, *holders, one.unit)
