"""Drafting a plan (拟订推进方案): from a template scheduled backward, then row by row while it is a draft."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.models import (
    AuditRecord,
    DeliveryPlan,
    Milestone,
    PlanTemplate,
    Project,
    TemplateStep,
    Unit,
    User,
)
from projects.models.fields import span_of
from projects.periods import WorkingCalendar
from projects.queries.base.calendar import working_calendar
from projects.queries.plans.schedule import narrowed, network, outlook, plan_milestones, template_steps
from projects.rules import NetworkError, NetworkStep, Schedule, Scheduled, check_network, schedule_backward

from ..base.changing import added, changed, held, refuse, sure
from ..base.guards import next_number
from ..base.records import build_record, record, record_many, snapshot
from .versions import NOBODY, drafting, steps_of

PARKED = 32_000  # a place no plan reaches, while two rows change places
MOST_ROWS = 300
HEAD = ("starts_on", "finish_on", "reason", "document")
Answers = TemplateStep.Answers


@dataclass(frozen=True)
class OutlineRow:
    """A template step as it would stand in the plan (拟列节点)."""

    step: TemplateStep
    unit: Unit | None
    scheduled: Scheduled
    predecessors: tuple[str, ...]


@dataclass(frozen=True)
class Outline:
    """A plan before it is saved (推算结果): rows in order, the schedule with its verdict."""

    rows: tuple[OutlineRow, ...]
    schedule: Schedule


def outline_plan(
    *,
    project: Project,
    template: PlanTemplate,
    finish_on: date,
    starts_on: date,
    target: TemplateStep | None = None,
    left_out: Collection[int] = (),
    calendar: WorkingCalendar | None = None,
) -> Outline:
    """Schedule a template backward for a project without writing anything (推算).

    Only steps up to `target` (its last by default) are listed, without those `left_out`; both are row numbers.
    Refuses: a finish before the start, a template without steps or with a network that cannot be ordered.
    """
    if finish_on < starts_on:
        refuse(finish_on="目标完成日期不能早于可启动日期。")
    rows = template_steps(template)
    try:
        steps = narrowed(
            check_network(network(rows)),
            target=str(target.pk) if target else None,
            left_out={str(pk) for pk in left_out},
        )
        schedule = schedule_backward(
            steps, finish_on=finish_on, start_on=starts_on, calendar=calendar or working_calendar()
        )
    except NetworkError as error:
        raise ValidationError(f"方案模板“{template}”：{error}") from error
    kept = {step.key: step for step in steps}
    return Outline(
        tuple(
            OutlineRow(
                row, _answering(row, project), schedule.steps[str(row.pk)], kept[str(row.pk)].predecessors
            )
            for row in rows
            if str(row.pk) in kept
        ),
        schedule,
    )


@transaction.atomic
def draft_plan_from_template(
    *,
    project: Project,
    template: PlanTemplate,
    finish_on: date,
    starts_on: date,
    target: TemplateStep | None = None,
    left_out: Collection[int] = (),
    reason: str = "",
    document: str = "",
    by: User,
    now: datetime,
) -> DeliveryPlan:
    """Draft a plan from a template, scheduled backward (按模板拟订): each milestone is due on its latest finish.

    An infeasible plan may be drafted; its page says by how much it misses. Refuses: who does not report on the
    project; a template out of use; a project with an open draft; what `outline_plan` refuses.
    """
    held(project)
    drafting(project, by).require()
    if not template.is_active:
        refuse(template=f"方案模板“{template}”已停用，请另选模板。")
    outline = outline_plan(
        project=project,
        template=template,
        finish_on=finish_on,
        starts_on=starts_on,
        target=target,
        left_out=left_out,
    )
    plan = DeliveryPlan(
        project=project,
        number=next_number(project.plans),
        template=template,
        starts_on=starts_on,
        finish_on=finish_on,
        reason=reason.strip(),
        document=document.strip(),
        made_by=by,
        made_at=now,
    )
    added(plan, f"按模板“{template}”拟订推进方案", by=by, now=now)
    made: dict[str, Milestone] = {}
    for place, row in enumerate(outline.rows, 1):
        made[str(row.step.pk)] = Milestone.objects.create(
            plan=plan,
            position=place,
            stage=row.step.stage,
            name=row.step.name,
            unit=row.unit,
            duration=row.step.duration,
            day_kind=row.step.day_kind,
            due=row.scheduled.latest_finish_on.isoformat(),
            weight=row.step.weight,
            is_key=row.step.is_key,
        )
    for row in outline.rows:
        made[str(row.step.pk)].predecessors.set(made[key] for key in row.predecessors)
    return plan


@transaction.atomic
def edit_draft(
    *,
    plan: DeliveryPlan,
    head: Mapping[str, Any],
    rows: Mapping[int, Mapping[str, Any]],
    by: User,
    now: datetime,
) -> DeliveryPlan:
    """Change a draft's head (starts_on, finish_on, reason, document) and its rows (unit, duration, day_kind, due).

    `rows` go by row number; rows not named stay. Refuses, all slips at once: a finish before the start, unreadable dates.
    """
    plan = _editable(plan, by, now)
    errors = _head_errors(plan, head)
    entries = []
    for milestone in plan.milestones.filter(pk__in=list(rows)):
        was = snapshot(milestone)
        for name, value in rows[milestone.pk].items():
            setattr(milestone, name, value)
        try:
            span_of(milestone.due, validate=True)
        except ValidationError as error:
            errors.append(f"“{milestone.name}”：{error.messages[0]}")
            continue
        entries += _saved(milestone, was, "修改节点", by, now)
    if errors:
        raise ValidationError(errors)
    new = {name: head[name] for name in HEAD if name in head and head[name] != getattr(plan, name)}
    if new:
        with changed(plan, "修改推进方案", by=by, now=now, unchecked=NOBODY):
            for name, value in new.items():
                setattr(plan, name, value)
    record_many(entries)
    return plan


@transaction.atomic
def save_row(
    *,
    plan: DeliveryPlan,
    milestone: Milestone | None,
    values: Mapping[str, Any],
    predecessors: Sequence[Milestone],
    by: User,
    now: datetime,
) -> Milestone:
    """Write one row of a draft, a new one when `milestone` is None (增改节点); it is put last.

    Refuses: predecessors of another plan; an order that closes a cycle, with the cycle named; unreadable dates.
    """
    plan = _editable(plan, by, now)
    is_new = milestone is None
    if milestone is None:
        if plan.milestones.count() >= MOST_ROWS:
            raise ValidationError(f"一个方案最多{MOST_ROWS}个节点。")
        milestone = Milestone(plan=plan, position=next_number(plan.milestones, "position"))
    else:
        milestone = plan.milestones.select_for_update().get(pk=milestone.pk)
    if any(one.plan_id != plan.pk for one in predecessors):
        refuse(predecessors="紧前节点须在同一方案内。")
    before = None if is_new else snapshot(milestone)
    for name, value in values.items():
        setattr(milestone, name, value)
    span_of(milestone.due, validate=True)
    was = [] if is_new else [one.name for one in milestone.predecessors.order_by("position")]
    _refuse_cycle(plan, milestone, predecessors)
    milestone.save()
    milestone.predecessors.set(predecessors)
    names = [one.name for one in sorted(predecessors, key=lambda one: one.position)]
    words = "" if names == was else f"紧前节点：{'、'.join(was) or '无'} → {'、'.join(names) or '无'}"
    if is_new or words or snapshot(milestone) != before:
        action = "新增节点" if is_new else "修改节点"
        record(action=action, instance=milestone, by=by, now=now, before=before, reason=words)
    return milestone


@transaction.atomic
def remove_row(*, milestone: Milestone, by: User, now: datetime) -> None:
    """Take a row out of a draft (删除节点): what waited for it waits for its predecessors instead."""
    plan = _editable(milestone.plan, by, now)
    milestone = plan.milestones.select_for_update().get(pk=milestone.pk)
    before = list(milestone.predecessors.all())
    for after in milestone.successors.all():
        after.predecessors.add(*before)
    record(
        action="删除节点",
        instance=milestone,
        by=by,
        now=now,
        before=snapshot(milestone),
        reason=f"推进方案第{plan.number}版",
    )
    milestone.delete()


@transaction.atomic
def move_row(*, milestone: Milestone, up: bool, by: User, now: datetime) -> None:
    """Change places with the row above or below (上移、下移); at the end nothing happens."""
    plan = _editable(milestone.plan, by, now)
    rows = list(plan.milestones.order_by("position"))
    place = next((n for n, row in enumerate(rows) if row.pk == milestone.pk), -1)
    other = place + (-1 if up else 1)
    if place < 0 or not 0 <= other < len(rows):
        return
    here, there = rows[place], rows[other]
    was_here, was_there = snapshot(here), snapshot(there)
    goal, home = there.position, here.position
    Milestone.objects.filter(pk=there.pk).update(position=PARKED)
    here.position, there.position = goal, home
    entries = _saved(here, was_here, "调整节点顺序", by, now)
    entries += _saved(there, was_there, "调整节点顺序", by, now)
    record_many(entries)


@transaction.atomic
def recompute_draft(*, plan: DeliveryPlan, by: User, now: datetime) -> int:
    """Set every due date of a draft to its latest finish (按倒排重算); answers how many changed.

    What is achieved keeps its date. Refuses: a draft without start, finish or durations, or that cannot be ordered.
    """
    plan = _editable(plan, by, now)
    milestones = plan_milestones(plan)
    found = outlook(plan, milestones, working_calendar())
    if found.schedule is None:
        raise ValidationError(f"不能按倒排重算：{found.why_not}")
    entries = []
    for milestone in milestones:
        day = sure(found.of(milestone)).latest_finish_on
        if milestone.achieved_on is None and milestone.due_on != day:
            was = snapshot(milestone)
            milestone.due = day.isoformat()
            entries += _saved(milestone, was, "按倒排重算", by, now)
    record_many(entries)
    return len(entries)


def _editable(plan: DeliveryPlan, by: User, now: datetime) -> DeliveryPlan:
    """The draft as it is now, held until the transaction ends."""
    plan = held(plan, "project")
    steps_of(plan, by, timezone.localdate(now), milestones=()).require("edit")  # whatever they say
    return plan


def _head_errors(plan: DeliveryPlan, head: Mapping[str, Any]) -> list[str]:
    starts_on, finish_on = (head.get(name, getattr(plan, name)) for name in ("starts_on", "finish_on"))
    if starts_on and finish_on and finish_on < starts_on:
        return ["目标完成日期不能早于可启动日期。"]
    return []


def _answering(step: TemplateStep, project: Project) -> Unit | None:
    if step.answers == Answers.LEAD_DEPARTMENT:
        return project.lead_department
    return project.host_district if step.answers == Answers.HOST_DISTRICT else step.unit


def _saved(milestone: Milestone, was: dict, action: str, by: User, now: datetime) -> list[AuditRecord]:
    """Save a row that changed, and its audit record; nothing for one that did not."""
    if snapshot(milestone) == was:
        return []
    milestone.save()
    return [build_record(action=action, instance=milestone, by=by, now=now, before=was)]


def _refuse_cycle(plan: DeliveryPlan, milestone: Milestone, predecessors: Sequence[Milestone]) -> None:
    """Check the whole network with the row as it would be; the refusal names the cycle."""
    own = NetworkStep(
        key=str(milestone.pk),
        name=milestone.name,
        duration=milestone.duration or 0,
        predecessors=tuple(str(one.pk) for one in predecessors),
    )
    steps = {step.key: step for step in network(plan_milestones(plan))}
    try:
        check_network((steps | {own.key: own}).values())
    except NetworkError as error:
        raise ValidationError({"predecessors": str(error)}) from error
