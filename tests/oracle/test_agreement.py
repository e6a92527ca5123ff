"""The product says what the rules say (独立复算一致): random worlds, each day as it comes and again at the end.

What the product does not do yet stands in OPEN, by finding: the comparison is then expected to fail.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import astuple
from datetime import date, timedelta
from typing import Any

import pytest

from . import figures, findings, ladder, lights, weekly
from .days import is_working, span
from .playing import Play
from .worlds import Story

AUTUMN = date(2023, 8, 7)  # seventy days over the National Day with its 调休
NEW_YEAR = date(2023, 11, 20)  # seventy days over the turn of a year
SEPTEMBER = date(2023, 9, 4)  # the gate's six weeks, over the National Day too

# Where the product does not do yet what docs/rules.md says (finding): the topics in which it is expected to disagree.
F2 = "truth F2: what last year's list asked for stays owed"
F5 = "truth F5: packaging is dated"
F12 = "truth F12: seven working days before a day off"
CONFIRMED = "§5: facts of a report count once confirmed"
OPEN = {
    **{f"figures on the day: {key}": CONFIRMED for key in "started new_starts_started missed_starts".split()},
    **{f"figures on the day: {key}": CONFIRMED for key in "completed lights start_rate_of_year".split()},
    "figures on the day: start_rate_including_continuing": CONFIRMED,
    "figures on the day: start_rate_to_date": CONFIRMED,
    "findings on the day: start_overdue": CONFIRMED,
    "lights on the day: start": CONFIRMED,
    "lights on the day: worst": CONFIRMED,
    "messages: due_soon": F12,
    "messages: start_overdue": CONFIRMED,
    "weekly: start_overdue": CONFIRMED,
}
ASKED = ("on the day", "at the end")
STARTED = (
    "started new_starts_started missed_starts early_starts completed in_production statistics_rate".split()
)
START_RATES = "including_continuing of_year to_date".split()
OPEN_IN_OTHERS = {
    f"{topic}": CONFIRMED
    for when in ASKED
    for topic in (
        *(f"figures {when}: {key}" for key in STARTED),
        *(f"figures {when}: start_rate_{key}" for key in START_RATES),
        *(f"lights {when}: {dimension}" for dimension in ("start", "statistics", "progress")),
        *(f"findings {when}: {kind}" for kind in ("start_overdue", "completion_overdue", "permit_lapsed")),
        *(f"lights {when}: worst", f"figures {when}: lights"),
        *("messages: completion_overdue", "messages: permit_due_soon", "messages: permit_lapsed"),
        *(f"weekly: {kind}" for kind in ("start_overdue", "completion_overdue", "permit_lapsed")),
    )
}
OPEN_AT_NEW_YEAR = {
    "findings at the end: completion_overdue": F2,
    "findings at the end: start_overdue": F2,
    "findings on the day: completion_overdue": F2,
    "findings on the day: start_overdue": F2,
    "lights at the end: start": F2,
    "lights on the day: start": F2,
    "messages: completion_overdue": F2,
    "weekly: completion_overdue": F2,
    "weekly: start_overdue": F2,
}
OPEN_WITH_A_PACKAGE = {
    f"figures at the end: {key}": F5 for key in ("projects", "total_investment", "started")
}


def test_the_product_agrees_with_the_rules(db, settings):
    """One small story in the gate."""
    compared = run(Story(3, SEPTEMBER, days=42), every=14, settings=settings)
    assert compared.unexpected(OPEN) == {}
    agreed = [topic for topic in OPEN if not compared.wrong[topic]]
    assert agreed == [], "these agree now: take them out of OPEN"


@pytest.mark.crawl
@pytest.mark.parametrize("seed", range(1, 6))
def test_more_stories_agree(db, settings, seed):
    autumn = run(Story(seed, AUTUMN), every=7, settings=settings)
    assert autumn.unexpected(OPEN | OPEN_IN_OTHERS) == {}


@pytest.mark.crawl
@pytest.mark.parametrize("seed", range(1, 6))
def test_stories_over_the_turn_of_a_year_agree(db, settings, seed):
    winter = run(Story(seed, NEW_YEAR), every=7, settings=settings)
    assert winter.unexpected(OPEN | OPEN_IN_OTHERS | OPEN_AT_NEW_YEAR) == {}


@pytest.mark.crawl
def test_a_package_built_later_changes_no_day_before(db, settings):
    compared = run(Story(1, AUTUMN, joins_after=45), every=14, settings=settings)
    wrong = compared.unexpected({})
    assert [topic for topic in OPEN_WITH_A_PACKAGE if topic not in wrong] == [], "this agrees now"


class Compared:
    """How often each topic was compared, and where the product and the rules disagreed."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.wrong: dict[str, list[str]] = defaultdict(list)

    def __call__(self, topic: str, where: object, product: object, oracle: object) -> None:
        self.asked[topic] += 1
        if product != oracle:
            self.wrong[topic].append(f"{where}: product {product}, rules {oracle}")

    def unexpected(self, expected: Collection[str]) -> dict[str, list[str]]:
        """The first disagreements of each topic that is not expected to have any."""
        return {topic: rows[:3] for topic, rows in self.wrong.items() if rows and topic not in expected}

    def sets(self, topic: str, where: object, product: set[tuple], oracle: set[tuple]) -> None:
        """Sets of tuples that begin with a kind: a topic for each kind."""
        for kind in sorted({row[0] for row in product | oracle}):
            mine, theirs = ({row for row in rows if row[0] == kind} for rows in (product, oracle))
            self(f"{topic}: {kind}", where, _told(mine - theirs), _told(theirs - mine))


