"""Moving a date (节点调整申请): asked for before the due date, decided by the office, the old date kept."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects.models import DateChangeRequest, DeliveryPlan, Milestone, User
from projects.models.fields import span_of
from projects.periods import OfficeDate

from ..base.attachments import PreparedFile, attach
from ..base.changing import added, changed, held, refuse, sure
from ..base.guards import not_office, own_act
from ..base.notices import queue_notice
from ..base.steps import Steps, not_now, not_you, step
from .milestones import steps_of as milestone_steps
from .versions import OPEN_STATES, copied, put_in_force

State = DateChangeRequest.State


def steps_of(request: DateChangeRequest, user: User, today: date) -> Steps:
    """What may be done with a request: approve (同意), refuse (不同意), withdraw (撤回). To ask is a milestone's step.

    No query, where the milestone and its plan are read beside it.
    """
    named, words = f"节点“{request.milestone.name}”的调整申请", request.get_state_display()
    office_alone = not_office(user, "审定调整申请")
    decided = request.state != State.WAITING and not_now(f"{named}{words}，不能再审定，请刷新后重试。")
    milestone = request.milestone
    return Steps(
        approve=step(
            office_alone,
            decided,
            milestone.achieved_on is not None
            and not_now(f"节点“{milestone.name}”已办结，不能再调整时间，请作不同意处理。"),
            not milestone.plan.is_in_force
            and not_now(f"节点“{milestone.name}”不在执行中的推进方案内，请刷新后重试。"),
            own_act(
                request.asked_by_id == user.pk, user, "申请人不能审定自己的调整申请，请由统筹的其他人员审定。"
            ),
        ),
        refuse=step(office_alone, decided),
        withdraw=step(
            request.asked_by_id != user.pk and not_you("只有申请人可以撤回。"),
            request.state != State.WAITING and not_now(f"该申请{words}，不能撤回。"),
        ),
    )


@transaction.atomic
def request_date_change(
    *,
    milestone: Milestone,
    new_due: str,
    reason: str,
    document: str = "",
    files: Sequence[PreparedFile] = (),
    by: User,
    now: datetime,
) -> DateChangeRequest:
    """Ask for another date (申请调整) with a reason and evidence, a document number or a file.

    Refuses: on or after the due date; a plan not in force, a milestone done or without a date; a new date that is
    none, not after today, or the old one; no reason, no evidence; while another request for it waits.
    """
    milestone, today = held(milestone, "plan__project"), timezone.localdate(now)
    milestone_steps(milestone, by, today).require("move")
    new_due, reason, document = new_due.strip(), reason.strip(), document.strip()
    bare = not document and not files
    refuse(
        new_due=_wrong_date(new_due, milestone, today),
        reason=not reason and "请填写调整原因。",
        document=bare and "请填写依据文件的文号，或上传佐证材料：没有依据不能申请调整。",
    )
    request = DateChangeRequest(
        milestone=milestone,
        old_due=milestone.due,
        old_due_on=sure(milestone.due_on),
        new_due=new_due,
        reason=reason,
        document=document,
        asked_on=today,
        asked_by=by,
        asked_at=now,
    )
    added(request, "申请调整节点时间", by=by, now=now, reason=reason)
    for file in files:
        attach(file=file, project=milestone.project, date_change=request, by=by, now=now)
    return request


@transaction.atomic
def approve_date_changes(
    *, requests: Sequence[DateChangeRequest], decision: str = "", document: str = "", by: User, now: datetime
) -> DeliveryPlan:
    """Agree to requests of one project at once (同意调整): one new plan version with these dates moved, in force today.

    The old dates stay with the version before. An open draft of the project takes the new dates over where it still
    had the old ones. Refuses: nothing chosen, requests of several projects, one decided already or done meanwhile.
    """
    rows = _held_open(requests, "approve", by, now)
    source = rows[0].milestone.plan
    names = "、".join(request.milestone.name for request in rows)
    papers = "、".join(dict.fromkeys(request.document for request in rows if request.document))
    plan, copies = copied(
        source,
        by=by,
        now=now,
        reason=f"节点时间调整：{names}"[:300],
        document=(document.strip() or papers)[:120],
    )
    for request in rows:
        copy = copies[request.milestone_id]
        copy.due = request.new_due
        copy.save()
        _move_in_draft(plan, copy.baseline_id, request)
    last_on = max(copy.due_on for copy in copies.values() if copy.due_on)
    if plan.finish_on and last_on > plan.finish_on:
        plan.finish_on = last_on
        plan.save(update_fields=["finish_on"])
    for request in rows:  # first, so that they do not follow their milestone as waiting ones do
        _decided(request, State.APPROVED, decision, plan=plan, by=by, now=now)
    put_in_force(plan, approved_on=timezone.localdate(now), by=by, now=now)
    return plan


@transaction.atomic
def refuse_date_changes(
    *, requests: Sequence[DateChangeRequest], decision: str, by: User, now: datetime
) -> None:
    """Refuse requests of one project (不同意调整), with the reason; the dates stand."""
    rows = _held_open(requests, "refuse", by, now)
    if not decision.strip():
        refuse(decision="不同意的，请写明理由。")
    for request in rows:
        _decided(request, State.REFUSED, decision, by=by, now=now)


@transaction.atomic
def withdraw_date_change(*, request: DateChangeRequest, by: User, now: datetime) -> DateChangeRequest:
    """Take one's own request back before it is decided (撤回申请)."""
    request = held(request, "milestone__plan__project")
    steps_of(request, by, timezone.localdate(now)).require("withdraw")
    with changed(request, "撤回调整申请", by=by, now=now):
        request.state = State.WITHDRAWN
    return request


