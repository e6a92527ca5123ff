"""链长制: a chain's team (专班), its year's work, and which projects stand where in it."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from ..models import (
    ChainMember,
    ChainPlacement,
    ChainSegment,
    ChainTask,
    IndustryChain,
    Project,
    Unit,
    User,
)
from ..periods import EARLIEST, LATEST
from .guards import locked_project, office_only, wrong_day
from .records import record, snapshot


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
    office_only(by, "调整产业链专班")
    IndustryChain.objects.select_for_update().get(pk=chain.pk)
    member = ChainMember(
        chain=chain,
        unit=unit,
        name="".join(name.split()),
        post=post.strip(),
        phone=phone.strip(),
        from_on=from_on,
    )
    errors = {}
    if unit is None and not member.name:
        errors["unit"] = "请选择单位或填写姓名。"
    elif unit is not None and not unit.is_active:
        errors["unit"] = f"{unit}已不在用，请另选。"
    if not member.post:
        errors["post"] = "请填写专班职务。"
    if why := wrong_day("起始日期", from_on, now):
        errors["from_on"] = why
    serving = chain.members.filter(until_on__isnull=True)
    if not errors and serving.filter(unit=unit, name=member.name, post=member.post).exists():
        errors["post"] = f"{member}已是该专班的{member.post}，无需重复登记。"
    if errors:
        raise ValidationError(errors)
    member.full_clean()
    member.save()
    record(action="登记专班成员", instance=member, by=by, now=now)
    return member


@transaction.atomic
def end_member(*, member: ChainMember, until_on: date, by: User, now: datetime) -> ChainMember:
    """Say until when somebody served on the team (不再担任); the row stays. The office alone.

    Refuses: a day in the future or before the first one, a service that has ended already.
    """
    office_only(by, "调整产业链专班")
    member = ChainMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if member.until_on is not None:
        raise ValidationError(f"{member}已于{member.until_on.isoformat()}不再担任，无需重复登记。")
    if why := wrong_day("截止日期", until_on, now):
        raise ValidationError({"until_on": why})
    if until_on < member.from_on:
        raise ValidationError({"until_on": f"截止日期不能早于起始日期（{member.from_on.isoformat()}）。"})
    before = snapshot(member)
    member.until_on = until_on
    member.save(update_fields=["until_on"])
    record(action="专班成员不再担任", instance=member, by=by, now=now, before=before)
    return member


@transaction.atomic
def add_task(
    *, chain: IndustryChain, text: str, unit: Unit, due_on: date, by: User, now: datetime
) -> ChainTask:
    """Put an item into a chain's work of the year its limit falls in (年度工作任务). The office alone.

    Refuses: no text, a unit out of service, a limit outside the calendar, the same text twice in a year.
    """
    office_only(by, "制定产业链年度任务")
    IndustryChain.objects.select_for_update().get(pk=chain.pk)
    text = text.strip()
    errors = {}
    if not text:
        errors["text"] = "请填写工作任务。"
    if not unit.is_active:
        errors["unit"] = f"{unit}已不在用，请另选。"
    if not EARLIEST <= due_on <= LATEST:
        errors["due_on"] = f"完成时限应在{EARLIEST.year}年至{LATEST.year}年之间。"
    if not errors and chain.tasks.filter(year=due_on.year, text=text).exists():
        errors["text"] = "该产业链本年度已有同一任务。"
    if errors:
        raise ValidationError(errors)
    task = ChainTask(
        chain=chain, year=due_on.year, text=text, unit=unit, due_on=due_on, made_by=by, made_at=now
    )
    task.full_clean()
    task.save()
    record(action="下达产业链任务", instance=task, by=by, now=now)
    return task


@transaction.atomic
def finish_task(*, task: ChainTask, done_on: date, result: str, by: User, now: datetime) -> ChainTask:
    """Report an item of the chain's work done (登记完成), with the result. The office, or its unit's people.

    Refuses: no result, a day in the future, one that is done already. The same report twice answers the first.
    """
    if not ChainTask.objects.workable_by(by).filter(pk=task.pk).exists():
        raise PermissionDenied("只有责任单位和发改局统筹可以登记该任务完成。")
    task = ChainTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    result = result.strip()
    if (task.done_on, task.result) == (done_on, result):
        return task
    if task.done_on is not None:
        raise ValidationError(f"该任务已于{task.done_on.isoformat()}登记完成，如需更正请联系发改局统筹。")
    errors = {}
    if why := wrong_day("完成日期", done_on, now):
        errors["done_on"] = why
    if not result:
        errors["result"] = "请写明完成情况。"
    if errors:
        raise ValidationError(errors)
    before = snapshot(task)
    task.done_on, task.result = done_on, result
    task.full_clean(exclude=["made_by"])
    task.save(update_fields=["done_on", "result"])
    record(action="产业链任务完成", instance=task, by=by, now=now, before=before)
    return task


@transaction.atomic
def place_project(
    *,
    chain: IndustryChain,
    project: Project,
    segment: ChainSegment | None,
    reason: str = "",
    by: User,
    now: datetime,
) -> Project:
    """Say that a project belongs to a chain and where in it (归入产业链). The office alone.

    Refuses: a segment of another chain or out of use, nothing changed, taking a project from another chain without a
    reason.
    """
    office_only(by, "调整项目所属产业链")
    project = locked_project(project)
    if segment is not None and (segment.chain_id != chain.pk or not segment.is_active):
        raise ValidationError({"segment": f"“{segment}”不是{chain}在用的环节，请另选。"})
    present = ChainPlacement.objects.filter(project=project).first()
    stands = present.segment_id if present else None
    if project.industry_chain_id == chain.pk and (segment is None or segment.pk == stands):
        raise ValidationError({"project": "该项目已在该产业链的这一环节，没有变化。"})
    if project.industry_chain_id not in {None, chain.pk} and not reason.strip():
        raise ValidationError({"reason": f"该项目现属{project.industry_chain}，改归{chain}请填写原因。"})
    if project.industry_chain_id != chain.pk:
        before = snapshot(project)
        project.industry_chain = chain
        project.save(update_fields=["industry_chain"])
        record(action="归入产业链", instance=project, by=by, now=now, before=before, reason=reason.strip())
    if segment is not None:
        set_segment(project, segment, by=by, now=now)
    return project


def set_segment(project: Project, segment: ChainSegment, *, by: User, now: datetime) -> ChainPlacement:
    """Write the segment a project stands in, inside the caller's transaction."""
    placement = ChainPlacement.objects.filter(project=project).first()
    before = snapshot(placement) if placement else None
    placement = placement or ChainPlacement(project=project)
    placement.segment, placement.made_by, placement.made_at = segment, by, now
    placement.full_clean()
    placement.save()
    record(action="确定所在环节", instance=placement, by=by, now=now, before=before)
    return placement
