"""Visits owed by sponsors (应走访): one definition for the desk, the list and the count by leader."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Least

from projects.models import OfficeSettings, Official, Project, SiteVisit


def visits_due(projects: QuerySet[Project], *, as_of: date) -> QuerySet[Any]:
    """Projects their sponsor has to visit in the month of as_of (应走访), with `visits_this_month` made by the day.

    Only projects driven forward and not in production; a visit counts when the sponsor led it and it is confirmed.
    """
    made = (
        SiteVisit.objects.confirmed()
        .filter(
            project=OuterRef("pk"),
            official=OuterRef("sponsor"),
            visited_on__gte=as_of.replace(day=1),
            visited_on__lte=as_of,
        )
        .order_by()
        .values("project")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        projects.filter(state=Project.State.ACTIVE, sponsor__isnull=False)
        .filter(Q(in_production_on__isnull=True) | Q(in_production_on__gt=as_of))
        .annotate(visits_this_month=Coalesce(Subquery(made), 0))
    )


def visits_owed(projects: QuerySet[Project], *, as_of: date) -> QuerySet[Project]:
    """Projects whose sponsor has not visited often enough in the month of as_of (本月待走访).

    One query for the setting, the rows are lazy.
    """
    wanted = OfficeSettings.current().visits_per_month
    return visits_due(projects, as_of=as_of).filter(visits_this_month__lt=wanted)


@dataclass(frozen=True)
class SponsorVisits:
    """A leader's month (走访完成情况): projects to visit, visits owed in all, made towards them, projects waiting."""

    sponsor: Official
    projects: int
    owed: int
    made: int
    missing: int

    @property
    def is_complete(self) -> bool:
        return not self.missing


def sponsor_visits(projects: QuerySet[Project], *, as_of: date) -> list[SponsorVisits]:
    """A line per sponsor of these projects, in the order of the leaders. Three queries.

    `made` counts no more visits of a project than it is owed, so that made never hides what is missing; `missing` are
    exactly the projects of `visits_owed`.
    """
    wanted = OfficeSettings.current().visits_per_month
    one = Project.objects.filter(
        pk__in=projects.order_by().values("pk")
    )  # a project once, whatever was joined
    rows = (
        visits_due(one, as_of=as_of)
        .order_by()
        .annotate(counted=Least(F("visits_this_month"), Value(wanted)))
        .values("sponsor")
        .annotate(
            n=Count("pk"),
            made=Sum("counted"),
            missing=Sum(
                Case(When(visits_this_month__lt=wanted, then=1), default=0, output_field=IntegerField())
            ),
        )
    )
    found = {row["sponsor"]: row for row in rows}
    return [
        SponsorVisits(
            sponsor=sponsor,
            projects=found[sponsor.pk]["n"],
            owed=found[sponsor.pk]["n"] * wanted,
            made=found[sponsor.pk]["made"],
            missing=found[sponsor.pk]["missing"],
        )
        for sponsor in Official.objects.filter(pk__in=found).order_by("position", "name_key")
    ]