def _told(rows: set[tuple]) -> list[str]:
    return sorted(" ".join(map(str, row)) for row in rows)


def compare_day(play: Play, day: date, asked: date, compared: Compared) -> None:
    """Figures, findings and lights of a day, as known on the asking day."""
    world, when = play.story.world, "on the day" if asked == day else "at the end"
    told = play.figures(day.year, day)
    for name, row in figures.figures(world, day.year, day, asked).items():
        for key, value in row.items():
            compared(f"figures {when}: {key}", f"{day} {name}", told[name][key], value)
    late = {
        (one.kind, one.subject, one.unit, one.due_on, one.days_late, one.count)
        for one in findings.findings(world, day, asked)
    }
    compared.sets(f"findings {when}", day, play.findings(day), late)
    shown = play.lights(day)
    for name, project in world.projects.items():
        for dimension, light in lights.dimensions(project, day, asked).items():
            product = shown[name].get(dimension, "green")
            compared(f"lights {when}: {dimension}", f"{day} {name}", product, light)


def run(story: Story, *, every: int, settings: Any) -> Compared:
    """Play a story: scan each working day, sign each Monday, ask every few days and once more at the end."""
    compared, world, play = Compared(), story.world, Play(story)
    memory, issue = ladder.Ladder(), None
    days = list(span(world.first_on, world.last_on))
    for number, day in enumerate(days):
        settings.TODAY = day
        if day.weekday() == 0 and number > 6:
            sunday = day - timedelta(days=1)
            signed, issue = play.issue(sunday), weekly.issue(world, sunday, sunday, issue)
            compared.sets("weekly", sunday, _movement(signed), _movement(issue))
        for event in story.events:
            if event.day == day:
                play.play(event)
        if is_working(day):
            compared.sets("messages", day, play.scan(day), memory.scan(world, day))
        if number % every == 0:
            compare_day(play, day, day, compared)
    for day in days[::every]:
        compare_day(play, day, world.last_on, compared)
    return compared


def _movement(issue: weekly.Issue) -> set[tuple]:
    """(kind, subject, new, still or cleared, what the line prints) of each matter."""
    return {
        (*key, part, *astuple(line))
        for part in ("new", "still", "cleared")
        for key, line in getattr(issue, part).items()
    }
