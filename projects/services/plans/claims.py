"""Completions that wait for the office (节点办结申报): confirmed or sent back by the office, taken back by who claimed."""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects.models import Milestone, MilestoneClaim, User
from projects.periods import day_words

from ..base.changing import changed, held, required
from ..base.guards import not_office, own_act
from ..base.notices import queue_notice
from ..base.steps import Steps, not_now, not_you, step
from .milestones import mark_done

State = MilestoneClaim.State


def steps_of(claim: MilestoneClaim, user: User, today: date) -> Steps:
    """What may be done with a claim: confirm (确认), send_back (退回), withdraw (撤回). To claim is a milestone's step.

    No query but for the office's own claim, where the milestone and its plan are read beside it.
    """
    office_alone = not_office(user, "确认节点办结申报")
    settled = claim.state != State.WAITING and not_now(f"该申报{claim.get_state_display()}，请刷新后再看。")
    milestone = claim.milestone
    return Steps(
        confirm=step(
            office_alone,
            settled,
            milestone.achieved_on is not None and not_now(f"节点“{milestone.name}”已办结，请退回该申报。"),
            not milestone.plan.is_in_force
            and not_now(f"节点“{milestone.name}”不在执行中的推进方案内，请退回该申报。"),
            own_act(
                claim.claimed_by_id == user.pk, user, "申报人不能确认自己的申报，请由统筹的其他人员确认。"
            ),
        ),
        send_back=step(office_alone, settled),
        withdraw=step(claim.claimed_by_id != user.pk and not_you("只有申报人可以撤回。"), settled),
    )


@transaction.atomic
def confirm_claim(*, claim: MilestoneClaim, by: User, now: datetime) -> Milestone:
    """Confirm a completion (确认办结): the milestone is done since the day claimed, in figures, lights and findings.

    Refuses: others than the office, the own claim, a claim that waits no more, a milestone done or not in force.
    """
    claim = _held(claim)
    steps_of(claim, by, timezone.localdate(now)).require("confirm")
    with changed(claim, "确认节点办结申报", by=by, now=now):
        claim.state, claim.decided_by, claim.decided_at = State.CONFIRMED, by, now
    return mark_done(claim.milestone, claim.achieved_on, claim.evidence, by=by, now=now)


@transaction.atomic
def return_claim(*, claim: MilestoneClaim, reason: str, by: User, now: datetime) -> MilestoneClaim:
    """Send a claim back (退回申报) with the reason, of which who claimed is told; the milestone stays open."""
    claim = _held(claim)
    steps_of(claim, by, timezone.localdate(now)).require("send_back")
    return settle_returned(claim, required(reason, "退回原因", most=300), by=by, now=now)


@transaction.atomic
def withdraw_claim(*, claim: MilestoneClaim, by: User, now: datetime) -> MilestoneClaim:
    """Take one's own claim back before it is decided (撤回申报)."""
    claim = _held(claim)
    steps_of(claim, by, timezone.localdate(now)).require("withdraw")
    with changed(claim, "撤回节点办结申报", by=by, now=now):
        claim.state = State.WITHDRAWN
    return claim


def settle_returned(claim: MilestoneClaim, reason: str, *, by: User, now: datetime) -> MilestoneClaim:
    """Write the return of a claim that is held, and tell who claimed."""
    with changed(claim, "退回节点办结申报", by=by, now=now, reason=reason):
        claim.state, claim.decided_by, claim.decided_at = State.RETURNED, by, now
        claim.return_reason = reason
    if claim.claimed_by_id != by.pk:
        done_on = day_words(claim.achieved_on)
        queue_notice(
            recipient=claim.claimed_by,
            key=f"claim:{claim.pk}:returned",
            subject=f"节点办结申报已退回：{claim.milestone.name}",
            body=f"{claim.project.name}的节点“{claim.milestone.name}”{done_on}办结的申报未予确认。原因：{reason}",
            link=reverse("milestone_achieve", args=[claim.milestone_id]),
            now=now,
        )
    return claim


def _held(claim: MilestoneClaim) -> MilestoneClaim:
    """The claim and its milestone as they are now, both locked, the milestone first as whoever marks it done does."""
    milestone = held(claim.milestone, "plan__project")
    claim = held(claim, "claimed_by")
    claim.milestone = milestone
    return claim
