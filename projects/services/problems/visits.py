"""Site visits (走访): logged by the leader, or for a leader by another and then confirmed before they count."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects.models import Official, Project, SiteVisit, User
from projects.periods import day_words

from ..base.attachments import PreparedFile, attach
from ..base.changing import added, changed, held, refuse, required
from ..base.guards import own_act, wrong_day
from ..base.notices import queue_notice
from ..base.steps import Step, Steps, not_now, not_you, step

State = SiteVisit.State
REASON_MOST = 300


def visiting(project: Project, user: User, ours: bool | None = None) -> Step:
    """Whether a visit to the project may be logged (登记走访). One query, none where `ours` is known already."""
    if ours is None:
        ours = Project.objects.workable_by(user).filter(pk=project.pk).exists()
    return step(not ours and not_you("无权登记该项目的走访。"))


def steps_of(visit: SiteVisit, user: User, today: date) -> Steps:
    """What may be done with a visit: confirm (确认), send_back (退回), withdraw (撤回).

    Its leader is read beside it. No query but for the office's own entry.
    """
    is_leader = visit.official is not None and visit.official.user_id == user.pk
    neither = not (is_leader or user.is_office) and not_you("只有带队领导本人或发改局统筹可以确认走访。")
    settled = visit.state != State.WAITING and not_now(
        f"该次走访{visit.get_state_display()}，无需再确认，请刷新后再看。"
    )
    return Steps(
        confirm=step(
            neither,
            settled,
            own_act(
                visit.logged_by_id == user.pk and not is_leader,
                user,
                "登记人不能确认自己代为登记的走访，请由带队领导本人或统筹的其他人员确认。",
            ),
        ),
        send_back=step(neither, settled),
        withdraw=step(
            visit.logged_by_id != user.pk and not_you("只有登记人可以撤回。"),
            visit.state not in {State.WAITING, State.RETURNED}
            and not_now(f"该次走访{visit.get_state_display()}，不能撤回。"),
        ),
    )


@transaction.atomic
def log_visit(
    *,
    project: Project,
    visited_on: date,
    findings: str,
    official: Official | None = None,
    place: str = "",
    people: str = "",
    decisions: str = "",
    files: Sequence[PreparedFile] = (),
    by: User,
    now: datetime,
) -> SiteVisit:
    """Log a visit to the site (登记走访), with photos. `official` is the leader whose visit it counts as.

    Where another than the leader logs it, it waits for the leader, who is told, or for the office. Refuses: a day in
    the future, no findings, what was sent back or withdrawn word for word. The same visit sent twice answers the first.
    """
    project = held(project)
    visiting(project, by).require()
    refuse(visited_on=wrong_day("走访日期", visited_on, timezone.localdate(now)))
    said: dict[str, Any] = {
        "project": project,
        "visited_on": visited_on,
        "official": official,
        "place": place.strip(),
        "people": people.strip(),
        "findings": required(findings, "现场情况", field="findings"),
        "decisions": decisions.strip(),
        "logged_by": by,
    }
    visit = SiteVisit.objects.filter(**said).first()
    if visit is None:
        is_own = official is None or official.user_id == by.pk
        state = State.CONFIRMED if is_own else State.WAITING
        visit = added(SiteVisit(**said, logged_at=now, state=state), "登记走访", by=by, now=now)
        _ask_leader(visit, by, now)
    elif visit.state in {State.RETURNED, State.WITHDRAWN}:
        raise ValidationError(f"该次走访的登记{visit.get_state_display()}，内容没有变化，请修改后重新登记。")
    for file in files:
        attach(file=file, project=project, visit=visit, by=by, now=now)
    return visit


@transaction.atomic
def confirm_visit(*, visit: SiteVisit, by: User, now: datetime) -> SiteVisit:
    """Confirm a visit that was logged for a leader (确认走访); from now on it counts for its own day.

    Refuses: others than the leader and the office, one's own entry for another, a visit that waits no more.
    """
    visit = held(visit, "project", "official")
    steps_of(visit, by, timezone.localdate(now)).require("confirm")
    with changed(visit, "确认走访", by=by, now=now):
        visit.state, visit.decided_by, visit.decided_at = State.CONFIRMED, by, now
    return visit


@transaction.atomic
def return_visit(*, visit: SiteVisit, reason: str, by: User, now: datetime) -> SiteVisit:
    """Send a visit back to whoever logged it (退回走访), who is told why and logs it anew where it was made.

    Refuses: others than the leader and the office, no reason, a visit that waits no more.
    """
    visit = held(visit, "project", "official", "logged_by")
    steps_of(visit, by, timezone.localdate(now)).require("send_back")
    reason = required(reason, "退回原因", most=REASON_MOST)
    with changed(visit, "退回走访", by=by, now=now, reason=reason):
        visit.state, visit.decided_by, visit.decided_at = State.RETURNED, by, now
        visit.return_reason = reason
    if visit.logged_by_id != by.pk:
        queue_notice(
            recipient=visit.logged_by,
            key=f"visit:{visit.pk}:returned",
            subject=f"走访登记已退回：{visit.project.name}",
            body=f"您为{visit.official}登记的{day_words(visit.visited_on)}走访未予确认。原因：{reason}",
            link=reverse("visit_detail", args=[visit.pk]),
            now=now,
        )
    return visit


@transaction.atomic
def withdraw_visit(*, visit: SiteVisit, by: User, now: datetime) -> SiteVisit:
    """Take one's own entry back before it is confirmed (撤回走访登记)."""
    visit = held(visit, "project", "official")
    steps_of(visit, by, timezone.localdate(now)).require("withdraw")
    with changed(visit, "撤回走访登记", by=by, now=now):
        visit.state = State.WITHDRAWN
    return visit


def _ask_leader(visit: SiteVisit, by: User, now: datetime) -> None:
    """Tells the leader that a visit waits for him or her; one without an account is asked by the office."""
    leader = visit.official.user if visit.official else None
    if visit.state != State.WAITING or leader is None:
        return
    queue_notice(
        recipient=leader,
        key=f"visit:{visit.pk}:waiting",
        subject=f"有走访待您确认：{visit.project.name}",
        body=f"{by}登记了您{day_words(visit.visited_on)}的走访，确认后计入您当月走访。\n{visit.findings}",
        link=reverse("visit_detail", args=[visit.pk]),
        now=now,
    )
