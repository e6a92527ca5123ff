"""Lights (亮灯): the facts of each project on a day, judged by rules.py, with the sentence that says why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from typing import NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, Min, OuterRef, QuerySet, Subquery

from ..models import HANDED_IN_STATES, ListingVersion, Problem, ProgressReport, Project
from ..models.lists import counts_at_level
from ..money import Ratio, gap_points
from ..queries.findings import milestones_driven
from ..queries.reporting import ReportingClock
from ..rules import DEFAULT_THRESHOLDS, Light, LightReason, overdue_days, project_light, worst
from .baselines import baselines_of_year, own_plan_shares


@dataclass(frozen=True)
class ProjectLight:
    """A project's light with its reasons, worst first (亮灯及原因)."""

    light: Light
    reasons: tuple[LightReason, ...]

    @property
    def sentence(self) -> str:
        """Why, in one line; what is in order says so."""
        return "；".join(reason.sentence for reason in self.reasons) or "各项工作正常推进"


class LightFacts(NamedTuple):
    """What the rules judge of one project on a day; None where there is nothing to judge."""

    planned: Decimal
    invested: Decimal
    pro_rata: Fraction
    is_new_start: bool
    planned_start_on: date | None
    started_on: date | None
    entered_statistics_on: date | None
    in_production_on: date | None
    milestone_due_on: date | None
    problem_due_on: date | None
    missing_reports: int

    @property
    def gap_points(self) -> Decimal | None:
        """与序时差距; a project in production has nothing left to invest against 序时."""
        if self.in_production_on is not None:
            return None
        return gap_points(Ratio(self.invested, self.planned), self.pro_rata)


def lights_for(projects: QuerySet[Project], as_of: date) -> dict[int, ProjectLight]:
    """{project id: light with its reasons} on the day; eight queries, however many projects."""
    return {pk: judge(facts, as_of) for pk, facts in light_facts(projects, as_of).items()}


def colours_for(projects: QuerySet[Project], as_of: date) -> dict[int, Light]:
    """{project id: light} alone, for counting and picking: no sentence is written."""
    return {pk: colour(facts, as_of) for pk, facts in light_facts(projects, as_of).items()}


def judge(facts: LightFacts, as_of: date) -> ProjectLight:
    """The light of one project from its facts; the worst dimension rules."""
    rules = DEFAULT_THRESHOLDS
    reasons = (
        rules.start_light(facts.planned_start_on, facts.started_on, as_of) if facts.is_new_start else None,
        rules.progress_light(facts.gap_points),
        rules.statistics_light(facts.started_on, facts.entered_statistics_on, as_of),
        rules.milestone_light(_days_over(facts.milestone_due_on, as_of)),
        rules.problem_light(_days_over(facts.problem_due_on, as_of)),
        rules.report_light(facts.missing_reports),
    )
    light, shown = project_light(reasons)
    return ProjectLight(light, shown)


def colour(facts: LightFacts, as_of: date) -> Light:
    """The light of judge() without its reasons; nothing more is asked once a dimension is red."""
    found = set()
    for light in _decisions(facts, as_of):
        if light is Light.RED:
            return light
        found.add(light)
    return worst(found - {None})


def _decisions(facts: LightFacts, as_of: date) -> Iterator[Light | None]:
    """The dimensions' lights, the cheapest first."""
    rules = DEFAULT_THRESHOLDS
    yield rules.report(facts.missing_reports)
    yield rules.milestone(_days_over(facts.milestone_due_on, as_of))
    yield rules.problem(_days_over(facts.problem_due_on, as_of))
    if facts.is_new_start:
        yield rules.start(facts.planned_start_on, facts.started_on, as_of)
    yield rules.statistics(facts.started_on, facts.entered_statistics_on, as_of)
    yield rules.progress(facts.gap_points)


def _days_over(due_on: date | None, as_of: date) -> int | None:
    return None if due_on is None else overdue_days(due_on, as_of)


class Plan(NamedTuple):
    """What the highest list of the year says of a project."""

    annual_list: int
    planned: Decimal
    category: str
    planned_start_on: date | None


