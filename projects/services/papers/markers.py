"""Markers of joint services on a project (服务标记): 施工许可“六证合一”, “三代”服务, 带方案出让."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from projects.models import Project, ProjectMarker, User
from projects.periods import day_words

from ..base.changing import added, changed, held, refuse
from ..base.guards import ended, wrong_day
from ..base.steps import Step, Steps, not_you, step

State = ProjectMarker.State
SETTLED = frozenset({State.DONE, State.DROPPED})


def steps_of(marker: ProjectMarker, user: User, today: date, ours: bool | None = None) -> Steps:
    """What may be done with a marker: set (更新状态). `ours`: who may is known already, from a list's own query."""
    return Steps(set=setting(marker.project, user, ours))


def setting(project: Project, user: User, ours: bool | None = None) -> Step:
    """Whether markers of the project may be set (登记、更新). One query, none where `ours` is known already."""
    if ours is None:
        ours = Project.objects.editable_by(user).filter(pk=project.pk).exists()
    return step(not ours and not_you("无权登记该项目的服务标记。"), ended(project, "服务标记不再变动"))


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
    project = held(project)
    setting(project, by).require()
    marker = ProjectMarker.objects.filter(project=project, kind=kind).first()
    document, note = document.strip(), note.strip()
    wanted = (state, since_on, document, note)
    if marker and (marker.state, marker.since_on, marker.document, marker.note) == wanted:
        return marker
    _check(marker, *wanted, by=by, today=timezone.localdate(now))
    new: dict[str, Any] = {"state": state, "since_on": since_on, "document": document, "note": note}
    new |= {"made_by": by, "made_at": now}
    if marker is None:
        marker = ProjectMarker(project=project, kind=kind, **new)
        return added(marker, "登记服务标记", by=by, now=now, reason=note)
    with changed(marker, "更新服务标记", by=by, now=now, reason=note):
        for name, value in new.items():
            setattr(marker, name, value)
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
    reopened = marker is not None and marker.state in SETTLED and state != marker.state
    if marker and reopened and not by.is_office:
        refuse(state=f"该事项{marker.get_state_display()}，如需更正请联系发改局统筹。")
    wrong = wrong_day("状态日期", since_on, today)
    if not wrong and marker and since_on and since_on < marker.since_on:
        wrong = f"状态日期不能早于上一状态的日期（{day_words(marker.since_on)}）。"
    mend = "更正已办结或不再办理的事项，请在备注中说明原因。" if reopened else "不再办理须在备注中说明原因。"
    refuse(
        since_on=wrong,
        document=state == State.DONE and not document and "办结须填写文号或说明。",
        note=(reopened or state == State.DROPPED) and not note and mend,
    )
