"""Markers of joint services on a project (服务标记): 施工许可“六证合一”, “三代”服务, 带方案出让."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from ..models import ENDED_STATES, Project, ProjectMarker, User
from ..periods import EARLIEST, day_words
from .records import record, snapshot

State = ProjectMarker.State
SETTLED = frozenset({State.DONE, State.DROPPED})


@transaction.atomic
def set_marker(
    *,
    project: Project,
    kind: str,
    state: str,
    since_on: date | None,
    document: str = "",
    note: str = "",
    by: User,
    now: datetime,
) -> ProjectMarker:
    """Set a service's state on a project (登记、更新服务标记), the first time or anew.

    Refuses: no date, one in the future or before the present state's; “已办结” without a document; “不再办理” without
    a note; going on after either, save by the office with a note; an ended project. The same entry twice answers the first.
    """
    if not Project.objects.editable_by(by).filter(pk=project.pk).exists():
        raise PermissionDenied("无权登记该项目的服务标记。")
    project = Project.objects.select_for_update().get(pk=project.pk)
    if project.state in ENDED_STATES:
        raise ValidationError(f"该项目已{project.get_state_display()}，服务标记不再变动。")
    marker = ProjectMarker.objects.filter(project=project, kind=kind).first()
    document, note = document.strip(), note.strip()
    wanted = (state, since_on, document, note)
    if marker and (marker.state, marker.since_on, marker.document, marker.note) == wanted:
        return marker
    _check(marker, *wanted, by=by, today=timezone.localdate(now))
    before = snapshot(marker) if marker else None
    marker = marker or ProjectMarker(project=project, kind=kind)
    marker.state, marker.since_on, marker.document, marker.note = wanted
    marker.made_by, marker.made_at = by, now
    marker.full_clean()
    marker.save()
    action = "更新服务标记" if before else "登记服务标记"
    record(action=action, instance=marker, by=by, now=now, before=before, reason=note)
    return marker


def _check(
    marker: ProjectMarker | None,
    state: str,
    since_on: date | None,
    document: str,
    note: str,
    *,
    by: User,
    today: date,
) -> None:
    errors = {}
    if since_on is None:
        errors["since_on"] = "请填写状态日期。"
    elif since_on > today:
        errors["since_on"] = "状态日期不能晚于今天。"
    elif since_on < EARLIEST:
        errors["since_on"] = f"状态日期不能早于{EARLIEST.year}年。"
    elif marker and since_on < marker.since_on:
        errors["since_on"] = f"状态日期不能早于上一状态的日期（{day_words(marker.since_on)}）。"
    if state == State.DONE and not document:
        errors["document"] = "办结须填写文号或说明。"
    if state == State.DROPPED and not note:
        errors["note"] = "不再办理须在备注中说明原因。"
    if marker and marker.state in SETTLED and state != marker.state:
        if not by.is_office:
            raise ValidationError(f"该事项{marker.get_state_display()}，如需更正请联系发改局统筹。")
        if not note:
            errors["note"] = "更正已办结或不再办理的事项，请在备注中说明原因。"
    if errors:
        raise ValidationError(errors)
