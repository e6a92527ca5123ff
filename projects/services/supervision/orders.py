"""Supervision orders (督办单): drafted, issued under a number, signed for, answered row by row, closed by the issuer."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from projects.models import Project, SupervisionLine, SupervisionOrder, Unit, User

from ..base.attachments import PreparedFile, attach
from ..base.changing import added, changed, held, refuse, required, sent_before
from ..base.guards import one_at_a_time
from ..base.notices import queue_notice
from ..base.records import record
from ..base.steps import Step, Steps, not_now, not_you, step
from ..problems.entries import people_of
from ..register.members import let_in, let_out

REPLY_DAYS = 14
LONGEST_DAYS = 180
ISSUERS = "只有发改局统筹和督查人员可以办理督办单。"

State = SupervisionOrder.State
LineState = SupervisionLine.State


def steps_of(order: SupervisionOrder, user: User, today: date) -> Steps:
    """What may be done with a slip: edit (修改拟稿、列入和移出项目), issue (印发), void (作废), receive (签收).

    A query each for what is not read beside the row: whether a draft has lines, who signed for the slip.
    """
    stranger = not user.supervises and not_you(ISSUERS)
    settled = not order.is_draft and not_now(f"该督办单{order.get_state_display()}，不能再修改。")
    edit = step(stranger, settled)
    return Steps(
        edit=edit,
        issue=edit and step(not order.has_lines and not_now("督办单上还没有项目，请先列入项目。")),
        void=step(stranger, order.state == State.VOID and not_now("该督办单已作废。")),
        receive=step(
            *_unanswerable(order, user),
            order.received_by_id is not None and not_now(f"该督办单已由{order.received_by}签收。"),
        ),
    )


def line_steps_of(line: SupervisionLine, user: User, today: date) -> Steps:
    """What may be done with a row of a slip: reply (回复), close (核验办结), send_back (退回重办). No query."""
    stranger = not user.supervises and not_you(ISSUERS)
    unissued = _unissued(line.order)
    is_replied = line.state == LineState.REPLIED
    return Steps(
        reply=step(
            *_unanswerable(line.order, user), line.is_closed and not_now("该事项已核验办结，无需再回复。")
        ),
        close=step(
            stranger,
            unissued,
            line.is_closed and not_now("该事项已核验办结。"),
            not is_replied and not_now("承办单位尚未回复，不能办结。"),
            line.replied_by_id == user.pk and not_now("回复人不能自行核验，请由他人核验。"),
        ),
        send_back=step(stranger, unissued, not is_replied and not_now("该事项当前没有待核验的回复。")),
    )


# --- drafting -------------------------------------------------------------------------------------------


@transaction.atomic
def draft_order(
    *, type: str, unit: Unit, facts: str, demand: str, by: User, now: datetime
) -> SupervisionOrder:
    """Draft a slip to a unit (拟稿); its projects are added line by line. Refuses empty facts or demand.

    Sent twice on a day it answers the first, as long as that has no project yet.
    """
    if not by.supervises:
        raise PermissionDenied(ISSUERS)
    one_at_a_time()
    order = SupervisionOrder(
        type=type,
        year=timezone.localdate(now).year,
        unit=unit,
        facts=facts.strip(),
        demand=demand.strip(),
        made_by=by,
        made_at=now,
    )
    same = ("type", "year", "unit", "facts", "demand", "made_by", "state")
    first = sent_before(order, *same, made_at__date=timezone.localdate(now), lines=None)
    return first or added(order, "拟督办单", by=by, now=now)


@transaction.atomic
def edit_order(
    *, order: SupervisionOrder, type: str, unit: Unit, facts: str, demand: str, by: User, now: datetime
) -> SupervisionOrder:
    """Change a draft (修改拟稿). Refuses a slip that has been issued or voided."""
    order = _held_draft(order, by, now)
    with changed(order, "修改督办单", by=by, now=now):
        order.type, order.unit, order.facts, order.demand = type, unit, facts.strip(), demand.strip()
    return order


@transaction.atomic
def add_line(
    *, order: SupervisionOrder, project: Project, matter: str, by: User, now: datetime
) -> SupervisionLine:
    """Put a project on a draft with the matter to be settled (列入项目). Refuses a project that is on it already."""
    order = _held_draft(order, by, now)
    if order.lines.filter(project=project).exists():
        refuse(project=f"“{project}”已在本督办单上。")
    line = SupervisionLine(order=order, project=project, matter=matter.strip())
    return added(line, "督办单列入项目", by=by, now=now)


@transaction.atomic
def drop_line(*, line: SupervisionLine, by: User, now: datetime) -> None:
    """Take a project off a draft (移出项目); the audit record keeps what stood there."""
    order = _held_draft(line.order, by, now)
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
    order, today = held(order, "unit"), timezone.localdate(now)
    steps_of(order, by, today).require("issue")
    due_on = due_on or today + timedelta(days=REPLY_DAYS)
    if not today < due_on <= today + timedelta(days=LONGEST_DAYS):
        refuse(due_on=f"回复时限须在明天至{LONGEST_DAYS}天之内。")
    with changed(order, "印发督办单", by=by, now=now):
        order.year = today.year
        order.number = _next_number(order.type, order.year)
        order.state, order.issued_on, order.due_on, order.issued_by = State.ISSUED, today, due_on, by
    for line in order.lines.select_related("project"):
        let_in(project=line.project, unit=order.unit, cause=line, on=today)
    words = f"请于{due_on.month}月{due_on.day}日前逐项回复。\n{order.facts}\n办理要求：{order.demand}"
    _tell_unit(order, f"{order.get_type_display()}：{order.document_number}", words, key="issued", now=now)
    return order


@transaction.atomic
def void_order(*, order: SupervisionOrder, reason: str, by: User, now: datetime) -> SupervisionOrder:
    """Declare a slip void (作废), with the reason; its number stays used. Refuses no reason, a void one."""
    order = held(order, "unit")
    steps_of(order, by, timezone.localdate(now)).require("void")
    reason, was_issued = required(reason, "作废原因"), order.is_issued
    with changed(order, "作废督办单", by=by, now=now, reason=reason):
        order.state, order.void_reason = State.VOID, reason
    for line in order.lines.all():
        let_out(cause=line, on=timezone.localdate(now))
    if was_issued:
        _tell_unit(order, f"{order.document_number}已作废", f"原因：{reason}", key="void", now=now)
    return order


# --- answering ------------------------------------------------------------------------------------------


@transaction.atomic
def receive_order(*, order: SupervisionOrder, by: User, now: datetime) -> SupervisionOrder:
    """Sign for a slip (签收); the first of the unit who does counts, a second time answers the first."""
    order = held(order, "unit")
    step(*_unanswerable(order, by)).require()
    if order.received_by_id:
        return order
    with changed(order, "签收督办单", by=by, now=now):
        order.received_by, order.received_at = by, now
    return order


@transaction.atomic
def reply_line(
    *, line: SupervisionLine, reply: str, files: Sequence[PreparedFile] = (), by: User, now: datetime
) -> SupervisionLine:
    """Answer one row (回复), with evidence; answering signs for the slip too.

    Refuses: an empty reply, a closed row. Answering again before the check replaces the reply; both are recorded.
    """
    line = _held_line(line)
    line_steps_of(line, by, timezone.localdate(now)).require("reply")
    reply = required(reply, "办理情况", field="reply")
    line.order = receive_order(order=line.order, by=by, now=now)
    with changed(line, "回复督办事项", by=by, now=now):
        line.state, line.reply, line.replied_by, line.replied_at = LineState.REPLIED, reply, by, now
        line.return_reason = ""
    for file in files:
        attach(file=file, project=line.project, supervision_line=line, by=by, now=now)
    if line.order.issued_by:
        queue_notice(
            recipient=line.order.issued_by,
            key=f"order-replied:{line.pk}:{now.isoformat()}",
            subject=f"督办回复待核验：{line.project}",
            body=f"{line.order.unit}对{line.order}的办理情况：{reply}",
            link=reverse("order_detail", args=[line.order_id]),
            now=now,
        )
    return line


@transaction.atomic
def close_line(*, line: SupervisionLine, by: User, now: datetime) -> SupervisionLine:
    """Verify a reply and close its row (核验办结), by the issuing side; closing twice answers the first."""
    line, today = _held_line(line), timezone.localdate(now)
    closing = line_steps_of(line, by, today)["close"]
    if line.is_closed and not closing.is_who:
        return line
    closing.require()
    with changed(line, "核验办结督办事项", by=by, now=now):
        line.state, line.closed_by, line.closed_on = LineState.CLOSED, by, today
    let_out(cause=line, on=today)
    return line


@transaction.atomic
def return_line(*, line: SupervisionLine, reason: str, by: User, now: datetime) -> SupervisionLine:
    """Send a reply back (退回重办), with the reason; the unit is told. Refuses no reason, a row without a reply."""
    line = _held_line(line)
    line_steps_of(line, by, timezone.localdate(now)).require("send_back")
    reason = required(reason, "退回原因")
    with changed(line, "退回督办回复", by=by, now=now, reason=reason):
        line.state, line.return_reason = LineState.OPEN, reason
    words = f"{line.project}：{line.matter}\n退回原因：{reason}"
    key = f"returned:{line.pk}:{now.isoformat()}"
    _tell_unit(line.order, f"督办回复被退回：{line.project}", words, key=key, now=now)
    return line


# --- inside ---------------------------------------------------------------------------------------------


def _unanswerable(order: SupervisionOrder, user: User) -> tuple[Step | Literal[False], ...]:
    """What keeps a person from answering a slip."""
    return (order.unit_id not in user.unit_ids and not_you("只有承办单位可以签收和回复。"), _unissued(order))


def _unissued(order: SupervisionOrder) -> Step | Literal[False]:
    return not order.is_issued and not_now(f"该督办单{order.get_state_display()}，不能办理。")


def _held_draft(order: SupervisionOrder, by: User, now: datetime) -> SupervisionOrder:
    order = held(order, "unit")
    steps_of(order, by, timezone.localdate(now)).require("edit")
    return order


def _held_line(line: SupervisionLine) -> SupervisionLine:
    """The row as it is now, after its slip: both held until the transaction ends."""
    order = held(line.order, "unit", "issued_by")
    line = held(line, "project")
    line.order = order
    return line


def _next_number(type: str, year: int) -> int:
    """The next number of the type's sequence in the year (编号): never reused, void ones keep theirs.

    The one row of settings is held meanwhile, so that of two slips issued at once each gets its own number.
    """
    one_at_a_time()
    used = SupervisionOrder.objects.filter(type=type, year=year).aggregate(last=Max("number"))
    return (used["last"] or 0) + 1


def _tell_unit(order: SupervisionOrder, subject: str, body: str, *, key: str, now: datetime) -> None:
    for user in people_of(order.unit):
        queue_notice(
            recipient=user,
            key=f"order:{order.pk}:{key}:{user.pk}",
            subject=subject,
            body=body,
            link=reverse("order_detail", args=[order.pk]),
            now=now,
        )
