"""Rows of the project ledger (项目台账): each project with its plan and progress as of a day."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Sum,
    Value,
    Window,
)
from django.db.models.functions import Cast, Coalesce, NullIf, RowNumber

from projects.figures.population import Scope
from projects.figures.published import DATES_OF_FACT
from projects.models import Handover, Listing, ListingVersion, ProgressReport, Project, PublishedRow
from projects.models.fields import MoneyField
from projects.models.lists.belongings import chain_name_on
from projects.models.lists.listings import counts_at_level, total_said
from projects.models.reports.year_amounts import invested_on
from projects.money import round_half_up

from ..alerts.findings import next_milestones

# what speaks for a project that stands in several lists comes first
FIRST_LISTED = ("-is_counted", "listing__annual_list__kind__position")
ZERO = Value(Decimal(0), output_field=MoneyField())
# a float for sorting only; what is shown is a Ratio
COMPLETION = Cast("invested", FloatField()) / NullIf(Cast("planned", FloatField()), Value(0.0))


def with_plan_and_progress(
    projects: QuerySet[Project],
    *,
    year: int,
    as_of: date,
    lists: tuple[int, ...] = (),
    basis: str = "confirmed",
) -> QuerySet[Project]:
    """Annotates annual_list, total, planned, invested (万元), category, planned_start_on, planned_completion_on and physical_progress.

    Plan and category are those of the project's highest list of the year in force on the day (省级 before 市级),
    among `lists` (AnnualList ids) where given, a list that counts the project before one that counts its package or
    parts instead; progress is the latest report's of the basis. All are None where there is no list or no report.
    """
    listed = _listed(year, as_of, lists).filter(listing__project=OuterRef("pk"))
    reported = ProgressReport.objects.latest_for("pk", year=year, as_of=as_of, basis=basis)
    projects, invested = invested_on(projects, "", year=year, day=as_of, basis=basis)
    return projects.annotate(
        annual_list=Subquery(listed.values("listing__annual_list")[:1]),
        total=Coalesce(Subquery(listed.values("total_investment")[:1]), F("total_investment")),
        planned=Subquery(listed.values("planned_investment")[:1]),
        category=Subquery(listed.values("category")[:1]),
        planned_start_on=Subquery(listed.values("planned_start_on")[:1]),
        planned_completion_on=Subquery(listed.values("planned_completion_on")[:1]),
        invested=invested,
        physical_progress=Subquery(reported.values("physical_progress")[:1]),
    )


def ledger(
    projects: QuerySet[Project],
    *,
    year: int,
    as_of: date,
    lists: tuple[int, ...] = (),
    basis: str = "confirmed",
) -> QuerySet[Project]:
    """The ledger's rows: plan and progress, the next open milestone, the lists of the year, who answered on the day."""
    upcoming = next_milestones(as_of)
    in_year = Listing.objects.filter(annual_list__year=year).select_related("annual_list__kind")
    return (
        with_plan_and_progress(projects, year=year, as_of=as_of, lists=lists, basis=basis)
        .annotate(
            next_milestone=Subquery(upcoming.values("name")[:1]),
            next_milestone_due_on=Subquery(upcoming.values("due_on")[:1]),
            completion=COMPLETION,
            **{f"{slot}_words": _holder_words(slot, as_of) for slot in Handover.Slot.values},
            chain_words=chain_name_on(as_of),
        )
        .prefetch_related(Prefetch("listings", in_year, to_attr="listings_of_year"))
    )


def _holder_words(slot: str, day: date) -> Subquery:
    """What everybody calls who held a slot on the day."""
    held = Handover.objects.on(day).filter(project=OuterRef("pk"), slot=slot).order_by()
    words = F("official__name") if slot == Handover.Slot.SPONSOR else _short_name("unit")
    return Subquery(held.annotate(words=words).values("words")[:1])


def in_office_order(rows: QuerySet[Any], slot: str, day: date, *, is_descending: bool) -> QuerySet[Any]:
    """Rows of ledger() ordered by who held the slot on the day: leaders and units in the office's order."""
    who = "official" if slot == Handover.Slot.SPONSOR else "unit"
    held = Handover.objects.on(day).filter(project=OuterRef("pk"), slot=slot).order_by()
    keys = [held.values(f"{who}__{key}")[:1] for key in ("position", "name_key")]
    place, name = (f"{slot}_{key}" for key in ("place", "key"))
    sign = "-" if is_descending else ""
    rows = rows.annotate(**{place: Subquery(keys[0]), name: Subquery(keys[1])})
    return rows.order_by(f"{sign}{place}", f"{sign}{name}")


