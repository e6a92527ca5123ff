"""The wall chart (挂图作战): the key nodes of many projects on one year, with light, slip and what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from projects.figures.lights.judging import ProjectLight, lights_for
from projects.figures.slips import Slip, project_slip
from projects.models import DeliveryPlan, Milestone, Project
from projects.rules import overdue_days

from ..alerts.findings import driven_forward
from ..base.calendar import working_calendar


@dataclass(frozen=True)
class WallMark:
    """A node on the wall (图上节点): where it is planned, where it was planned first, whether it is done or late."""

    name: str
    due_on: date
    baseline_on: date | None
    achieved_on: date | None
    late_days: int


@dataclass(frozen=True)
class WallRow:
    """One project of the wall chart."""

    project: Project
    light: ProjectLight
    marks: tuple[WallMark, ...]
    next: Milestone | None
    slip: Slip | None
    has_plan: bool


def on_the_wall(projects: QuerySet[Project], *, as_of: date) -> QuerySet[Project]:
    """The projects that hang on the wall: those driven forward on the day (停工、暂缓、退库、办结者不上墙)."""
    return driven_forward(as_of, projects)


def wall_rows(projects: QuerySet[Project], *, as_of: date) -> list[WallRow]:
    """Rows in the order of the projects, with the plans in force on the day. Ten queries, however many projects."""
    milestones = Milestone.objects.select_related("baseline").order_by("due_on", "position")
    plans = DeliveryPlan.objects.in_force(as_of).prefetch_related(Prefetch("milestones", milestones))
    shown = list(
        projects.select_related("sponsor").prefetch_related(Prefetch("plans", plans, to_attr="plans_then"))
    )
    lights = lights_for(Project.objects.filter(pk__in=[project.pk for project in shown]), as_of)
    calendar = working_calendar()
    rows = []
    for project in shown:
        steps = [one for plan in project.plans_then for one in plan.milestones.all()]
        rows.append(
            WallRow(
                project=project,
                light=lights[project.pk],
                marks=tuple(_marks(steps, as_of)),
                next=_next(steps, as_of),
                slip=project_slip(steps, as_of=as_of, calendar=calendar),
                has_plan=bool(steps),
            )
        )
    return rows


def _marks(milestones: list[Milestone], as_of: date) -> Iterable[WallMark]:
    """Its key nodes, or all of a plan that marks none."""
    key = [one for one in milestones if one.is_key] or milestones
    for one in key:
        if one.due_on is None:
            continue
        done = one.achieved_on if one.achieved_on and one.achieved_on <= as_of else None
        base = one.baseline.due_on if one.baseline else None
        late = 0 if done else overdue_days(one.due_on, as_of)
        yield WallMark(one.name, one.due_on, base, done, late)


def _next(milestones: list[Milestone], as_of: date) -> Milestone | None:
    """The earliest open milestone (下一节点), late or not: the same as in every list."""
    still_open = (
        one for one in milestones if one.due_on and not (one.achieved_on and one.achieved_on <= as_of)
    )
    return next(still_open, None)
