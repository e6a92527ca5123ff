"""Rows of the office's own sheets (台账各表) as of a day: list by list, then plans, investment, problems, indicators."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce

from projects.figures.population import DIMENSIONS
from projects.models import (
    AnnualList,
    CarryOver,
    DeliveryPlan,
    IndicatorValue,
    ListingVersion,
    ListKind,
    Milestone,
    Problem,
    ProblemEntry,
    ProgressReport,
    ProjectStage,
)
from projects.models.lists.belongings import chain_name_on
from projects.models.lists.listings import counts_at_level, total_said
from projects.models.reports.year_amounts import reading_on

CATEGORY_ORDER = [ProjectStage.NEW_START, ProjectStage.CONTINUING, ProjectStage.PREPARATORY]
SUMMED = ("total", "carry_over", "planned_investment", "invested")


@dataclass(frozen=True)
class Sums:
    """How many rows, and their amounts in 万元 (合计)."""

    n: int
    total: Decimal
    carry_over: Decimal
    planned_investment: Decimal
    invested: Decimal


def cut_off(year: int, as_of: date) -> date:
    """The day a year's facts are taken to: as_of, at most the end of the plan year."""
    return min(as_of, date(year, 12, 31))


# columns of ledger_rows: facts of the project, what its list and its latest report say
OF_PROJECT = (
    "code name developer nature description started_on completed_on in_production_on "
    "entered_statistics_on statistics_stated_on extra"
).split()
OF_LISTING = (
    "number category chain total planned_investment planned_start planned_completion carry_over invested "
    "physical_progress counts_from_on sponsor_id lead_department_id host_district_id is_provincial is_counted"
).split()


def ledger_rows(annual_list: AnnualList, as_of: date, also: Iterable[str] = ()) -> QuerySet:
    """One dict for each project of the list in force on the day, grouped by category. One query.

    Responsible people by their hand-overs up to the day, the investment of the latest confirmed report up to it;
    `is_counted` says whether the list counts the row, or its package or parts instead (统计层级); `also` names further
    columns of the project.
    """
    day, year = cut_off(annual_list.year, as_of), annual_list.year
    reported = ProgressReport.objects.latest_for("listing__project", year=year, as_of=day)
    carried = CarryOver.objects.filter(project=OuterRef("listing__project"), year=year)
    higher = ListingVersion.objects.in_force(day).filter(
        listing__project=OuterRef("listing__project"),
        listing__annual_list__year=year,
        listing__annual_list__kind__level=ListKind.Level.PROVINCE,
    )
    order = [When(category=category, then=place) for place, category in enumerate(CATEGORY_ORDER)]
    of_project = list(dict.fromkeys([*OF_PROJECT, *also]))
    project = {name: F(f"listing__project__{name}") for name in of_project}
    rows: QuerySet[Any] = ListingVersion.objects.in_force(day).filter(listing__annual_list=annual_list)
    return (
        rows.annotate(
            **project,
            total=total_said(),
            number=F("listing__number"),
            chain=chain_name_on(day, "listing__project"),
            carry_over=Subquery(carried.values("amount")[:1]),
            invested=Coalesce(
                reading_on(day, "listing__project"), Subquery(reported.values("invested_this_year")[:1])
            ),
            physical_progress=Subquery(reported.values("physical_progress")[:1]),
            counts_from_on=Subquery(reported.values("counts_from_on")[:1]),
            sponsor_id=DIMENSIONS["sponsor"].group_of(day),
            lead_department_id=DIMENSIONS["lead_department"].group_of(day),
            host_district_id=DIMENSIONS["host_district"].group_of(day),
            is_provincial=Exists(higher),
            is_counted=ExpressionWrapper(counts_at_level(day), output_field=BooleanField()),
            category_order=Case(*order, default=len(order), output_field=IntegerField()),
        )
        .order_by("category_order", F("number").asc(nulls_last=True), "code")
        .values(*of_project, *OF_LISTING)
    )


def stated_on(rows: QuerySet, as_of: date) -> date:
    """The day a list's sheet states: of its latest figure, or of a fact after that; as_of where it has neither.

    A sheet dated before one of its own facts would be read back as if that were still to come. One query.
    """
    facts = {
        name: Max(name, filter=Q(**{f"{name}__lte": as_of}))
        for name in ("started_on", "completed_on", "in_production_on", "entered_statistics_on")
    }
    known = rows.order_by().aggregate(
        figure=Max("counts_from_on"), **{f"last_{k}": v for k, v in facts.items()}
    )
    figure = known.pop("figure")
    return max([figure, *(day for day in known.values() if day)]) if figure else as_of


