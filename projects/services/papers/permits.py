"""Permits (许可手续) registered, renewed, declared void; their files."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.models import Attachment, Permit, PermitKind, Project, User
from projects.periods import EARLIEST, LATEST, day_words
from projects.rules import valid_until

from ..base.attachments import PreparedFile, attach
from ..base.changing import added, changed, held, refuse, required, sure
from ..base.guards import ended, not_office, wrong_day
from ..base.steps import Step, Steps, not_now, not_you, step

NUMBER_LENGTH = Permit._meta.get_field("number").max_length
REASON_LENGTH = Permit._meta.get_field("void_reason").max_length
OVER = "许可手续不再变动"
NOBODY = ("made_by",)  # a permit that came with a ledger was registered by no person


def steps_of(permit: Permit, user: User, today: date) -> Steps:
    """What may be done with a permit: renew (延续), attach (上传附件), void (作废).

    One query, where the project and what renewed the permit are read beside it.
    """
    ours = Project.objects.editable_by(user).filter(pk=permit.project_id).exists()
    stranger = not ours and not_you("无权登记该项目的许可。")
    over = ended(permit.project, OVER)
    is_void = permit.state == Permit.State.VOID
    is_renewed = permit.state == Permit.State.RENEWED
    return Steps(
        renew=step(
            stranger,
            over,
            is_void and not_now("该许可已作废，不能延续；请重新登记许可。"),
            is_renewed
            and not_now(
                f"该许可已由“{permit.renewed_by.number}”延续，不能再办理延续；如需再次延续，请在新的许可上办理。"
            ),
        ),
        attach=step(stranger, is_void and not_now("该许可已作废，不能再上传附件。")),
        void=step(
            not_office(user, "作废许可"),
            over,
            is_void and not_now("该许可已作废。"),
            is_renewed and not_now("该许可已延续，请先作废延续后的许可。"),
        ),
    )


def registering(project: Project, user: User, ours: bool | None = None) -> Step:
    """Whether a permit of the project may be registered (登记许可). One query, none where `ours` is known already."""
    if ours is None:
        ours = Project.objects.editable_by(user).filter(pk=project.pk).exists()
    return step(not ours and not_you("无权登记该项目的许可。"), ended(project, OVER))


def proposed_until(kind: PermitKind, issued_on: date) -> date | None:
    """The validity that follows from the kind (按许可种类推算); None where it has no end."""
    if kind.validity_months is None:
        return None
    if issued_on.year + kind.validity_months // 12 >= LATEST.year:
        refuse(valid_until_on="按许可种类推算的有效期超出范围，请核对有效期设置。")
    return valid_until(issued_on, kind.validity_months)


@transaction.atomic
def register_permit(
    *,
    project: Project,
    kind: PermitKind,
    number: str,
    issued_on: date | None,
    valid_until_on: date | None = None,
    issued_by: str = "",
    files: Sequence[PreparedFile] = (),
    by: User,
    now: datetime,
) -> Permit:
    """Register a permit (登记许可) with its number, validity and files.

    Refuses: no number, a number registered already; no date, one in the future or out of range; a validity before the
    issue; an ended project. The same entry twice by the same person answers the first.
    """
    registering(held(project), by).require()
    number = _number(number)
    issued_on = _checked_days(issued_on, valid_until_on, now)
    twin = _twin(project, kind, number)
    if twin is not None:
        same = (twin.issued_on, twin.valid_until_on, twin.made_by_id) == (issued_on, valid_until_on, by.pk)
        if same and twin.state == Permit.State.VALID and twin.renews_id is None:
            return twin
        raise _taken(twin)
    permit = Permit(
        project=project,
        kind=kind,
        number=number,
        issued_by=issued_by.strip(),
        issued_on=issued_on,
        valid_until_on=valid_until_on,
        made_by=by,
        made_at=now,
    )
    added(permit, "登记许可", by=by, now=now)
    _attach_all(permit, files, by, now)
    return permit


@transaction.atomic
def renew_permit(
    *,
    permit: Permit,
    number: str,
    issued_on: date | None,
    valid_until_on: date | None = None,
    issued_by: str = "",
    files: Sequence[PreparedFile] = (),
    by: User,
    now: datetime,
) -> Permit:
    """Renew a permit (延续许可): a new one of its kind takes its place, the old one stays with what it said.

    Refuses: a void or already renewed permit; what register_permit refuses; an issue before the old one's; a validity
    that ends no later than the old one's. The same renewal twice answers the first.
    """
    held(permit.project)  # two people must not renew the same permit, or take the same number, at once
    permit = held(permit, "project", "kind")
    number = _number(number)
    if permit.state == Permit.State.RENEWED:
        newer = Permit.objects.get(renews=permit)
        if (newer.number, newer.issued_on, newer.made_by_id) == (number, issued_on, by.pk):
            return newer
    steps_of(permit, by, timezone.localdate(now)).require("renew")
    issued_on = _checked_days(issued_on, valid_until_on, now)
    first, last = permit.issued_on, permit.valid_until_on
    refuse(
        issued_on=issued_on < first and f"延续的发证日期不能早于原许可的发证日期（{day_words(first)}）。",
        valid_until_on=last is not None
        and valid_until_on is not None
        and valid_until_on <= last
        and f"延续后的有效期须晚于原有效期（{day_words(last)}）。",
    )
    if twin := _twin(permit.project, permit.kind, number):
        raise _taken(twin)
    newer = Permit(
        project=permit.project,
        kind=permit.kind,
        number=number,
        issued_by=issued_by.strip() or permit.issued_by,
        issued_on=issued_on,
        valid_until_on=valid_until_on,
        renews=permit,
        made_by=by,
        made_at=now,
    )
    with changed(permit, "许可已延续", by=by, now=now, unchecked=NOBODY):
        permit.state = Permit.State.RENEWED
    added(newer, "延续许可", by=by, now=now)
    _attach_all(newer, files, by, now)
    return newer


@transaction.atomic
def void_permit(*, permit: Permit, reason: str, by: User, now: datetime) -> Permit:
    """Declare a permit void (作废); the office alone, with a reason. What it renewed is in force again.

    Refuses: no reason or one too long; a permit void already, or renewed by another that still stands.
    """
    held(permit.project)
    permit = held(permit, "project", "renews")
    steps_of(permit, by, timezone.localdate(now)).require("void")
    reason, older = required(reason, "作废原因", most=REASON_LENGTH), permit.renews
    with changed(permit, "作废许可", by=by, now=now, reason=reason, unchecked=NOBODY):
        permit.state, permit.void_reason, permit.renews = Permit.State.VOID, reason, None
    if older is not None:
        why = f"延续的许可“{permit.number}”已作废"
        with changed(older, "恢复许可", by=by, now=now, reason=why, unchecked=NOBODY):
            older.state = Permit.State.VALID
    return permit


@transaction.atomic
def attach_to_permit(
    *, permit: Permit, files: Sequence[PreparedFile], by: User, now: datetime
) -> list[Attachment]:
    """Add scans of the document to a permit (上传附件). Refuses no file and a void permit."""
    permit = held(permit, "project")
    steps_of(permit, by, timezone.localdate(now)).require("attach")
    if not files:
        refuse(files="请选择文件。")
    return _attach_all(permit, files, by, now)


def _attach_all(permit: Permit, files: Sequence[PreparedFile], by: User, now: datetime) -> list[Attachment]:
    return [attach(file=file, project=permit.project, permit=permit, by=by, now=now) for file in files]


def _number(text: str) -> str:
    return required(" ".join(text.split()), "文号（证号）", field="number", most=NUMBER_LENGTH)


def _checked_days(issued_on: date | None, valid_until_on: date | None, now: datetime) -> date:
    never = ""
    if valid_until_on is not None:
        if issued_on is not None and valid_until_on < issued_on:
            never = "有效期不能早于发证日期。"
        elif not EARLIEST <= valid_until_on <= LATEST:
            never = f"有效期应在{EARLIEST.year}年至{LATEST.year}年之间；长期有效的请选“长期有效”。"
    refuse(issued_on=wrong_day("发证日期", issued_on, timezone.localdate(now)), valid_until_on=never)
    return sure(issued_on)


def _twin(project: Project, kind: PermitKind, number: str) -> Permit | None:
    return Permit.objects.filter(project=project, kind=kind, number=number).first()


def _taken(twin: Permit) -> ValidationError:
    return ValidationError(
        {
            "number": f"该项目已登记文号“{twin.number}”的{twin.kind}（{twin.get_state_display()}），请核对文号。"
        }
    )
