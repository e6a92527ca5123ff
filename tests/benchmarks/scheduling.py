"""Backward scheduling (倒排工期) over many plans, beside a bare topological sort of the same networks (排期)."""

import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from graphlib import TopologicalSorter

import chinese_calendar

from projects.periods import WorkingCalendar
from projects.rules import DayKind, NetworkStep, schedule_backward, schedule_forward

SCHEDULING = "倒排工期"  # what --only looks for
PLANS, MILESTONES = 10_000, 20
FIRST_YEAR, LAST_YEAR = 2022, 2026


def measure_scheduling() -> None:
    """Print plans a second and the ratio to graphlib's sort of the same networks, drawing them not counted.

    Plans are drawn one at a time and dropped again; their steps come in order, as templates give them.
    """
    calendar = _calendar()
    backward = forward = bare = 0.0
    feasible = 0
    for steps, finish_on in _plans():
        links = {step.key: step.predecessors for step in steps}
        began = time.perf_counter()
        schedule = schedule_backward(steps, finish_on=finish_on, start_on=date(2023, 1, 3), calendar=calendar)
        went_back = time.perf_counter()
        schedule_forward(steps, start_on=schedule.latest_start_on, calendar=calendar)
        went_forward = time.perf_counter()
        tuple(TopologicalSorter(links).static_order())
        sorted_at = time.perf_counter()
        backward += went_back - began
        forward += went_forward - went_back
        bare += sorted_at - went_forward
        feasible += schedule.feasible
    print(f"\n{SCHEDULING}，{PLANS:,} 个方案，每个 {MILESTONES} 个节点，其中 {feasible:,} 个可行")
    print(f"{'':<28}{'合计秒':>10}{'方案/秒':>10}{'倍数':>8}")
    for name, seconds in (
        ("拓扑排序（尺子）", bare),
        ("倒排", backward),
        ("正排", forward),
        ("倒排加正排", backward + forward),
    ):
        padding = " " * (28 - 2 * len(name))
        print(f"{name}{padding}{seconds:>13.2f}{PLANS / seconds:>13,.0f}{seconds / bare:>10.1f}", flush=True)


def _plans() -> Iterator[tuple[tuple[NetworkStep, ...], date]]:
    """Networks with one to three predecessors a step among the five before it; a third counts calendar days."""
    draw = random.Random(2023)
    keys = [str(n) for n in range(MILESTONES)]
    for _plan in range(PLANS):
        steps = tuple(
            NetworkStep(
                key=key,
                name=f"节点{key}",
                duration=draw.choice((0, 1, 3, 5, 7, 10, 30)),
                kind=draw.choice((DayKind.WORKING, DayKind.WORKING, DayKind.CALENDAR)),
                predecessors=tuple(draw.sample(keys[max(n - 5, 0) : n], min(n, draw.randint(1, 3)))),
            )
            for n, key in enumerate(keys)
        )
        yield steps, date(2023, 4, 1) + timedelta(draw.randrange(400))


def _calendar() -> WorkingCalendar:
    """The published days that differ from the plain week, as the table of the office holds them."""
    first_on, last_on = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    days = (first_on + timedelta(n) for n in range((last_on - first_on).days + 1))
    differing = {
        day: working for day in days if (working := chinese_calendar.is_workday(day)) != (day.weekday() < 5)
    }
    return WorkingCalendar(differing, frozenset(range(FIRST_YEAR, LAST_YEAR + 1)))
