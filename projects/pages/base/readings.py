"""The two readings of a day (发布时、更正后): which one a page shows, and what has changed since the publication."""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from django.urls import reverse

from projects.figures.corrections import Correction, Readings, corrected_sum
from projects.figures.population import Scope
from projects.figures.published import as_corrected
from projects.models import Publication, User
from projects.queries.lists.versions import signed_wan

from .requests import HouseRequest


@dataclass(frozen=True)
class Reading:
    """What a page says of its reading: the publication it shows, else the last one of its day, else none.

    Context of figures/dashboard/_reading.html. Corrections are those of the total over what the viewer may see.
    """

    publication: Publication | None
    is_published: bool
    scope: Scope
    published_href: str
    corrected_href: str

    @property
    def words(self) -> str:
        """The reading in words, for the head of a file; "" where nothing was published of the day."""
        return f"按{self.publication}发布时的数据" if self.is_published else ""

    @cached_property
    def corrections(self) -> list[Correction]:
        """What was corrected since the publication; nothing without one."""
        if self.publication is None:
            return []
        return Readings.of(self.publication, self.scope.viewer).corrections()

    @property
    def count(self) -> int:
        return len(self.corrections)

    @property
    def invested(self) -> Decimal:
        return corrected_sum(self.corrections, "invested_this_year")

    @property
    def invested_words(self) -> str:
        return signed_wan(self.invested)

    @property
    def differences_href(self) -> str:
        """The list of corrections, for those who see all projects; "" for others."""
        viewer = self.scope.viewer
        if self.publication is None or viewer is None or not viewer.sees_all_projects:
            return ""
        return reverse("publication_detail", args=[self.publication.pk])


def reading_of(request: HouseRequest, scope: Scope) -> Reading:
    """The reading of a page of figures for its scope. One query; two more where the page prints the corrections."""
    publication: Publication | None
    if scope.publication is not None:
        publication = Publication.objects.select_related("published_by").get(pk=scope.publication)
    else:
        published = Publication.objects.filter(as_of=scope.as_of, year=scope.year)
        publication = published.order_by("-published_at", "-pk").first()
    return Reading(
        publication,
        scope.publication is not None,
        replace(scope, publication=None),
        _address(request, scope, publication.pk if publication else None),
        _address(request, scope, None),
    )


def reading_of_publication(publication: Publication, user: User) -> Reading:
    """A publication on a page that shows neither reading, only links to it."""
    return Reading(publication, False, as_corrected(publication, user), "", "")


def _address(request: HouseRequest, scope: Scope, reading: int | None) -> str:
    """The present page in a reading, of the same day whether or not the present address names it."""
    query = request.GET.copy()
    for name in ("page", "reading", "basis"):
        query.pop(name, None)
    query["as_of"], query["year"] = scope.as_of.isoformat(), str(scope.year)
    if reading is not None:
        query["reading"] = str(reading)
    return f"?{query.urlencode()}"
