"""Overdue milestones by who answers for them (逾期节点)."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from projects.figures.population import Scope
from projects.models import ListingVersion, Project, Unit
from projects.queries.alerts.findings import milestones_driven

from ...base.scope import of_group


@dataclass(frozen=True)
class OverdueUnit:
    """A unit (None: nobody is named) with its number of overdue milestones and the list of them."""

    unit: Unit | None
    n: int
    href: str


@dataclass(frozen=True)
class OverdueUnits:
    """Units by their overdue milestones, most first; of long lists the first `limit` are shown."""

    rows: list[OverdueUnit]
    limit: int | None

    @property
    def shown(self) -> list[OverdueUnit]:
        return self.rows[: self.limit]

    @property
    def most(self) -> int:
        return self.rows[0].n if self.rows else 0

    @property
    def total(self) -> int:
        return sum(row.n for row in self.rows)

    @property
    def rest(self) -> int:
        return self.total - sum(row.n for row in self.shown)


def overdue_by_unit(scope: Scope, limit: int | None = None) -> OverdueUnits:
    """Visible projects' overdue milestones by responsible unit. Two queries."""
    projects = Project.objects.all() if scope.viewer is None else Project.objects.visible_to(scope.viewer)
    day = scope.cut_off
    driven = milestones_driven(day, projects).overdue(day).with_responsible(day)
    overdue = of_group(driven, scope, "plan__project")
    if scope.lists:
        listed = ListingVersion.objects.in_force(day).filter(listing__annual_list__in=scope.lists)
        overdue = overdue.filter(plan__project__in=listed.values("listing__project"))
    counts = overdue.order_by().values_list("responsible").annotate(n=Count("pk"))
    units = Unit.objects.in_bulk()
    address = f"{reverse('milestone_list')}?status=overdue&as_of={day.isoformat()}"
    if scope.lists:
        address += f"&list={scope.lists[0]}"
    if scope.by:
        address += f"&by={scope.by}&group={scope.group}"
    rows = [
        OverdueUnit(units.get(pk), n, f"{address}&unit={pk if pk in units else 'none'}") for pk, n in counts
    ]
    rows.sort(key=lambda row: (-row.n, row.unit.position if row.unit else 0))
    return OverdueUnits(rows, limit)
