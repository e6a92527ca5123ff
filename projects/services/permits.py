"""Permits (许可手续) registered, renewed, declared void; their files."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from ..models import ENDED_STATES, Attachment, Permit, PermitKind, Project, User
from ..periods import EARLIEST, LATEST, day_words
from ..rules import valid_until
from .attachments import PreparedFile, attach
from .records import record, snapshot

NUMBER_LENGTH = Permit._meta.get_field("number").max_length
REASON_LENGTH = Permit._meta.get_field("void_reason").max_length


def proposed_until(kind: PermitKind, issued_on: date) -> date | None:
    """The validity that follows from the kind (按许可种类推算); None where it has no end."""
    if kind.validity_months is None:
        return None
    if issued_on.year + kind.validity_months // 12 >= LATEST.year:
        raise ValidationError({"valid_until_on": "按许可种类推算的有效期超出范围，请核对有效期设置。"})
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
    _require_scope(project, by)
    _lock(project)
    number = _number(number)
    _check_days(issued_on, valid_until_on, now)
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
    permit.full_clean()
    permit.save()
    _attach_all(permit, files, by, now)
    record(action="登记许可", instance=permit, by=by, now=now)
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
    _require_scope(permit.project, by)
    _lock(permit.project)
    permit = (
        Permit.objects.select_for_update(of=("self",)).select_related("project", "kind").get(pk=permit.pk)
    )
    number = _number(number)
    if permit.state == Permit.State.VOID:
        raise ValidationError("该许可已作废，不能延续；请重新登记许可。")
    if permit.state == Permit.State.RENEWED:
        newer = Permit.objects.get(renews=permit)
        if (newer.number, newer.issued_on, newer.made_by_id) == (number, issued_on, by.pk):
            return newer
        raise ValidationError(f"该许可已由“{newer.number}”延续；如需再次延续，请在新的许可上办理。")
    _check_days(issued_on, valid_until_on, now)
    errors = {}
    if issued_on < permit.issued_on:
        errors["issued_on"] = f"延续的发证日期不能早于原许可的发证日期（{day_words(permit.issued_on)}）。"
    if permit.valid_until_on and valid_until_on and valid_until_on <= permit.valid_until_on:
        errors["valid_until_on"] = f"延续后的有效期须晚于原有效期（{day_words(permit.valid_until_on)}）。"
    if errors:
        raise ValidationError(errors)
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
    newer.full_clean()
    before = snapshot(permit)
    permit.state = Permit.State.RENEWED
    permit.save(update_fields=["state"])
    newer.save()
    _attach_all(newer, files, by, now)
    record(action="许可已延续", instance=permit, by=by, now=now, before=before)
    record(action="延续许可", instance=newer, by=by, now=now)
    return newer


@transaction.atomic
def void_permit(*, permit: Permit, reason: str, by: User, now: datetime) -> Permit:
    """Declare a permit void (作废); the office alone, with a reason. What it renewed is in force again.

    Refuses: no reason or one too long; a permit void already, or renewed by another that still stands.
    """
    if not by.is_office:
        raise PermissionDenied("只有发改局统筹可以作废许可。")
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": "请填写作废原因。"})
    if len(reason) > REASON_LENGTH:
        raise ValidationError({"reason": f"作废原因不能超过{REASON_LENGTH}字。"})
    _lock(permit.project)
    permit = Permit.objects.select_for_update(of=("self",)).select_related("project").get(pk=permit.pk)
    if permit.state == Permit.State.VOID:
        raise ValidationError("该许可已作废。")
    if permit.state == Permit.State.RENEWED:
        raise ValidationError("该许可已延续，请先作废延续后的许可。")
    before, older = snapshot(permit), permit.renews
    permit.state, permit.void_reason, permit.renews = Permit.State.VOID, reason, None
    permit.full_clean(exclude=["made_by"])  # empty where no person registered it
    permit.save()
    record(action="作废许可", instance=permit, by=by, now=now, before=before, reason=reason)
    if older is not None:
        before = snapshot(older)
        older.state = Permit.State.VALID
        older.save(update_fields=["state"])
        record(
            action="恢复许可",
            instance=older,
            by=by,
            now=now,
            before=before,
            reason=f"延续的许可“{permit.number}”已作废",
        )
    return permit


@transaction.atomic
def attach_to_permit(
    *, permit: Permit, files: Sequence[PreparedFile], by: User, now: datetime
) -> list[Attachment]:
    """Add scans of the document to a permit (上传附件). Refuses no file and a void permit."""
    _require_scope(permit.project, by)
    if not files:
        raise ValidationError({"files": "请选择文件。"})
    permit = Permit.objects.select_for_update(of=("self",)).select_related("project").get(pk=permit.pk)
    if permit.state == Permit.State.VOID:
        raise ValidationError("该许可已作废，不能再上传附件。")
    return _attach_all(permit, files, by, now)


def _attach_all(permit: Permit, files: Sequence[PreparedFile], by: User, now: datetime) -> list[Attachment]:
    return [attach(file=file, project=permit.project, permit=permit, by=by, now=now) for file in files]


def _require_scope(project: Project, by: User) -> None:
    if not Project.objects.editable_by(by).filter(pk=project.pk).exists():
        raise PermissionDenied("无权登记该项目的许可。")


def _lock(project: Project) -> None:
    """Hold the project, so that two people cannot register or renew the same permit at once."""
    state = Project.objects.select_for_update().values_list("state", flat=True).get(pk=project.pk)
    if state in ENDED_STATES:
        raise ValidationError(f"该项目已{Project.State(state).label}，许可手续不再变动。")


def _number(text: str) -> str:
    number = " ".join(text.split())
    if not number:
        raise ValidationError({"number": "请填写文号（证号）。"})
    if len(number) > NUMBER_LENGTH:
        raise ValidationError({"number": f"文号（证号）不能超过{NUMBER_LENGTH}字。"})
    return number


def _check_days(issued_on: date | None, valid_until_on: date | None, now: datetime) -> None:
    errors = {}
    if issued_on is None:
        errors["issued_on"] = "请填写发证日期。"
    elif issued_on > timezone.localdate(now):
        errors["issued_on"] = "发证日期不能晚于今天。"
    elif issued_on < EARLIEST:
        errors["issued_on"] = f"发证日期不能早于{EARLIEST.year}年。"
    if valid_until_on is not None:
        if issued_on is not None and valid_until_on < issued_on:
            errors["valid_until_on"] = "有效期不能早于发证日期。"
        elif not EARLIEST <= valid_until_on <= LATEST:
            errors["valid_until_on"] = (
                f"有效期应在{EARLIEST.year}年至{LATEST.year}年之间；长期有效的请选“长期有效”。"
            )
    if errors:
        raise ValidationError(errors)


def _twin(project: Project, kind: PermitKind, number: str) -> Permit | None:
    return Permit.objects.filter(project=project, kind=kind, number=number).first()


def _taken(twin: Permit) -> ValidationError:
    return ValidationError(
        {
            "number": f"该项目已登记文号“{twin.number}”的{twin.kind}（{twin.get_state_display()}），请核对文号。"
        }
    )