NO_PLAN = Plan(0, Decimal(0), "", None)


def light_facts(projects: QuerySet[Project], as_of: date) -> dict[int, LightFacts]:
    """{project id: facts} on the day: the plan of its highest list, confirmed investment, what is overdue.

    Each fact is one set-based answer over the projects, put together here.
    """
    clock = ReportingClock.current()
    last_due = clock.last_due(as_of)
    missing_periods = cache(partial(clock.missing_periods, last_due))  # few dates, asked of every project
    baselines = baselines_of_year(as_of.year)
    shares = {pk: rule.share(as_of, as_of.year) for pk, rule in baselines.items()}
    own_shares = own_plan_shares(projects, as_of, baselines)
    plans = _plans(projects, as_of)
    milestones = _earliest(milestones_driven(as_of, projects).overdue(as_of), "plan__project", projects)
    problems = _earliest(Problem.objects.overdue(as_of), "project", projects)
    facts = {}
    for pk, state, started_on, entered_on, in_production_on, from_on, invested, reported_on in _rows(
        projects, last_due.last_on, as_of
    ):
        missing = 0
        if state == Project.State.ACTIVE and not _reached(in_production_on, last_due.last_on):
            missing = missing_periods(from_on, reported_on)
        plan = plans.get(pk, NO_PLAN)
        facts[pk] = LightFacts(
            plan.planned,
            invested or Decimal(0),
            own_shares.get((pk, plan.annual_list), shares.get(plan.annual_list, Fraction(0))),
            plan.category == "new_start",
            plan.planned_start_on,
            started_on if _reached(started_on, as_of) else None,
            entered_on if _reached(entered_on, as_of) else None,
            in_production_on if _reached(in_production_on, as_of) else None,
            milestones.get(pk),
            problems.get(pk),
            missing,
        )
    return facts


def _rows(projects: QuerySet[Project], last_due_on: date, as_of: date) -> Iterator[tuple]:
    """Dates of fact of each project, its confirmed investment, and the last period reported of those due."""
    handed_in = (
        ProgressReport.objects.filter(project=OuterRef("pk"), state__in=HANDED_IN_STATES)
        .filter(period_ends_on__lte=last_due_on)
        .order_by("-period_ends_on")
    )
    invested = ProgressReport.objects.latest_for("pk", year=as_of.year, as_of=as_of)
    return (
        projects.order_by()
        .annotate(
            invested=Subquery(invested.values("invested_this_year")[:1]),
            last_reported_on=Subquery(handed_in.values("period_ends_on")[:1]),
        )
        .values_list(
            "pk",
            "state",
            "started_on",
            "entered_statistics_on",
            "in_production_on",
            "reports_from_on",
            "invested",
            "last_reported_on",
        )
        .iterator(chunk_size=2000)
    )


def _plans(projects: QuerySet[Project], as_of: date) -> dict[int, Plan]:
    """{project id: plan of its highest list of the year in force on the day} (省级 before 市级), chosen as the ledger does."""
    versions = (
        ListingVersion.objects.in_force(as_of)
        .filter(listing__annual_list__year=as_of.year, listing__project__in=projects)
        .annotate(is_counted=ExpressionWrapper(counts_at_level(as_of), output_field=BooleanField()))
        .order_by("is_counted", "-listing__annual_list__kind__position")
        .values_list(
            "listing__project",
            "listing__annual_list",
            "planned_investment",
            "category",
            "planned_start_on",
        )
    )
    return {project: Plan(*plan) for project, *plan in versions}  # the highest comes last and stays


def _earliest(rows: QuerySet, project: str, projects: QuerySet[Project]) -> dict[int, date]:
    """{project id: earliest due day} of what is overdue: grouped once rather than asked project by project."""
    rows = rows.filter(**{f"{project}__in": projects}).order_by()
    return dict(rows.values_list(project).annotate(Min("due_on")))


def _reached(day: date | None, as_of: date) -> bool:
    return day is not None and day <= as_of
