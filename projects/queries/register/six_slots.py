"""六个一: which of the six slots of a project are filled on a day. The one definition of a gap (缺项).

- 一个项目: the project itself; a row in the books fills it.
- 一位挂包领导、一个推进部门、一个属地保障: the last hand-over up to the day named somebody.
- 一套推进方案: a plan approved by the day, with milestones.
- 一抓到底: the last ten-day report that was due by the day had been handed in. A project that owed none (not yet
  followed, in production, 停工、暂缓) is not missed.

Asked of projects in the books on the day and neither 退库 nor 办结 then.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable

from projects.figures.population import DIMENSIONS
from projects.models import (
    ENDED_STATES,
    DeliveryPlan,
    Handover,
    ListingVersion,
    Milestone,
    ProgressReport,
    Project,
)
from projects.periods import TenDayPeriod

from ..alerts.findings import not_driven_on
from ..reports.owing import ReportingClock

SLOTS = {
    "project": "一个项目",
    "sponsor": "一位挂包领导",
    "lead_department": "一个推进部门",
    "host_district": "一个属地保障",
    "plan": "一套推进方案",
    "followed": "一抓到底",
}
ANY = "any"  # any of the six
EVER_APPROVED = [DeliveryPlan.State.APPROVED, DeliveryPlan.State.SUPERSEDED]

_EMPTY = {  # the first slot is never empty
    **{slot: Q(**{f"{slot}_then__isnull": True}) for slot in Handover.Slot.values},
    "plan": Q(plan_then__isnull=True),
    "followed": Q(report_missing=True),
}


def missing(slot: str = ANY) -> Q:
    """The condition of an empty slot, or of any of them, over rows of `with_slots`."""
    if slot != ANY:
        return _EMPTY[slot]
    found = Q()
    for condition in _EMPTY.values():
        found |= condition
    return found


@dataclass(frozen=True)
class SlotsOfDay:
    """The six slots as of a day; built once per question (four queries), then used for any set of projects."""

    day: date
    last_due: TenDayPeriod
    held: dict[int, str]

    @classmethod
    def on(cls, day: date) -> "SlotsOfDay":
        return cls(day, ReportingClock.current().last_due(day), not_driven_on(day))

    def rows(self, projects: QuerySet[Project]) -> QuerySet[Any]:
        """The projects that are asked (in the books on the day, neither 退库 nor 办结 then), `with_slots`."""
        return self.with_slots(self._in_the_books(projects))

    def with_slots(self, projects: QuerySet[Project]) -> QuerySet[Any]:
        """Projects annotated with who and what fills their slots on the day.

        sponsor_then, lead_department_then, host_district_then and plan_then are ids or None; report_missing is a bool;
        gaps counts the empty slots.
        """
        day = self.day
        plans = DeliveryPlan.objects.filter(
            Exists(Milestone.objects.filter(plan=OuterRef("pk"))),
            project=OuterRef("pk"),
            state__in=EVER_APPROVED,
            approved_on__lte=day,
        )
        annotated = projects.annotate(
            **{f"{slot}_then": DIMENSIONS[slot].group_of(day, "pk") for slot in Handover.Slot.values},
            plan_then=Subquery(plans.order_by("-number").values("pk")[:1]),
            report_missing=Case(When(self._owes_the_report(), then=Value(True)), default=Value(False)),
        )
        counted: Combinable = Value(0)
        for condition in _EMPTY.values():
            counted = counted + Case(When(condition, then=Value(1)), default=Value(0))
        return annotated.annotate(gaps=counted)

    def _in_the_books(self, projects: QuerySet[Project]) -> QuerySet[Project]:
        day = self.day
        listed = ListingVersion.objects.filter(listing__project=OuterRef("pk"), effective_on__lte=day)
        known = (
            Q(reports_from_on__lte=day)
            | Q(created_at__date__lte=day)
            | Exists(listed)
            | Exists(Handover.objects.filter(project=OuterRef("pk"), from_on__lte=day))
        )
        ended = [pk for pk, state in self.held.items() if state in ENDED_STATES]
        return projects.filter(known).exclude(pk__in=ended)

    def _owes_the_report(self) -> Q:
        """The last due report is owed and was not handed in: what findings call 旬报缺报."""
        ends_on = self.last_due.last_on
        handed_in = ProgressReport.objects.handed_in_by(self.day).filter(
            project=OuterRef("pk"), period_ends_on=ends_on
        )
        running = Q(in_production_on__isnull=True) | Q(in_production_on__gt=ends_on)
        return Q(reports_from_on__lte=ends_on) & running & ~Q(pk__in=list(self.held)) & Q(~Exists(handed_in))


def with_gap(projects: QuerySet[Project], day: date) -> QuerySet[Any]:
    """Projects with an empty slot of the six on the day (六个一缺项), annotated as `with_slots` says."""
    return SlotsOfDay.on(day).rows(projects).filter(missing())


def gap_counts(rows: QuerySet[Any]) -> dict[str, int]:
    """How many rows of `with_slots` there are ("all"), lack any slot ("any"), lack each. One query."""
    counted = {key: Count("pk", filter=missing(key)) for key in (ANY, *_EMPTY)}
    return {"project": 0} | rows.order_by().aggregate(all=Count("pk"), **counted)


def is_filled(row: Any, slot: str) -> bool:
    """Whether the slot of one row of `with_slots` is filled."""
    if slot == "project":
        return True
    return not row.report_missing if slot == "followed" else getattr(row, f"{slot}_then") is not None
