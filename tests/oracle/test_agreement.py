"""The product says what the rules say (独立复算一致): random worlds, each day as it comes and again at the end.

What the product does not do yet stands in OPEN, by finding: the comparison is then expected to fail.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
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
OPEN: dict[str, str] = {}
PACKAGED = [f"figures at the end: {key}" for key in ("projects", "total_investment", "planned_investment")]


@pytest.mark.database
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
    assert autumn.unexpected(OPEN) == {}


@pytest.mark.crawl
@pytest.mark.parametrize("seed", range(1, 6))
def test_stories_over_the_turn_of_a_year_agree(db, settings, seed):
    winter = run(Story(seed, NEW_YEAR), every=7, settings=settings)
    assert winter.unexpected(OPEN) == {}


@pytest.mark.crawl
def test_a_package_built_later_changes_no_day_before(db, settings):
    compared = run(Story(1, AUTUMN, joins_after=45), every=14, settings=settings)
    assert [compared.wrong[topic][:3] for topic in PACKAGED] == [[], [], []]


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
        if day.weekday() == 0 and number > 20:  # the first two weeks stay unsigned
            sunday = day - timedelta(days=1)
            play.sign(sunday)
            issue = weekly.issue(world, memory, sunday, sunday, issue)
            compare_issue("weekly", sunday, play.issue(sunday), issue, compared)
        for event in story.events:
            if event.day == day:
                play.play(event)
        if is_working(day):
            compared.sets("messages", day, play.scan(day), memory.scan(world, day))
        if number % every == 0:
            compare_day(play, day, day, compared)
    first = world.first_on + timedelta(days=6)
    late = weekly.issue(world, memory, first, world.last_on)
    compare_issue("weekly at the end", first, play.issue(first), late, compared)
    for day in days[::every]:
        compare_day(play, day, world.last_on, compared)
    return compared


def compare_issue(
    topic: str, sunday: date, product: weekly.Issue, oracle: weekly.Issue, compared: Compared
) -> None:
    """Each matter: new, still open or cleared, and what its line prints; who holds its project by itself."""
    compared.sets(topic, sunday, _movement(product), _movement(oracle))
    for key, line in (oracle.open | oracle.cleared).items():
        shown = (product.open | product.cleared).get(key)
        if shown is not None:
            compared(f"{topic}: holders", f"{sunday} {key}", shown.holders, line.holders)


def _movement(issue: weekly.Issue) -> set[tuple]:
    return {
        (*key, part, line.due_on, line.days_late, line.weeks)
        for part in ("new", "still", "cleared")
        for key, line in getattr(issue, part).items()
    }
