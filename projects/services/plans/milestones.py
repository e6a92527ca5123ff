"""Milestones done and undone (节点办结): evidence before green."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from projects.models import Milestone, MilestoneClaim, ReportState, User
from projects.periods import day_words

from ..base.attachments import PreparedFile, attach
from ..base.changing import added, changed, held, refuse, required, sure
from ..base.guards import not_office, wrong_day
from ..base.steps import Steps, not_now, not_you, step
from ..register.members import let_in, let_out


def steps_of(milestone: Milestone, user: User, today: date) -> Steps:
    """What may be done with a milestone: achieve (登记办结), undo (撤销办结), move (申请调整时间).

    Its plan is read beside it. One query, none for a row that was read `for_steps` of this person.
    """
    row: Any = (
        milestone if hasattr(milestone, "waits") else Milestone.objects.for_steps(user).get(pk=milestone.pk)
    )
    done_on, is_in_force = milestone.achieved_on, milestone.plan.is_in_force
    return Steps(
        achieve=step(
            not row.is_ours and not_you("无权登记该节点。"),
            done_on is not None
            and not_now(f"该节点已于{day_words(done_on)}办结。如有误，请联系发改局统筹撤销后重新登记。"),
            row.claim is not None and not_now("该节点已申报办结，待发改局统筹确认。"),
            not is_in_force and not_now("该节点不在执行中的推进方案内，不能办结；请到现行方案中登记。"),
        ),
        undo=step(
            not_office(user, "撤销办结"),
            done_on is None and not_now("该节点尚未办结，无需撤销。"),
            not is_in_force and not_now("该节点不在执行中的推进方案内，不能撤销。"),
        ),
        move=step(
            not row.is_ours and not_you("无权申请调整该节点。"),
            not is_in_force and not_now("该节点不在执行中的推进方案内，不能申请调整。"),
            done_on is not None and not_now("该节点已办结，无需调整。"),
            milestone.due_on is None and not_now("该节点没有计划完成时间，请通过拟订新版推进方案明确。"),
            milestone.due_on is not None
            and milestone.due_on <= today
            and not_now("已到计划完成时间，不能再申请调整；逾期按原计划日期认定。"),
            row.waits and not_now("该节点已有待审定的调整申请，请等待审定或先撤回。"),
        ),
    )


@transaction.atomic
def achieve_milestone(
    *,
    milestone: Milestone,
    achieved_on: date | None,
    evidence: str = "",
    files: Sequence[PreparedFile] = (),
    by: User,
    now: datetime,
) -> Milestone:
    """Mark a milestone done (节点办结) on a date, on a document number or an uploaded file, or both.

    A date before the last confirmed report's period, entered by another than the office, waits for the office as a
    claim: the milestone stays open (domain §7). Refuses: no date or one in the future; neither number nor file; a plan
    not in force; a milestone done or claimed already (the same entry twice answers the first).
    """
    milestone, evidence = held(milestone, "plan__project"), evidence.strip()
    today = timezone.localdate(now)
    steps = steps_of(milestone, by, today)
    same = evidence and (milestone.achieved_on, milestone.evidence) == (achieved_on, evidence)
    if not steps["achieve"].is_who and (same or _claimed(milestone, achieved_on, evidence, by)):
        return milestone
    steps.require("achieve")
    refuse(
        achieved_on=wrong_day("实际完成日期", achieved_on, today),
        evidence=not evidence and not files and "请填写文号或说明，或上传照片、文件：没有依据不能办结。",
    )
    done_on, evidence = sure(achieved_on), evidence or f"附件：{'、'.join(file.name for file in files)}"[:120]
    for file in files:
        attach(file=file, project=milestone.project, milestone=milestone, by=by, now=now)
    if not by.is_office and _is_before_the_confirmed(milestone, done_on):
        claim = MilestoneClaim(milestone=milestone, achieved_on=done_on, evidence=evidence)
        claim.claimed_by, claim.claimed_at = by, now
        added(claim, "申报节点办结", by=by, now=now)
        return milestone
    return mark_done(milestone, done_on, evidence, by=by, now=now)


def mark_done(milestone: Milestone, done_on: date, evidence: str, *, by: User, now: datetime) -> Milestone:
    """Write a completion on a milestone that is held and whose step was asked; its unit sees the project no longer for it."""
    with changed(milestone, "节点办结", by=by, now=now):
        milestone.achieved_on, milestone.evidence = done_on, evidence
    let_out(cause=milestone, on=timezone.localdate(now))
    return milestone


def _claimed(milestone: Milestone, achieved_on: date | None, evidence: str, by: User) -> bool:
    """Whether the person has claimed just this already."""
    same = {"achieved_on": achieved_on, "evidence": evidence, "claimed_by": by}
    return bool(achieved_on and evidence) and milestone.claims.waiting().filter(**same).exists()


def _is_before_the_confirmed(milestone: Milestone, day: date) -> bool:
    """Whether what was confirmed since did not know of it (早于最近一期已确认旬报): then the office looks first."""
    confirmed = milestone.project.reports.filter(state=ReportState.CONFIRMED)
    last = confirmed.order_by("-period_ends_on").first()
    return last is not None and day < last.period.first_on


@transaction.atomic
def undo_achievement(*, milestone: Milestone, reason: str, by: User, now: datetime) -> Milestone:
    """Take back a milestone's completion (撤销办结); the office alone, with a reason. Files stay with it.

    Refuses: no reason; a milestone that is not done; a plan no longer in force.
    """
    milestone = held(milestone, "plan__project")
    steps_of(milestone, by, timezone.localdate(now)).require("undo")
    reason = required(reason, "撤销原因")
    with changed(milestone, "撤销节点办结", by=by, now=now, reason=reason):
        milestone.achieved_on, milestone.evidence = None, ""
    if milestone.unit is not None:
        let_in(project=milestone.project, unit=milestone.unit, cause=milestone, on=timezone.localdate(now))
    return milestone
