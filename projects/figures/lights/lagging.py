"""Lagging projects with causes (滞后项目及原因): red then yellow by their gap to 序时, and what holds each up."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from heapq import nsmallest

from ...models import Milestone, Problem, Project
from ...money import Ratio, gap_points
from ...queries.alerts.findings import milestones_driven
from ...rules import Light
from ..baselines import baselines_of_year, own_plan_shares
from ..definitions import RATES
from ..population import Scope
from .judging import ProjectLight, lights_for

SHOWN = (Light.RED, Light.YELLOW)
COLUMNS = (
    "listing__project",
    "listing__annual_list",
    "planned_investment",
    "invested",
    "listing__project__in_production_on",
    "listing__project__code",
)


@dataclass(frozen=True)
class Lag:
    """A project whose light is red or yellow, with its completion and its gap in 个百分点 (None once in production)."""

    project_id: int
    code: str
    light: Light
    completion: Ratio
    gap: Decimal | None


@dataclass(frozen=True)
class Causes:
    """Why it lags and who answers (原因与责任): its light's sentence, open problems, overdue milestones."""

    project: Project
    light: ProjectLight
    problems: list[Problem] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)


def lagging(scope: Scope, colours: dict[int, Light], *, most: int | None = None) -> list[Lag]:
    """The population's red, then yellow projects, the furthest behind 序时 first; those without a gap last.

    `colours` are the lights of the projects ever listed (lights.judging.colours_for). Three queries at most; the rows
    are streamed, and of them only `most` are kept.
    """
    day, baselines = scope.cut_off, baselines_of_year(scope.year)
    shares = {pk: baseline.share(day, scope.year) for pk, baseline in baselines.items()}
    own = own_plan_shares(scope.listed(), day, baselines)
    rows = scope.once().order_by().values_list(*COLUMNS).iterator(chunk_size=2000)
    lags = (
        _lag(colours[row[0]], row, own.get(row[:2], shares[row[1]]), day)
        for row in rows
        if colours.get(row[0]) in SHOWN
    )
    return sorted(lags, key=_order) if most is None else nsmallest(most, lags, key=_order)


def _lag(light: Light, row: tuple, share: Fraction, day: date) -> Lag:
    pk, _annual_list, planned, invested, produced_on, code = row
    done = RATES["investment_completion"].over(invested, planned)
    in_production = produced_on is not None and produced_on <= day
    return Lag(pk, code, light, done, None if in_production else gap_points(done, share))


def _order(lag: Lag) -> tuple:
    return SHOWN.index(lag.light), lag.gap is None, lag.gap or 0, lag.code


def causes_of(lags: Iterable[Lag], day: date) -> dict[int, Causes]:
    """{project id: causes} of some lagging projects on the day; eleven queries, however many."""
    projects = Project.objects.filter(pk__in=[lag.project_id for lag in lags])
    lights = lights_for(projects, day)
    problems: dict[int, list[Problem]] = defaultdict(list)
    for problem in (
        Problem.objects.open(day)
        .filter(project__in=projects)
        .select_related("lead_unit")
        .order_by("due_on", "pk")
    ):
        problems[problem.project_id].append(problem)
    milestones: dict[int, list[Milestone]] = defaultdict(list)
    late = milestones_driven(day, projects).overdue(day).select_related("plan").order_by("due_on", "pk")
    for milestone in late:
        milestones[milestone.plan.project_id].append(milestone)
    people = projects.select_related("sponsor", "lead_department", "host_district")
    return {
        project.pk: Causes(project, lights[project.pk], problems[project.pk], milestones[project.pk])
        for project in people
    }
