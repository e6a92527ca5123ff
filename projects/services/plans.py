"""Milestones done and undone (节点办结): evidence before green."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from ..models import DeliveryPlan, Milestone, User
from ..periods import EARLIEST
from .attachments import PreparedFile, attach
from .records import record, snapshot


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

    Refuses: no date or one in the future; neither number nor file; a plan not in force; a milestone done already
    (the same entry twice answers the first).
    """
    evidence = evidence.strip()
    _require_scope(milestone, by)
    milestone = _locked(milestone)
    if achieved_on and milestone.achieved_on == achieved_on and evidence and milestone.evidence == evidence:
        return milestone
    if milestone.achieved_on:
        day = milestone.achieved_on
        raise ValidationError(
            f"该节点已于{day.year}年{day.month}月{day.day}日办结。如有误，请联系发改局统筹撤销后重新登记。"
        )
    errors: dict[str, str] = {}
    if achieved_on is None:
        errors["achieved_on"] = "请填写实际完成日期。"
    elif achieved_on > timezone.localdate(now):
        errors["achieved_on"] = "实际完成日期不能晚于今天。"
    elif achieved_on < EARLIEST:
        errors["achieved_on"] = f"实际完成日期不能早于{EARLIEST.year}年。"
    if not evidence and not files:
        errors["evidence"] = "请填写文号或说明，或上传照片、文件：没有依据不能办结。"
    if errors:
        raise ValidationError(errors)
    if milestone.plan.state != DeliveryPlan.State.APPROVED:
        raise ValidationError("该节点不在执行中的推进方案内，不能办结；请到现行方案中登记。")

    before = snapshot(milestone)
    milestone.achieved_on = achieved_on
    milestone.evidence = evidence or f"附件：{'、'.join(file.name for file in files)}"[:120]
    milestone.save(update_fields=["achieved_on", "evidence"])
    project = milestone.plan.project
    for file in files:
        attach(file=file, project=project, milestone=milestone, by=by, now=now)
    record(action="节点办结", instance=milestone, by=by, now=now, before=before, project=project)
    return milestone


@transaction.atomic
def undo_achievement(*, milestone: Milestone, reason: str, by: User, now: datetime) -> Milestone:
    """Take back a milestone's completion (撤销办结); the office alone, with a reason. Files stay with it.

    Refuses: no reason; a milestone that is not done; a plan no longer in force.
    """
    if not by.is_office:
        raise PermissionDenied("只有发改局统筹可以撤销办结。")
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": "请填写撤销原因。"})
    milestone = _locked(milestone)
    if not milestone.achieved_on:
        raise ValidationError("该节点尚未办结，无需撤销。")
    if milestone.plan.state != DeliveryPlan.State.APPROVED:
        raise ValidationError("该节点不在执行中的推进方案内，不能撤销。")
    before = snapshot(milestone)
    milestone.achieved_on = None
    milestone.evidence = ""
    milestone.save(update_fields=["achieved_on", "evidence"])
    record(
        action="撤销节点办结",
        instance=milestone,
        by=by,
        now=now,
        before=before,
        project=milestone.plan.project,
        reason=reason,
    )
    return milestone


def _require_scope(milestone: Milestone, by: User) -> None:
    if not Milestone.objects.workable_by(by).filter(pk=milestone.pk).exists():
        raise PermissionDenied("无权登记该节点。")


def _locked(milestone: Milestone) -> Milestone:
    """The row as it is now, held until the transaction ends, so that two people cannot both mark it."""
    return (
        Milestone.objects.select_for_update(of=("self",)).select_related("plan__project").get(pk=milestone.pk)
    )
