"""Lights (亮灯): the facts of each project on a day, judged by rules.py, with the sentence why."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery

from ..models import HANDED_IN_STATES, ListingVersion, Problem, ProgressReport, Project
from ..money import Ratio, gap_points
from ..queries.findings import milestones_driven
from ..queries.ledger import with_plan_and_progress
from ..queries.reporting import ReportingClock
from ..rules import (
    Light,
    LightReason,
    milestone_light,
    overdue_days,
    problem_light,
    progress_light,
    project_light,
    report_light,
    start_light,
    statistics_light,
)
from .baselines import baselines_of_year


@dataclass(frozen=True)
class ProjectLight:
    """A project's light with its reasons, worst first (亮灯及原因)."""

    light: Light
    reasons: tuple[LightReason, ...]

    @property
    def sentence(self) -> str:
        """Why, in one line; what is in order says so."""
        return "；".join(reason.sentence for reason in self.reasons) or "各项工作正常推进"


@dataclass(frozen=True)
class LightFacts:
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


def lights_for(projects: QuerySet[Project], as_of: date) -> dict[int, ProjectLight]:
    """{project id: light} of the given projects on the day; six queries, however many projects."""
    return {pk: judge(facts, as_of) for pk, facts in light_facts(projects, as_of).items()}


def judge(facts: LightFacts, as_of: date) -> ProjectLight:
    """The light of one project from its facts; the worst dimension rules."""
    gap = gap_points(Ratio(facts.invested, facts.planned), facts.pro_rata)
    reasons = [
        start_light(facts.planned_start_on, facts.started_on, as_of) if facts.is_new_start else None,
        # a project in production has nothing left to invest against 序时
        progress_light(gap) if gap is not None and not _reached(facts.in_production_on, as_of) else None,
        statistics_light(facts.started_on, facts.entered_statistics_on, as_of),
        milestone_light(overdue_days(facts.milestone_due_on, as_of)) if facts.milestone_due_on else None,
        problem_light(overdue_days(facts.problem_due_on, as_of)) if facts.problem_due_on else None,
        report_light(facts.missing_reports),
    ]
    light, shown = project_light([reason for reason in reasons if reason])
    return ProjectLight(light, tuple(shown))


def light_counts(rows: QuerySet[ListingVersion], scope) -> dict:
    """{group_id: {light: projects}} of listing versions annotated with group_id."""
    groups = list(rows.order_by().values_list("group_id", "listing__project"))
    projects = Project.objects.filter(pk__in=rows.order_by().values("listing__project"))
    lights = lights_for(projects, scope.cut_off)
    counts: dict = defaultdict(Counter)
    for group_id, project_id in groups:
        counts[group_id][lights[project_id].light.value] += 1
    return counts


def light_facts(projects: QuerySet[Project], as_of: date) -> dict[int, LightFacts]:
    """{project id: facts} on the day: the plan of its highest list, confirmed investment, what is overdue."""
    clock = ReportingClock.current()
    last_due = clock.last_due(as_of)
    handed_in = (
        ProgressReport.objects.filter(project=OuterRef("pk"), state__in=HANDED_IN_STATES)
        .filter(period_ends_on__lte=last_due.last_on)
        .order_by("-period_ends_on")
    )
    owing = Q(state=Project.State.ACTIVE) & (
        Q(in_production_on__isnull=True) | Q(in_production_on__gt=last_due.last_on)
    )
    rows = with_plan_and_progress(projects.order_by(), year=as_of.year, as_of=as_of).annotate(
        last_reported_on=Subquery(handed_in.values("period_ends_on")[:1]),
        owes_reports=owing,
    )
    # the earliest overdue item of each project, grouped once rather than asked project by project
    milestones = dict(
        milestones_driven(as_of, Project.objects.all())
        .overdue(as_of)
        .order_by()
        .values_list("plan__project")
        .annotate(Min("due_on"))
    )
    problems = dict(Problem.objects.overdue(as_of).order_by().values_list("project").annotate(Min("due_on")))
    columns = [
        "pk",
        "annual_list",
        "planned",
        "invested",
        "category",
        "planned_start_on",
        "started_on",
        "entered_statistics_on",
        "in_production_on",
        "owes_reports",
        "reports_from_on",
        "last_reported_on",
    ]
    shares = {pk: rule.share(as_of, as_of.year) for pk, rule in baselines_of_year(as_of.year).items()}
    facts = {}
    for row in rows.values_list(*columns, named=True):
        missing = 0
        if row.owes_reports:
            missing = clock.missing_periods(last_due, row.reports_from_on, row.last_reported_on)
        facts[row.pk] = LightFacts(
            planned=row.planned or Decimal(0),
            invested=row.invested or Decimal(0),
            pro_rata=shares.get(row.annual_list, Fraction(0)),
            is_new_start=row.category == "new_start",
            planned_start_on=row.planned_start_on,
            started_on=row.started_on if _reached(row.started_on, as_of) else None,
            entered_statistics_on=row.entered_statistics_on
            if _reached(row.entered_statistics_on, as_of)
            else None,
            in_production_on=row.in_production_on,
            milestone_due_on=milestones.get(row.pk),
            problem_due_on=problems.get(row.pk),
            missing_reports=missing,
        )
    return facts


def _reached(day: date | None, as_of: date) -> bool:
    return day is not None and day <= as_of
