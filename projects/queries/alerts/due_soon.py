"""What is due soon (临期事项): matters of any kind that the ladder reminds of before their due day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, QuerySet

from projects.models import Permit, PermitKind, Project, Validity

from .findings import driven_forward, milestones_in_force

MILESTONE_SOON, PERMIT_SOON = "due_soon", "permit_due_soon"
SOON_WORDS = {MILESTONE_SOON: "节点临期", PERMIT_SOON: "许可临期"}


@dataclass(frozen=True)
class DueSoon:
    """One matter that is due soon. `subject` names it from day to day, as an alert's does.

    lead_days: calendar days before the due day on which it is told ahead of the ladder's steps; 0 for none.
    """

    kind: str
    subject: str
    project: Project
    unit_id: int | None
    title: str
    due_on: date
    next_step: str
    lead_days: int = 0


def due_soon(as_of: date, until: date) -> list[DueSoon]:
    """Milestones and permits due from a day until another, or within their own notice ahead. A constant number of queries."""
    driven = driven_forward(as_of, Project.objects.all())
    return [*_milestones(as_of, until, driven), *_permits(as_of, until, driven)]


def _milestones(as_of: date, until: date, projects: QuerySet[Project]) -> Iterator[DueSoon]:
    rows = (
        milestones_in_force(as_of, projects)
        .open(as_of)
        .filter(due_on__gte=as_of, due_on__lte=until)
        .select_related("plan__project")
    )
    for milestone in rows:
        if milestone.due_on is not None:
            yield DueSoon(
                kind=MILESTONE_SOON,
                subject=milestone.matter,
                project=milestone.plan.project,
                unit_id=milestone.unit_id,
                title=milestone.name,
                due_on=milestone.due_on,
                next_step="到期前办结并上传依据；确需调整的，到期前提出申请",
            )


def _permits(as_of: date, until: date, projects: QuerySet[Project]) -> Iterator[DueSoon]:
    longest = PermitKind.objects.aggregate(days=Max("remind_days"))["days"] or 0
    rows = (
        Permit.objects.with_validity(as_of)
        .filter(
            project__in=projects,
            validity=Validity.RUNNING,
            valid_until_on__lte=max(until, as_of + timedelta(days=longest)),
        )
        .select_related("project", "kind")
    )
    for permit in rows:
        yield DueSoon(
            kind=PERMIT_SOON,
            subject=f"permit:{permit.pk}",
            project=permit.project,
            unit_id=permit.project.lead_department_id,
            title=f"{permit.kind}（{permit.number}）",
            due_on=permit.valid_until_on,
            next_step="到期前办理延续，登记新的文号和有效期",
            lead_days=permit.kind.remind_days,
        )