def ledger_group_sums(rows: QuerySet) -> dict[str, Sums]:
    """Sums of the rows that count by category, in the order of the sheet: what the figures say. One query."""
    zero, counted = Decimal("0.00"), Q(is_counted=True)
    found = {
        line["category"]: line
        for line in rows.order_by()
        .values("category")
        .annotate(
            n=Count("pk", filter=counted),
            **{f"{name}_sum": Coalesce(Sum(name, filter=counted), zero) for name in SUMMED},
        )
    }
    return {
        category: Sums(found[category]["n"], *(found[category][f"{name}_sum"] for name in SUMMED))
        for category in CATEGORY_ORDER
        if category in found
    }


def extra_headers(rows: QuerySet) -> list[str]:
    """Headers of the columns kept from imported ledgers (台账其他列), in the order met."""
    headers: dict[str, None] = {}
    for extra in rows.exclude(extra={}).values_list("extra", flat=True).iterator(chunk_size=2000):
        headers |= dict.fromkeys(extra)
    return list(headers)


def listed_projects(lists: list[AnnualList], as_of: date) -> QuerySet:
    """Ids of the projects that stand in one of the lists on the day."""
    day = cut_off(lists[0].year, as_of)
    return (
        ListingVersion.objects.in_force(day).filter(listing__annual_list__in=lists).values("listing__project")
    )


class MilestoneRow(NamedTuple):
    """A line of 节点计划."""

    code: str
    project: str
    stage: str
    name: str
    unit: str | None
    due: str
    achieved_on: date | None
    note: str


def milestone_rows(projects: QuerySet, as_of: date) -> Iterator[MilestoneRow]:
    """Milestones of each project's plan in force on the day, project by project. One query, read as it goes."""
    plans = DeliveryPlan.objects.filter(
        project=OuterRef("plan__project"),
        state__in=[DeliveryPlan.State.APPROVED, DeliveryPlan.State.SUPERSEDED],
        approved_on__lte=as_of,
    ).order_by("-number")
    rows = (
        Milestone.objects.filter(plan__project__in=projects, plan=Subquery(plans.values("pk")[:1]))
        .order_by("plan__project__code", "position")
        .values_list(
            "plan__project__code",
            "plan__project__name",
            "stage",
            "name",
            "unit__name",
            "due",
            "achieved_on",
            "note",
        )
    )
    return map(MilestoneRow._make, rows.iterator(chunk_size=2000))


def closed_period_ends(projects: QuerySet, *, year: int, until: date) -> list[date]:
    """Last days of the year's periods that have a confirmed report and are over by `until`."""
    return list(
        _confirmed(projects, year, until)
        .order_by("period_ends_on")
        .values_list("period_ends_on", flat=True)
        .distinct()
    )


def investment_rows(projects: QuerySet, *, year: int, until: date) -> QuerySet:
    """(code, name, plan of the highest list, period end, amount) of each confirmed report, project by project."""
    plan = (
        ListingVersion.objects.in_force(until)
        .filter(listing__project=OuterRef("project"), listing__annual_list__year=year)
        .order_by("listing__annual_list__kind__position")
    )
    return (
        _confirmed(projects, year, until)
        .annotate(planned=Subquery(plan.values("planned_investment")[:1]))
        .order_by("project__code", "period_ends_on")
        .values_list("project__code", "project__name", "planned", "period_ends_on", "invested_this_year")
    )


def _confirmed(projects: QuerySet, year: int, until: date) -> QuerySet[ProgressReport]:
    return ProgressReport.objects.of_basis("confirmed").filter(
        project__in=projects, period_ends_on__year=year, period_ends_on__lte=until
    )


def problem_rows(projects: QuerySet, *, year: int, as_of: date) -> QuerySet[Any]:
    """Problems raised in the year up to the day, or open in it, with their last line of progress by then."""
    entries = ProblemEntry.objects.filter(problem=OuterRef("pk"), entered_on__lte=as_of)
    return (
        Problem.objects.raised_by_day(as_of)
        .filter(project__in=projects)
        .filter(Q(raised_on__year=year) | Q(resolved_on__isnull=True) | Q(resolved_on__year__gte=year))
        .annotate(progress=Subquery(entries.order_by("-entered_on", "-pk").values("text")[:1]))
        .select_related("project", "lead_unit")
        .order_by("raised_on", "pk")
    )


def indicator_rows(year: int, as_of: date) -> QuerySet[IndicatorValue]:
    """The latest value up to the day of each of the year's indicators."""
    latest = IndicatorValue.objects.filter(indicator=OuterRef("indicator"), as_of_on__lte=as_of)
    return (
        IndicatorValue.objects.filter(
            indicator__year=year, pk=Subquery(latest.order_by("-as_of_on").values("pk")[:1])
        )
        .select_related("indicator")
        .order_by("indicator__position", "indicator__pk")
    )
