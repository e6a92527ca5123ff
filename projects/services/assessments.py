"""Assessments (考核期): opened over a past period, points given by hand, published once, frozen from then on."""

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from ..measures.score_sheets import ScoreSheet, sheet_of, unscored
from ..models import AssessmentEntry, AssessmentRound, Duty, Role, ScoringItem, ScoringScheme, Unit, User
from ..rules.scoring import ScoredPeriod
from .guards import office_only
from .notices import queue_notice
from .records import record, snapshot

State = AssessmentRound.State
VERBS = "办理考核"


@transaction.atomic
def open_round(*, scheme: ScoringScheme, period: ScoredPeriod, by: User, now: datetime) -> AssessmentRound:
    """Open an assessment over a period that has ended (建立考核期), by a scheme in force on its last day.

    Refuses: a period that still runs, a draft scheme, a scheme of another year or of a later effective date. The same
    scheme and period again answers the first.
    """
    office_only(by, VERBS)
    if period.last_on >= timezone.localdate(now):
        raise ValidationError(f"{period.words}尚未结束，{period.last_on:%Y-%m-%d}以后再建立。")
    if scheme.state == ScoringScheme.State.DRAFT:
        raise ValidationError({"scheme": "方案尚未批准执行，请先批准，或用“试算”查看结果。"})
    if scheme.year != period.year:
        raise ValidationError({"scheme": f"“{scheme}”不适用于{period.year}年。"})
    if scheme.effective_on > period.last_on:
        raise ValidationError(
            {"scheme": f"“{scheme}”自{scheme.effective_on:%Y-%m-%d}起生效，不适用于该考核期。"}
        )
    where = {"year": period.year, "kind": period.kind.value, "number": period.number}
    if existing := AssessmentRound.objects.filter(scheme=scheme, **where).first():
        return existing
    round_ = AssessmentRound(
        scheme=scheme, subject=scheme.subject, as_of=period.last_on, made_by=by, made_at=now, **where
    )
    round_.full_clean(exclude=["content"])
    round_.save()
    record(action="建立考核期", instance=round_, by=by, now=now, reason=str(scheme))
    return round_


@transaction.atomic
def give_points(
    *,
    round_: AssessmentRound,
    item: ScoringItem,
    unit: Unit,
    points: Decimal,
    reason: str,
    document: str,
    by: User,
    now: datetime,
) -> AssessmentEntry:
    """Give a unit points of a manual item (人工评分), with reason and document; the latest entry counts.

    Refuses: a published round, an item that a figure scores or of another scheme, points beyond the item's bounds.
    """
    round_ = _draft(round_, by)
    if not item.is_manual or item.scheme_id != round_.scheme_id:
        raise ValidationError({"item": "只有本方案的人工评分项可以评分。"})
    if not item.floor <= points <= item.highest:
        raise ValidationError({"points": f"“{item}”的得分应在{item.floor}至{item.highest}之间。"})
    entry = AssessmentEntry(
        round=round_,
        item=item,
        unit=unit,
        points=points,
        reason=reason.strip(),
        document=document.strip(),
        made_by=by,
        made_at=now,
    )
    entry.full_clean()
    last = round_.entries.filter(item=item, unit=unit).order_by("-pk").first()
    same = ("points", "reason", "document")
    if last and all(getattr(last, name) == getattr(entry, name) for name in same):
        return last  # sent twice
    entry.save()
    record(action="人工评分", instance=entry, by=by, now=now, reason=entry.reason)
    return entry


@transaction.atomic
def publish_round(*, round_: AssessmentRound, document: str, by: User, now: datetime) -> AssessmentRound:
    """Publish an assessment (公布): every number and every row counted is frozen, and the unit heads are told.

    Refuses: no unit with a score, units that still lack points given by hand, a period published already by another
    scheme. Publishing twice answers the first.
    """
    office_only(by, VERBS)
    round_ = _locked(round_)
    if round_.is_published:
        return round_
    sheet = sheet_of(round_)
    if not sheet.ranked and not sheet.small:
        raise ValidationError("没有可计分的单位，不能公布；请核对名单和责任单位。")
    if missing := unscored(sheet):
        words = "、".join(f"{unit.name}“{head.name}”" for unit, head in missing)
        raise ValidationError(f"以下人工评分尚未填写：{words}。")
    before = snapshot(round_)
    round_.state, round_.document = State.PUBLISHED, document.strip()
    round_.published_by, round_.published_at = by, now
    round_.content = sheet.as_dict()
    round_.full_clean()
    round_.save()
    content, round_.content = (
        round_.content,
        before["content"],
    )  # the sheet is not copied into the audit record
    record(action="公布考核成绩", instance=round_, by=by, now=now, before=before, reason=round_.document)
    round_.content = content
    _tell_heads(round_, sheet, now)
    return round_


def _tell_heads(round_: AssessmentRound, sheet: ScoreSheet, now: datetime) -> None:
    """Each unit head hears of the own unit's place and of the time to appeal."""
    heads = Duty.objects.filter(role=Role.UNIT_HEAD, ends_on__isnull=True, user__is_active=True)
    for duty in heads.select_related("user"):
        score = sheet.of(duty.unit_id)
        if score is None:
            continue
        place = f"第{score.rank}名" if score.rank else "未参加排名"
        total = "无任务" if score.total is None else f"{score.total}分，{place}"
        queue_notice(
            recipient=duty.user,
            key=f"score:{round_.pk}:{duty.unit_id}:{duty.user_id}",
            subject=f"{round_}成绩已公布",
            body=f"{score.name}：{total}。有异议的，请在公布后{round_.scheme.appeal_days}个工作日内提出申诉。",
            now=now,
            link=reverse("score_card", args=[round_.pk, duty.unit_id]),
        )


def _locked(round_: AssessmentRound) -> AssessmentRound:
    rows = AssessmentRound.objects.select_for_update(of=("self",)).select_related("scheme")
    return rows.get(pk=round_.pk)


def _draft(round_: AssessmentRound, by: User) -> AssessmentRound:
    office_only(by, VERBS)
    round_ = _locked(round_)
    if round_.is_published:
        raise ValidationError("成绩已公布，不再变动；有异议的通过申诉更正。")
    return round_
