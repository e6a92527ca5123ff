"""Supervision orders (督办单): drafted, issued under a number, signed for, answered row by row, closed by the issuer."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ..models import (
    OfficeSettings,
    Project,
    SupervisionLine,
    SupervisionOrder,
    Unit,
    User,
)
from .attachments import PreparedFile, attach
from .members import let_in
from .notices import queue_notice
from .problem_steps import people_of
from .records import record, snapshot

REPLY_DAYS = 14
LONGEST_DAYS = 180

State = SupervisionOrder.State
LineState = SupervisionLine.State


# --- drafting -------------------------------------------------------------------------------------------


@transaction.atomic
def draft_order(
    *, type: str, unit: Unit, facts: str, demand: str, by: User, now: datetime
) -> SupervisionOrder:
    """Draft a slip to a unit (拟稿); its projects are added line by line. Refuses empty facts or demand."""
    _issuers_only(by)
    order = SupervisionOrder(
        type=type,
        year=timezone.localdate(now).year,
        unit=unit,
        facts=facts.strip(),
        demand=demand.strip(),
        made_by=by,
        made_at=now,
    )
    order.full_clean()
    order.save()
    record(action="拟督办单", instance=order, by=by, now=now)
    return order


@transaction.atomic
def edit_order(
    *, order: SupervisionOrder, type: str, unit: Unit, facts: str, demand: str, by: User, now: datetime
) -> SupervisionOrder:
    """Change a draft (修改拟稿). Refuses a slip that has been issued or voided."""
    order = _draft(order, by)
    before = snapshot(order)
    order.type, order.unit, order.facts, order.demand = type, unit, facts.strip(), demand.strip()
    order.full_clean()
    order.save()
    record(action="修改督办单", instance=order, by=by, now=now, before=before)
    return order


@transaction.atomic
def add_line(
    *, order: SupervisionOrder, project: Project, matter: str, by: User, now: datetime
) -> SupervisionLine:
    """Put a project on a draft with the matter to be settled (列入项目). Refuses a project that is on it already."""
    order = _draft(order, by)
    if order.lines.filter(project=project).exists():
        raise ValidationError({"project": f"“{project}”已在本督办单上。"})
    line = SupervisionLine(order=order, project=project, matter=matter.strip())
    line.full_clean()
    line.save()
    record(action="督办单列入项目", instance=line, by=by, now=now)
    return line


@transaction.atomic
def drop_line(*, line: SupervisionLine, by: User, now: datetime) -> None:
    """Take a project off a draft (移出项目); the audit record keeps what stood there."""
    order = _draft(line.order, by)
    line = order.lines.select_related("project").get(pk=line.pk)
    record(action="督办单移出项目", instance=line, by=by, now=now, reason=line.matter)
    line.delete()  # a line of an unissued draft: nobody was told of it


@transaction.atomic
def issue_order(
    *, order: SupervisionOrder, due_on: date | None = None, by: User, now: datetime
) -> SupervisionOrder:
    """Issue a draft (印发): numbered, dated, with a reply date; the unit's people are told and see its projects.

    Refuses: no project on it; a reply date before tomorrow or beyond LONGEST_DAYS.
    """
    order = _draft(order, by)
    today = timezone.localdate(now)
    due_on = due_on or today + timedelta(days=REPLY_DAYS)
    if not order.lines.exists():
        raise ValidationError("督办单上还没有项目，请先列入项目。")
    if not today < due_on <= today + timedelta(days=LONGEST_DAYS):
        raise ValidationError({"due_on": f"回复时限须在明天至{LONGEST_DAYS}天之内。"})
    before = snapshot(order)
    order.year = today.year
    order.number = _next_number(order.type, order.year)
    order.state, order.issued_on, order.due_on, order.issued_by = State.ISSUED, today, due_on, by
    order.full_clean()
    order.save()
    record(action="印发督办单", instance=order, by=by, now=now, before=before)
    for line in order.lines.select_related("project"):
        let_in(project=line.project, unit=order.unit, on=today)
    words = f"请于{due_on.month}月{due_on.day}日前逐项回复。\n{order.facts}\n办理要求：{order.demand}"
    _tell_unit(order, f"{order.get_type_display()}：{order.document_number}", words, key="issued", now=now)
    return order


@transaction.atomic
def void_order(*, order: SupervisionOrder, reason: str, by: User, now: datetime) -> SupervisionOrder:
    """Declare a slip void (作废), with the reason; its number stays used. Refuses no reason, a void one."""
    _issuers_only(by)
    order = _locked(order)
    if order.state == State.VOID:
        raise ValidationError("该督办单已作废。")
    if not reason.strip():
        raise ValidationError({"reason": "请填写作废原因。"})
    before = snapshot(order)
    was_issued = order.state == State.ISSUED
    order.state, order.void_reason = State.VOID, reason.strip()
    order.full_clean()
    order.save()
    record(action="作废督办单", instance=order, by=by, now=now, before=before, reason=order.void_reason)
    if was_issued:
        words = f"原因：{order.void_reason}"
        _tell_unit(order, f"{order.document_number}已作废", words, key="void", now=now)
    return order


# --- answering ------------------------------------------------------------------------------------------


@transaction.atomic
def receive_order(*, order: SupervisionOrder, by: User, now: datetime) -> SupervisionOrder:
    """Sign for a slip (签收); the first of the unit who does counts, a second time answers the first."""
    _answerers_only(order, by)
    order = _issued(order)
    if order.received_by_id:
        return order
    before = snapshot(order)
    order.received_by, order.received_at = by, now
    order.save(update_fields=["received_by", "received_at"])
    record(action="签收督办单", instance=order, by=by, now=now, before=before)
    return order


@transaction.atomic
def reply_line(
    *, line: SupervisionLine, reply: str, files: Sequence[PreparedFile] = (), by: User, now: datetime
) -> SupervisionLine:
    """Answer one row (回复), with evidence; answering signs for the slip too.

    Refuses: an empty reply, a closed row. Answering again before the check replaces the reply; both are recorded.
    """
    receive_order(order=line.order, by=by, now=now)
    line = _locked_line(line)
    if line.state == LineState.CLOSED:
        raise ValidationError("该事项已核验办结，无需再回复。")
    reply = reply.strip()
    if not reply:
        raise ValidationError({"reply": "请填写办理情况。"})
    before = snapshot(line)
    line.state, line.reply, line.replied_by, line.replied_at = LineState.REPLIED, reply, by, now
    line.return_reason = ""
    line.full_clean()
    line.save()
    for file in files:
        attach(file=file, project=line.project, supervision_line=line, by=by, now=now)
    entry = record(action="回复督办事项", instance=line, by=by, now=now, before=before)
    if line.order.issued_by:
        queue_notice(
            recipient=line.order.issued_by,
            key=f"order-replied:{entry.pk}",
            subject=f"督办回复待核验：{line.project}",
            body=f"{line.order.unit}对{line.order}的办理情况：{reply}",
            link=f"/orders/{line.order_id}/",
            now=now,
        )
    return line


@transaction.atomic
def close_line(*, line: SupervisionLine, by: User, now: datetime) -> SupervisionLine:
    """Verify a reply and close its row (核验办结), by the issuing side; closing twice answers the first."""
    _issuers_only(by)
    line = _locked_line(line)
    if line.state == LineState.CLOSED:
        return line
    if line.state != LineState.REPLIED:
        raise ValidationError("承办单位尚未回复，不能办结。")
    if line.replied_by_id == by.pk:
        raise ValidationError("回复人不能自行核验，请由他人核验。")
    before = snapshot(line)
    line.state, line.closed_by, line.closed_on = LineState.CLOSED, by, timezone.localdate(now)
    line.full_clean()
    line.save()
    record(action="核验办结督办事项", instance=line, by=by, now=now, before=before)
    return line


@transaction.atomic
def return_line(*, line: SupervisionLine, reason: str, by: User, now: datetime) -> SupervisionLine:
    """Send a reply back (退回重办), with the reason; the unit is told. Refuses no reason, a row without a reply."""
    _issuers_only(by)
    line = _locked_line(line)
    if line.state != LineState.REPLIED:
        raise ValidationError("该事项当前没有待核验的回复。")
    if not reason.strip():
        raise ValidationError({"reason": "请填写退回原因。"})
    before = snapshot(line)
    line.state, line.return_reason = LineState.OPEN, reason.strip()
    line.full_clean()
    line.save()
    entry = record(
        action="退回督办回复", instance=line, by=by, now=now, before=before, reason=line.return_reason
    )
    words = f"{line.project}：{line.matter}\n退回原因：{line.return_reason}"
    _tell_unit(line.order, f"督办回复被退回：{line.project}", words, key=f"returned:{entry.pk}", now=now)
    return line


# --- the steps ------------------------------------------------------------------------------------------


def _issuers_only(by: User) -> None:
    if not by.supervises:
        raise PermissionDenied("只有发改局统筹和督查人员可以办理督办单。")


def _answerers_only(order: SupervisionOrder, by: User) -> None:
    if not SupervisionOrder.objects.answerable_by(by).filter(pk=order.pk).exists():
        raise PermissionDenied("只有承办单位可以签收和回复。")


def _locked(order: SupervisionOrder) -> SupervisionOrder:
    """The row as it is now, held until the transaction ends."""
    rows = SupervisionOrder.objects.select_for_update(of=("self",)).select_related("unit")
    return rows.get(pk=order.pk)


def _draft(order: SupervisionOrder, by: User) -> SupervisionOrder:
    _issuers_only(by)
    order = _locked(order)
    if order.state != State.DRAFT:
        raise ValidationError(f"该督办单{order.get_state_display()}，不能再修改。")
    return order


def _issued(order: SupervisionOrder) -> SupervisionOrder:
    order = _locked(order)
    if order.state != State.ISSUED:
        raise ValidationError(f"该督办单{order.get_state_display()}，不能办理。")
    return order


def _locked_line(line: SupervisionLine) -> SupervisionLine:
    order = _issued(line.order)
    rows = SupervisionLine.objects.select_for_update(of=("self",)).select_related(
        "project", "order__unit", "order__issued_by"
    )
    return rows.get(pk=line.pk, order=order)


def _next_number(type: str, year: int) -> int:
    """The next number of the type's sequence in the year (编号): never reused, void ones keep theirs.

    The one row of settings is held meanwhile, so that of two slips issued at once each gets its own number.
    """
    OfficeSettings.objects.select_for_update().get(pk=1)
    used = SupervisionOrder.objects.filter(type=type, year=year).aggregate(last=Max("number"))
    return (used["last"] or 0) + 1


def _tell_unit(order: SupervisionOrder, subject: str, body: str, *, key: str, now: datetime) -> None:
    for user in people_of(order.unit):
        queue_notice(
            recipient=user,
            key=f"order:{order.pk}:{key}:{user.pk}",
            subject=subject,
            body=body,
            link=f"/orders/{order.pk}/",
            now=now,
        )
