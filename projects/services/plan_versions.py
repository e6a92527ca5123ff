"""Versions of a delivery plan (推进方案版次): drafted, submitted, approved, superseded."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ..models import DeliveryPlan, Milestone, Project, User
from .records import record, snapshot

OPEN_STATES = frozenset({DeliveryPlan.State.DRAFT, DeliveryPlan.State.SUBMITTED})


@transaction.atomic
def submit_plan(*, plan: DeliveryPlan, by: User, now: datetime) -> DeliveryPlan:
    """Hand a drafted plan in for approval (报审). Refuses: a plan that is no draft; one without dated milestones."""
    _office_only(by)
    plan = _locked(plan)
    if plan.state != DeliveryPlan.State.DRAFT:
        raise ValidationError(f"{plan}不是拟订状态，不能报审。")
    _require_milestones(plan)
    return _moved(plan, DeliveryPlan.State.SUBMITTED, action="推进方案报审", by=by, now=now)


@transaction.atomic
def approve_plan(*, plan: DeliveryPlan, approved_on: date, by: User, now: datetime) -> DeliveryPlan:
    """Put a plan in force (批准推进方案); the one before it is superseded and stays comparable.

    What was achieved under the plan before while this one was being drafted is carried over by the milestone's name.
    Refuses: a plan in force or superseded, no dated milestones, a day in the future or before the last approval.
    """
    _office_only(by)
    plan = _locked(plan)
    if plan.state not in OPEN_STATES:
        raise ValidationError(f"{plan}已批准过，不能再次批准。")
    _require_milestones(plan)
    if approved_on > timezone.localdate(now):
        raise ValidationError("批准日期不能晚于今天。")
    former = plan.project.plans.filter(state=DeliveryPlan.State.APPROVED).first()
    if former is not None:
        if approved_on < former.approved_on:
            raise ValidationError(f"批准日期不能早于上一版的批准日期（{former.approved_on.isoformat()}）。")
        _carry_over(former, plan)
        _moved(former, DeliveryPlan.State.SUPERSEDED, action="推进方案被替代", by=by, now=now)
    plan.approved_on = approved_on
    return _moved(plan, DeliveryPlan.State.APPROVED, action="批准推进方案", by=by, now=now)


@transaction.atomic
def revise_plan(*, plan: DeliveryPlan, by: User, now: datetime) -> DeliveryPlan:
    """Draft the next version from a plan in force (拟订新版), with copies of its milestones.

    Refuses: a plan that is not in force; a project that has an open draft already.
    """
    _office_only(by)
    project = Project.objects.select_for_update(of=("self",)).get(pk=plan.project_id)
    plan = _locked(plan)
    if plan.state != DeliveryPlan.State.APPROVED:
        raise ValidationError(f"{plan}不在执行中，不能据此拟订新版。")
    if project.plans.filter(state__in=OPEN_STATES).exists():
        raise ValidationError(f"{project}已有未批准的新版，请在其中修改。")
    number = project.plans.aggregate(last=Max("number"))["last"] + 1
    draft = DeliveryPlan.objects.create(project=project, number=number, made_by=by, made_at=now)
    copies = list(plan.milestones.all())
    for milestone in copies:
        milestone.pk, milestone.plan = None, draft
        milestone._state.adding = True
    Milestone.objects.bulk_create(copies)
    record(action="拟订推进方案新版", instance=draft, by=by, now=now)
    return draft


def _office_only(by: User) -> None:
    if not by.is_office:
        raise PermissionDenied("只有发改局统筹可以办理推进方案。")


def _locked(plan: DeliveryPlan) -> DeliveryPlan:
    return DeliveryPlan.objects.select_for_update(of=("self",)).select_related("project").get(pk=plan.pk)


def _require_milestones(plan: DeliveryPlan) -> None:
    if not plan.milestones.filter(due_on__isnull=False).exists():
        raise ValidationError(f"{plan}还没有写明计划完成时间的节点，请先补充节点。")


def _carry_over(former: DeliveryPlan, plan: DeliveryPlan) -> None:
    achieved = {m.name: m for m in former.milestones.filter(achieved_on__isnull=False)}
    for milestone in plan.milestones.filter(achieved_on__isnull=True, name__in=achieved):
        done = achieved[milestone.name]
        milestone.achieved_on, milestone.evidence = done.achieved_on, done.evidence
        milestone.save(update_fields=["achieved_on", "evidence"])


def _moved(plan: DeliveryPlan, state: str, *, action: str, by: User, now: datetime) -> DeliveryPlan:
    before = snapshot(DeliveryPlan.objects.get(pk=plan.pk))
    plan.state = state
    plan.save(update_fields=["state", "approved_on"])
    record(action=action, instance=plan, by=by, now=now, before=before)
    return plan
