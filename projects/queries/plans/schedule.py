"""A plan as a network of steps (倒排工期): templates and milestones scheduled, compared and pushed; nothing is written."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from projects.models import Attachment, DeliveryPlan, Milestone, PlanTemplate, TemplateStep, User
from projects.periods import WorkingCalendar
from projects.rules import (
    DayKind,
    NetworkError,
    NetworkStep,
    Schedule,
    Scheduled,
    propagate_slip,
    schedule_backward,
)


def template_steps(template: PlanTemplate) -> list[TemplateStep]:
    """Steps of a template in order, with what stands before each. Two queries."""
    return list(template.steps.select_related("unit").prefetch_related("predecessors"))


def plan_milestones(plan: DeliveryPlan, user: User | None = None) -> list[Milestone]:
    """Milestones of a plan in order, with unit, baseline and predecessors, `for_steps` of a person. Two queries."""
    rows = plan.milestones.select_related("unit", "baseline").prefetch_related("predecessors")
    return list(rows if user is None else rows.for_steps(user))


def milestone_files(milestones: Iterable[Milestone]) -> dict[int, list[Attachment]]:
    """Papers that prove the milestones done, by row number: put in under whatever version. One query."""
    roots = {row.pk: row.baseline_id or row.pk for row in milestones if row.achieved_on}
    if not roots:
        return {}
    wanted = Q(milestone__in=roots.values()) | Q(milestone__baseline__in=roots.values())
    found: dict[int, list[Attachment]] = {}
    for file in Attachment.objects.filter(wanted).select_related("milestone"):
        if file.milestone is not None:
            found.setdefault(file.milestone.baseline_id or file.milestone.pk, []).append(file)
    return {pk: found[root] for pk, root in roots.items() if root in found}


def network(rows: Iterable[TemplateStep | Milestone]) -> list[NetworkStep]:
    """Rows as steps, keyed by row number. A milestone without a duration takes no day; others' rows do not count."""
    rows = list(rows)
    known = {row.pk for row in rows}
    return [
        NetworkStep(
            key=str(row.pk),
            name=row.name,
            duration=row.duration or 0,
            kind=DayKind(row.day_kind),
            predecessors=tuple(str(one.pk) for one in row.predecessors.all() if one.pk in known),
        )
        for row in rows
    ]


def narrowed(
    steps: Sequence[NetworkStep], *, target: str | None = None, left_out: Collection[str] = ()
) -> list[NetworkStep]:
    """The steps a plan needs: those up to the target, without those left out, whose order is handed on (衔接).

    What waited for a step left out waits for its predecessors instead.
    """
    by_key = {step.key: step for step in steps}
    wanted = set(by_key)
    if target is not None:
        wanted, queue = set(), [target]
        while queue:
            key = queue.pop()
            if key not in wanted:
                wanted.add(key)
                queue += by_key[key].predecessors
    kept = wanted - set(left_out)
    return [
        NetworkStep(step.key, step.name, step.duration, step.kind, _before(step, by_key, kept))
        for step in steps
        if step.key in kept
    ]


def _before(step: NetworkStep, by_key: Mapping[str, NetworkStep], kept: Collection[str]) -> tuple[str, ...]:
    """Nearest kept predecessors, through any that are left out."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    queue = list(step.predecessors)
    while queue:
        key = queue.pop(0)
        if key in kept:
            found[key] = None
        elif key not in seen:
            seen.add(key)
            queue += by_key[key].predecessors
    return tuple(found)


@dataclass(frozen=True)
class PlanOutlook:
    """What backward scheduling says of a plan (倒排结论); `why_not` in words where it cannot say."""

    schedule: Schedule | None
    why_not: str = ""

    @property
    def feasible(self) -> bool:
        return self.schedule is None or self.schedule.feasible

    @property
    def verdict(self) -> str:
        return self.schedule.verdict if self.schedule else self.why_not

    @property
    def estimate_words(self) -> str:
        """The mark of years whose holidays are not published; empty when all are."""
        years = self.schedule.estimated_years if self.schedule else ()
        if not years:
            return ""
        return f"{'、'.join(map(str, years))}年放假安排未公布，按周一至周五推算，公布后请重新核对。"

    def of(self, milestone: Milestone) -> Scheduled | None:
        return self.schedule.steps.get(str(milestone.pk)) if self.schedule else None


def outlook(plan: DeliveryPlan, milestones: Iterable[Milestone], calendar: WorkingCalendar) -> PlanOutlook:
    """Schedule a plan back from its target date (倒排). Needs both dates, and durations, which imported plans lack."""
    milestones = list(milestones)
    if not milestones:
        return PlanOutlook(None, "方案中还没有节点。")
    if plan.starts_on is None or plan.finish_on is None:
        return PlanOutlook(None, "未填写可启动日期或目标完成日期，不作倒排。")
    if all(milestone.duration is None for milestone in milestones):
        return PlanOutlook(None, "节点未填写工期，不作倒排。")
    try:
        return PlanOutlook(
            schedule_backward(
                network(milestones), finish_on=plan.finish_on, start_on=plan.starts_on, calendar=calendar
            )
        )
    except NetworkError as error:
        return PlanOutlook(None, str(error))


def order_breaks(milestones: Iterable[Milestone]) -> list[str]:
    """Where planned dates contradict the order (前后倒置), in words: a milestone due before one it waits for."""
    milestones = list(milestones)
    by_pk = {milestone.pk: milestone for milestone in milestones}
    found = []
    for milestone in milestones:
        for before in (by_pk[one.pk] for one in milestone.predecessors.all() if one.pk in by_pk):
            if milestone.due_on and before.due_on and milestone.due_on < before.due_on:
                found.append(
                    f"“{milestone.name}”（{milestone.due_span.words}）早于其紧前节点“{before.name}”"
                    f"（{before.due_span.words}）。"
                )
    return found


@dataclass(frozen=True)
class Pushed:
    """A milestone that a slip moves (顺延影响): from its planned day to another."""

    milestone: Milestone
    planned_on: date | None
    moved_on: date
    asked: bool  # one of those whose slip was asked about

    @property
    def days(self) -> int:
        return (self.moved_on - self.planned_on).days if self.planned_on else 0


def forecast(
    milestones: Iterable[Milestone], slipped: Mapping[int, date], calendar: WorkingCalendar
) -> list[Pushed]:
    """What moves when milestones slip (若延至…), in the plan's order; what is done stays. NetworkError as words."""
    milestones = list(milestones)
    spans = propagate_slip(
        {str(one.pk): one.due_on for one in milestones if one.due_on},
        network(milestones),
        slipped={str(pk): day for pk, day in slipped.items()},
        finished={str(one.pk): one.achieved_on for one in milestones if one.achieved_on},
        calendar=calendar,
    )
    found = []
    for one in milestones:
        moved_on = spans[str(one.pk)][1] if str(one.pk) in spans else None
        if moved_on and one.achieved_on is None and moved_on != one.due_on:
            found.append(Pushed(one, one.due_on, moved_on, one.pk in slipped))
    return found
