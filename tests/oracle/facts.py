"""A world as dated facts (事实): what happened when, and since when the office knows it.

A question has a day, and an asking day (`asked`): the facts known by then. A state that was (handed in, in force, on
duty, written off, stopped) holds for its days whenever it is asked; a correction of an amount or of a date of fact
changes what is said of the past from the day it is made (docs/rules.md §4).
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

Held = TypeVar("Held")


@dataclass
class Since(Generic[Held]):
    """What holds from a day on, until the next of its kind."""

    from_on: date
    what: Held


def on(day: date, rows: list[Since[Held]]) -> Held | None:
    """What holds on the day: the last that has begun (§4)."""
    begun = [row for row in rows if row.from_on <= day]
    return begun[-1].what if begun else None


@dataclass(frozen=True)
class Entry:
    """What a list says of a project from a day on (名单版本); `listed` is False after 调出."""

    category: str
    planned: Decimal
    start_by: date | None = None
    complete_by: date | None = None
    listed: bool = True


@dataclass(frozen=True)
class YearList:
    """A list of a year (年度名单); the first in `rank` is the highest. It counts single projects, not packages."""

    kind: str
    year: int
    rank: int
    places: int


@dataclass
class Round:
    """One handing-in of a report (报送轮次); `back_on`: returned or opened again for a correction."""

    handed_in_on: date
    amount: Decimal
    facts: dict[str, date] = field(default_factory=dict)
    confirmed_on: date | None = None
    back_on: date | None = None

    def stands(self, day: date) -> bool:
        """Handed in by the end of the day and not back at its filler (§4: a state that was)."""
        return self.handed_in_on <= day and (self.back_on is None or self.back_on > day)

    def is_official(self, asked: date) -> bool:
        """Confirmed by the office, as known on the asking day (§8)."""
        return self.confirmed_on is not None and self.confirmed_on <= asked and self.stands(asked)


@dataclass
class Milestone:
    """One matter through all versions of its plan (§7); `due` is dated by the version in force."""

    name: str
    unit: str | None
    due: list[Since[date]]
    achieved_on: date | None = None


@dataclass
class Problem:
    """`settled` are the spans in which it was written off (销号): from a day until it was reopened."""

    text: str
    unit: str | None
    raised_on: date
    due_on: date
    settled: list[tuple[date, date | None]] = field(default_factory=list)

    def is_open(self, day: date) -> bool:
        written_off = any(since <= day and (until is None or day < until) for since, until in self.settled)
        return self.raised_on <= day and not written_off


@dataclass
class Permit:
    """A permit with its last day; `until_started`: it can lapse no more once the works have begun within it."""

    number: str
    issued_on: date
    valid_until_on: date
    until_started: bool
    notice_days: int = 30
    renewed_on: date | None = None


@dataclass
class Project:
    name: str
    total: Decimal
    reports_from_on: date
    slots: dict[str, list[Since[str]]]
    entries: dict[YearList, list[Since[Entry]]] = field(default_factory=dict)
    dates: dict[str, list[Since[date]]] = field(default_factory=dict)  # of fact, as known from a day on
    state: list[Since[str]] = field(default_factory=list)
    parent: list[Since[str]] = field(default_factory=list)
    reports: dict[date, list[Round]] = field(default_factory=dict)  # by the period's last day
    milestones: list[Milestone] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    permits: list[Permit] = field(default_factory=list)

    def holder(self, slot: str, day: date) -> str | None:
        """Who held the slot on the day (§2)."""
        return on(day, self.slots[slot])

    def is_driven(self, day: date) -> bool:
        """Neither 停工 nor 暂缓 on the day."""
        return on(day, self.state) in {None, "active"}

    def done(self, fact: str, day: date, asked: date) -> bool:
        """Whether a fact (started, completed, in_production, entered_statistics) is dated up to the day."""
        dated = self.date_of(fact, asked)
        return dated is not None and dated <= day

    def date_of(self, fact: str, asked: date) -> date | None:
        """The date of a fact as known on the asking day: what came with a report counts once confirmed (§5)."""
        said = [*self.dates.get(fact, ())]
        for rounds in self.reports.values():
            said += [
                Since(r.confirmed_on, r.facts[fact])
                for r in rounds
                if r.is_official(asked) and fact in r.facts
            ]
        return on(asked, sorted(said, key=lambda row: row.from_on))

    def is_completed(self, day: date, asked: date) -> bool:
        """Production counts as completion."""
        return self.done("completed", day, asked) or self.done("in_production", day, asked)

    def invested(self, day: date, asked: date) -> Decimal | None:
        """本年累计完成投资: of the latest official report of the day's year whose period has ended; None for none (§5)."""
        ends = [end for end in self.reports if end <= day and end.year == day.year]
        for end in sorted(ends, reverse=True):
            for round_ in self.reports[end]:
                if round_.is_official(asked):
                    return round_.amount
        return None


@dataclass(frozen=True)
class Person:
    """Somebody with a duty: of a unit, of a leader (`of` is the name), or of all."""

    name: str
    role: str
    of: str = ""


@dataclass(frozen=True)
class Exemption:
    """An alert that is to be left alone until a day (豁免), or until its cause is gone (§10)."""

    kind: str
    subject: str
    from_on: date
    until_on: date


@dataclass
class World:
    first_on: date
    last_on: date
    lists: list[YearList] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    leaders: list[str] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    projects: dict[str, Project] = field(default_factory=dict)
    exemptions: list[Exemption] = field(default_factory=list)
