"""What a change of the working calendar would move (日历调整影响): told, never done. Plans keep their dates."""

from dataclasses import dataclass
from datetime import date

from projects.models import DeliveryPlan, Milestone
from projects.periods import WorkingCalendar

from .schedule import PlanOutlook, outlook


@dataclass(frozen=True)
class Affected:
    """A plan in force that the new calendar would schedule otherwise: how many open milestones, days in hand."""

    plan: DeliveryPlan
    milestones: int
    days_in_hand_before: int
    days_in_hand_after: int


def affected_plans(before: WorkingCalendar, after: WorkingCalendar) -> list[Affected]:
    """Plans in force whose latest dates or days in hand differ between two calendars (受影响的方案).

    Imported plans, without target date or durations, are not scheduled and so never differ. Four queries.
    """
    plans = (
        DeliveryPlan.objects.filter(
            state=DeliveryPlan.State.APPROVED, starts_on__isnull=False, finish_on__isnull=False
        )
        .select_related("project")
        .prefetch_related("milestones__predecessors")
        .order_by("project__code")
    )
    found = []
    for plan in plans:
        rows = list(plan.milestones.all())
        old, new = outlook(plan, rows, before), outlook(plan, rows, after)
        if old.schedule is None or new.schedule is None:
            continue
        moved = sum(1 for row in rows if row.achieved_on is None and _latest(old, row) != _latest(new, row))
        in_hand = old.schedule.days_in_hand, new.schedule.days_in_hand
        if moved or in_hand[0] != in_hand[1]:
            found.append(Affected(plan, moved, *in_hand))
    return found


def _latest(found: PlanOutlook, row: Milestone) -> date | None:
    scheduled = found.of(row)
    return scheduled.latest_finish_on if scheduled else None
