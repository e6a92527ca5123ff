"""The list of duties (责任清单): who answers for each project on a day, the further people, the year's hand-overs."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery

from projects.models import DeliveryPlan, Handover, Official, Project, ProjectMember, Unit, User

from .six_slots import SlotsOfDay, missing
from .stages import STAGES, stage_is


def duty_rows(projects: QuerySet[Project], slots: SlotsOfDay, user: User) -> QuerySet[Any]:
    """Rows of `SlotsOfDay.rows` with handovers_then, people_then, plan_number and shows_phones.

    shows_phones: whether the person works on the project, which alone opens the phones. Three queries for any number.
    """
    day = slots.day
    handovers = (
        Handover.objects.filter(from_on__lte=day).select_related("official", "unit").order_by("from_on")
    )
    people = ProjectMember.objects.in_force(day).select_related("user", "unit").order_by("kind", "pk")
    # without its order, which would join the project's table and catch the outer query's reference to it
    plan = DeliveryPlan.objects.filter(pk=OuterRef("plan_then")).order_by().values("number")
    works_on = Project.objects.workable_by(user).filter(pk=OuterRef("pk"))
    return (
        slots.rows(projects)
        .annotate(plan_number=Subquery(plan), shows_phones=Exists(works_on))
        .prefetch_related(
            Prefetch("handovers", handovers, to_attr="handovers_then"),
            Prefetch("members", people, to_attr="people_then"),
        )
    )


def holder_of(project: Any, slot: str) -> Official | Unit | None:
    """Who holds the slot of a row of `duty_rows` on its day."""
    of_slot = [row for row in project.handovers_then if row.slot == slot]
    return (of_slot[-1].official or of_slot[-1].unit) if of_slot else None


def changes_in(project: Any, year: int) -> list[str]:
    """The year's changes of holder in words (本年交接), the first holders not counted among them."""
    found: list[str] = []
    before: dict[str, Official | Unit | None] = {}
    for row in project.handovers_then:
        holder = row.official or row.unit
        if row.slot in before and row.from_on.year == year:
            words = f"{row.get_slot_display()}由{before[row.slot] or '空缺'}改为{holder or '空缺'}"
            found.append(f"{row.from_on.month}月{row.from_on.day}日{words}")
        before[row.slot] = holder
    return found


def changed_in_year(day: date) -> QuerySet:
    """Ids of projects with a change of holder in the year up to the day, as `changes_in` tells them."""
    earlier = Handover.objects.filter(
        project=OuterRef("project"), slot=OuterRef("slot"), from_on__lt=OuterRef("from_on")
    )
    this_year = Handover.objects.filter(from_on__year=day.year, from_on__lte=day)
    return this_year.filter(Exists(earlier)).values("project")


def people_words(project: Any, kind: str) -> list[str]:
    """The further people of a kind, each with unit or post, and the phone where the viewer may have it."""
    own = {project.lead_department_then, project.host_district_then}
    return [
        member_words(member, project.shows_phones)
        for member in once_each(project.people_then, own)
        if member.kind == kind
    ]


def once_each(members: Iterable[ProjectMember], own: Collection[int | None]) -> list[ProjectMember]:
    """The people as a list shows them: a supporting unit once whatever it is let in for, not where it is of the `own`.

    Of several rows of a unit the one that the office entered stands, else the earliest.
    """
    supporting = ProjectMember.Kind.SUPPORTING_UNIT
    rows = list(members)
    shown: dict[int | None, ProjectMember] = {}
    for one in sorted(rows, key=lambda one: (bool(one.cause), one.from_on, one.pk)):
        if one.kind == supporting and one.unit_id not in own:
            shown.setdefault(one.unit_id, one)
    return [one for one in rows if one.kind != supporting or one is shown.get(one.unit_id)]


def member_words(member: ProjectMember, with_phone: bool) -> str:
    """“李娜（工信局，科长） 0533-3580101”."""
    beside = [str(member.unit)] if member.unit and str(member) != str(member.unit) else []
    beside += [member.post] if member.post else []
    phone = member_phone(member) if with_phone else ""
    return f"{member}" + (f"（{'，'.join(beside)}）" if beside else "") + (f" {phone}" if phone else "")


def member_phone(member: ProjectMember) -> str:
    """The member's own number, else that of the account, else that of the unit."""
    return (
        member.phone
        or (member.user.phone if member.user else "")
        or (member.unit.phone if member.unit else "")
    )


@dataclass(frozen=True)
class DutySum:
    """One leader, department or district with what it answers for (责任汇总); `holder` is None for 未明确."""

    holder: Official | Unit | None
    projects: int
    gaps: int
    stages: dict[str, int]


def duty_sums(rows: QuerySet[Any], slot: str, day: date) -> list[DutySum]:
    """Projects, stages and gaps by the holders of a slot, in the office's order, 未明确 last. Two queries."""
    counted: dict[str, Any] = {stage: Count("pk", filter=stage_is(stage, day)) for stage in STAGES}
    found = (
        rows.order_by()
        .values(f"{slot}_then")
        .annotate(total=Count("pk"), lacking=Count("pk", filter=missing()), **counted)
    )
    by_holder = {row[f"{slot}_then"]: row for row in found}
    model = Official if slot == Handover.Slot.SPONSOR else Unit
    holders = [*model.objects.filter(pk__in=[pk for pk in by_holder if pk]), None]
    return [
        DutySum(
            holder,
            row["total"],
            row["lacking"],
            {stage: row[stage] for stage in STAGES},
        )
        for holder in holders
        if (row := by_holder.get(holder.pk if holder else None))
    ]
