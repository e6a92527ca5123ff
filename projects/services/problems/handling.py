"""Problems from being raised to being written off (问题办理、销号)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.models import (
    Milestone,
    Problem,
    ProblemClosing,
    ProblemEntry,
    Project,
    Role,
    SiteVisit,
    Unit,
    User,
)
from projects.periods import day_words
from projects.queries.base.audience import Audiences
from projects.queries.problems.problems import limit_on

from ..base.attachments import PreparedFile, attach
from ..base.changing import added, changed, held, refuse, required, sent_before
from ..base.steps import Step, not_you, step
from ..register.members import cause_name, let_in, let_in_all, let_out
from .entries import NOBODY, enter, enter_once, held_problem, people_of, steps_of, tell

Kind = ProblemEntry.Kind
Level = Problem.Level
LEVELS = tuple(Level.values)  # from the nearest to the highest
# what makes two problems one that was sent twice
SAME = (
    "project", "category", "text", "demand", "level", "lead_unit", "milestone", "visit", "money_at_risk",
    "raised_on", "raised_by", "due_on",
)  # fmt: skip


def raising(project: Project, user: User, ours: bool | None = None) -> Step:
    """Whether a problem may be raised on the project (提出问题). One query, none where `ours` is known already."""
    if ours is None:
        ours = Project.objects.workable_by(user).filter(pk=project.pk).exists()
    return step(not ours and not_you("无权在该项目提出问题。"))


@transaction.atomic
def raise_problem(
    *,
    project: Project,
    category: str,
    text: str,
    demand: str = "",
    level: str = Problem.Level.DEPARTMENT,
    lead_unit: Unit | None = None,
    helper_units: Iterable[Unit] = (),
    milestone: Milestone | None = None,
    visit: SiteVisit | None = None,
    money_at_risk: Decimal | None = None,
    due_on: date | None = None,
    by: User,
    now: datetime,
) -> Problem:
    """Put a problem on the list (提出问题); without a limit it gets its level's, in working days from today.

    The lead unit and the helpers (配合单位) join the project as 协办单位 when they are none of its own, so that they
    see what they have to solve; their people are told. Refuses: an empty text, a limit before today, a milestone or a
    visit of another project, a lead unit among its own helpers. The same problem sent twice answers the first.
    """
    project = held(project)
    raising(project, by).require()
    today = timezone.localdate(now)
    if due_on is not None and due_on < today:
        refuse(due_on="办理时限不能早于今天。")
    if milestone is not None and milestone.plan.project_id != project.pk:
        refuse(milestone="影响节点须是本项目的节点。")
    if visit is not None and visit.project_id != project.pk:
        raise ValidationError("走访记录不属于本项目，请从该次走访的页面提出问题。")
    helpers = _helpers(helper_units, lead_unit)
    problem = Problem(
        project=project,
        category=category,
        text=text.strip(),
        demand=demand.strip(),
        level=level,
        lead_unit=lead_unit,
        milestone=milestone,
        visit=visit,
        money_at_risk=money_at_risk,
        raised_on=today,
        raised_by=by,
        due_on=due_on or limit_on(level, today),
    )
    first = sent_before(problem, *SAME, state=Problem.State.OPEN)
    if first is not None and set(first.helper_units.all()) == set(helpers):
        return first
    added(problem, "提出问题", by=by, now=now)
    if lead_unit is not None:
        let_in(project=project, unit=lead_unit, cause=problem, on=today)
        tell(people_of(lead_unit), problem, "有问题待办理", key="raised", by=by, now=now)
    if helpers:
        problem.helper_units.set(helpers)
        _call_in(problem, helpers, by, now)
    return problem


@transaction.atomic
def set_helpers(*, problem: Problem, units: Iterable[Unit], by: User, now: datetime) -> Problem:
    """Say which units help (配合单位), in place of the earlier ones; the new ones see the project and are told.

    Refuses: a problem written off; the lead unit among its helpers. The same units again write nothing.
    """
    problem = held_problem(problem)
    steps_of(problem, by, timezone.localdate(now)).require("helpers")
    units = _helpers(units, problem.lead_unit, field="units")
    before = set(problem.helper_units.all())
    if set(units) == before:
        return problem
    names = "、".join(str(unit) for unit in units) or "无"
    with changed(problem, "问题配合单位", by=by, now=now, reason=names, unchecked=NOBODY):
        problem.helper_units.set(units)
    enter(problem, f"配合单位：{names}", by, now)
    let_out(cause=problem, units=before - set(units), on=timezone.localdate(now))
    _call_in(problem, [unit for unit in units if unit not in before], by, now)
    return problem


@transaction.atomic
def escalate_problem(
    *, problem: Problem, level: str, reason: str, lead_unit: Unit | None = None, by: User, now: datetime
) -> Problem:
    """Take an open problem to a higher level (提级), perhaps to another unit; the entry keeps the old level and limit.

    The new level has its own working days from today, but only while the problem is in time: once it is overdue the
    limit stays, for lateness already incurred is not cleared by passing the matter on. Refuses: no reason, a level that
    is not higher, a problem handled or written off. The same step sent twice answers the first.
    """
    problem = held_problem(problem)
    today, level, reason = timezone.localdate(now), Level(level), reason.strip()
    steps = steps_of(problem, by, today)
    same = problem.level == level and _escalated_just_now(problem, reason, by, today)
    if same and not steps["escalate"].is_who:
        return problem
    steps.require("escalate")
    if LEVELS.index(level) <= LEVELS.index(problem.level):
        refuse(level=f"问题现由{problem.get_level_display()}协调，请选择更高的层级。")
    reason = required(reason, "提级原因：本级做过哪些工作、为何解决不了")
    old_level, old_due, old_unit = problem.get_level_display(), problem.due_on, problem.lead_unit
    with changed(problem, "问题提级", by=by, now=now, reason=reason, unchecked=NOBODY):
        problem.level, problem.lead_unit = level, lead_unit or problem.lead_unit
        limit = f"原时限{day_words(old_due)}已过，不因提级重新计算"
        if old_due >= today:
            problem.due_on = limit_on(level, today)
            limit = f"时限由{day_words(old_due)}改为{day_words(problem.due_on)}"
    if lead_unit is not None:
        problem.helper_units.remove(lead_unit)
        if old_unit is not None and old_unit != lead_unit:
            let_out(cause=problem, units=[old_unit], on=today)
        let_in(project=problem.project, unit=lead_unit, cause=problem, on=today)
    enter(problem, f"由{old_level}提级至{level.label}：{reason}（{limit}）", by, now, Kind.ESCALATED)
    tell(
        _people_above(problem),
        problem,
        f"问题提级至{level.label}",
        key=f"escalated:{now.isoformat()}",
        by=by,
        now=now,
    )
    return problem


@transaction.atomic
def add_progress(*, problem: Problem, text: str, by: User, now: datetime) -> ProblemEntry:
    """Write a dated line of progress (登记办理进展); the same line twice on a day answers the first.

    Refuses an empty text and a problem written off.
    """
    problem = held_problem(problem)
    steps_of(problem, by, timezone.localdate(now)).require("progress")
    return enter_once(problem, text.strip(), by, now)


@transaction.atomic
def mark_handled(
    *,
    problem: Problem,
    result: str,
    document: str = "",
    files: Sequence[PreparedFile] = (),
    by: User,
    now: datetime,
) -> Problem:
    """Say that the problem is solved and how, with evidence (办结待销号); somebody else then writes it off.

    Evidence is a file or the number of a document. Refuses: no result, no evidence, actions still to be carried out,
    a problem handled or written off already (the same person and result answer the first).
    """
    problem = held_problem(problem)
    result, document = result.strip(), document.strip()
    resolution = f"{result}（依据：{document}）" if document and result else result
    steps = steps_of(problem, by, timezone.localdate(now))
    same = (problem.is_handled, problem.handled_by_id, problem.resolution) == (True, by.pk, resolution)
    if same and not steps["handle"].is_who:
        return problem
    steps.require("handle")
    required(result, "办理结果", field="result")
    if not document and not files:
        refuse(document="请填写依据文号，或上传佐证材料，至少一项。")
    with changed(problem, "问题办结", by=by, now=now, unchecked=NOBODY):
        problem.state, problem.resolution = Problem.State.HANDLED, resolution
        problem.handled_by, problem.handled_on = by, timezone.localdate(now)
    for file in files:
        attach(file=file, project=problem.project, problem=problem, by=by, now=now)
    enter(problem, f"办结：{resolution}", by, now, Kind.HANDLED)
    if problem.raised_by:
        key = f"handled:{now.isoformat()}"
        tell([problem.raised_by], problem, "问题已办结，请核验销号", key=key, by=by, now=now)
    return problem


@transaction.atomic
def resolve_problem(*, problem: Problem, note: str = "", by: User, now: datetime) -> Problem:
    """Verify and write the problem off (核验销号), by someone other than who handled it.

    Refuses: a problem not handled yet, and its own handler. Writing off twice answers the first.
    """
    problem, note = held_problem(problem), note.strip()
    steps = steps_of(problem, by, timezone.localdate(now))
    if problem.is_resolved and not steps["resolve"].is_who:
        return problem
    steps.require("resolve")
    with changed(problem, "问题销号", by=by, now=now, reason=note, unchecked=NOBODY):
        problem.state = Problem.State.RESOLVED
        problem.resolved_by, problem.resolved_on = by, timezone.localdate(now)
    enter(problem, f"销号：{note or '经核验，问题已解决'}", by, now, Kind.RESOLVED)
    let_out(cause=problem, on=timezone.localdate(now))
    return problem


@transaction.atomic
def reopen_problem(*, problem: Problem, reason: str, by: User, now: datetime) -> Problem:
    """Take a handled or written-off problem back to work (重新办理). The earlier result stays in the entries.

    Refuses: no reason; a problem that is open anyway. The limit stays: lateness is not cleared by reopening.
    """
    problem = held_problem(problem)
    steps_of(problem, by, timezone.localdate(now)).require("reopen")
    reason, handler = required(reason, "重新办理的原因"), problem.handled_by
    ProblemClosing.objects.create(
        problem=problem,
        handled_on=problem.handled_on,
        resolved_on=problem.resolved_on,
        reopened_on=timezone.localdate(now),
        resolution=problem.resolution,
    )
    with changed(problem, "问题重新办理", by=by, now=now, reason=reason, unchecked=NOBODY):
        problem.state, problem.resolution = Problem.State.OPEN, ""
        problem.handled_by = problem.handled_on = problem.resolved_by = problem.resolved_on = None
        problem.reopen_count += 1
    enter(problem, f"重新办理：{reason}", by, now, Kind.REOPENED)
    units = [*problem.helper_units.all(), *([problem.lead_unit] if problem.lead_unit else [])]
    owing = [(unit.pk, cause_name(problem)) for unit in units]
    let_in_all(project=problem.project, owing=owing, on=timezone.localdate(now))
    if handler:
        tell([handler], problem, "问题须重新办理", key=f"reopened:{now.isoformat()}", by=by, now=now)
    return problem


def _helpers(units: Iterable[Unit], lead_unit: Unit | None, field: str = "helper_units") -> list[Unit]:
    units = list(dict.fromkeys(units))
    if lead_unit in units:
        raise ValidationError({field: f"{lead_unit}已是责任单位，不必再列为配合单位。"})
    return units


def _call_in(problem: Problem, units: Iterable[Unit], by: User, now: datetime) -> None:
    today = timezone.localdate(now)
    for unit in units:
        let_in(project=problem.project, unit=unit, cause=problem, on=today)
        tell(people_of(unit), problem, "有问题待配合办理", key=f"helper:{unit.pk}:{today}", by=by, now=now)


def _escalated_just_now(problem: Problem, reason: str, by: User, today: date) -> bool:
    entries = problem.entries.filter(kind=Kind.ESCALATED, entered_by=by, entered_on=today)
    return (
        bool(reason)
        and entries.filter(text__contains=f"提级至{problem.get_level_display()}：{reason}（").exists()
    )


def _people_above(problem: Problem) -> list[User]:
    """Who takes the matter up at its new level: the lead unit's people; the sponsor; from the zone up the office."""
    people = {user.pk: user for user in (people_of(problem.lead_unit) if problem.lead_unit else ())}
    if problem.level == Level.SPONSOR:
        sponsor = problem.project.sponsor
        if sponsor and sponsor.user and sponsor.user.is_active:
            people[sponsor.user.pk] = sponsor.user
    elif LEVELS.index(problem.level) >= LEVELS.index(Level.ZONE):
        people |= {user.pk: user for user in Audiences.current().by_role.get(Role.OFFICE, ())}
    return list(people.values())
