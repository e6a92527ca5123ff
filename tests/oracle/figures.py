"""Figures of lists, groups and the total on a day, by docs/rules.md §3–5."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .days import periods_closed
from .facts import Entry, Project, World, YearList, on
from .lights import dimensions


@dataclass(frozen=True)
class Listed:
    """A project in a list on the day, with what the list says of it then."""

    project: Project
    of: YearList
    entry: Entry


def population(world: World, year: int, day: date) -> list[Listed]:
    """§3: a version in force on the day; of a package and its part in one list the list's level counts, the part."""
    rows = []
    for project in world.projects.values():
        for of, versions in project.entries.items():
            entry = on(day, versions)
            if of.year == year and entry is not None and entry.listed:
                rows.append(Listed(project, of, entry))
    packages = {(on(day, row.project.parent), row.of) for row in rows}
    return [row for row in rows if (row.project.name, row.of) not in packages]


def once(rows: list[Listed]) -> list[Listed]:
    """§3: a project in several lists counts once in the total, by the version of its highest list."""
    highest: dict[str, Listed] = {}
    for row in sorted(rows, key=lambda row: row.of.rank):
        highest.setdefault(row.project.name, row)
    return list(highest.values())


def figures(world: World, year: int, day: date, asked: date) -> dict[str, dict[str, Any]]:
    """{list, “sponsor:” and a leader's name, or “total”: its figures}, an old year's at its 31 December."""
    day = min(day, date(year, 12, 31))
    rows = population(world, year, day)
    lists = {of: [row for row in rows if row.of == of] for of in world.lists if of.year == year}
    silent = {of for of, own in lists.items() if all(row.project.invested(day, asked) is None for row in own)}
    each = once(rows)
    parts = {of.kind: (own, of.places) for of, own in lists.items()} | {"total": (each, 1)}
    for leader in world.leaders:
        held = [row for row in each if row.project.holder("sponsor", day) == leader]
        parts[f"sponsor:{leader}"] = (held, 1)
    return {name: row_of(own, day, asked, places, silent) for name, (own, places) in parts.items() if own}


def row_of(rows: list[Listed], day: date, asked: date, places: int, silent: set[YearList]) -> dict[str, Any]:
    """The figures of §5 over some rows; rates are sums over sums, rounded once.

    Not reported is not zero: the amount is then unknown, and a list that has not reported at all is left out of the
    completion of a total.
    """

    def count(is_counted: Callable[[Listed], bool]) -> int:
        return sum(map(is_counted, rows))

    def started(row: Listed) -> bool:
        return row.project.done("started", day, asked)

    def is_new(row: Listed) -> bool:
        return row.entry.category == "new_start"

    def is_due(row: Listed) -> bool:
        return is_new(row) and row.entry.start_by is not None and row.entry.start_by <= day

    planned = sum((row.entry.planned for row in rows), Decimal(0))
    amounts = [row.project.invested(day, asked) for row in rows]
    reported = [amount for amount in amounts if amount is not None]
    invested = sum(reported, Decimal(0)) if reported else None
    new_started = count(lambda row: is_new(row) and started(row))
    told = sum((row.entry.planned for row in rows if row.of not in silent), Decimal(0))
    completion = None if invested is None or not told else Fraction(invested) / Fraction(told)
    pro_rata = Fraction(periods_closed(day), 36)
    gap = None if completion is None else rounded((completion - pro_rata) * 100, places)
    return {
        "projects": len(rows),
        "total_investment": money(sum((row.project.total for row in rows), Decimal(0))),
        "planned_investment": money(planned),
        "invested_this_year": None if invested is None else money(invested),
        "investment_completion": None if completion is None else str(rounded(completion * 100, places)),
        "pro_rata_progress": str(rounded(pro_rata * 100, places)),
        "schedule_gap_points": None if gap is None else str(gap),
        "gap_words": None if gap is None else "快于" if gap > 0 else "慢于" if gap < 0 else "持平",
        "started": count(started),
        "start_rate_including_continuing": rate(count(started), len(rows), places),
        "new_starts": count(is_new),
        "new_starts_started": new_started,
        "start_rate_of_year": rate(new_started, count(is_new), places),
        "new_starts_due": count(is_due),
        "missed_starts": count(lambda row: is_due(row) and not started(row)),
        "early_starts": count(lambda row: is_new(row) and started(row) and not is_due(row)),
        "start_rate_to_date": rate(new_started, count(is_due), places),
        "completed": count(lambda row: row.project.is_completed(day, asked)),
        "in_production": count(lambda row: row.project.done("in_production", day, asked)),
        "entered_statistics": count(lambda row: row.project.done("entered_statistics", day, asked)),
        "statistics_rate": rate(
            count(lambda row: row.project.done("entered_statistics", day, asked)), count(started), places
        ),
        "milestones_due": sum(milestones(row.project, day, is_open=False) for row in rows),
        "milestones_overdue": sum(milestones(row.project, day, is_open=True) for row in rows),
        "problems_open": sum(one.is_open(day) for row in rows for one in row.project.problems),
        "lights": dict(Counter(dimensions(row.project, day, asked)["worst"] for row in rows)),
    }


def milestones(project: Project, day: date, *, is_open: bool) -> int:
    """Milestones due by the day of a project driven forward on it; or those overdue: open, due before it."""
    if not project.is_driven(day):
        return 0
    found = 0
    for one in project.milestones:
        due_on = on(day, one.due)
        if due_on is None or due_on > day:
            continue
        still_open = one.achieved_on is None or one.achieved_on > day
        found += (still_open and due_on < day) if is_open else 1
    return found


def rate(above: int, below: int, places: int) -> str | None:
    """Sum over sum, in per cent; none without a denominator."""
    return str(rounded(Fraction(above * 100, below), places)) if below else None


def rounded(value: Fraction, places: int) -> Decimal:
    """Half up, away from zero, once at the end (§5)."""
    whole = int(abs(value) * 10**places + Fraction(1, 2))
    return Decimal(whole if value >= 0 else -whole).scaleb(-places).quantize(Decimal(1).scaleb(-places))


def money(amount: Decimal) -> str:
    return str(amount.quantize(Decimal("0.01")))
