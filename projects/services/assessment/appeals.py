"""Appeals against published scores (申诉) and the corrections they lead to (更正); what was published stays."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects.figures.assessment.sheets import ScoreSheet, sheet_of
from projects.models import (
    AssessmentAppeal,
    AssessmentCorrection,
    AssessmentRound,
    Duty,
    Role,
    ScoringItem,
    Unit,
    User,
)
from projects.queries.base.calendar import working_calendar

from ..base.changing import added, changed, held, refuse, sure
from ..base.guards import next_number, not_office, own_act
from ..base.notices import queue_notice
from ..base.steps import Step, Steps, not_now, not_you, step

State = AssessmentAppeal.State


def appeal_until(round_: AssessmentRound) -> date:
    """Last day on which the published scores may be appealed against (申诉截止日). One query for the calendar."""
    published_on = timezone.localdate(round_.published_at)
    return working_calendar().shift(published_on, round_.scheme.appeal_days)


def heads(user: User, unit_id: int) -> bool:
    """Whether the person heads the unit (部门负责人): who may appeal for it."""
    return any(duty.role == Role.UNIT_HEAD and duty.unit_id == unit_id for duty in user.current_duties)


def file_step(
    round_: AssessmentRound,
    unit_id: int,
    user: User,
    today: date,
    *,
    sheet: ScoreSheet | None = None,
    until: date | None = None,
) -> Step:
    """Whether the person may appeal against the unit's score (提出申诉); what is read already is given."""
    filing = step(
        not heads(user, unit_id) and not_you("只有本单位负责人可以提出申诉。"),
        not round_.is_published and not_now("成绩尚未公布。"),
    )
    if not filing:
        return filing
    score, until = (sheet or sheet_of(round_)).of(unit_id), until or appeal_until(round_)
    return step(
        (score is None or score.total is None) and not_now("本单位本期没有得分，无可申诉。"),
        today > until and not_now(f"申诉期限已于{until:%Y-%m-%d}届满。"),
    )


def steps_of(appeal: AssessmentAppeal, user: User, today: date) -> Steps:
    """What may be done with an appeal: decide (审定). No query."""
    return Steps(
        decide=step(
            not_office(user, "审定考核申诉"),
            not appeal.is_waiting and not_now(f"该申诉已审定（{appeal.get_state_display()}）。"),
            own_act(
                appeal.filed_by_id == user.pk, user, "申诉人不能审定自己提出的申诉，请由统筹的其他人员审定。"
            ),
        )
    )


@transaction.atomic
def file_appeal(
    *,
    round_: AssessmentRound,
    unit: Unit,
    item: ScoringItem,
    reason: str,
    evidence: str,
    by: User,
    now: datetime,
) -> AssessmentAppeal:
    """Appeal against one item of the own unit's published score (提出申诉). The head of the unit alone.

    Refuses: an unpublished round, a unit that was not scored, the time being over, a second appeal on the item (the
    same one sent twice answers the first).
    """
    round_ = held(round_, "scheme")
    file_step(round_, unit.pk, by, timezone.localdate(now)).require()
    if item.scheme_id != round_.scheme_id:
        refuse(item="请选择本方案的考核项。")
    appeal = AssessmentAppeal(
        round=round_,
        unit=unit,
        item=item,
        reason=reason.strip(),
        evidence=evidence.strip(),
        filed_by=by,
        filed_at=now,
    )
    twin = AssessmentAppeal.objects.filter(round=round_, unit=unit, item=item).first()
    if twin and (twin.reason, twin.evidence) == (appeal.reason, appeal.evidence):
        return twin
    added(appeal, "提出考核申诉", by=by, now=now, reason=appeal.reason)
    for duty in Duty.objects.current().filter(role=Role.OFFICE, user__is_active=True).select_related("user"):
        queue_notice(
            recipient=duty.user,
            key=f"appeal:{appeal.pk}:{duty.user_id}",
            subject=f"{unit}对{round_}提出申诉",
            body=f"考核项：{item}。理由：{appeal.reason}",
            now=now,
            link=reverse("score_decide", args=[appeal.pk]),
        )
    return appeal


@transaction.atomic
def decide_appeal(
    *, appeal: AssessmentAppeal, accept: bool, points: Decimal | None, decision: str, by: User, now: datetime
) -> AssessmentAppeal:
    """Decide an appeal (审定申诉). Accepting one sets the item's points in a numbered correction beside the published.

    Refuses: no words of decision, points missing, beyond the item's bounds or no different from the published. An
    appeal that was decided already answers as it stands.
    """
    appeal = held(appeal, "round__scheme", "unit", "item", "filed_by")
    deciding = steps_of(appeal, by, timezone.localdate(now))["decide"]
    if not appeal.is_waiting and not deciding.is_who:
        return appeal
    deciding.require()
    decision = decision.strip()
    if not decision:
        refuse(decision="请写明审定意见。")
    with changed(appeal, "审定考核申诉", by=by, now=now, reason=decision):
        appeal.state = State.ACCEPTED if accept else State.REFUSED
        appeal.decision, appeal.decided_by, appeal.decided_at = decision, by, now
    words = "未予采纳"
    if accept:
        correction = _correct(appeal, points, by, now)
        words = f"已采纳，见更正第{correction.number}号"
    queue_notice(
        recipient=appeal.filed_by,
        key=f"appeal-decided:{appeal.pk}",
        subject=f"{appeal.round}申诉{words}",
        body=f"考核项：{appeal.item}。审定意见：{appeal.decision}",
        now=now,
        link=reverse("score_card", args=[appeal.round_id, appeal.unit_id]),
    )
    return appeal


def _correct(
    appeal: AssessmentAppeal, points: Decimal | None, by: User, now: datetime
) -> AssessmentCorrection:
    """The next correction of the round; the round's row keeps the queue for its number."""
    round_ = held(appeal.round)
    item = appeal.item
    published = sure(sheet_of(round_).of(appeal.unit_id)).item(item.pk).score
    if points is None:
        raise ValidationError({"points": "采纳申诉须填写更正后的得分。"})
    if not item.floor <= points <= item.highest:
        refuse(points=f"“{item}”的得分应在{item.floor}至{item.highest}之间。")
    if points == published:
        refuse(points="更正后的得分与公布的相同，无须更正。")
    number = next_number(round_.corrections)
    correction = AssessmentCorrection(
        round=round_,
        number=number,
        appeal=appeal,
        unit=appeal.unit,
        item=item,
        published_points=published,
        points=points,
        reason=appeal.decision,
        made_by=by,
        made_at=now,
    )
    return added(correction, "更正考核得分", by=by, now=now, reason=correction.reason)
