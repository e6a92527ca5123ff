"""Problems from being raised to being written off (问题办理、销号)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from ..models import (
    UNIT_ROLES,
    Duty,
    Milestone,
    OfficeSettings,
    Problem,
    ProblemEntry,
    Project,
    Unit,
    User,
)
from ..queries.calendar import working_calendar
from .attachments import PreparedFile, attach
from .members import let_in
from .notices import queue_notice
from .records import record, snapshot


@transaction.atomic
def raise_problem(
    *,
    project: Project,
    category: str,
    text: str,
    demand: str = "",
    level: str = Problem.Level.DEPARTMENT,
    lead_unit: Unit | None = None,
    milestone: Milestone | None = None,
    money_at_risk: Decimal | None = None,
    due_on: date | None = None,
    by: User,
    now: datetime,
) -> Problem:
    """Put a problem on the list (提出问题); without a limit it gets the office's default in working days.

    The lead unit joins the project as 协办单位 when it is none of its own, so that it can see what it has to solve;
    its people are told. Refuses: an empty text, a limit before today, a milestone of another project.
    """
    if not Project.objects.workable_by(by).filter(pk=project.pk).exists():
        raise PermissionDenied("无权在该项目提出问题。")
    today = timezone.localdate(now)
    if due_on is not None and due_on < today:
        raise ValidationError({"due_on": "办理时限不能早于今天。"})
    if milestone is not None and milestone.plan.project_id != project.pk:
        raise ValidationError({"milestone": "影响节点须是本项目的节点。"})
    problem = Problem(
        project=project,
        category=category,
        text=text.strip(),
        demand=demand.strip(),
        level=level,
        lead_unit=lead_unit,
        milestone=milestone,
        money_at_risk=money_at_risk,
        raised_on=today,
        raised_by=by,
        due_on=due_on or default_due_on(today),
    )
    problem.full_clean()
    problem.save()
    record(action="提出问题", instance=problem, by=by, now=now)
    if lead_unit is not None:
        let_in(project=project, unit=lead_unit, on=today)
        _tell(_people_of(lead_unit), problem, "有问题待办理", key="raised", by=by, now=now)
    return problem


def default_due_on(today: date) -> date:
    """The limit when none is given (默认办理时限): so many working days from today. Two queries."""
    return working_calendar().shift(today, OfficeSettings.current().problem_limit_days)


@transaction.atomic
def add_progress(*, problem: Problem, text: str, by: User, now: datetime) -> ProblemEntry:
    """Write a dated line of progress (登记办理进展). Refuses an empty text and a problem written off."""
    problem = _locked(problem, by)
    if problem.state == Problem.State.RESOLVED:
        raise ValidationError("该问题已销号，不能再登记进展；如未解决，请先重新办理。")
    return _enter(problem, text.strip(), by, now)


@transaction.atomic
def mark_handled(
    *, problem: Problem, result: str, files: Sequence[PreparedFile] = (), by: User, now: datetime
) -> Problem:
    """Say that the problem is solved and how (办结待销号); somebody else then writes it off.

    Refuses: no result, a problem handled or written off already (the same person and result answer the first).
    """
    problem = _locked(problem, by)
    result = result.strip()
    if (
        problem.state == Problem.State.HANDLED
        and problem.handled_by_id == by.pk
        and problem.resolution == result
    ):
        return problem
    if problem.state != Problem.State.OPEN:
        raise ValidationError(f"该问题{problem.get_state_display()}，无需再次办结。")
    if not result:
        raise ValidationError({"result": "请填写办理结果。"})
    before = snapshot(problem)
    problem.state = Problem.State.HANDLED
    problem.handled_by, problem.handled_on, problem.resolution = by, timezone.localdate(now), result
    problem.full_clean()
    problem.save()
    for file in files:
        attach(file=file, project=problem.project, problem=problem, by=by, now=now)
    entry = record(action="问题办结", instance=problem, by=by, now=now, before=before)
    _enter(problem, f"办结：{result}"[:400], by, now)
    if problem.raised_by:
        _tell(
            [problem.raised_by], problem, "问题已办结，请核验销号", key=f"handled:{entry.pk}", by=by, now=now
        )
    return problem


@transaction.atomic
def resolve_problem(*, problem: Problem, note: str = "", by: User, now: datetime) -> Problem:
    """Verify and write the problem off (核验销号), by someone other than who handled it.

    Refuses: a problem not handled yet, and its own handler. Writing off twice answers the first.
    """
    problem = _locked(problem, by)
    if problem.state == Problem.State.RESOLVED:
        return problem
    if problem.state != Problem.State.HANDLED:
        raise ValidationError("该问题尚未办结，请先由责任单位填写办理结果。")
    if problem.handled_by_id == by.pk:
        raise ValidationError("办理人不能自行销号，请由他人核验。")
    before = snapshot(problem)
    problem.state = Problem.State.RESOLVED
    problem.resolved_by, problem.resolved_on = by, timezone.localdate(now)
    problem.full_clean()
    problem.save()
    record(action="问题销号", instance=problem, by=by, now=now, before=before, reason=note.strip())
    _enter(problem, f"销号：{note.strip() or '经核验，问题已解决'}"[:400], by, now)
    return problem


@transaction.atomic
def reopen_problem(*, problem: Problem, reason: str, by: User, now: datetime) -> Problem:
    """Take a handled or written-off problem back to work (重新办理). The earlier result stays in the entries.

    Refuses: no reason; a problem that is open anyway. The limit stays: lateness is not cleared by reopening.
    """
    problem = _locked(problem, by)
    reason = reason.strip()
    if problem.state == Problem.State.OPEN:
        raise ValidationError("该问题正在办理中，无需重新办理。")
    if not reason:
        raise ValidationError({"reason": "请填写重新办理的原因。"})
    before = snapshot(problem)
    handler = problem.handled_by
    problem.state = Problem.State.OPEN
    problem.handled_by = problem.handled_on = problem.resolved_by = problem.resolved_on = None
    problem.resolution = ""
    problem.full_clean()
    problem.save()
    entry = record(action="问题重新办理", instance=problem, by=by, now=now, before=before, reason=reason)
    _enter(problem, f"重新办理：{reason}"[:400], by, now)
    if handler:
        _tell([handler], problem, "问题须重新办理", key=f"reopened:{entry.pk}", by=by, now=now)
    return problem


def _locked(problem: Problem, by: User) -> Problem:
    """The row as it is now, held until the transaction ends; refuses whoever may not work on it."""
    if not Problem.objects.workable_by(by).filter(pk=problem.pk).exists():
        raise PermissionDenied("无权办理该问题。")
    return (
        Problem.objects.select_for_update(of=("self",))
        .select_related("project", "raised_by", "handled_by")
        .get(pk=problem.pk)
    )


def _enter(problem: Problem, text: str, by: User, now: datetime) -> ProblemEntry:
    entry = ProblemEntry(
        problem=problem, entered_on=timezone.localdate(now), text=text, entered_by=by, entered_at=now
    )
    entry.full_clean()
    entry.save()
    return entry


def _people_of(unit: Unit) -> list[User]:
    duties = Duty.objects.filter(unit=unit, role__in=UNIT_ROLES, ends_on__isnull=True, user__is_active=True)
    return list({duty.user_id: duty.user for duty in duties.select_related("user")}.values())


def _tell(people: Iterable[User], problem: Problem, title: str, *, key: str, by: User, now: datetime) -> None:
    """Leave a notice for each person but the actor; `key` names the event, so that it is told once."""
    for person in people:
        if person.pk != by.pk:
            queue_notice(
                recipient=person,
                key=f"problem:{problem.pk}:{key}:{person.pk}",
                subject=f"{title}：{problem.project.name}",
                body=f"{problem.get_category_display()}：{problem.text}\n办理时限：{problem.due_on.isoformat()}",
                link=f"/problems/{problem.pk}/",
                now=now,
            )
