"""Steps, calendars and whole networks for the tests of scheduling."""

from datetime import date, timedelta

import chinese_calendar
from hypothesis import strategies as st

from projects.periods import WorkingCalendar
from projects.rules import DayKind, NetworkStep

WORKING, CALENDAR = DayKind.WORKING, DayKind.CALENDAR
YEAR = [date(2023, 1, 1) + timedelta(n) for n in range(365)]
CALENDAR_2023 = WorkingCalendar({day: chinese_calendar.is_workday(day) for day in YEAR}, frozenset({2023}))


def day(text):
    return date.fromisoformat(f"2023-{text}" if len(text) == 5 else text)


def working(key, duration, *predecessors):
    return NetworkStep(key, key, duration, WORKING, predecessors)


def calendar_days(key, duration, *predecessors):
    return NetworkStep(key, key, duration, CALENDAR, predecessors)


# --- any network and any calendar ------------------------------------------------------------------------

SOME_DAYS = st.dates(date(2023, 8, 1), date(2023, 12, 31))
CALENDARS = st.dictionaries(SOME_DAYS, st.booleans(), max_size=40).map(
    lambda days: WorkingCalendar(days, frozenset({2023}))
)


@st.composite
def networks(draw, *, kinds=tuple(DayKind), shortest=0):
    """Up to nine steps given in any order, each after up to three others."""
    keys = [f"s{n}" for n in range(draw(st.integers(1, 9)))]
    steps = [
        NetworkStep(
            key,
            key,
            draw(st.integers(shortest, 12)),
            draw(st.sampled_from(kinds)),
            tuple(draw(st.lists(st.sampled_from(keys[:n]), max_size=3)) if n else ()),
        )
        for n, key in enumerate(keys)
    ]
    return draw(st.permutations(steps))


def one_kind(**more):
    return st.sampled_from(DayKind).flatmap(lambda kind: networks(kinds=(kind,), **more))


def assert_in_order(steps, spans):
    """A step starts after each predecessor; an event may share the day."""
    for step in steps:
        for before in step.predecessors:
            if step.duration:
                assert spans[step.key][0] > spans[before][1]
            else:
                assert spans[step.key][0] >= spans[before][1]


def assert_lasts(step, span, calendar):
    """The days a span holds, counted one by one, and none of its ends on a day off."""
    first_on, last_on = span
    days = [first_on + timedelta(n) for n in range((last_on - first_on).days + 1)]
    if step.kind is WORKING:
        assert calendar.is_working(first_on)
        assert calendar.is_working(last_on)
        days = [each for each in days if calendar.is_working(each)]
    assert len(days) == max(step.duration, 1)
