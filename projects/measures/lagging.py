"""Lagging projects with causes (滞后项目及原因): red then yellow by their gap to 序时, and what holds each up."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Case, F, FloatField, QuerySet, Value, When
from django.db.models.functions import Cast, NullIf

from ..models import Milestone, Problem, Project
from ..money import Ratio, gap_points
from ..queries.findings import milestones_driven
from ..rules import Light
from .baselines import baselines_of_year
from .lights import ProjectLight, lights_for
from .population import Scope

SHOWN = (Light.RED, Light.YELLOW)


@dataclass(frozen=True)
class Lag:
    """A project whose light is red or yellow, with its completion and its gap in 个百分点 (None once in production)."""

    project_id: int
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

    `colours` are the lights of the projects ever listed (measures.lights.colours_for). Three queries.
    """
    shares = {
        pk: baseline.share(scope.cut_off, scope.year)
        for pk, baseline in baselines_of_year(scope.year).items()
    }
    found: list[Lag] = []
    for light in SHOWN:
        ids = [pk for pk, colour in colours.items() if colour is light]
        if not ids or (most is not None and len(found) >= most):
            continue
        rows = _by_gap(scope, shares).filter(listing__project__in=ids)
        for pk, annual_list, planned, invested, produced_on in rows[
            : None if most is None else most - len(found)
        ]:
            done = Ratio(invested, planned)
            in_production = produced_on is not None and produced_on <= scope.cut_off
            gap = None if in_production else gap_points(done, shares[annual_list])
            found.append(Lag(pk, light, done, gap))
    return found


def _by_gap(scope: Scope, shares: dict) -> QuerySet:
    """(project, list, planned, invested, in production on) of the population, the furthest behind first."""
    expected = Case(
        *(When(listing__annual_list=pk, then=Value(float(share))) for pk, share in shares.items()),
        default=Value(0.0),
        output_field=FloatField(),
    )
    # floats for order alone; what is shown is money.gap_points
    done = Cast("invested", FloatField()) / NullIf(Cast("planned_investment", FloatField()), Value(0.0))
    behind = Case(
        When(listing__project__in_production_on__lte=scope.cut_off, then=None),
        default=done - expected,
        output_field=FloatField(),
    )
    return (
        scope.once()
        .annotate(behind=behind)
        .order_by(F("behind").asc(nulls_last=True), "listing__project__code")
        .values_list(
            "listing__project",
            "listing__annual_list",
            "planned_investment",
            "invested",
            "listing__project__in_production_on",
        )
    )


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
