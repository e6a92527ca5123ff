"""Backward scheduling (倒排工期): when each step of a plan must start, and what a slip pushes.

How days are counted, here and on every page:

- A step fills its days from start to finish, both included; a step of d days finishes on the d-th day of its
  kind. Working-day steps start and finish on working days.
- A step starts on the next day of its kind after the finish of its last predecessor. Without predecessors it
  starts on the project's start day, or on the first working day after it.
- An event (工期为0) takes no day: it falls on the day its last predecessor finishes, or on the start day when
  it has none; an event that counts working days is put off to the next working day (顺延). What follows it
  starts the day after, as after any step.

Forward, a step turns the day before it into its finish; backward, its finish into its latest start. The two
are exact opposites (a step begun after x finishes by y just when x is before its latest start for y), so
slack is never negative exactly when the earliest finish keeps the date.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from ..periods import EARLIEST, LATEST, ONE_DAY, WorkingCalendar
from .networks import DayKind, NetworkError, NetworkStep, check_network

NO_DATES: Mapping[str, date] = MappingProxyType({})
Span = tuple[date, date]  # first and last day


@dataclass(frozen=True, slots=True)
class Scheduled:
    """The dates of a step. Slack (时差) counts days of the step's own kind; it is negative when they are missing.

    `is_critical`: on a chain that decides the earliest finish of the whole, every link without room. While all
    steps count the same kind of days these are exactly the steps of least slack; mixed kinds do not compare
    (the slack of a working step may vanish in a weekend), and the chain still holds.
    """

    key: str
    earliest_start_on: date
    earliest_finish_on: date
    latest_start_on: date
    latest_finish_on: date
    slack_days: int
    is_critical: bool


@dataclass(frozen=True)
class Schedule:
    """A plan scheduled backward (倒排结果), its steps in working order.

    `latest_start_on` is the last start day that still keeps the finish. `days_in_hand` counts working days
    between the first start possible and the last one allowed: 0 or more exactly when feasible; a want that
    falls on days off alone counts as one working day.
    """

    start_on: date
    finish_on: date
    steps: dict[str, Scheduled]
    critical_path: tuple[str, ...]  # one chain, from a step without predecessors to the last finish
    latest_start_on: date
    earliest_finish_on: date
    days_in_hand: int
    estimated_years: tuple[int, ...]  # 该年度放假安排未公布

    @property
    def feasible(self) -> bool:
        return self.earliest_finish_on <= self.finish_on

    @property
    def verdict(self) -> str:
        start_by = f"{self.latest_start_on.year}年{self.latest_start_on.month}月{self.latest_start_on.day}日"
        if not self.feasible:
            return f"不可行，差{-self.days_in_hand}个工作日：最迟应于{start_by}启动。"
        if not self.days_in_hand:
            return f"可行，但没有余量：最迟于{start_by}启动。"
        return f"可行，尚有{self.days_in_hand}个工作日余量。"


def schedule_backward(
    steps: Iterable[NetworkStep], *, finish_on: date, start_on: date, calendar: WorkingCalendar
) -> Schedule:
    """Schedule back from the finish or production date (倒排工期): latest dates, slack, critical path, verdict.

    Earliest dates run forward from `start_on`. NetworkError when the network is none, is empty, or would
    leave the years this product handles.
    """
    ordered = check_network(steps)
    if not ordered:
        raise NetworkError("方案中没有节点，无法排期。")
    _check_dates((start_on, finish_on))
    earliest = _forward(ordered, start_on, calendar)
    latest = _backward(ordered, finish_on, calendar)
    critical = _critical(ordered, earliest, calendar)
    rows = {}
    for step in ordered:
        key = step.key
        first_on, last_on = earliest[key]
        late_first_on, late_last_on = latest[key]
        slack = _days_between(step, first_on, late_first_on, calendar)
        rows[key] = Scheduled(key, first_on, last_on, late_first_on, late_last_on, slack, key in critical)
    sources = [rows[step.key] for step in ordered if not step.predecessors]
    latest_start_on = min(row.latest_start_on for row in sources)
    earliest_finish_on = max(finish for _, finish in earliest.values())
    in_hand = min(calendar.count(row.earliest_start_on, row.latest_start_on) for row in sources)
    if earliest_finish_on > finish_on:
        in_hand = min(in_hand, -1)
    years = range(min(start_on, latest_start_on).year, max(finish_on, earliest_finish_on).year + 1)
    return Schedule(
        start_on=start_on,
        finish_on=finish_on,
        steps=rows,
        critical_path=_critical_path(ordered, earliest, critical),
        latest_start_on=latest_start_on,
        earliest_finish_on=earliest_finish_on,
        days_in_hand=in_hand,
        estimated_years=tuple(filter(calendar.is_estimated, years)),
    )


def schedule_forward(
    steps: Iterable[NetworkStep],
    *,
    start_on: date,
    calendar: WorkingCalendar,
    finished: Mapping[str, date] = NO_DATES,
    not_before: Mapping[str, date] = NO_DATES,
) -> dict[str, Span]:
    """Earliest first and last day of each step (正排工期), in working order.

    Steps in `finished` keep their actual day, whatever their predecessors did, and let their successors go;
    their first day is their duration before it. No other step starts before `start_on`, nor before its own
    day in `not_before`: with the latest starts of a backward schedule there, every step finishes exactly on
    its latest finish. From the latest start of the project alone it finishes by the finish date, exactly
    on it (on the last working day by then) while all steps count the same kind of days.
    """
    ordered = check_network(steps)
    _check_known(ordered, finished, not_before)
    _check_dates((start_on, *finished.values(), *not_before.values()))
    return _forward(ordered, start_on, calendar, finished, not_before)


def propagate_slip(
    planned: Mapping[str, date],
    steps: Iterable[NetworkStep],
    *,
    slipped: Mapping[str, date],
    calendar: WorkingCalendar,
    finished: Mapping[str, date] = NO_DATES,
) -> dict[str, Span]:
    """What a slip pushes (顺延影响): first and last day of each step, from planned and slipped finish dates.

    `planned` holds the finish dates of the plan (the due days of its milestones); first days follow from the
    durations. A step moves only when a predecessor that moved reaches into it, and only as far as it must;
    nothing comes before its planned date, so a slipped date before the planned one changes nothing. A plan
    that breaks its own order stays as written where nothing slipped. Steps in `finished` stay on their actual
    day; one that finished late pushes like a slip. A step without a planned date is not in the answer, but
    passes on what pushes it.
    """
    ordered = check_network(steps)
    _check_known(ordered, planned, slipped, finished)
    _check_dates((*planned.values(), *slipped.values(), *finished.values()))
    moved: dict[str, date] = {}  # finish dates later than planned
    spans: dict[str, Span] = {}
    for step in ordered:
        key = step.key
        plan = planned.get(key)
        if key in finished:
            finish = finished[key]
        else:
            reached = [moved[before] for before in step.predecessors if before in moved]
            pushed = _finish_after(step, max(reached), calendar) if reached else None
            days = [day for day in (plan, slipped.get(key), pushed) if day]
            if not days:
                continue
            finish = max(days)
        if plan is None or finish > plan:
            moved[key] = finish
            _check_reach(step, finish)
        if plan is not None or key in slipped or key in finished:
            spans[key] = _start_for(step, finish, calendar), finish
    return spans


# --- one step -------------------------------------------------------------------------------------------


def _finish_after(step: NetworkStep, day: date, calendar: WorkingCalendar) -> date:
    """The finish of a step that begins right after a day; an event falls on the day itself."""
    if step.kind is DayKind.CALENDAR:
        return day + timedelta(step.duration)
    return calendar.shift(day, step.duration) if step.duration else calendar.next_working(day)


def _start_for(step: NetworkStep, last_on: date, calendar: WorkingCalendar) -> date:
    """The latest first day of a step that finishes by a day; an event falls on the day itself."""
    if not step.duration:
        return last_on
    if step.kind is DayKind.CALENDAR:
        return last_on - timedelta(step.duration - 1)
    return calendar.shift(last_on + ONE_DAY, -step.duration)


def _days_between(step: NetworkStep, early_on: date, late_on: date, calendar: WorkingCalendar) -> int:
    """Days of the step's kind from one of its days to another; negative when they are reversed."""
    if step.kind is DayKind.CALENDAR:
        return (late_on - early_on).days
    return calendar.count(early_on, late_on)


