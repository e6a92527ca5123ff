"""Lights of the default rule set, by docs/rules.md §6: each dimension from the facts of the day, the worst shows."""

from datetime import date
from fractions import Fraction

from .days import months_later, periods_closed
from .facts import Project, on
from .findings import overdue_milestones, overdue_problems, reports_missing, start_planned_by

GREEN, YELLOW, RED = "green", "yellow", "red"


def dimensions(project: Project, day: date, asked: date) -> dict[str, str]:
    """The light of each dimension, and the worst of them, which is the project's."""
    found = {
        "start": start_light(project, day, asked),
        "progress": progress_light(project, day, asked),
        "statistics": statistics_light(project, day, asked),
        "milestone": milestone_light(project, day),
        "problem": problem_light(project, day),
        "report": report_light(project, day, asked),
    }
    worst = next((light for light in (RED, YELLOW) if light in found.values()), GREEN)
    return found | {"worst": worst}


def graded(value: int, yellow: int, red: int) -> str:
    return RED if value >= red else YELLOW if value >= yellow else GREEN


def start_light(project: Project, day: date, asked: date) -> str:
    """Due this month and not started: yellow; three months running: red."""
    due_on = start_planned_by(project, day)
    if due_on is None or project.done("started", day, asked):
        return GREEN
    months = (day.year - due_on.year) * 12 + day.month - due_on.month + 1
    return graded(months, 1, 3)


def progress_light(project: Project, day: date, asked: date) -> str:
    """Behind 序时 by 10 to 30 points, both in: yellow; by more: red; from unrounded values.

    The plan is that of the project's highest list of the year. Silent in the rules, taken as the product has it: what
    has not reported is behind by all that was due, as in the rate of its list; what is in production has nothing left
    to invest.
    """
    lists = sorted((of for of in project.entries if of.year == day.year), key=lambda of: of.rank)
    said = [entry for of in lists if (entry := on(day, project.entries[of])) is not None and entry.listed]
    if not said or not said[0].planned or project.done("in_production", day, asked):
        return GREEN
    invested = project.invested(day, asked) or 0
    behind = 100 * (Fraction(periods_closed(day), 36) - Fraction(invested) / Fraction(said[0].planned))
    return RED if behind > 30 else YELLOW if behind >= 10 else GREEN


def statistics_light(project: Project, day: date, asked: date) -> str:
    """The entry is missing one month after the start: yellow, two: red; on the day itself it is not late (§4)."""
    started_on = project.date_of("started", asked)
    if started_on is None or started_on > day or project.done("entered_statistics", day, asked):
        return GREEN
    return (
        RED if day > months_later(started_on, 2) else YELLOW if day > months_later(started_on, 1) else GREEN
    )


def milestone_light(project: Project, day: date) -> str:
    """The longest overdue of a project driven forward: 1–14 days yellow, 15 and more red."""
    rows = overdue_milestones(project, day) if project.is_driven(day) else ()
    return graded(max(((day - due_on).days for *_, due_on, _count in rows), default=0), 1, 15)


def problem_light(project: Project, day: date) -> str:
    """The longest past its limit: 1–6 days yellow, 7 and more red."""
    rows = overdue_problems(project, day)
    return graded(max(((day - due_on).days for *_, due_on, _count in rows), default=0), 1, 7)


def report_light(project: Project, day: date, asked: date) -> str:
    """One period missing yellow, two running red; nothing is asked of what is stopped that day."""
    return graded(len(reports_missing(project, day, asked)) if project.is_driven(day) else 0, 1, 2)
