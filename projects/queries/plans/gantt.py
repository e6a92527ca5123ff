"""A project's plan as a Gantt chart shows it (横道图): planned, baseline, done, late, forecast, critical path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from projects.figures.slips import Slip, project_slip, slip
from projects.models import DeliveryPlan, Milestone, Project
from projects.periods import WorkingCalendar
from projects.rules import DayKind, NetworkError, NetworkStep, overdue_days, propagate_slip, schedule_backward

from ..base.calendar import working_calendar
from .schedule import forecast, network, plan_milestones


@dataclass(frozen=True)
class GanttRow:
    """A milestone as it is drawn; `start_on` is None for what takes no time (事件) or tells no duration (◆)."""

    milestone: Milestone
    start_on: date | None
    due_on: date | None
    baseline_start_on: date | None
    baseline_on: date | None
    achieved_on: date | None  # by the day; what was done later is open then
    late_days: int  # open and past its day
    expected_on: date | None  # where the overdue push it (预计), if later than planned
    slip: Slip | None
    is_critical: bool

    @property
    def stage(self) -> str:
        return self.milestone.get_stage_display()

    @property
    def is_pushed(self) -> bool:
        """What is overdue before it will hold it up past its own day."""
        return bool(
            self.expected_on and self.due_on and not self.late_days and self.expected_on > self.due_on
        )

    @property
    def late_done_days(self) -> int:
        """Days it was done after its day (逾期办结)."""
        return overdue_days(self.due_on, self.achieved_on) if self.due_on and self.achieved_on else 0


@dataclass(frozen=True)
class Gantt:
    """The chart of a plan on a day; `no_path` says kindly why there is no critical path."""

    plan: DeliveryPlan
    rows: tuple[GanttRow, ...]
    as_of: date
    no_path: str
    slip: Slip | None

    @property
    def planned_finish_on(self) -> date | None:
        return max((row.due_on for row in self.rows if row.due_on), default=None)

    @property
    def expected_finish_on(self) -> date | None:
        """When the last milestone is done, were the overdue done on the day itself (按今日推算)."""
        return max(
            (day for row in self.rows if (day := row.achieved_on or row.expected_on or row.due_on)),
            default=None,
        )

    @property
    def expected_late_days(self) -> int:
        planned, expected = self.planned_finish_on, self.expected_finish_on
        return overdue_days(planned, expected) if planned and expected else 0

    def days(self) -> list[date]:
        """Every day that is drawn, and the day itself."""
        found = [self.as_of]
        for row in self.rows:
            drawn = (
                row.start_on, row.due_on, row.baseline_start_on, row.baseline_on, row.achieved_on, row.expected_on
            )  # fmt: skip
            found += [day for day in drawn if day is not None]
        return found


def plan_on(project: Project, day: date) -> DeliveryPlan | None:
    """The plan in force on the day (当日有效方案); the first one also before its approval."""
    return project.plans.in_force(day).first()


def gantt_of(project: Project, *, as_of: date) -> Gantt | None:
    """The chart of the plan in force on the day; None without a plan or milestones. Four queries."""
    plan = plan_on(project, as_of)
    if plan is None:
        return None
    milestones = _as_on(as_of, plan_milestones(plan))
    if not milestones:
        return None
    calendar = working_calendar()
    planned = _first_days({one.pk: one for one in milestones}, calendar)
    baselines = {one.pk: one.baseline for one in milestones if one.baseline}
    baseline_starts = _first_days(baselines, calendar)
    expected = _expected(milestones, as_of, calendar)
    critical, no_path = _critical(plan, milestones, planned, as_of, calendar)
    rows = []
    for one in milestones:
        done = one.achieved_on is not None
        base = baselines.get(one.pk)
        rows.append(
            GanttRow(
                milestone=one,
                start_on=planned.get(one.pk),
                due_on=one.due_on,
                baseline_start_on=baseline_starts.get(one.pk),
                baseline_on=base.due_on if base else None,
                achieved_on=one.achieved_on,
                late_days=0 if done or not one.due_on else overdue_days(one.due_on, as_of),
                expected_on=expected.get(one.pk),
                slip=slip(one, as_of=as_of, calendar=calendar),
                is_critical=one.pk in critical,
            )
        )
    total = project_slip(milestones, as_of=as_of, calendar=calendar)
    return Gantt(plan, tuple(rows), as_of, no_path, total)


def _as_on(as_of: date, milestones: list[Milestone]) -> list[Milestone]:
    """The milestones as they stood on the day: what was done later is open."""
    for one in milestones:
        if one.achieved_on and one.achieved_on > as_of:
            one.achieved_on = None
    return milestones


def _first_days(milestones: Mapping[int, Milestone], calendar: WorkingCalendar) -> dict[int, date]:
    """First days of those that take time, counted back from their due days in their own kind of days."""
    steps, due = [], {}
    for pk, one in milestones.items():
        if one.duration and one.due_on:
            steps.append(NetworkStep(str(pk), one.name, one.duration, DayKind(one.day_kind)))
            due[str(pk)] = one.due_on
    try:
        spans = propagate_slip(due, steps, slipped={}, calendar=calendar)
    except NetworkError:
        return {}  # a duration that leaves the calendar: the due days are drawn alone
    return {int(key): first_on for key, (first_on, _last_on) in spans.items()}


def _expected(milestones: Sequence[Milestone], as_of: date, calendar: WorkingCalendar) -> dict[int, date]:
    """What the overdue push, were they done on the day itself (按今日推算)."""
    late = {
        one.pk: as_of for one in milestones if one.achieved_on is None and one.due_on and one.due_on < as_of
    }
    try:
        return {row.milestone.pk: row.moved_on for row in forecast(milestones, late, calendar)}
    except NetworkError:
        return {}


def _critical(
    plan: DeliveryPlan,
    milestones: Sequence[Milestone],
    starts: Mapping[int, date],
    as_of: date,
    calendar: WorkingCalendar,
) -> tuple[set[int], str]:
    """The open milestones that decide the finish (关键线路); else none, and the words why.

    What is done takes no more time and holds nothing up, so it leaves the network. What runs already counts from
    its planned start, the rest from the day.
    """
    left = [one for one in milestones if one.achieved_on is None]
    if not left:
        return set(), "全部节点已办结，不再标示关键线路。"
    if all(one.duration is None for one in milestones):
        return set(), "方案节点未填写工期，只标示计划完成日（◇），不推算关键线路。"
    steps = network(left)
    if len(left) > 1 and not any(step.predecessors for step in steps):
        return set(), "未办节点之间未填写紧前关系，不推算关键线路。"
    finish_on = plan.finish_on or max((one.due_on for one in left if one.due_on), default=None)
    if finish_on is None:
        return set(), "方案未填写目标完成日期，不推算关键线路。"
    running = [starts[int(step.key)] for step in steps if not step.predecessors and int(step.key) in starts]
    start_on = min([max(as_of, plan.starts_on or as_of), *running])
    try:
        schedule = schedule_backward(steps, finish_on=finish_on, start_on=start_on, calendar=calendar)
    except NetworkError as error:
        return set(), f"{error}暂不推算关键线路。"
    return {int(key) for key, step in schedule.steps.items() if step.is_critical}, ""