# --- the whole network ----------------------------------------------------------------------------------


def _forward(
    ordered: tuple[NetworkStep, ...],
    start_on: date,
    calendar: WorkingCalendar,
    finished: Mapping[str, date] = NO_DATES,
    not_before: Mapping[str, date] = NO_DATES,
) -> dict[str, Span]:
    spans: dict[str, Span] = {}
    day_before_start = start_on - ONE_DAY
    for step in ordered:
        key, duration = step.key, step.duration
        if key in finished:
            finish = finished[key]
            spans[key] = _start_for(step, finish, calendar), finish
            continue
        after = day_before_start if duration else start_on
        if key in not_before:
            after = max(after, not_before[key] - ONE_DAY if duration else not_before[key])
        for before in step.predecessors:
            done_on = spans[before][1]
            if done_on > after:
                after = done_on
        finish = _finish_after(step, after, calendar)
        if finish > LATEST:
            _check_reach(step, finish)
        if not duration:
            start = finish
        elif step.kind is DayKind.WORKING:
            start = calendar.shift(after, 1)
        else:
            start = after + ONE_DAY
        spans[key] = start, finish
    return spans


def _backward(
    ordered: tuple[NetworkStep, ...], finish_on: date, calendar: WorkingCalendar
) -> dict[str, Span]:
    """Latest first and last days: each step hands its predecessors the day by which they must be done."""
    spans: dict[str, Span] = {}
    due_on: dict[str, date] = {}
    for step in reversed(ordered):
        last_on = due_on.get(step.key, finish_on)
        if step.kind is DayKind.WORKING and not calendar.is_working(last_on):
            last_on = calendar.shift(last_on, -1)
        start = _start_for(step, last_on, calendar)
        if start < EARLIEST:
            _check_reach(step, start)
        spans[step.key] = start, last_on
        done_by = start - ONE_DAY if step.duration else start
        for before in step.predecessors:
            if before not in due_on or done_by < due_on[before]:
                due_on[before] = done_by
    return spans


