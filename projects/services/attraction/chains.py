"""链长制: a chain's team (专班), its year's work, and which projects stand where in it."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from projects.models import (
    Belonging,
    ChainMember,
    ChainPlacement,
    ChainSegment,
    ChainTask,
    IndustryChain,
    Project,
    Unit,
    User,
)
from projects.periods import EARLIEST, LATEST

from ..base.changing import added, changed, held, refuse
from ..base.guards import LATER, not_office, office_only, wrong_day
from ..base.steps import Steps, not_now, not_you, step
from ..register.belongings import belong

TEAM = "调整产业链专班"


def task_steps_of(task: ChainTask, user: User, today: date) -> Steps:
    """What may be done with an item of a chain's work: finish (登记完成). No query."""
    done_on = task.done_on
    return Steps(
        finish=step(
            not task.is_worked_by(user) and not_you("只有责任单位和发改局统筹可以登记该任务完成。"),
            done_on is not None
            and not_now(f"该任务已于{done_on.isoformat()}登记完成，如需更正请联系发改局统筹。"),
        )
    )


def member_steps_of(member: ChainMember, user: User, today: date) -> Steps:
    """What may be done with somebody of a chain's team: end (不再担任). No query, with the unit read beside it."""
    until_on = member.until_on
    return Steps(
        end=step(
            not_office(user, TEAM),
            until_on is not None and not_now(f"{member}已于{until_on.isoformat()}不再担任，无需重复登记。"),
        )
    )


@transaction.atomic
def add_member(
    *,
    chain: IndustryChain,
    post: str,
    from_on: date,
    unit: Unit | None = None,
    name: str = "",
    phone: str = "",
    by: User,
    now: datetime,
) -> ChainMember:
    """Put a unit or person on a chain's team (专班成员), with the post held in it. The office alone.

    Refuses: nobody named, no post, a day in the future, a unit out of service, somebody in the same post already.
    """
    office_only(by, TEAM)
    held(chain)
    member = ChainMember(
        chain=chain,
        unit=unit,
        name="".join(name.split()),
        post=post.strip(),
        phone=phone.strip(),
        from_on=from_on,
    )
    refuse(
        unit=(unit is None and not member.name and "请选择单位或填写姓名。")
        or (unit is not None and not unit.is_active and f"{unit}已不在用，请另选。"),
        post=not member.post and "请填写专班职务。",
        from_on=wrong_day("起始日期", from_on, timezone.localdate(now), LATER),
    )
    serving = chain.members.filter(until_on__isnull=True)
    if serving.filter(unit=unit, name=member.name, post=member.post).exists():
        refuse(post=f"{member}已是该专班的{member.post}，无需重复登记。")
    return added(member, "登记专班成员", by=by, now=now)


@transaction.atomic
def end_member(*, member: ChainMember, until_on: date, by: User, now: datetime) -> ChainMember:
    """Say until when somebody served on the team (不再担任); the row stays. The office alone.

    Refuses: a day in the future or before the first one, a service that has ended already.
    """
    member = held(member, "unit")
    today = timezone.localdate(now)
    member_steps_of(member, by, today).require("end")
    refuse(until_on=wrong_day("截止日期", until_on, today, LATER))
    if until_on < member.from_on:
        refuse(until_on=f"截止日期不能早于起始日期（{member.from_on.isoformat()}）。")
    with changed(member, "专班成员不再担任", by=by, now=now):
        member.until_on = until_on
    return member


@transaction.atomic
def add_task(
    *, chain: IndustryChain, text: str, unit: Unit, due_on: date, by: User, now: datetime
) -> ChainTask:
    """Put an item into a chain's work of the year its limit falls in (年度工作任务). The office alone.

    Refuses: no text, a unit out of service, a limit outside the calendar, the same text twice in a year.
    """
    office_only(by, "制定产业链年度任务")
    held(chain)
    text = text.strip()
    refuse(
        text=not text and "请填写工作任务。",
        unit=not unit.is_active and f"{unit}已不在用，请另选。",
        due_on=not EARLIEST <= due_on <= LATEST and f"完成时限应在{EARLIEST.year}年至{LATEST.year}年之间。",
    )
    if chain.tasks.filter(year=due_on.year, text=text).exists():
        refuse(text="该产业链本年度已有同一任务。")
    task = ChainTask(
        chain=chain, year=due_on.year, text=text, unit=unit, due_on=due_on, made_by=by, made_at=now
    )
    return added(task, "下达产业链任务", by=by, now=now)


@transaction.atomic
def finish_task(*, task: ChainTask, done_on: date, result: str, by: User, now: datetime) -> ChainTask:
    """Report an item of the chain's work done (登记完成), with the result. The office, or its unit's people.

    Refuses: no result, a day in the future, one that is done already. The same report twice answers the first.
    """
    task, result, today = held(task), result.strip(), timezone.localdate(now)
    finishing = task_steps_of(task, by, today)["finish"]
    if (task.done_on, task.result) == (done_on, result) and not finishing.is_who:
        return task
    finishing.require()
    refuse(done_on=wrong_day("完成日期", done_on, today, LATER), result=not result and "请写明完成情况。")
    with changed(task, "产业链任务完成", by=by, now=now, unchecked=["made_by"]):
        task.done_on, task.result = done_on, result
    return task


@transaction.atomic
def place_project(
    *,
    chain: IndustryChain,
    project: Project,
    segment: ChainSegment | None,
    from_on: date | None,
    reason: str = "",
    by: User,
    now: datetime,
) -> Project:
    """Say that a project belongs to a chain from a day on and where in it (归入产业链). The office alone.

    Refuses: a segment of another chain or out of use, nothing changed, taking a project from another chain without a
    reason, a day that belong() refuses. The day is not asked of one that is in the chain already.
    """
    office_only(by, "调整项目所属产业链")
    project = held(project)
    if segment is not None and (segment.chain_id != chain.pk or not segment.is_active):
        refuse(segment=f"“{segment}”不是{chain}在用的环节，请另选。")
    present = ChainPlacement.objects.filter(project=project).first()
    stands = present.segment_id if present else None
    if project.industry_chain_id == chain.pk and (segment is None or segment.pk == stands):
        refuse(project="该项目已在该产业链的这一环节，没有变化。")
    if project.industry_chain_id not in {None, chain.pk} and not reason.strip():
        refuse(reason=f"该项目现属{project.industry_chain}，改归{chain}请填写原因。")
    if project.industry_chain_id != chain.pk:
        belong(
            project=project,
            kind=Belonging.Kind.INDUSTRY_CHAIN,
            action="归入产业链",
            from_on=from_on,
            reason=reason.strip(),
            by=by,
            now=now,
            industry_chain=chain,
        )
    if segment is not None:
        set_segment(project, segment, by=by, now=now)
    return project


def set_segment(project: Project, segment: ChainSegment, *, by: User, now: datetime) -> ChainPlacement:
    """Write the segment a project stands in, inside the caller's transaction."""
    action, stands = "确定所在环节", {"segment": segment, "made_by": by, "made_at": now}
    placement = ChainPlacement.objects.filter(project=project).first()
    if placement is None:
        return added(ChainPlacement(project=project, **stands), action, by=by, now=now)
    with changed(placement, action, by=by, now=now):
        placement.segment, placement.made_by, placement.made_at = segment, by, now
    return placement
