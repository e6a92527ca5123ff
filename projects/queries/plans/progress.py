"""The progress list (进度清单): what was due, done, late and comes next, of each project and of each unit, on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from projects.figures.definitions import MATTER_RATES, MATTERS
from projects.figures.slips import Slip, UnitSlip, project_slip, slips_by_unit
from projects.models import DeliveryPlan, Milestone, ProgressReport, Project, Unit
from projects.models.plans.plans import MilestoneQuerySet
from projects.models.reports.year_amounts import reading_on
from projects.money import Ratio
from projects.periods import WorkingCalendar

from ..alerts.findings import driven_forward, milestones_driven, next_milestones

# --- the states of milestones on a day: one definition for the counts and for the lists they open ------------

OVERDUE, DUE, OPEN, ACHIEVED, DUE_BY = "overdue", "due", "open", "achieved", "due_by"
CLAIMED = "claimed"  # reported done, waiting for the office
DUE_DONE, ON_TIME = "due_done", "on_time"

COUNTED = {"due": DUE_BY, "done": DUE_DONE, "on_time": ON_TIME, "late": OVERDUE, "soon": DUE}
# a status is the condition of a figure, so that a count and the list it opens are one
FIGURE_OF = {
    OVERDUE: "milestones_overdue",
    DUE: "milestones_soon",
    DUE_BY: "milestones_due",
    DUE_DONE: "milestones_done",
    ON_TIME: "milestones_on_time",
}


def of_status(milestones: MilestoneQuerySet, status: str, as_of: date) -> MilestoneQuerySet:
    """Milestones that have the status on the day.

    Of those that fall due by the day (应办) some are done (已办), on time or not, some late; what is due that very
    day and open is neither, but falls due soon.
    """
    if status == CLAIMED:
        return milestones.open(as_of).claimed()
    if status in FIGURE_OF:
        return milestones.filter(MATTERS[FIGURE_OF[status]].select(as_of))
    return milestones.achieved_by(as_of) if status == ACHIEVED else milestones.open(as_of)


ON_TIME_RATE = MATTER_RATES["milestone_on_time_rate"]


# --- by project -----------------------------------------------------------------------------------------


def progress_of_projects(projects: QuerySet[Project], *, as_of: date) -> QuerySet[Any]:
    """Projects driven forward on the day with due, done, on_time, late and soon (numbers of milestones),
    next_milestone, next_due_on, and of the latest report handed in: reported_on, physical_progress, invested (万元).

    The plan is that of the day, with its milestones for `slip_of`. Lazy; four queries, however many rows.
    """
    driven = driven_forward(as_of, projects)
    milestones = milestones_driven(as_of, Project.objects.all()).filter(plan__project=OuterRef("pk"))
    upcoming = next_milestones(as_of)
    reported = ProgressReport.objects.latest_for("pk", year=as_of.year, as_of=as_of, basis="submitted")
    plans = DeliveryPlan.objects.in_force(as_of).prefetch_related(
        Prefetch("milestones", Milestone.objects.select_related("baseline"))
    )
    return (
        driven.annotate(
            **{key: _number(of_status(milestones, status, as_of)) for key, status in COUNTED.items()},
            next_milestone=Subquery(upcoming.values("name")[:1]),
            next_due_on=Subquery(upcoming.values("due_on")[:1]),
            reported_on=Subquery(reported.values("period_ends_on")[:1]),
            physical_progress=Subquery(reported.values("physical_progress")[:1]),
            invested=Coalesce(reading_on(as_of), Subquery(reported.values("invested_this_year")[:1])),
        )
        .select_related("sponsor", "lead_department", "host_district")
        .prefetch_related(Prefetch("plans", plans, to_attr="plans_then"))
    )


def _number(milestones: QuerySet[Milestone]) -> Coalesce:
    """How many, as a column of the row's project."""
    counts = milestones.order_by().values("plan__project").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)


def slip_of(project: Any, *, as_of: date, calendar: WorkingCalendar) -> Slip | None:
    """Slip against the baseline of a row of `progress_of_projects`; None without a dated plan."""
    milestones = [one for plan in project.plans_then for one in plan.milestones.all()]
    return project_slip(milestones, as_of=as_of, calendar=calendar)


def on_time_of(row: Any) -> Ratio:
    """节点按期率 of a row with `on_time` and `due`: of what fell due, the share done by its day."""
    return ON_TIME_RATE.over(row.on_time, row.due)


# --- by unit --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnitProgress:
    """What a unit answers for (单位进度); `unit` None gathers what nobody answers for (未明确)."""

    unit: Unit | None
    due: int
    done: int
    on_time: int
    late: int
    soon: int
    slips: UnitSlip | None

    @property
    def slip_days(self) -> int:
        return self.slips.days if self.slips else 0


def progress_of_units(
    projects: QuerySet[Project], *, as_of: date, calendar: WorkingCalendar
) -> list[UnitProgress]:
    """One row for each unit that answers for milestones of the projects, in office order. Seven queries."""
    milestones = milestones_driven(as_of, projects)
    counts: dict[str, dict[int | None, int]] = {}
    for key, status in COUNTED.items():
        rows = of_status(milestones, status, as_of).with_responsible(as_of).order_by()
        counts[key] = dict(rows.values_list("responsible").annotate(Count("pk")))
    slips = {
        row.unit.pk if row.unit else None: row
        for row in slips_by_unit(_perhaps_slipped(milestones, as_of), as_of=as_of, calendar=calendar)
    }
    answering = set().union(slips, *counts.values())
    units: Iterable[Unit | None] = Unit.objects.filter(pk__in=[pk for pk in answering if pk])
    return [
        UnitProgress(
            unit, **{key: numbers.get(pk, 0) for key, numbers in counts.items()}, slips=slips.get(pk)
        )
        for unit in [*units, *([None] if None in answering else [])]
        for pk in [unit.pk if unit else None]
    ]


def _perhaps_slipped(milestones: QuerySet[Milestone], as_of: date) -> QuerySet[Milestone]:
    """Those whose date or day of doing is past their baseline, or open past their day: the others add no slip."""
    planned = Coalesce("baseline__due_on", "due_on")
    return milestones.filter(
        Q(due_on__gt=planned) | Q(achieved_on__gt=planned) | Q(due_on__lt=as_of, achieved_on__isnull=True)
    )


def progress_total(projects: QuerySet[Project], *, as_of: date) -> dict[str, int]:
    """The same numbers over all the projects together, by key of COUNTED. Five queries."""
    milestones = milestones_driven(as_of, projects)
    return {key: of_status(milestones, status, as_of).count() for key, status in COUNTED.items()}
