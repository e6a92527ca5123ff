"""Versions of a delivery plan (推进方案版次): drafted, submitted, returned or approved, superseded."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects.models import (
    DateChangeRequest,
    DeliveryPlan,
    Milestone,
    MilestoneClaim,
    Project,
    ProjectMember,
    User,
)
from projects.queries.base.calendar import working_calendar
from projects.queries.plans.schedule import network, outlook, plan_milestones
from projects.rules import NetworkError, check_network

from ..base.changing import changed, held, refuse, required, sure
from ..base.guards import next_number, not_office, own_act
from ..base.notices import queue_notice
from ..base.records import record
from ..base.steps import Step, Steps, not_now, not_you, step
from ..register.members import end_from, let_in_all
from .claims import settle_returned

State = DeliveryPlan.State
GONE = "该节点未列入新版推进方案。"
OPEN_STATES = frozenset({State.DRAFT, State.SUBMITTED})
NOBODY = ("made_by",)  # a plan that came with a ledger was drafted by no person


def steps_of(
    plan: DeliveryPlan, user: User, today: date, milestones: Sequence[Milestone] | None = None
) -> Steps:
    """What may be done with a version: edit (修改草稿), submit (报审), send_back (退回), approve (批准), revise (拟订新版).

    `milestones` are the plan's own, where they are read already. One query but for the office, one more for a plan in
    force, two for one that is not yet and came without its milestones.
    """
    stranger = _stranger(plan.project, user)
    office_alone = not_office(user, "审定推进方案")
    not_draft = plan.state != State.DRAFT
    not_ready = plan.state in OPEN_STATES and _not_ready(
        plan, plan_milestones(plan) if milestones is None else milestones
    )
    return Steps(
        edit=step(stranger, not_draft and not_now(f"{plan}{plan.get_state_display()}，不能直接修改。")),
        submit=step(
            stranger, not_draft and not_now(f"{plan}{plan.get_state_display()}，不能报审。"), not_ready
        ),
        send_back=step(
            office_alone, plan.state != State.SUBMITTED and not_now(f"{plan}不在待审状态，不能退回。")
        ),
        approve=step(
            office_alone,
            plan.state not in OPEN_STATES and not_now(f"{plan}已批准过，不能再次批准。"),
            not_ready,
            plan.state == State.DRAFT and not_now(f"{plan}尚未报审，不能批准。"),
            own_act(
                plan.submitted_by_id == user.pk,
                user,
                "报审人不能批准自己报审的方案，请由统筹的其他人员批准。",
            ),
        ),
        revise=step(
            stranger,
            plan.state != State.APPROVED and not_now(f"{plan}不在执行中，不能据此拟订新版。"),
            plan.state == State.APPROVED and _second_draft(plan.project),
        ),
    )


def drafting(project: Project, user: User, ours: bool | None = None) -> Step:
    """Whether a plan of the project may be drafted from a template (拟订). Two queries, one where `ours` is known."""
    return step(_stranger(project, user, ours), _second_draft(project))


@transaction.atomic
def submit_plan(*, plan: DeliveryPlan, by: User, now: datetime, reason: str | None = None) -> DeliveryPlan:
    """Hand a drafted plan in for approval (报审); `reason` replaces the plan's 编制说明 where given.

    Refuses: a plan that is no draft; one without dated milestones; steps that wait for each other; a plan that cannot
    keep its date, unless it says why.
    """
    plan = held(plan, "project")
    milestones = plan_milestones(plan)
    steps_of(plan, by, timezone.localdate(now), milestones).require("submit")
    reason = plan.reason if reason is None else reason.strip()
    found = outlook(plan, milestones, working_calendar())
    if not found.feasible and not reason:
        refuse(reason=f"倒排结论：{found.verdict}仍需报审的，请说明原因和赶工措施。")
    with changed(plan, "推进方案报审", by=by, now=now, unchecked=NOBODY):
        plan.state, plan.reason, plan.return_reason = State.SUBMITTED, reason, ""
        plan.submitted_by, plan.submitted_at = by, now
    return plan


@transaction.atomic
def return_plan(*, plan: DeliveryPlan, reason: str, by: User, now: datetime) -> DeliveryPlan:
    """Send a submitted plan back to be changed (退回修改); the submitter is told why.

    Refuses: no reason; a plan that was not submitted.
    """
    plan = held(plan, "project")
    steps_of(plan, by, timezone.localdate(now)).require("send_back")
    reason = required(reason, "退回原因")
    with changed(plan, "退回推进方案", by=by, now=now, reason=reason, unchecked=NOBODY):
        plan.state, plan.return_reason = State.DRAFT, reason
    _tell(plan, "已退回修改", f"{plan}已退回修改。原因：{reason}", by=by, now=now)
    return plan


@transaction.atomic
def approve_plan(*, plan: DeliveryPlan, approved_on: date, by: User, now: datetime) -> DeliveryPlan:
    """Put a plan in force (批准推进方案); the one before it is superseded and stays comparable.

    What was achieved under the plan before while this one was being drafted is carried over; requests to move dates
    that still wait follow their milestone; units that answer for milestones are let into the project.
    Refuses: a plan in force or superseded, no dated milestones, a day in the future or before the last approval.
    """
    held(plan.project)  # two versions come into force one after the other
    plan = held(plan, "project")
    steps_of(plan, by, timezone.localdate(now)).require("approve")
    if approved_on > timezone.localdate(now):
        refuse(approved_on="批准日期不能晚于今天。")
    put_in_force(plan, approved_on=approved_on, by=by, now=now)
    _tell(plan, "已批准", f"{plan}已批准，自{approved_on.isoformat()}起执行。", by=by, now=now)
    return plan


@transaction.atomic
def revise_plan(*, plan: DeliveryPlan, by: User, now: datetime) -> DeliveryPlan:
    """Draft the next version from a plan in force (拟订新版), with copies of its milestones.

    Refuses: a plan that is not in force; a project that has an open draft already.
    """
    held(plan.project)
    plan = held(plan, "project")
    steps_of(plan, by, timezone.localdate(now)).require("revise")
    draft, _copies = copied(plan, by=by, now=now)
    record(action="拟订推进方案新版", instance=draft, by=by, now=now)
    return draft


def _stranger(project: Project, user: User, ours: bool | None = None) -> Step | Literal[False]:
    """Plans are drafted and handed in by whoever reports on the project (推进部门、属地、统筹)."""
    if ours is None:
        ours = user.is_office or Project.objects.editable_by(user).filter(pk=project.pk).exists()
    return not ours and not_you("无权编制该项目的推进方案。")


def _second_draft(project: Project) -> Step | Literal[False]:
    is_open = project.plans.filter(state__in=OPEN_STATES).exists()
    return is_open and not_now(f"{project}已有未批准的新版，请在其中修改。")


def _not_ready(plan: DeliveryPlan, milestones: Sequence[Milestone]) -> Step | Literal[False]:
    """What a plan lacks before it can be decided: dated milestones, in an order that can be kept."""
    if not any(one.due_on for one in milestones):
        return not_now(f"{plan}还没有写明计划完成时间的节点，请先补充节点。")
    try:
        check_network(network(milestones))
    except NetworkError as error:
        return not_now(str(error))
    return False


# --- shared with drafting and date changes --------------------------------------------------------------


def copied(
    source: DeliveryPlan, *, by: User, now: datetime, **given: Any
) -> tuple[DeliveryPlan, dict[int, Milestone]]:
    """A draft with copies of a plan's milestones and of their order; the copies by the source's row numbers."""
    draft = DeliveryPlan.objects.create(
        project=source.project,
        number=next_number(source.project.plans),
        made_by=by,
        made_at=now,
        template=source.template,
        starts_on=source.starts_on,
        finish_on=source.finish_on,
        **given,
    )
    copies: dict[int, Milestone] = {}
    for row in plan_milestones(source):
        copy = Milestone(plan=draft, baseline=row.baseline or row)
        for field in Milestone._meta.concrete_fields:
            if field.name not in {"id", "plan", "baseline", "due_on"}:
                setattr(copy, field.attname, getattr(row, field.attname))
        copy.save()
        copies[row.pk] = copy
    for row in plan_milestones(source):
        copies[row.pk].predecessors.set(copies[one.pk] for one in row.predecessors.all() if one.pk in copies)
    return draft, copies


def put_in_force(plan: DeliveryPlan, *, approved_on: date, by: User, now: datetime) -> None:
    """Supersede the plan in force by this one; facts, waiting requests and responsible units come along."""
    former = plan.project.plans.filter(state=State.APPROVED).first()
    if former is not None:
        last_on = former.approved_on
        if last_on is not None and approved_on < last_on:
            refuse(approved_on=f"批准日期不能早于上一版的批准日期（{last_on.isoformat()}）。")
        successors = _successors(former, plan)
        _carry_over(successors)
        with changed(former, "推进方案被替代", by=by, now=now, unchecked=NOBODY):
            former.state, former.until_on = State.SUPERSEDED, approved_on
        _follow(former, successors, by=by, now=now)
    with changed(plan, "批准推进方案", by=by, now=now, unchecked=NOBODY):
        plan.state, plan.approved_on, plan.approved_by = State.APPROVED, approved_on, by
        plan.from_on = approved_on if former is not None else None
        if former is not None and former.number > plan.number:  # dates were moved while this one was drafted
            plan.number = next_number(plan.project.plans)
    _let_in_named(plan, approved_on)


def _let_in_named(plan: DeliveryPlan, on: date) -> None:
    """Units named on a milestone that is still to be done see the project; those named no longer do not, by that."""
    named = plan.milestones.filter(achieved_on__isnull=True).exclude(unit=None)
    owing = {(sure(one.unit_id), one.matter) for one in named}
    standing = plan.project.members.lasting().filter(cause__startswith="milestone:")
    gone = [one.pk for one in standing if (one.unit_id, one.cause) not in owing]
    end_from(ProjectMember.objects.filter(pk__in=gone), on)
    let_in_all(project=plan.project, owing=sorted(owing), on=on)


def _successors(former: DeliveryPlan, plan: DeliveryPlan) -> list[tuple[Milestone, Milestone | None]]:
    """Each milestone of the plan before with the same one in the new plan: by baseline, else by name."""
    rows = list(plan.milestones.all())
    by_root = {row.baseline_id: row for row in rows if row.baseline_id}
    by_name = {row.name: row for row in rows if not row.baseline_id}
    return [
        (old, by_root.get(old.baseline_id or old.pk) or by_name.get(old.name))
        for old in former.milestones.all()
    ]


def left_behind(former: DeliveryPlan, plan: DeliveryPlan) -> list[Milestone]:
    """What was achieved under the plan before and has no milestone in the new one to carry it."""
    return [old for old, new in _successors(former, plan) if old.achieved_on and new is None]


def _carry_over(successors: list[tuple[Milestone, Milestone | None]]) -> None:
    """Achievements of the plan before; a milestone that came back under the same name keeps its baseline too."""
    for old, new in successors:
        if new is None:
            continue
        if old.achieved_on and not new.achieved_on:
            new.achieved_on, new.evidence = old.achieved_on, old.evidence
        if not new.baseline_id:
            new.baseline_id = old.baseline_id or old.pk
        new.save(update_fields=["achieved_on", "evidence", "baseline"])


def _follow(
    former: DeliveryPlan, successors: list[tuple[Milestone, Milestone | None]], *, by: User, now: datetime
) -> None:
    """Waiting requests and claims go on with the milestone's copy; one whose milestone is gone is closed with the reason."""
    new_of = {old.pk: new for old, new in successors}
    for claim in MilestoneClaim.objects.waiting().filter(milestone__plan=former).select_for_update():
        if (copy := new_of.get(claim.milestone_id)) is None:
            settle_returned(claim, GONE, by=by, now=now)
            continue
        with changed(claim, "节点办结申报转入新版", by=by, now=now, project=former.project):
            claim.milestone = copy
    for request in DateChangeRequest.objects.waiting().filter(milestone__plan=former).select_for_update():
        new = new_of.get(request.milestone_id)
        with changed(request, "调整申请转入新版", by=by, now=now, project=former.project):
            if new is not None:
                request.milestone = new
            else:
                request.state = DateChangeRequest.State.REFUSED
                request.decided_by, request.decided_at = by, now
                request.decision = GONE


def _tell(plan: DeliveryPlan, what: str, body: str, *, by: User, now: datetime) -> None:
    """Word of the decision to whoever handed the plan in, unless that is the decider."""
    if plan.submitted_by is None or plan.submitted_by == by:
        return
    queue_notice(
        recipient=plan.submitted_by,
        key=f"plan:{plan.pk}:{what}:{now.isoformat()}",
        subject=f"推进方案{what}：{plan.project.name}",
        body=body,
        link=reverse("plan_detail", args=[plan.pk]),
        now=now,
    )
