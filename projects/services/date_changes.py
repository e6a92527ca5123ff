"""Moving a date (节点调整申请): asked for before the due date, decided by the office, the old date kept."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from ..models import DateChangeRequest, DeliveryPlan, Milestone, Project, User
from ..models.fields import span_of
from ..periods import OfficeDate
from .attachments import PreparedFile, attach
from .notices import queue_notice
from .plan_versions import OPEN_STATES, copied, lock_project, put_in_force
from .records import record, snapshot

TOO_LATE = "已到计划完成时间，不能再申请调整；逾期按原计划日期认定。"
State = DateChangeRequest.State


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
    if not Milestone.objects.workable_by(by).filter(pk=milestone.pk).exists():
        raise PermissionDenied("无权申请调整该节点。")
    milestone = (
        Milestone.objects.select_for_update(of=("self",)).select_related("plan__project").get(pk=milestone.pk)
    )
    today = timezone.localdate(now)
    refuse_unless_movable(milestone, today)
    new_due, reason, document = new_due.strip(), reason.strip(), document.strip()
    errors: dict[str, str] = {}
    if wrong := _wrong_date(new_due, milestone, today):
        errors["new_due"] = wrong
    if not reason:
        errors["reason"] = "请填写调整原因。"
    if not document and not files:
        errors["document"] = "请填写依据文件的文号，或上传佐证材料：没有依据不能申请调整。"
    if errors:
        raise ValidationError(errors)
    request = DateChangeRequest.objects.create(
        milestone=milestone,
        old_due=milestone.due,
        old_due_on=milestone.due_on,
        new_due=new_due,
        reason=reason,
        document=document,
        asked_on=today,
        asked_by=by,
        asked_at=now,
    )
    project = milestone.plan.project
    for file in files:
        attach(file=file, project=project, date_change=request, by=by, now=now)
    record(action="申请调整节点时间", instance=request, by=by, now=now, project=project, reason=reason)
    return request


def refuse_unless_movable(milestone: Milestone, today: date) -> None:
    """Whether a request may be made at all (能否申请), said before anybody fills in a form."""
    if milestone.plan.state != DeliveryPlan.State.APPROVED:
        raise ValidationError("该节点不在执行中的推进方案内，不能申请调整。")
    if milestone.achieved_on:
        raise ValidationError("该节点已办结，无需调整。")
    if milestone.due_on is None:
        raise ValidationError("该节点没有计划完成时间，请通过拟订新版推进方案明确。")
    if milestone.due_on <= today:
        raise ValidationError(TOO_LATE)
    if milestone.date_changes.waiting().exists():
        raise ValidationError("该节点已有待审定的调整申请，请等待审定或先撤回。")


@transaction.atomic
def approve_date_changes(
    *,
    requests: Sequence[DateChangeRequest],
    decision: str = "",
    document: str = "",
    by: User,
    now: datetime,
) -> DeliveryPlan:
    """Agree to requests of one project at once (同意调整): one new plan version with these dates moved, in force today.

    The old dates stay with the version before. An open draft of the project takes the new dates over where it still
    had the old ones. Refuses: nothing chosen, requests of several projects, one decided already or done meanwhile.
    """
    project, rows = _to_decide(requests, by)
    done = [request for request in rows if request.milestone.achieved_on]
    if done:
        names = "、".join(request.milestone.name for request in done)
        raise ValidationError(f"“{names}”已办结，不能再调整时间，请作不同意处理。")
    source = project.plans.filter(state=DeliveryPlan.State.APPROVED).first()
    if source is None or any(request.milestone.plan_id != source.pk for request in rows):
        raise ValidationError("所选节点不在执行中的推进方案内，请刷新后重试。")
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
        _move_in_draft(project, plan, copy.baseline_id, request)
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
    _project, rows = _to_decide(requests, by)
    if not decision.strip():
        raise ValidationError({"decision": "不同意的，请写明理由。"})
    for request in rows:
        _decided(request, State.REFUSED, decision, by=by, now=now)


@transaction.atomic
def withdraw_date_change(*, request: DateChangeRequest, by: User, now: datetime) -> DateChangeRequest:
    """Take one's own request back before it is decided (撤回申请)."""
    if request.asked_by_id != by.pk:
        raise PermissionDenied("只有申请人可以撤回。")
    request = _locked([request.pk])[0]
    if request.state != State.WAITING:
        raise ValidationError(f"该申请{request.get_state_display()}，不能撤回。")
    before = snapshot(request)
    request.state = State.WITHDRAWN
    request.save(update_fields=["state"])
    project = request.milestone.plan.project
    record(action="撤回调整申请", instance=request, by=by, now=now, before=before, project=project)
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
    if span.last_on <= today:
        return "申请调整至的时间须晚于今天。"
    if span.last_on == milestone.due_on:
        return "申请调整至的时间与原计划相同。"
    return ""


def _to_decide(requests: Sequence[DateChangeRequest], by: User) -> tuple[Project, list[DateChangeRequest]]:
    if not by.is_office:
        raise PermissionDenied("只有发改局统筹可以审定调整申请。")
    if not requests:
        raise ValidationError("请勾选要审定的申请。")
    project = lock_project(requests[0].milestone.plan.project)
    rows = _locked([request.pk for request in requests])
    if any(row.milestone.plan.project_id != project.pk for row in rows):
        raise ValidationError("一次只能审定同一项目的申请。")
    if any(row.state != State.WAITING for row in rows):
        raise ValidationError("所选申请中有已审定或已撤回的，请刷新后重试。")
    return project, rows


def _locked(pks: Sequence[int]) -> list[DateChangeRequest]:
    return list(
        DateChangeRequest.objects.select_for_update(of=("self",))
        .select_related("milestone__plan__project", "asked_by")
        .filter(pk__in=pks)
        .order_by("milestone__position", "pk")
    )


def _move_in_draft(
    project: Project, new_plan: DeliveryPlan, root: int | None, request: DateChangeRequest
) -> None:
    """The open draft of the next version would bring the old date back: there it moves too."""
    drafts = project.plans.filter(state__in=OPEN_STATES).exclude(pk=new_plan.pk)
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
    before = snapshot(request)
    request.state, request.decision, request.new_plan = state, decision.strip(), plan
    request.decided_by, request.decided_at = by, now
    request.save()
    project = request.milestone.plan.project
    agreed = state == State.APPROVED
    action = "同意调整节点时间" if agreed else "不同意调整节点时间"
    record(
        action=action,
        instance=request,
        by=by,
        now=now,
        before=before,
        project=project,
        reason=request.decision,
    )
    if request.asked_by_id == by.pk:
        return
    result = (
        f"已同意调整至{request.new_due_span.words}，推进方案第{plan.number}版即日起执行。"
        if agreed
        else f"不同意调整，仍按{span_of(request.old_due).words}认定。理由：{request.decision}"
    )
    queue_notice(
        recipient=request.asked_by,
        key=f"date-change:{request.pk}:{state}",
        subject=f"节点调整{'已同意' if agreed else '未同意'}：{request.milestone.name}",
        body=f"{project.name}的节点“{request.milestone.name}”：{result}",
        link="/date-changes/",
        now=now,
    )
