"""Assessments (考核期): opened over a past period, points given by hand, published once, frozen from then on."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects.figures.assessment.sheets import ScoreSheet, sheet_of, unscored
from projects.models import (
    AssessmentEntry,
    AssessmentRound,
    Duty,
    Role,
    ScoringItem,
    ScoringScheme,
    Unit,
    User,
)
from projects.queries.assessment.schemes import published_round
from projects.rules.scoring import ScoredPeriod

from ..base.changing import added, held, refuse, sure
from ..base.guards import not_office, office_only, one_at_a_time, own_act
from ..base.notices import queue_notice
from ..base.records import record, snapshot
from ..base.steps import Step, Steps, not_now, step

State = AssessmentRound.State
VERBS = "办理考核"
OWN = "建立该考核期的人员不能自行公布成绩，请由统筹的其他人员核对后公布。"


def steps_of(round_: AssessmentRound, user: User, today: date, sheet: ScoreSheet | None = None) -> Steps:
    """What may be done with a round: give (人工评分), publish (公布成绩).

    `sheet` is what would be published; a page that has not composed it leaves to the verb what only the sheet tells.
    One query with it, for the office and a draft.
    """
    give = step(
        not_office(user, VERBS),
        round_.is_published and not_now("成绩已公布，不再变动；有异议的通过申诉更正。"),
    )
    own = own_act(not round_.is_published and round_.made_by_id == user.pk, user, OWN)
    return Steps(give=give, publish=give and step(sheet is not None and _publishing(round_, sheet), own))


def _publishing(round_: AssessmentRound, sheet: ScoreSheet) -> Step:
    published = published_round(round_.period, round_.subject)
    missing = "、".join(f"{unit.name}“{head.name}”" for unit, head in unscored(sheet))
    return step(
        published is not None and not_now("该考核期已公布过成绩，不能重复公布。"),
        not sheet.ranked
        and not sheet.small
        and not_now("没有可计分的单位，不能公布；请核对名单和责任单位。"),
        bool(missing) and not_now(f"以下人工评分尚未填写：{missing}。"),
    )


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
        refuse(scheme="方案尚未批准执行，请先批准，或用“试算”查看结果。")
    if scheme.year != period.year:
        refuse(scheme=f"“{scheme}”不适用于{period.year}年。")
    if scheme.effective_on > period.last_on:
        refuse(scheme=f"“{scheme}”自{scheme.effective_on:%Y-%m-%d}起生效，不适用于该考核期。")
    one_at_a_time()
    where = {"year": period.year, "kind": period.kind.value, "number": period.number}
    if existing := AssessmentRound.objects.filter(scheme=scheme, **where).first():
        return existing
    round_ = AssessmentRound(
        scheme=scheme, subject=scheme.subject, as_of=period.last_on, made_by=by, made_at=now, **where
    )
    return added(round_, "建立考核期", by=by, now=now, reason=str(scheme), unchecked=["content"])


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
    round_ = held(round_, "scheme")
    steps_of(round_, by, timezone.localdate(now)).require("give")
    if not item.is_manual or item.scheme_id != round_.scheme_id:
        refuse(item="只有本方案的人工评分项可以评分。")
    if not item.floor <= points <= item.highest:
        refuse(points=f"“{item}”的得分应在{item.floor}至{item.highest}之间。")
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
    last = round_.entries.filter(item=item, unit=unit).order_by("-pk").first()
    same = ("points", "reason", "document")
    if last and all(getattr(last, name) == getattr(entry, name) for name in same):
        return last  # sent twice
    return added(entry, "人工评分", by=by, now=now, reason=entry.reason)


@transaction.atomic
def publish_round(*, round_: AssessmentRound, document: str, by: User, now: datetime) -> AssessmentRound:
    """Publish an assessment (公布): every number and every row counted is frozen, and the unit heads are told.

    Refuses: no unit with a score, units that still lack points given by hand, a period published already by another
    scheme. Publishing twice answers the first.
    """
    round_, today = held(round_, "scheme"), timezone.localdate(now)
    publishing = steps_of(round_, by, today)["publish"]
    if round_.is_published and not publishing.is_who:
        return round_
    publishing.require()
    sheet = sheet_of(round_)
    steps_of(round_, by, today, sheet).require("publish")
    before = snapshot(round_)
    round_.state, round_.document = State.PUBLISHED, document.strip()
    round_.published_by, round_.published_at = by, now
    round_.content = sheet.as_dict()
    round_.full_clean()
    round_.save()
    content, round_.content = round_.content, None  # the sheet is not copied into the audit record
    record(action="公布考核成绩", instance=round_, by=by, now=now, before=before, reason=round_.document)
    round_.content = content
    _tell_heads(round_, sheet, now)
    return round_


def _tell_heads(round_: AssessmentRound, sheet: ScoreSheet, now: datetime) -> None:
    """Each unit head hears of the own unit's place and of the time to appeal."""
    heads = Duty.objects.current().filter(role=Role.UNIT_HEAD, user__is_active=True)
    for duty in heads.select_related("user"):
        score = sheet.of(sure(duty.unit_id))
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
