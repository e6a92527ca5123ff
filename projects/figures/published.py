"""Figures as published (发布时): the facts a publication freezes, and the 序时 it was judged by.

The figures themselves come from the same definitions as all others: population.Scope with its `publication` set answers
from the published rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.db.models import F
from django.db.models.expressions import Combinable

from ..models import AnnualList, Publication, User
from .baselines import OWN_PLAN, TEN_DAY, Baseline, baseline_of, common_baseline
from .population import DIMENSIONS, Scope

CHUNK = 2000
TOTAL = ""  # the key of all lists together in Publication.pro_rata
DATES_OF_FACT = (
    "started_on",
    "completed_on",
    "in_production_on",
    "entered_statistics_on",
    "statistics_stated_on",
)


class Facts(NamedTuple):
    """What the figures say of one listing on a day: the columns of PublishedRow, amounts in 万元, holders by id.

    A date of fact after the day is none yet: entered later it is news, not a correction.
    """

    category: str
    planned_investment: Decimal
    planned_start_on: date | None
    planned_completion_on: date | None
    total_investment: Decimal | None
    invested: Decimal | None
    started_on: date | None
    completed_on: date | None
    in_production_on: date | None
    entered_statistics_on: date | None
    statistics_stated_on: date | None
    sponsor: int | None
    lead_department: int | None
    host_district: int | None
    industry_chain: int | None


class Counted(NamedTuple):
    """A row of the population with its facts; `position` is the rank of its list."""

    listing: int
    project: int
    annual_list: int
    position: int
    facts: Facts


OF_PROJECT = frozenset(DATES_OF_FACT)
ANNOTATED = {"invested": "told", "total_investment": "total"}  # by Scope.versions()


def counted_rows(scope: Scope) -> Iterator[Counted]:
    """Every row of the population with its facts, streamed: of a publication, or of the scope's day. One query."""
    columns = {f"fact_{name}": _column(scope, name) for name in Facts._fields}
    rows = (
        scope.versions()
        .order_by("pk")
        .annotate(**columns)
        .values_list("listing", "listing__project", "listing__annual_list", "position", *columns)
    )
    dates = [Facts._fields.index(name) for name in DATES_OF_FACT]
    for listing, project, annual_list, position, *values in rows.iterator(chunk_size=CHUNK):
        for place in dates:
            if values[place] is not None and values[place] > scope.cut_off:
                values[place] = None
        yield Counted(listing, project, annual_list, position, Facts(*values))


def _column(scope: Scope, name: str) -> Combinable:
    if name in DIMENSIONS:
        return scope.group_of(name)
    if name in ANNOTATED:
        return F(ANNOTATED[name])
    return F(f"{scope.project_path}{name}" if name in OF_PROJECT else name)


# --- the two readings -------------------------------------------------------------------------------------


def as_published(publication: Publication, viewer: User | None = None) -> Scope:
    """The population of a publication, over what the viewer may see (发布时)."""
    return Scope(publication.as_of, publication.year, viewer=viewer, publication=publication.pk)


def as_corrected(publication: Publication, viewer: User | None = None) -> Scope:
    """The same day's population as the facts say now (更正后)."""
    return Scope(publication.as_of, publication.year, viewer=viewer)


# --- 序时 -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublishedBaseline(Baseline):
    """The 序时 of a publication's day as it stood then: a baseline chosen later does not move a published gap."""

    published: Fraction = Fraction(0)

    def share(self, day: date, year: int) -> Fraction:
        return self.published


NO_SHARE = "None"  # by own plans, where nothing was planned


def frozen_share(name: str, share: Fraction | None) -> list[str]:
    """An entry of Publication.pro_rata."""
    return [name, NO_SHARE if share is None else str(share)]


def baselines_for(scope: Scope, lists: Sequence[AnnualList]) -> tuple[dict[int, Baseline], Baseline]:
    """({list id: its baseline}, that of the lists together): as set, or as published (one query)."""
    if scope.publication is None:
        rules = {annual_list.pk: baseline_of(annual_list) for annual_list in lists}
        return rules, common_baseline(rules.values())
    pro_rata = Publication.objects.values_list("pro_rata", flat=True).get(pk=scope.publication)

    def published(key: str) -> Baseline:
        # a list made after the publication has no rows in it, and no 序时 of its own then
        name, share = pro_rata.get(key) or pro_rata.get(TOTAL) or frozen_share(TEN_DAY.name, Fraction(0))
        return OWN_PLAN if share == NO_SHARE else PublishedBaseline(name, published=Fraction(share))

    common = str(lists[0].pk) if len(lists) == 1 else TOTAL
    return {annual_list.pk: published(str(annual_list.pk)) for annual_list in lists}, published(common)
