"""What happens to a project as a whole (项目事项): visits, hand-overs, states, dates of fact."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from ..models import (
    Handover,
    Milestone,
    Official,
    Problem,
    Project,
    SiteVisit,
    StateChange,
    Unit,
    User,
)
from ..periods import EARLIEST
from .attachments import PreparedFile, attach
from .records import record, snapshot

FACTS = {
    "started_on": "实际开工日期",
    "completed_on": "竣工日期",
    "in_production_on": "投产日期",
    "full_production_on": "达产日期",
    "entered_statistics_on": "纳统日期",
}


@transaction.atomic
def log_visit(
    *,
    project: Project,
    visited_on: date,
    findings: str,
    official: Official | None = None,
    place: str = "",
    people: str = "",
    decisions: str = "",
    files: Sequence[PreparedFile] = (),
    by: User,
    now: datetime,
) -> SiteVisit:
    """Log a visit to the site (登记走访), with photos. `official` is the leader whose visit it counts as.

    Refuses: a day in the future, no findings. The same visit sent twice answers the first.
    """
    if not Project.objects.workable_by(by).filter(pk=project.pk).exists():
        raise PermissionDenied("无权登记该项目的走访。")
    if visited_on > timezone.localdate(now):
        raise ValidationError({"visited_on": "走访日期不能晚于今天。"})
    if visited_on < EARLIEST:
        raise ValidationError({"visited_on": f"走访日期不能早于{EARLIEST.year}年。"})
    words = {
        "place": place.strip(),
        "people": people.strip(),
        "findings": findings.strip(),
        "decisions": decisions.strip(),
    }
    if not words["findings"]:
        raise ValidationError({"findings": "请填写现场情况。"})
    same = SiteVisit.objects.filter(
        project=project, visited_on=visited_on, official=official, logged_by=by, **words
    ).first()
    if same is None:
        visit = SiteVisit(
            project=project, visited_on=visited_on, official=official, logged_by=by, logged_at=now, **words
        )
        visit.full_clean()
        visit.save()
        record(action="登记走访", instance=visit, by=by, now=now)
    else:
        visit = same
    for file in files:
        attach(file=file, project=project, visit=visit, by=by, now=now)
    return visit


@transaction.atomic
def hand_over(
    *,
    project: Project,
    slot: str,
    to: Official | Unit | None,
    from_on: date,
    document: str = "",
    by: User,
    now: datetime,
) -> Handover:
    """Hand a slot over to a leader or unit from a day on (责任交接); None leaves it vacant. The office alone.

    Refuses: a day in the future or not after the last hand-over, the same holder, someone out of service.
    """
    _office_only(by, "办理责任交接")
    project = _locked(project)
    slot = Handover.Slot(slot)
    wanted = Official if slot == Handover.Slot.SPONSOR else Unit
    if to is not None and not isinstance(to, wanted):
        raise ValueError(f"{slot} goes to {wanted.__name__}, not {type(to).__name__}")
    errors = {}
    if to is not None and not to.is_active:
        errors["to"] = f"{to}已不在任（不在用），请另选。"
    elif getattr(project, f"{slot.value}_id") == (to.pk if to else None):
        errors["to"] = f"{slot.label}没有变化，无需交接。"
    last = project.handovers.filter(slot=slot).order_by("-from_on").first()
    if from_on > timezone.localdate(now):
        errors["from_on"] = "接任日期不能晚于今天，请到当日再登记。"
    elif last is not None and from_on <= last.from_on:
        errors["from_on"] = f"接任日期须晚于上一次交接（{last.from_on.isoformat()}）。"
    if errors:
        raise ValidationError(errors)
    before = snapshot(project)
    handover = Handover(
        project=project, slot=slot, from_on=from_on, document=document.strip(), made_by=by, made_at=now
    )
    setattr(handover, "official" if wanted is Official else "unit", to)
    handover.full_clean()
    handover.save()
    setattr(project, slot.value, to)
    project.save(update_fields=[slot.value])
    record(
        action="责任交接",
        instance=project,
        by=by,
        now=now,
        before=before,
        reason=document.strip() or slot.label,
    )
    return handover


@transaction.atomic
def change_state(
    *,
    project: Project,
    state: str,
    effective_on: date,
    reason: str,
    document: str = "",
    by: User,
    now: datetime,
) -> StateChange:
    """Suspend, postpone, withdraw, close or resume a project (状态变更). The office alone.

    Refuses: no reason, the state it is in, a day in the future or before the last change; and to close (办结) while
    milestones or problems are open.
    """
    _office_only(by, "变更项目状态")
    project = _locked(project)
    state = Project.State(state)
    errors = {}
    if state == project.state:
        errors["state"] = f"项目已是“{state.label}”状态。"
    if not reason.strip():
        errors["reason"] = "请填写变更原因。"
    last = project.state_changes.order_by("-effective_on", "-pk").first()
    if effective_on > timezone.localdate(now):
        errors["effective_on"] = "生效日期不能晚于今天。"
    elif last is not None and effective_on < last.effective_on:
        errors["effective_on"] = f"生效日期不能早于上一次变更（{last.effective_on.isoformat()}）。"
    if state == Project.State.CLOSED and (open_matters := _open_matters(project)):
        errors["state"] = f"还有{open_matters}，不能办结。"
    if errors:
        raise ValidationError(errors)
    before = snapshot(project)
    change = StateChange(
        project=project,
        state=state,
        effective_on=effective_on,
        reason=reason.strip(),
        document=document.strip(),
        made_by=by,
        made_at=now,
    )
    change.full_clean()
    change.save()
    project.state = state
    project.save(update_fields=["state"])
    record(
        action=f"状态变更：{state.label}",
        instance=project,
        by=by,
        now=now,
        before=before,
        reason=change.reason,
    )
    return change


@transaction.atomic
def correct_facts(
    *, project: Project, facts: Mapping[str, date | None], reason: str, by: User, now: datetime
) -> Project:
    """Correct dates of fact (开工、竣工、投产、达产、纳统日期), keys as in FACTS. The office alone, with a reason.

    Refuses: no reason, nothing changed, a day in the future, dates out of order. Published documents stay as they are.
    """
    _office_only(by, "更正项目日期")
    if unknown := set(facts) - set(FACTS):
        raise ValueError(f"not dates of fact: {sorted(unknown)}")
    project = _locked(project)
    changed = {name: day for name, day in facts.items() if getattr(project, name) != day}
    errors: dict[str, str] = {}
    if not reason.strip():
        errors["reason"] = "请填写更正原因。"
    for name, day in changed.items():
        if day is not None and day > timezone.localdate(now):
            errors[name] = f"{FACTS[name]}不能晚于今天。"
        elif day is not None and day < EARLIEST:
            errors[name] = f"{FACTS[name]}不能早于{EARLIEST.year}年。"
    if errors:
        raise ValidationError(errors)
    if not changed:
        raise ValidationError("各项日期都没有变化。")
    before = snapshot(project)
    for name, day in changed.items():
        setattr(project, name, day)
    if project.full_production_on and not project.in_production_on:
        raise ValidationError({"in_production_on": "已有达产日期，须同时填写投产日期。"})
    if project.full_production_on and project.full_production_on < project.in_production_on:
        raise ValidationError({"full_production_on": "达产日期不能早于投产日期。"})
    project.validate_constraints()
    project.save(update_fields=list(changed))
    record(action="更正日期", instance=project, by=by, now=now, before=before, reason=reason.strip())
    return project


def _office_only(by: User, what: str) -> None:
    if not by.is_office:
        raise PermissionDenied(f"只有发改局统筹可以{what}。")


def _locked(project: Project) -> Project:
    """The row as it is now, held until the transaction ends."""
    return Project.objects.select_for_update(of=("self",)).get(pk=project.pk)


def _open_matters(project: Project) -> str:
    """What keeps a project from being closed, in words; empty when nothing does."""
    milestones = Milestone.objects.filter(
        plan__project=project, plan__state="approved", achieved_on__isnull=True
    ).count()
    problems = project.problems.exclude(state=Problem.State.RESOLVED).count()
    words = [f"{milestones}个节点未完成"] if milestones else []
    words += [f"{problems}个问题未销号"] if problems else []
    return "、".join(words)
