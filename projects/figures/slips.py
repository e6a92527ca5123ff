"""Slips (滞后): milestones against the first approved plan, in days and working days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from ..models import Milestone, Unit
from ..periods import WorkingCalendar


@dataclass(frozen=True)
class Slip:
    """How far a milestone is from its baseline date (较基线): positive late, negative early."""

    baseline_on: date
    expected_on: date
    days: int
    working_days: int

    @property
    def words(self) -> str:
        if not self.days:
            return "与基线一致"
        side = "晚" if self.days > 0 else "早"
        return f"{side}{abs(self.days)}天（{abs(self.working_days)}个工作日）"


def slip(milestone: Milestone, *, as_of: date, calendar: WorkingCalendar) -> Slip | None:
    """Slip of a milestone against its baseline (节点滞后).

    The baseline date is that of the milestone in the first approved plan that held it. Compared with it is the day
    it was achieved; while open, its date in the version in force, or `as_of` once that has passed. None without dates.
    `baseline` must be selected with the milestone. Source: docs/rules.md §7.
    """
    baseline_on = milestone.baseline.due_on if milestone.baseline else milestone.due_on
    expected_on: date | None
    if milestone.achieved_on and milestone.achieved_on <= as_of:
        expected_on = milestone.achieved_on
    else:
        expected_on = max(milestone.due_on, as_of) if milestone.due_on else None
    if baseline_on is None or expected_on is None:
        return None
    return Slip(
        baseline_on,
        expected_on,
        (expected_on - baseline_on).days,
        calendar.count(baseline_on, expected_on),
    )


def project_slip(milestones: Iterable[Milestone], *, as_of: date, calendar: WorkingCalendar) -> Slip | None:
    """Slip of a project (项目滞后): that of its last key milestone, or of its last one where none is key."""
    dated = [milestone for milestone in milestones if milestone.due_on]
    last = max(dated, key=lambda one: (one.is_key, one.due_on, one.position), default=None)
    return slip(last, as_of=as_of, calendar=calendar) if last else None


@dataclass(frozen=True)
class UnitSlip:
    """What a unit's milestones slip together (单位滞后合计); `unit` None gathers those nobody answers for."""

    unit: Unit | None
    milestones: int
    late: int
    days: int
    working_days: int


def slips_by_unit(
    milestones: QuerySet[Milestone], *, as_of: date, calendar: WorkingCalendar
) -> list[UnitSlip]:
    """Sum of slips per responsible unit over the milestones given (在执行方案), the largest first. One query.

    Only what is later than the baseline is summed: an early milestone does not make up for a late one.
    """
    sums: dict[Unit | None, list[int]] = {}
    for milestone in milestones.select_related("unit", "baseline", "plan__project__lead_department"):
        found = slip(milestone, as_of=as_of, calendar=calendar)
        row = sums.setdefault(milestone.responsible_unit, [0, 0, 0, 0])
        row[0] += 1
        if found and found.days > 0:
            row[1] += 1
            row[2] += found.days
            row[3] += found.working_days
    rows = [UnitSlip(unit, *row) for unit, row in sums.items()]
    return sorted(rows, key=lambda row: (-row.days, row.unit is None, row.unit.position if row.unit else 0))


def plan_slips(plans: Iterable[int], *, as_of: date, calendar: WorkingCalendar) -> dict[int, Slip | None]:
    """The project slip of each plan, by its row number. One query, however many plans."""
    rows: dict[int, list[Milestone]] = {pk: [] for pk in plans}
    for milestone in Milestone.objects.filter(plan__in=list(rows)).select_related("baseline"):
        rows[milestone.plan_id].append(milestone)
    return {pk: project_slip(found, as_of=as_of, calendar=calendar) for pk, found in rows.items()}