def published_ledger(projects: QuerySet[Project], scope: Scope) -> QuerySet[Project]:
    """The ledger's rows as published (发布时): plan, progress, dates, holders and light from the published rows.

    What is also a column of the project itself is annotated as published_<name>, the holders' names included; a project
    in several of the scope's lists shows what its highest list says.
    """
    published = PublishedRow.objects.filter(publication=scope.publication)
    # from the project's few listings, or SQLite reads the whole publication for each project
    own_listings = Listing.objects.filter(project=OuterRef(OuterRef("pk"))).order_by()
    if scope.lists:
        own_listings = own_listings.filter(annual_list__in=scope.lists)
    rows = published.filter(listing__in=own_listings.values("pk")).order_by("position")
    listed = Listing.objects.filter(published_rows__publication=scope.publication)
    listed = listed.select_related("annual_list__kind").order_by("published_rows__position")
    own = ("total_investment", *DATES_OF_FACT, "light")
    unit_name = {name: _short_name(name) for name in ("lead_department", "host_district")}
    names = {"sponsor": F("sponsor__name"), "industry_chain": F("industry_chain__name"), **unit_name}
    return projects.annotate(
        **{name: Subquery(rows.values(name)[:1]) for name in ("planned_start_on", "planned_completion_on")},
        planned=Subquery(rows.values("planned_investment")[:1]),
        invested=Subquery(rows.values("invested")[:1]),
        category=Subquery(rows.values("category")[:1]),
        **{f"published_{name}": Subquery(rows.values(name)[:1]) for name in own},
        **{
            f"published_{name}": Subquery(rows.annotate(words=words).values("words")[:1])
            for name, words in names.items()
        },
        completion=COMPLETION,
    ).prefetch_related(Prefetch("listings", listed, to_attr="listings_of_year"))


def _short_name(holder: str) -> Coalesce:
    """A unit as everybody calls it: its short name, else its name."""
    return Coalesce(NullIf(f"{holder}__short_name", Value("")), f"{holder}__name")


def ledger_of(projects: QuerySet[Project], scope: Scope) -> QuerySet[Project]:
    """The ledger's rows for a scope, in its reading (更正后, or as published)."""
    if scope.publication is not None:
        return published_ledger(projects, scope)
    return ledger(projects, year=scope.year, as_of=scope.cut_off, lists=scope.lists, basis=scope.basis)


def ledger_sums(rows: QuerySet[Project], scope: Scope) -> dict[str, int | Decimal]:
    """n, planned, invested and total_investment (万元, two places) of rows of ledger_of(). Two queries at most."""
    n, planned, invested, total = (_published_sums if scope.publication is not None else _sums)(rows, scope)
    return {
        "n": n,
        "planned": round_half_up(planned or 0, 2),
        "invested": round_half_up(invested or 0, 2),
        "total_investment": round_half_up(total or 0, 2),
    }


def _published_sums(rows: QuerySet[Project], scope: Scope) -> tuple:
    # other names than the annotations', which would answer for themselves
    sums = rows.order_by().aggregate(
        n=Count("pk"), plan=Sum("planned"), done=Sum("invested"), total=Sum("published_total_investment")
    )
    return sums["n"], sums["plan"], sums["done"], sums["total"]


def _sums(rows: QuerySet[Project], scope: Scope) -> tuple:
    """Each sum is asked of its own table over the rows' projects, rather than of every row in turn.

    What is chosen for a project is what with_plan_and_progress() chooses.
    """
    day, mine = scope.cut_off, rows.order_by().values("pk")
    found, invested = invested_on(
        Project.objects.filter(pk__in=mine), "", year=scope.year, day=day, basis=scope.basis
    )
    whole = found.annotate(stood=invested).aggregate(
        n=Count("pk"), total=Sum("total_investment"), done=Sum("stood")
    )
    listed = _listed(scope.year, day, scope.lists).filter(listing__project__in=mine)
    first = Window(RowNumber(), partition_by="listing__project", order_by=FIRST_LISTED)
    said = (
        listed.order_by()
        .annotate(place=first, beside=total_said() - Coalesce("listing__project__total_investment", ZERO))
        .filter(place=1)
        .aggregate(plan=Sum("planned_investment"), more=Sum("beside"))
    )
    # each project's own record, and by how much its list says otherwise
    total = (whole["total"] or 0) + (said["more"] or 0)
    return whole["n"], said["plan"], whole["done"], total


def _listed(year: int, as_of: date, lists: tuple[int, ...]) -> QuerySet[ListingVersion]:
    """The year's versions in force on the day, what speaks for a project first."""
    listed = (
        ListingVersion.objects.in_force(as_of)
        .filter(listing__annual_list__year=year)
        .annotate(is_counted=ExpressionWrapper(counts_at_level(as_of), output_field=BooleanField()))
        .order_by(*FIRST_LISTED)
    )
    return listed.filter(listing__annual_list__in=lists) if lists else listed
