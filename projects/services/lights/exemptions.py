"""Exemptions from lights (亮灯豁免): asked with a reason by who answers for the project, approved by the office, ended.

An exemption changes what is judged from its first day on; the lights that periods closed with stay (亮灯记录). The asker
may withdraw it while it waits, and is told before it ends (services.reminders).
"""

from datetime import date, datetime
from typing import Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from projects.models import LightExemption, Project, User
from projects.periods import LATEST, day_words
from projects.rules import LightDimension
from projects.rules.validity import valid_until

from ..base.changing import added, changed, held, refuse, required
from ..base.guards import ended, not_office, own_act
from ..base.notices import queue_notice
from ..base.steps import Step, Steps, not_now, not_you, step

State = LightExemption.State
LONGEST_MONTHS = 12
NO_LIGHT = "不再亮灯，无需豁免"


def ask_step(project: Project, user: User) -> Step:
    """Whether the person may ask for the project: the office, reporters and heads of the units that answer for it."""
    ours = user.is_office or bool(user.unit_ids & {project.lead_department_id, project.host_district_id})
    return step(
        not ours and not_you("亮灯豁免由推进部门、属地的填报员或负责人申请，或由发改局统筹提出。"),
        ended(project, NO_LIGHT),
    )


def steps_of(exemption: LightExemption, user: User, today: date) -> Steps:
    """What may be done with an exemption: approve (批准) beside those of `row_steps_of`.

    For the office and one that waits: one query, unless the exemptions of its project are read beside it, and one
    where it is the person's own.
    """
    steps = row_steps_of(exemption, user, today)
    is_own = exemption.asked_by_id == user.pk
    approve = steps["refuse"] and step(
        ended(exemption.project, NO_LIGHT),
        exemption.until_on < today
        and not_now("申请的豁免期已过，请作不批准处理；仍需豁免的由申请人重新提出。"),
        own_act(is_own, user, "申请人不能批准自己的豁免申请，请由统筹的其他人员批准。"),
        _overlapping(exemption),
    )
    return Steps(approve=approve, **steps)


def row_steps_of(exemption: LightExemption, user: User, today: date) -> Steps:
    """What follows from the row alone, for lists: refuse (不批准), withdraw (撤回), end (提前终止). No query.

    Who may refuse it may decide it: the page of the decision says what stands in the way of an approval.
    """
    state = exemption.get_state_display()
    return Steps(
        refuse=step(
            not_office(user, "批准亮灯豁免"),
            not exemption.is_waiting and not_now(f"该申请{state}，不能再次办理。"),
        ),
        withdraw=step(
            exemption.asked_by_id != user.pk and not_you("只有申请人可以撤回。"),
            not exemption.is_waiting and not_now(f"该申请{state}，不能撤回。"),
        ),
        end=step(
            not_office(user, "终止亮灯豁免"),
            not exemption.can_end(today) and not_now(f"该豁免{exemption.words_on(today)}，无需终止。"),
        ),
    )


@transaction.atomic
def ask_exemption(
    *,
    project: Project,
    dimension: str = "",
    reason: str,
    document: str = "",
    from_on: date,
    until_on: date,
    by: User,
    now: datetime,
) -> LightExemption:
    """Ask that a dimension of a project, or all ("") be left out of its light for a time (申请亮灯豁免).

    Refuses: an ended project; no reason; a first day gone by, for nobody clears a light afterwards; an end before the
    beginning or more than LONGEST_MONTHS after it; what waits already or is exempted for a part of that time.
    """
    project = held(project)
    ask_step(project, by).require()
    reason, document = reason.strip(), document.strip()
    past, beyond = from_on < timezone.localdate(now), from_on.year >= LATEST.year
    long = not past and not beyond and until_on > valid_until(from_on, LONGEST_MONTHS)
    refuse(
        dimension=bool(dimension) and dimension not in set(LightDimension) and "请选择豁免的维度。",
        reason=not reason and "请写明豁免原因。",
        from_on=(past and "豁免不能追溯，起始日最早为今天；此前的亮灯记录不变。")
        or (beyond and f"起始日应在{LATEST.year}年之前，请核对年份。"),
        until_on=(until_on < from_on and "豁免截止日不能早于起始日。")
        or (long and f"一次豁免最长{LONGEST_MONTHS}个月，到期仍需豁免的请重新申请。"),
    )
    exemption = LightExemption(
        project=project,
        dimension=dimension,
        reason=reason,
        document=document,
        from_on=from_on,
        until_on=until_on,
        asked_by=by,
        asked_at=now,
    )
    exemption.full_clean()
    step(_overlapping(exemption)).require()
    if waiting := project.light_exemptions.waiting().filter(_covering(dimension)).first():
        raise ValidationError(
            f"该项目“{waiting.dimension_words}”已有待批准的豁免申请（{waiting.asked_by}提出），请等待批准。"
        )
    return added(exemption, "申请亮灯豁免", by=by, now=now, reason=reason)


