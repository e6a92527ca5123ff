"""Overdue milestones by who answers for them (逾期节点)."""

from django.db.models import Count
from django.urls import reverse

from projects.figures.population import Scope
from projects.models import Project, Unit
from projects.pages.base.scope import of_group
from projects.queries.alerts.findings import milestones_driven


def overdue_by_unit(scope: Scope) -> list[dict]:
    """{unit, n, href} of visible projects' overdue milestones by responsible unit, most first. Two queries."""
    projects = Project.objects.all() if scope.viewer is None else Project.objects.visible_to(scope.viewer)
    day = scope.cut_off
    overdue = of_group(milestones_driven(day, projects).overdue(day), scope, "plan__project")
    if scope.lists:
        overdue = overdue.filter(plan__project__listings__annual_list__in=scope.lists)
    counts = overdue.with_responsible().order_by().values_list("responsible").annotate(n=Count("pk"))
    units = Unit.objects.in_bulk()
    rows = [{"unit": units.get(pk), "n": n} for pk, n in counts]
    rows.sort(key=lambda row: (-row["n"], row["unit"].position if row["unit"] else 0))
    address = f"{reverse('milestone_list')}?status=overdue&as_of={day.isoformat()}"
    if scope.lists:
        address += f"&list={scope.lists[0]}"
    if scope.by:
        address += f"&by={scope.by}&group={scope.group}"
    return [row | {"href": f"{address}&unit={row['unit'].pk if row['unit'] else 'none'}"} for row in rows]
