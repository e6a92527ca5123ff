"""States of a project (项目状态): 停工、暂缓、退库、复工、办结, each with day, reason and document."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from projects.models import Project, StateChange, User
from projects.periods import day_words
from projects.queries.register.closing import ClosingItem, closing_check, unsettled_words

from ..base.attachments import PreparedFile, attach
from ..base.changing import changed, held, refuse
from ..base.guards import LATER, all_but, not_office, wrong_day
from ..base.steps import Step, Steps, not_now, step


def steps_of(
    project: Project, user: User, today: date, closing: Sequence[ClosingItem] | None = None
) -> Steps:
    """What a project may become (状态变更), by Project.State: every state but its own, 办结 when all is settled.

    Three queries for the office, unless the closing check is given.
    """
    stranger = not_office(user, "变更项目状态")
    if stranger is not False:
        return Steps(**dict.fromkeys(Project.State.values, stranger))
    words = unsettled_words(closing_check(project) if closing is None else list(closing))
    return Steps(**{state.value: _becoming(project, state, words) for state in Project.State})


def _becoming(project: Project, state: Project.State, unsettled: str) -> Step:
    return step(
        state == project.state and not_now(f"项目已是“{state.label}”状态。"),
        state == Project.State.CLOSED and bool(unsettled) and not_now(f"还有{unsettled}，不能办结。"),
    )


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
    project, state, reason = held(project), Project.State(state), reason.strip()
    today = timezone.localdate(now)
    becoming = steps_of(project, by, today)[state.value]
    if becoming.is_who:
        becoming.require()
    last = project.state_changes.order_by("-effective_on", "-pk").first()
    wrong = wrong_day("生效日期", effective_on, today, LATER)
    if not wrong and last is not None and effective_on < last.effective_on:
        wrong = f"生效日期不能早于上一次变更（{day_words(last.effective_on)}）。"
    refuse(state=becoming.refusal, reason=not reason and "请填写变更原因。", effective_on=wrong)
    change = StateChange(
        project=project,
        state=state,
        effective_on=effective_on,
        reason=reason,
        document=document.strip(),
        made_by=by,
        made_at=now,
    )
    change.full_clean()
    change.save()  # told of as a change of the project
    others, action = all_but(project, "state"), f"状态变更：{state.label}"
    with changed(project, action, by=by, now=now, reason=reason, unchecked=others):
        project.state = state
    for file in files:
        attach(file=file, project=project, state_change=change, by=by, now=now)
    return change