def _critical(
    ordered: tuple[NetworkStep, ...], earliest: Mapping[str, Span], calendar: WorkingCalendar
) -> set[str]:
    """The steps that decide the earliest finish: the last to finish, and back from each those that drive it.

    A predecessor drives a step that could not start earlier for this predecessor alone.
    """
    end_on = max(finish for _, finish in earliest.values())
    critical = {key for key, (_, finish) in earliest.items() if finish == end_on}
    for step in reversed(ordered):
        if step.key in critical:
            finish = earliest[step.key][1]
            for before in step.predecessors:
                if before not in critical and _finish_after(step, earliest[before][1], calendar) == finish:
                    critical.add(before)
    return critical


def _critical_path(
    ordered: tuple[NetworkStep, ...], earliest: Mapping[str, Span], critical: set[str]
) -> tuple[str, ...]:
    """One critical chain, traced from the last step to finish back by the last predecessor to finish."""
    by_key = {step.key: step for step in ordered}
    end_on = max(finish for _, finish in earliest.values())
    step = next(step for step in reversed(ordered) if earliest[step.key][1] == end_on)
    path = [step.key]
    while step.predecessors:
        step = by_key[max(step.predecessors, key=lambda key: earliest[key][1])]
        path.append(step.key)
    return tuple(reversed(path))


# --- what is refused ------------------------------------------------------------------------------------


def _check_known(ordered: tuple[NetworkStep, ...], *dates: Mapping[str, date]) -> None:
    keys = {step.key for step in ordered}
    for unknown in (key for given in dates for key in given if key not in keys):
        raise NetworkError(f"方案中没有编号为“{unknown}”的节点，请核对。")


def _check_dates(days: Iterable[date]) -> None:
    for day in days:
        if not EARLIEST <= day <= LATEST:
            raise NetworkError(f"日期{day.isoformat()}不在{EARLIEST.year}年至{LATEST.year}年之间，请核对。")


def _check_reach(step: NetworkStep, day: date) -> None:
    """A chain of long durations must not run out of the calendar."""
    if not EARLIEST <= day <= LATEST:
        raise NetworkError(
            f"节点“{step.name}”将排到{day.year}年，超出{EARLIEST.year}年至{LATEST.year}年，请核对各节点工期。"
        )
