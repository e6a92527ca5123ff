"""Appeals against published scores (申诉) and the corrections they lead to (更正); what was published stays."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from ..measures.score_sheets import sheet_of
from ..models import (
    AssessmentAppeal,
    AssessmentCorrection,
    AssessmentRound,
    Duty,
    Role,
    ScoringItem,
    Unit,
    User,
)
from ..queries.calendar import working_calendar
from .guards import office_only
from .notices import queue_notice
from .records import record, snapshot

State = AssessmentAppeal.State


def appeal_until(round_: AssessmentRound) -> date:
    """Last day on which the published scores may be appealed against (申诉截止日). One query for the calendar."""
    published_on = timezone.localdate(round_.published_at)
    return working_calendar().shift(published_on, round_.scheme.appeal_days)


def heads(user: User, unit_id: int) -> bool:
    """Whether the person heads the unit (部门负责人): who may appeal for it."""
    return any(duty.role == Role.UNIT_HEAD and duty.unit_id == unit_id for duty in user.current_duties)


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
    if not heads(by, unit.pk):
        raise PermissionDenied("只有本单位负责人可以提出申诉。")
    round_ = (
        AssessmentRound.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=round_.pk)
    )
    if not round_.is_published:
        raise ValidationError("成绩尚未公布。")
    if item.scheme_id != round_.scheme_id:
        raise ValidationError({"item": "请选择本方案的考核项。"})
    score = sheet_of(round_).of(unit.pk)
    if score is None or score.total is None:
        raise ValidationError("本单位本期没有得分，无可申诉。")
    if timezone.localdate(now) > (until := appeal_until(round_)):
        raise ValidationError(f"申诉期限已于{until:%Y-%m-%d}届满。")
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
    appeal.full_clean()
    appeal.save()
    record(action="提出考核申诉", instance=appeal, by=by, now=now, reason=appeal.reason)
    for duty in Duty.objects.filter(
        role=Role.OFFICE, ends_on__isnull=True, user__is_active=True
    ).select_related("user"):
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
    *,
    appeal: AssessmentAppeal,
    accept: bool,
    points: Decimal | None,
    decision: str,
    by: User,
    now: datetime,
) -> AssessmentAppeal:
    """Decide an appeal (审定申诉). Accepting one sets the item's points in a numbered correction beside the published.

    Refuses: no words of decision, points missing, beyond the item's bounds or no different from the published. An
    appeal that was decided already answers as it stands.
    """
    office_only(by, "审定考核申诉")
    appeal = (
        AssessmentAppeal.objects.select_for_update(of=("self",))
        .select_related("round__scheme", "unit", "item", "filed_by")
        .get(pk=appeal.pk)
    )
    if appeal.state != State.WAITING:
        return appeal
    if not decision.strip():
        raise ValidationError({"decision": "请写明审定意见。"})
    before = snapshot(appeal)
    appeal.state = State.ACCEPTED if accept else State.REFUSED
    appeal.decision, appeal.decided_by, appeal.decided_at = decision.strip(), by, now
    appeal.full_clean()
    appeal.save()
    record(action="审定考核申诉", instance=appeal, by=by, now=now, before=before, reason=appeal.decision)
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
    round_ = AssessmentRound.objects.select_for_update(of=("self",)).get(pk=appeal.round_id)
    item = appeal.item
    published = sheet_of(round_).of(appeal.unit_id).item(item.pk).score
    if points is None:
        raise ValidationError({"points": "采纳申诉须填写更正后的得分。"})
    if not item.floor <= points <= item.highest:
        raise ValidationError({"points": f"“{item}”的得分应在{item.floor}至{item.highest}之间。"})
    if points == published:
        raise ValidationError({"points": "更正后的得分与公布的相同，无须更正。"})
    number = (round_.corrections.aggregate(last=Max("number"))["last"] or 0) + 1
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
    correction.full_clean()
    correction.save()
    record(action="更正考核得分", instance=correction, by=by, now=now, reason=correction.reason)
    return correction
