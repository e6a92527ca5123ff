"""Actions (措施、议定事项、处方): who does what by when, set by whoever leads the matter, reported done by the unit."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects.models import (
    ClinicCase,
    CorrectiveAction,
    Problem,
    ProblemEntry,
    Project,
    SiteVisit,
    Unit,
    User,
)
from projects.periods import day_words

from ..base.attachments import PreparedFile, attach
from ..base.changing import added, changed, held, refuse, required, sure
from ..base.notices import queue_notice
from ..base.steps import Step, Steps, not_now, not_you, step
from ..register.members import let_in, let_out
from .clinics import steps_of_case
from .entries import enter, held_problem, people_of
from .entries import steps_of as problem_steps

Kind = ProblemEntry.Kind


def steps_of(action: CorrectiveAction, user: User, today: date) -> Steps:
    """What may be done with a action: finish (登记落实). One query, none for a row read `for_steps` of this person."""
    row = action if hasattr(action, "is_ours") else CorrectiveAction.objects.for_steps(user).get(pk=action.pk)
    return Steps(
        finish=step(
            not row.is_ours and not_you("无权登记该措施。"),
            action.done_on is not None and not_now(f"该措施已于{day_words(action.done_on)}登记落实。"),
        )
    )


def with_steps(
    actions: Iterable[CorrectiveAction], user: User, today: date
) -> list[tuple[CorrectiveAction, Steps]]:
    """Each action, read `for_steps` of this person, with what may be done with it."""
    return [(one, steps_of(one, user, today)) for one in actions]


def deciding(visit: SiteVisit, user: User, ours: bool | None = None) -> Step:
    """Whether the visit's decisions may be given out (下达议定事项): only of one that counts.

    One query, none where `ours` is known already.
    """
    if ours is None:
        ours = Project.objects.workable_by(user).filter(pk=visit.project_id).exists()
    return step(
        not ours and not_you("无权登记该走访的议定事项。"),
        visit.state != SiteVisit.State.CONFIRMED
        and not_now(f"该次走访{visit.get_state_display()}，经带队领导或发改局统筹确认后方可下达议定事项。"),
    )


@transaction.atomic
def add_action(
    *,
    text: str,
    unit: Unit,
    due_on: date,
    problem: Problem | None = None,
    visit: SiteVisit | None = None,
    case: ClinicCase | None = None,
    by: User,
    now: datetime,
) -> CorrectiveAction:
    """Say who does what by when (定措施), for a problem, a visit's decision or a case's prescription.

    The unit joins the project as 协办单位 where it is none of its own and is told; a problem keeps it as an entry.
    Refuses: a day before today, a problem written off, a case discharged. The same action sent twice answers the first.
    """
    today, text = timezone.localdate(now), text.strip()
    if case is not None:
        case = held(case, "problem__project")
        steps_of_case(case, by, today).require("prescribe")
        problem = held_problem(case.problem)
    elif problem is not None:
        problem = held_problem(problem)
        problem_steps(problem, by, today).require("action")
    elif visit is not None:
        visit = held(visit, "project")
        deciding(visit, by).require()
    else:
        raise ValueError("a action belongs to a problem or to a visit")
    if due_on < today:
        refuse(due_on="完成时限不能早于今天。")
    project = problem.project if problem is not None else sure(visit).project
    same = {"project": project, "problem": problem, "visit": visit, "case": case, "text": text, "unit": unit}
    twin = CorrectiveAction.objects.filter(**same, due_on=due_on, made_on=today, made_by=by).first()
    if twin:
        return twin
    action = CorrectiveAction(**same, due_on=due_on, made_on=today, made_by=by, made_at=now)
    added(action, "定措施", by=by, now=now)
    let_in(project=project, unit=unit, cause=action, on=today)
    if problem is not None:
        enter(problem, f"{unit}于{day_words(due_on)}前：{text}", by, now, Kind.ACTION)
    for person in people_of(unit):
        if person.pk != by.pk:
            queue_notice(
                recipient=person,
                key=f"action:{action.pk}:set:{person.pk}",
                subject=f"有措施待落实：{project.name}",
                body=f"{text}\n完成时限：{day_words(due_on)}",
                link=reverse("action_finish", args=[action.pk]),
                now=now,
            )
    return action


@transaction.atomic
def finish_action(
    *, action: CorrectiveAction, result: str, files: Sequence[PreparedFile] = (), by: User, now: datetime
) -> CorrectiveAction:
    """Report a action carried out, and how (登记落实), with papers where there are any.

    The papers stand with the problem or visit. Refuses: no result, a action reported before (the same person and
    result answer the first).
    """
    action = held(action, "project", "problem", "visit", "unit", "made_by")
    steps, result = steps_of(action, by, timezone.localdate(now)), result.strip()
    same = action.done_on is not None and (action.done_by_id, action.result) == (by.pk, result)
    if same and not steps["finish"].is_who:
        return action
    steps.require("finish")
    result = required(result, "落实情况", field="result")
    with changed(action, "措施落实", by=by, now=now):
        action.done_on, action.done_by, action.result = timezone.localdate(now), by, result
    for file in files:
        attach(file=file, project=action.project, problem=action.problem, visit=action.visit, by=by, now=now)
    let_out(cause=action, on=timezone.localdate(now))
    if action.problem is not None:
        enter(action.problem, f"已落实“{action.text}”：{result}", by, now, Kind.ACTION)
    if action.made_by_id != by.pk:
        queue_notice(
            recipient=action.made_by,
            key=f"action:{action.pk}:done:{now.isoformat()}",
            subject=f"措施已落实：{action.project.name}",
            body=f"{action.text}\n{action.unit}：{result}",
            link=reverse("problem_detail", args=[action.problem_id])
            if action.problem_id
            else reverse("visit_detail", args=[action.visit_id]),
            now=now,
        )
    return action
