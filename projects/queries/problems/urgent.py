"""What the list of urgent problems is drawn from (亟需解决问题): open problems of the province's and the city's projects."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from projects.models import AnnualList, ListingVersion, Problem

KINDS = ("省级重点", "市级重大")
LEVELS = (Problem.Level.CITY, Problem.Level.PROVINCE)


def annual_lists(year: int) -> QuerySet[AnnualList]:
    """The year's lists to choose from, the highest first."""
    return AnnualList.objects.filter(year=year).select_related("kind").order_by("kind__position")


def candidates(
    *, lists: Iterable[AnnualList], as_of: date, levels: Iterable[str] = Problem.Level.values
) -> QuerySet[Problem]:
    """Problems open on the day, of projects listed then, at these levels; the longest past their limit first."""
    listed = ListingVersion.objects.in_force(as_of).filter(listing__annual_list__in=list(lists))
    return (
        Problem.objects.open(as_of)
        .filter(project__in=listed.values("listing__project"), level__in=list(levels))
        .select_related("project", "lead_unit")
        .order_by("due_on", "pk")
    )
