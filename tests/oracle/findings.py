"""What is late on a day (逾期事项), by docs/rules.md §4, §6–8, §10: states read anew from the facts of the day."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from .days import end_before, last_due, period_code, period_end, report_due
from .facts import Entry, Permit, Project, World, on


@dataclass(frozen=True)
class Finding:
    """One thing that is late; (kind, subject) names it from day to day. `count`: reports missing in a row."""

    kind: str
    subject: str
    project: str
    unit: str | None
    due_on: date
    days_late: int
    count: int = 1

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.subject


def findings(world: World, day: date, asked: date) -> list[Finding]:
    """Everything late at the end of a day; due that day is not late (§4)."""
    found = []
    for project in world.projects.values():
        rows = [*overdue_problems(project, day)]
        if project.is_driven(day):  # what is stopped is late only with its problems
            rows += overdue_milestones(project, day)
            rows += overdue_start(project, day, asked)
            rows += overdue_completion(project, day, asked)
            rows += missing_reports(project, day, asked)
            rows += lapsed_permits(project, day, asked)
        lead = project.holder("lead_department", day)
        for kind, subject, unit, due_on, count in rows:
            days_late = (day - due_on).days
            found.append(Finding(kind, subject, project.name, unit or lead, due_on, days_late, count))
    return found


Row = tuple[str, str, str | None, date, int]


def overdue_milestones(project: Project, day: date) -> Iterator[Row]:
    """§7: judged on the version in force on the day; one matter through all versions; its own unit answers."""
    for one in project.milestones:
        due_on = on(day, one.due)
        is_open = one.achieved_on is None or one.achieved_on > day
        if due_on is not None and due_on < day and is_open:
            yield "milestone_overdue", f"milestone:{project.name}/{one.name}", one.unit, due_on, 1


def owed(project: Project, day: date, planned: Callable[[Entry], date | None]) -> date | None:
    """The earliest date planned by the lists of the year in force on a day (§3, §6). Where they have not taken the
    project up yet, what it missed in last year's lists (§10: a new year is no cause)."""
    for year in (day.year, day.year - 1):
        said = [on(day, versions) for of, versions in project.entries.items() if of.year == year]
        if any(said):
            dates = [planned(entry) for entry in said if entry is not None and entry.listed]
            missed = [due_on for due_on in dates if due_on and (year == day.year or due_on.year <= year)]
            return min(missed, default=None)
    return None


def start_planned_by(project: Project, day: date) -> date | None:
    """For light and alert alike; only 新开工 owe a start."""
    return owed(project, day, lambda entry: entry.start_by if entry.category == "new_start" else None)


def overdue_start(project: Project, day: date, asked: date) -> Iterator[Row]:
    due_on = start_planned_by(project, day)
    if due_on is not None and due_on < day and not project.done("started", day, asked):
        yield "start_overdue", f"project:{project.name}", None, due_on, 1


def overdue_completion(project: Project, day: date, asked: date) -> Iterator[Row]:
    due_on = owed(project, day, lambda entry: entry.complete_by)
    if due_on is not None and due_on < day and not project.is_completed(day, asked):
        yield "completion_overdue", f"project:{project.name}", None, due_on, 1


def reports_missing(project: Project, day: date, asked: date) -> list[date]:
    """§8: the periods in a row, up to the latest whose due day has passed, without a report handed in on the day.

    A report handed in ends the run; what is in production reports no more; nothing is owed before `reports_from_on`.
    """
    last = last_due(day)
    if project.done("in_production", last, asked):
        return []
    missing: list[date] = []
    while last >= period_end(project.reports_from_on) and not is_handed_in(project, last, day):
        missing.insert(0, last)
        last = end_before(last)
    return missing


def is_handed_in(project: Project, end: date, day: date) -> bool:
    return any(round_.stands(day) for round_ in project.reports.get(end, ()))


def missing_reports(project: Project, day: date, asked: date) -> Iterator[Row]:
    """One finding for the run; a run is named by its first period."""
    missing = reports_missing(project, day, asked)
    if missing:
        subject = f"report:{project.name}:{period_code(missing[0])}"
        yield "report_missing", subject, None, report_due(missing[0]), len(missing)


def overdue_problems(project: Project, day: date) -> Iterator[Row]:
    """§9: open on the day, its limit passed; a problem reopened later was written off until then (§4)."""
    for one in project.problems:
        if one.is_open(day) and one.due_on < day:
            yield "problem_overdue", f"problem:{project.name}/{one.text}", one.unit, one.due_on, 1


def permit_runs(project: Project, permit: Permit, day: date, asked: date) -> bool:
    """§7: whether it is issued and can lapse: not renewed by the day, nor kept by the start, nor past use."""
    if permit.issued_on > day or (permit.renewed_on is not None and permit.renewed_on <= day):
        return False
    kept = permit.until_started and project.done("started", min(day, permit.valid_until_on), asked)
    return not kept and not project.is_completed(day, asked)


def lapsed_permits(project: Project, day: date, asked: date) -> Iterator[Row]:
    for one in project.permits:
        if permit_runs(project, one, day, asked) and one.valid_until_on < day:
            yield "permit_lapsed", f"permit:{project.name}/{one.number}", None, one.valid_until_on, 1
