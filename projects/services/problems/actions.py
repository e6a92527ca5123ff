"""Measures (措施、议定事项、处方): who does what by when, set by whoever leads the matter, reported done by the unit."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projects.models import ClinicCase, Measure, Problem, ProblemEntry, Project, SiteVisit, Unit, User
from projects.periods import day_words

from ..base.attachments import PreparedFile, attach
from ..base.changing import added, changed, held, required
from ..base.notices import queue_notice
from ..base.steps import Step, Steps, not_now, not_you, step
from ..register.members import let_in
from .clinics import steps_of_case
from .entries import enter, held_problem, people_of
from .entries import steps_of as problem_steps

Kind = ProblemEntry.Kind


def steps_of(measure: Measure, user: User, today: date) -> Steps:
    """What may be done with a measure: finish (登记落实). One query, none for a row read `for_steps` of this person."""
    row = measure if hasattr(measure, "is_ours") else Measure.objects.for_steps(user).get(pk=measure.pk)
    return Steps(
        finish=step(
            not row.is_ours and not_you("无权登记该措施。"),
            measure.done_on is not None and not_now(f"该措施已于{day_words(measure.done_on)}登记落实。"),
        )
    )


def with_steps(measures: Iterable[Measure], user: User, today: date) -> list[tuple[Measure, Steps]]:
    """Each measure, read `for_steps` of this person, with what may be done with it."""
    return [(one, steps_of(one, user, today)) for one in measures]


def deciding(visit: SiteVisit, user: User, ours: bool | None = None) -> Step:
    """Whether the visit's decisions may be given out (下达议定事项). One query, none where `ours` is known already."""
    if ours is None:
        ours = Project.objects.workable_by(user).filter(pk=visit.project_id).exists()
    return step(not ours and not_you("无权登记该走访的议定事项。"))


@transaction.atomic
def add_measure(
    *,
    text: str,
    unit: Unit,
    due_on: date,
    problem: Problem | None = None,
    visit: SiteVisit | None = None,
    case: ClinicCase | None = None,
    by: User,
    now: datetime,
) -> Measure:
    """Say who does what by when (定措施), for a problem, a visit's decision or a case's prescription.

    The unit joins the project as 协办单位 where it is none of its own and is told; a problem keeps it as an entry.
    Refuses: a day before today, a problem written off, a case discharged. The same measure sent twice answers the first.
    """
    today, text = timezone.localdate(now), text.strip()
    if case is not None:
        case = held(case, "problem__project")
        steps_of_case(case, by, today).require("prescribe")
        problem = held_problem(case.problem)
    elif problem is not None:
        problem = held_problem(problem)
        problem_steps(problem, by, today).require("measure")
    elif visit is not None:
        deciding(visit, by).require()
    else:
        raise ValueError("a measure belongs to a problem or to a visit")
    if due_on < today:
        raise ValidationError({"due_on": "完成时限不能早于今天。"})
    project = problem.project if problem is not None else visit.project
    same = {"project": project, "problem": problem, "visit": visit, "case": case, "text": text, "unit": unit}
    twin = Measure.objects.filter(**same, due_on=due_on, made_on=today, made_by=by).first()
    if twin:
        return twin
    measure = Measure(**same, due_on=due_on, made_on=today, made_by=by, made_at=now)
    added(measure, "定措施", by=by, now=now)
    let_in(project=project, unit=unit, on=today)
    if problem is not None:
        enter(problem, f"{unit}于{day_words(due_on)}前：{text}", by, now, Kind.MEASURE)
    for person in people_of(unit):
        if person.pk != by.pk:
            queue_notice(
                recipient=person,
                key=f"measure:{measure.pk}:set:{person.pk}",
                subject=f"有措施待落实：{project.name}",
                body=f"{text}\n完成时限：{day_words(due_on)}",
                link=reverse("measure_finish", args=[measure.pk]),
                now=now,
            )
    return measure


@transaction.atomic
def finish_measure(
    *, measure: Measure, result: str, files: Sequence[PreparedFile] = (), by: User, now: datetime
) -> Measure:
    """Report a measure carried out, and how (登记落实), with papers where there are any.

    The papers stand with the problem or visit. Refuses: no result, a measure reported before (the same person and
    result answer the first).
    """
    measure = held(measure, "project", "problem", "visit", "unit", "made_by")
    steps, result = steps_of(measure, by, timezone.localdate(now)), result.strip()
    same = measure.done_on is not None and (measure.done_by_id, measure.result) == (by.pk, result)
    if same and not steps["finish"].is_who:
        return measure
    steps.require("finish")
    result = required(result, "落实情况", field="result")
    with changed(measure, "措施落实", by=by, now=now):
        measure.done_on, measure.done_by, measure.result = timezone.localdate(now), by, result
    for file in files:
        attach(
            file=file, project=measure.project, problem=measure.problem, visit=measure.visit, by=by, now=now
        )
    if measure.problem is not None:
        enter(measure.problem, f"已落实“{measure.text}”：{result}", by, now, Kind.MEASURE)
    if measure.made_by_id != by.pk:
        queue_notice(
            recipient=measure.made_by,
            key=f"measure:{measure.pk}:done:{now.isoformat()}",
            subject=f"措施已落实：{measure.project.name}",
            body=f"{measure.text}\n{measure.unit}：{result}",
            link=reverse("problem_detail", args=[measure.problem_id])
            if measure.problem_id
            else reverse("visit_detail", args=[measure.visit_id]),
            now=now,
        )
    return measure