@transaction.atomic
def approve_exemption(
    *, exemption: LightExemption, note: str = "", by: User, now: datetime
) -> LightExemption:
    """Approve (批准): in force from its first day on, with the approver's name on it.

    By another office account than the one that asked; an office of one person approves its own with a note.
    Refuses: one decided already, one whose time is over, an ended project, an overlap approved meanwhile.
    """
    exemption = _held(exemption)
    steps_of(exemption, by, timezone.localdate(now)).require("approve")
    if exemption.asked_by_id == by.pk and not note.strip():
        refuse(note="统筹只有您一人在岗，自行批准须填写批准意见。")
    return _decided(exemption, State.APPROVED, note, by=by, now=now)


@transaction.atomic
def refuse_exemption(*, exemption: LightExemption, note: str, by: User, now: datetime) -> LightExemption:
    """Refuse (不批准), with the reason; the light goes on as the rules say."""
    exemption = _held(exemption)
    row_steps_of(exemption, by, timezone.localdate(now)).require("refuse")
    if not note.strip():
        refuse(note="不批准的，请写明理由。")
    return _decided(exemption, State.REFUSED, note, by=by, now=now)


@transaction.atomic
def withdraw_exemption(*, exemption: LightExemption, by: User, now: datetime) -> LightExemption:
    """Take one's own request back while it waits (撤回申请); the light goes on as the rules say."""
    exemption = _held(exemption)
    row_steps_of(exemption, by, timezone.localdate(now)).require("withdraw")
    with changed(exemption, "撤回亮灯豁免申请", by=by, now=now):
        exemption.state = State.WITHDRAWN
    return exemption


@transaction.atomic
def end_exemption(*, exemption: LightExemption, reason: str, by: User, now: datetime) -> LightExemption:
    """End one before its last day (提前终止): judged again from today on. Refuses: no reason, one that does not run."""
    exemption, today = _held(exemption), timezone.localdate(now)
    row_steps_of(exemption, by, today).require("end")
    reason = required(reason, "终止原因")
    with changed(exemption, "终止亮灯豁免", by=by, now=now, reason=reason):
        exemption.ended_on, exemption.ended_by = today, by
    _tell(exemption, "已提前终止", f"自{day_words(today)}起恢复评定。原因：{reason}", by=by, now=now)
    return exemption


# --- inside ---------------------------------------------------------------------------------------------


def _covering(dimension: str) -> Q:
    """Exemptions that touch the dimension: its own and those of all; those of all touch every one."""
    return Q(dimension__in=["", dimension]) if dimension else Q()


def _overlapping(exemption: LightExemption) -> Step | Literal[False]:
    """An approved exemption that shares a day and a dimension stands in the way."""
    others = exemption.project.light_exemptions.all()
    granted = [one for one in others if one.state == State.APPROVED and one.pk != exemption.pk]
    found = next((one for one in granted if one.touches(exemption)), None)
    return found is not None and not_now(
        f"该项目“{found.dimension_words}”在{day_words(found.from_on)}至{day_words(found.until_on)}已获豁免，"
        "与本次申请的时间重叠，请改期，或先终止原豁免。"
    )


def _held(exemption: LightExemption) -> LightExemption:
    """The row as it is now; its project is held first, so that two decisions of one project come after each other."""
    project = held(exemption.project)
    exemption = held(exemption, "asked_by")
    exemption.project = project
    return exemption


def _decided(exemption: LightExemption, state: str, note: str, *, by: User, now: datetime) -> LightExemption:
    agreed, note = state == State.APPROVED, note.strip()
    with changed(exemption, "批准亮灯豁免" if agreed else "不批准亮灯豁免", by=by, now=now, reason=note):
        exemption.state, exemption.decision_note = state, note
        exemption.decided_by, exemption.decided_at = by, now
    term = f"豁免期{day_words(exemption.from_on)}至{day_words(exemption.until_on)}。"
    result = term if agreed else f"理由：{note}"
    _tell(exemption, "已批准" if agreed else "未批准", result, by=by, now=now)
    return exemption


def _tell(exemption: LightExemption, what: str, words: str, *, by: User, now: datetime) -> None:
    """The asker is told what became of it, unless it was the asker's own doing."""
    if exemption.asked_by_id == by.pk:
        return
    queue_notice(
        recipient=exemption.asked_by,
        key=f"light-exemption:{exemption.pk}:{what}",
        subject=f"亮灯豁免{what}：{exemption.project.name}",
        body=f"{exemption.project.name}“{exemption.dimension_words}”的亮灯豁免{what}。{words}",
        link=reverse("exemption_list"),
        now=now,
    )
