"""Why a unit that neither drives nor hosts a project sees it (协办事由): what it still owes there."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from projects.models import (
    ClinicCase,
    CorrectiveAction,
    Milestone,
    Problem,
    SupervisionLine,
    SupervisionOrder,
    Unit,
)

Cause = Problem | SupervisionLine | ClinicCase | CorrectiveAction | Milestone


def owed_by(unit: Unit, projects: Collection[int]) -> list[tuple[int, Cause]]:
    """(project, what the unit still owes on it) on these projects. Five queries for any number of them."""
    asked: list[tuple[QuerySet[Any], str]] = [
        (Milestone.objects.in_force().filter(unit=unit, achieved_on__isnull=True), "plan__project"),
        (
            Problem.objects.exclude(state=Problem.State.RESOLVED)
            .filter(Q(lead_unit=unit) | Q(helper_units=unit))
            .distinct(),
            "project",
        ),
        (
            SupervisionLine.objects.exclude(state=SupervisionLine.State.CLOSED).filter(
                order__unit=unit, order__state=SupervisionOrder.State.ISSUED
            ),
            "project",
        ),
        (CorrectiveAction.objects.filter(unit=unit, done_on__isnull=True), "project"),
        (
            ClinicCase.objects.exclude(state=ClinicCase.State.DISCHARGED).filter(session__units=unit),
            "problem__project",
        ),
    ]
    return [
        (_at(row, path), row)
        for rows, path in asked
        for row in rows.filter(**{f"{path}__in": projects}).select_related(path)
    ]


def _at(row: Any, path: str) -> int:
    for step in path.split("__"):
        row = getattr(row, step)
    return row.pk