def _wrong_date(new_due: str, milestone: Milestone, today: date) -> str:
    """What is wrong with the date asked for; empty when nothing is."""
    if not new_due:
        return "请填写申请调整至的时间。"
    try:
        span: OfficeDate = span_of(new_due, validate=True)
    except ValidationError as error:
        return error.messages[0]
    if not span.is_known:
        return "请写明具体时间，如 2024-06-30、2024年6月底前。"
    if sure(span.last_on) <= today:
        return "申请调整至的时间须晚于今天。"
    if span.last_on == milestone.due_on:
        return "申请调整至的时间与原计划相同。"
    return ""


def _held_open(
    requests: Sequence[DateChangeRequest], verb: str, by: User, now: datetime
) -> list[DateChangeRequest]:
    """The requests as they are now, held, all of one project and each open to the step; refuses with every reason."""
    if not requests:
        raise ValidationError("请勾选要审定的申请。")
    today = timezone.localdate(now)
    if (asked := steps_of(requests[0], by, today)[verb]).is_who:
        asked.require()
    project = held(requests[0].project)
    rows = list(
        DateChangeRequest.objects.select_for_update(of=("self",))
        .select_related("milestone__plan__project", "asked_by")
        .filter(pk__in=[request.pk for request in requests])
        .order_by("milestone__position", "pk")
    )
    if any(row.project.pk != project.pk for row in rows):
        raise ValidationError("一次只能审定同一项目的申请。")
    if refusals := [asked.refusal for row in rows if not (asked := steps_of(row, by, today)[verb])]:
        raise ValidationError(refusals)
    return rows


def _move_in_draft(new_plan: DeliveryPlan, root: int | None, request: DateChangeRequest) -> None:
    """The open draft of the next version would bring the old date back: there it moves too."""
    drafts = new_plan.project.plans.filter(state__in=OPEN_STATES).exclude(pk=new_plan.pk)
    for row in Milestone.objects.filter(plan__in=drafts, baseline=root, due=request.old_due):
        row.due = request.new_due
        row.save(update_fields=["due", "due_on"])


def _decided(
    request: DateChangeRequest,
    state: str,
    decision: str,
    *,
    plan: DeliveryPlan | None = None,
    by: User,
    now: datetime,
) -> None:
    agreed, decision = state == State.APPROVED, decision.strip()
    action = "同意调整节点时间" if agreed else "不同意调整节点时间"
    with changed(request, action, by=by, now=now, reason=decision):
        request.state, request.decision, request.new_plan = state, decision, plan
        request.decided_by, request.decided_at = by, now
    if request.asked_by_id == by.pk:
        return
    result = (
        f"已同意调整至{request.new_due_span.words}，推进方案第{sure(plan).number}版即日起执行。"
        if agreed
        else f"不同意调整，仍按{span_of(request.old_due).words}认定。理由：{request.decision}"
    )
    queue_notice(
        recipient=request.asked_by,
        key=f"date-change:{request.pk}:{state}",
        subject=f"节点调整{'已同意' if agreed else '未同意'}：{request.milestone.name}",
        body=f"{request.project.name}的节点“{request.milestone.name}”：{result}",
        link=reverse("datechange_list"),
        now=now,
    )
