"""Measures (措施、议定事项、处方): who does what by when, set by whoever leads the matter, reported done by the unit."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from ..models import ClinicCase, Measure, Problem, ProblemEntry, Project, SiteVisit, Unit, User
from ..periods import day_words
from .attachments import PreparedFile, attach
from .members import let_in
from .notices import queue_notice
from .problem_steps import enter, locked, people_of
from .records import record, snapshot

Kind = ProblemEntry.Kind


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
    if case is not None:
        problem = case.problem
        if case.state == ClinicCase.State.DISCHARGED:
            raise ValidationError("该病例已出院，不能再开处方。")
    if problem is None and visit is None:
        raise ValueError("a measure belongs to a problem or to a visit")
    today, text = timezone.localdate(now), text.strip()
    if problem is not None:
        problem = locked(problem, by)
        if problem.state == Problem.State.RESOLVED:
            raise ValidationError("该问题已销号，不能再定措施；如未解决，请先重新办理。")
    elif not Project.objects.workable_by(by).filter(pk=visit.project_id).exists():
        raise PermissionDenied("无权登记该走访的议定事项。")
    if due_on < today:
        raise ValidationError({"due_on": "完成时限不能早于今天。"})
    project = problem.project if problem is not None else visit.project
    same = {"project": project, "problem": problem, "visit": visit, "case": case, "text": text, "unit": unit}
    twin = Measure.objects.filter(**same, due_on=due_on, made_on=today, made_by=by).first()
    if twin:
        return twin
    measure = Measure(**same, due_on=due_on, made_on=today, made_by=by, made_at=now)
    measure.full_clean()
    measure.save()
    record(action="定措施", instance=measure, by=by, now=now)
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
                link=f"/measures/{measure.pk}/finish/",
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
    measure, result = _locked(measure, by), result.strip()
    if measure.done_on is not None:
        if measure.done_by_id == by.pk and measure.result == result:
            return measure
        raise ValidationError(f"该措施已于{day_words(measure.done_on)}登记落实。")
    if not result:
        raise ValidationError({"result": "请填写落实情况。"})
    before = snapshot(measure)
    measure.done_on, measure.done_by, measure.result = timezone.localdate(now), by, result
    measure.full_clean()
    measure.save()
    record(action="措施落实", instance=measure, by=by, now=now, before=before)
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
            link=f"/problems/{measure.problem_id}/" if measure.problem_id else f"/visits/{measure.visit_id}/",
            now=now,
        )
    return measure


def _locked(measure: Measure, by: User) -> Measure:
    """The row as it is now, held until the transaction ends; refuses whoever may not report it done."""
    if not Measure.objects.workable_by(by).filter(pk=measure.pk).exists():
        raise PermissionDenied("无权登记该措施。")
    return (
        Measure.objects.select_for_update(of=("self",))
        .select_related("project", "problem", "visit", "unit", "made_by")
        .get(pk=measure.pk)
    )
