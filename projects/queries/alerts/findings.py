"""What is late on a day (逾期事项): states read anew from the facts, never events that could be missed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from projects.models import (
    ENDED_STATES,
    AlertKind,
    Handover,
    ListingVersion,
    Milestone,
    Permit,
    Problem,
    ProgressReport,
    Project,
    ProjectStage,
    StateChange,
    Validity,
)
from projects.models.plans.plans import MilestoneQuerySet, milestone_matter, plan_holds
from projects.models.projects import holder_on
from projects.periods import TenDayPeriod

from ..reports.owing import ReportingClock

TITLE_LENGTH = 160
LEAD = Handover.Slot.LEAD_DEPARTMENT  # who owes the next step where no unit is named: the day's

NEXT_STEPS = {  # what stops an alert (下一步), said on every line of every message and document
    AlertKind.MILESTONE_OVERDUE.value: "办结该节点并上传依据；确需调整的，提请发改局审定",
    AlertKind.START_OVERDUE.value: "开工后登记实际开工日期；确需调整的，提请调整名单计划",
    AlertKind.COMPLETION_OVERDUE.value: "竣工后登记竣工日期；确需调整的，提请调整名单计划",
    AlertKind.REPORT_MISSING.value: "补报旬报",
    AlertKind.PROBLEM_OVERDUE.value: "登记办理结果，由他人核验销号",
    AlertKind.PERMIT_LAPSED.value: "办理延续，登记新的文号和有效期",
}


@dataclass(frozen=True)
class Finding:
    """One thing that is late (逾期事项). (kind, subject) names it from day to day.

    unit_id: who owes the next step; count: how many ten-day reports are missing in a row, 1 for other kinds.
    """

    kind: str
    subject: str
    project_id: int
    unit_id: int | None
    title: str
    due_on: date
    days_late: int
    count: int = 1

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.subject


def findings(as_of: date, scope: QuerySet[Project] | None = None) -> list[Finding]:
    """Everything late as of a day, the longest overdue first; scope narrows the projects. Eleven queries at most.

    Past days are answered from the facts: what was done later was open then, with the plan, the list and the
    project's state of that day. Due that day is not late. Suspended projects (停工、暂缓) are late only with problems.
    """
    projects = Project.objects.all() if scope is None else scope
    held = not_driven_on(as_of)
    found = [
        *_milestones(as_of, projects, held),
        *_starts(as_of, projects, held),
        *_completions(as_of, projects, held),
        *_reports(as_of, projects, held),
        *_problems(as_of, projects, held),
        *_permits(as_of, projects, held),
    ]
    return sorted(found, key=lambda item: (item.due_on, item.project_id, item.kind, item.subject))


def milestones_in_force(day: date, projects: QuerySet[Project]) -> MilestoneQuerySet:
    """Milestones of the plan versions in force on a past or present day."""
    return Milestone.objects.filter(plan_holds(day, "plan__"), plan__project__in=projects)


def milestones_driven(day: date, projects: QuerySet[Project]) -> MilestoneQuerySet:
    """Milestones people are held to on a day (应推进节点): of the plans in force then, of projects driven forward then."""
    return milestones_in_force(day, driven_forward(day, projects))


def next_milestones(day: date, project: str = "pk") -> QuerySet[Any]:
    """下一节点 of OuterRef(project), for Subquery: what is open on the day, the earliest due first, overdue or not."""
    rows = milestones_driven(day, Project.objects.all()).open(day).filter(plan__project=OuterRef(project))
    return rows.order_by(F("due_on").asc(nulls_last=True), "position")


def driven_forward(day: date, projects: QuerySet[Project]) -> QuerySet[Project]:
    """The projects that are driven forward on a day: not 停工, 暂缓, 退库 or 办结 then (the rule of `not_driven_on`).

    No query of its own, so that a count over all projects can stand inside another.
    """
    stopped = StateChange.objects.on(day).exclude(state=Project.State.ACTIVE)
    return projects.filter(
        Q(state=Project.State.ACTIVE) | Q(pk__in=StateChange.objects.values("project"))
    ).exclude(pk__in=stopped.values("project"))


def not_driven_on(day: date) -> dict[int, str]:
    """{project: state} of projects that were not ACTIVE on the day (the rule of models.projects.state_on). Two queries.

    From the dated changes; a project without any keeps the state on its row. Before its first change it was active.
    """
    stopped = StateChange.objects.on(day).exclude(state=Project.State.ACTIVE)
    undated = Project.objects.exclude(state=Project.State.ACTIVE).exclude(
        pk__in=StateChange.objects.values("project")
    )
    return dict(undated.values_list("pk", "state")) | dict(stopped.values_list("project", "state"))


def _late(kind: AlertKind, as_of: date, *, due_on: date, title: str, **fields: Any) -> Finding:
    days = (as_of - due_on).days
    return Finding(kind=kind.value, title=title[:TITLE_LENGTH], due_on=due_on, days_late=days, **fields)


def _milestones(as_of: date, projects: QuerySet[Project], held: dict[int, str]) -> Iterator[Finding]:
    rows = (
        milestones_in_force(as_of, projects)
        .overdue(as_of)
        .with_responsible(as_of)
        .values_list(Coalesce("baseline", "pk"), "name", "due_on", "responsible", "plan__project")
    )
    for root, name, due_on, unit, project in rows:
        if project not in held:
            yield _late(
                AlertKind.MILESTONE_OVERDUE,
                as_of,
                subject=milestone_matter(root),
                project_id=project,
                unit_id=unit,
                title=name,
                due_on=due_on,
            )


def _starts(as_of: date, projects: QuerySet[Project], held: dict[int, str]) -> Iterator[Finding]:
    late = projects.exclude(pk__in=Project.objects.started_by(as_of).values("pk"))
    versions = ListingVersion.objects.owed(as_of, "planned_start_on").filter(
        listing__project__in=late, category=ProjectStage.NEW_START, planned_start_on__lt=as_of
    )
    yield from _of_lists(
        AlertKind.START_OVERDUE, as_of, versions, held, "planned_start", "计划{}开工，至今未开工"
    )


def _completions(as_of: date, projects: QuerySet[Project], held: dict[int, str]) -> Iterator[Finding]:
    late = projects.exclude(pk__in=Project.objects.completed_by(as_of).values("pk"))
    versions = ListingVersion.objects.owed(as_of, "planned_completion_on").filter(
        listing__project__in=late, planned_completion_on__lt=as_of
    )
    yield from _of_lists(
        AlertKind.COMPLETION_OVERDUE, as_of, versions, held, "planned_completion", "计划{}竣工，至今未竣工"
    )


def _of_lists(
    kind: AlertKind,
    as_of: date,
    versions: QuerySet[ListingVersion],
    held: dict[int, str],
    column: str,
    title: str,
) -> Iterator[Finding]:
    """One finding a project, however many lists say so; the earliest plan decides."""
    rows = (
        versions.annotate(lead=holder_on(LEAD, as_of, "listing__project"))
        .select_related("listing__project")
        .order_by(f"{column}_on", "listing__annual_list__kind__position")
    )
    told = set()
    for version in rows:
        project = version.listing.project
        if project.pk in told or project.pk in held:
            continue
        told.add(project.pk)
        yield _late(
            kind,
            as_of,
            subject=f"project:{project.pk}",
            project_id=project.pk,
            unit_id=version.lead,
            title=title.format(getattr(version, f"{column}_span").words),
            due_on=getattr(version, f"{column}_on"),
        )


def _reports(as_of: date, projects: QuerySet[Project], held: dict[int, str]) -> Iterator[Finding]:
    """Projects whose latest due report is missing; one finding for the whole run of missing periods.

    A run is named by its first period, so that a new run after a report handed in is a new finding.
    """
    clock = ReportingClock.current()
    last = clock.last_due(as_of)
    owing = (
        projects.filter(reports_from_on__lte=last.last_on)
        .filter(Q(in_production_on__isnull=True) | Q(in_production_on__gt=last.last_on))
        .values_list("pk", "reports_from_on", holder_on(LEAD, as_of))
    )
    reported = dict(
        ProgressReport.objects.handed_in_by(as_of)
        .filter(period_ends_on__lte=last.last_on)
        .order_by()
        .values_list("project")
        .annotate(Max("period_ends_on"))
    )
    for project, from_on, department in owing:
        missing = clock.missing_periods(last, from_on, reported.get(project))
        if not missing or project in held:
            continue
        first = last.shift(1 - missing)
        yield _late(
            AlertKind.REPORT_MISSING,
            as_of,
            subject=f"report:{project}:{first.code}",
            project_id=project,
            unit_id=department,
            title=_missing_words(first, last, missing),
            due_on=clock.due_on(first),
            count=missing,
        )


def _missing_words(first: TenDayPeriod, last: TenDayPeriod, missing: int) -> str:
    if missing == 1:
        return f"{last.words}旬报未报"
    return f"{first.words}至{last.words}连续{missing}期旬报未报"


def _problems(as_of: date, projects: QuerySet[Project], held: dict[int, str]) -> Iterator[Finding]:
    rows = (
        Problem.objects.overdue(as_of)
        .filter(project__in=projects)
        .values_list("pk", "text", "due_on", "lead_unit", "project", holder_on(LEAD, as_of, "project"))
    )
    for pk, text, due_on, unit, project, department in rows:
        if held.get(project) not in ENDED_STATES:
            yield _late(
                AlertKind.PROBLEM_OVERDUE,
                as_of,
                subject=f"problem:{pk}",
                project_id=project,
                unit_id=unit or department,
                title=text,
                due_on=due_on,
            )


def _permits(as_of: date, projects: QuerySet[Project], held: dict[int, str]) -> Iterator[Finding]:
    """Permits whose validity has passed unused: neither renewed, nor kept by the start, nor past use."""
    rows = (
        Permit.objects.with_validity(as_of)
        .filter(project__in=projects, validity=Validity.LAPSED)
        .values_list(
            "pk", "kind__name", "number", "valid_until_on", "project", holder_on(LEAD, as_of, "project")
        )
    )
    for pk, kind, number, valid_until_on, project, department in rows:
        if project not in held:
            yield _late(
                AlertKind.PERMIT_LAPSED,
                as_of,
                subject=f"permit:{pk}",
                project_id=project,
                unit_id=department,
                title=f"{kind}（{number}）",
                due_on=valid_until_on,
            )
