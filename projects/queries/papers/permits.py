"""What a project has of permits, land and joint services (手续), for its page."""

from dataclasses import dataclass
from datetime import date

from projects.models import Permit, Plot, Project, ProjectMarker, Validity

from .land import with_progress


@dataclass(frozen=True)
class Papers:
    """A project's permits that count, its plots with their progress, and every kind of marker with its row or None."""

    permits: list[Permit]
    plots: list[Plot]
    markers: list[tuple[str, str, ProjectMarker | None]]


def papers_of(project: Project, day: date) -> Papers:
    """Permits neither void nor replaced as of the day, in the order of their kinds. Three queries."""
    permits = (
        project.permits.with_validity(day)
        .exclude(validity__in=[Validity.VOID, Validity.RENEWED])
        .select_related("kind")
        .order_by("kind__position", "-issued_on")
    )
    markers = {marker.kind: marker for marker in project.markers.all()}
    return Papers(
        list(permits),
        list(with_progress(project.plots.order_by("pk"), day)),
        [(kind.value, kind.label, markers.get(kind.value)) for kind in ProjectMarker.Kind],
    )
