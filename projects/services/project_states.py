"""States of a project (项目状态): 停工、暂缓、退库、复工、办结, each with day, reason and document."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from ..models import Project, StateChange, User
from ..periods import day_words
from ..queries.closing import closing_check, unsettled_words
from .attachments import PreparedFile, attach
from .guards import locked_project, office_only, wrong_day
from .records import record, snapshot


@transaction.atomic
def change_state(
    *,
    project: Project,
    state: str,
    effective_on: date,
    reason: str,
    document: str = "",
    files: Sequence[PreparedFile] = (),
    by: User,
    now: datetime,
) -> StateChange:
    """Suspend, postpone, withdraw, close or resume a project (状态变更). The office alone.

    Refuses: no reason, the state it is in, a day in the future or before the last change; and to close (办结) while
    milestones, problems or 督办 are open (see queries.closing).
    """
    office_only(by, "变更项目状态")
    project = locked_project(project)
    state = Project.State(state)
    errors = {}
    if state == project.state:
        errors["state"] = f"项目已是“{state.label}”状态。"
    if not reason.strip():
        errors["reason"] = "请填写变更原因。"
    last = project.state_changes.order_by("-effective_on", "-pk").first()
    if why := wrong_day("生效日期", effective_on, now):
        errors["effective_on"] = why
    elif last is not None and effective_on < last.effective_on:
        errors["effective_on"] = f"生效日期不能早于上一次变更（{day_words(last.effective_on)}）。"
    if state == Project.State.CLOSED and (words := unsettled_words(closing_check(project))):
        errors["state"] = f"还有{words}，不能办结。"
    if errors:
        raise ValidationError(errors)
    before = snapshot(project)
    change = StateChange(
        project=project,
        state=state,
        effective_on=effective_on,
        reason=reason.strip(),
        document=document.strip(),
        made_by=by,
        made_at=now,
    )
    change.full_clean()
    change.save()
    project.state = state
    project.save(update_fields=["state"])
    record(
        action=f"状态变更：{state.label}",
        instance=project,
        by=by,
        now=now,
        before=before,
        reason=change.reason,
    )
    for file in files:
        attach(file=file, project=project, state_change=change, by=by, now=now)
    return change
