"""The project clinic (项目诊所): a sitting called, problems brought as cases, diagnosed, treated, discharged."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ..models import (
    ClinicCase,
    ClinicSession,
    Measure,
    OfficeSettings,
    Problem,
    ProblemEntry,
    Project,
    Role,
    Unit,
    User,
)
from ..periods import EARLIEST, day_words
from .guards import office_only
from .members import let_in
from .notices import queue_notice
from .problem_steps import enter, people_of
from .records import record, snapshot

State = ClinicCase.State
FURTHEST_DAYS = 366


@transaction.atomic
def call_session(
    *,
    held_on: date,
    place: str,
    chair: str,
    units: Iterable[Unit],
    by: User,
    now: datetime,
) -> ClinicSession:
    """Call a sitting (召集会诊), numbered in its year; the units' people are told. The office alone.

    Refuses: no units, a day too early to be meant or more than a year ahead. The same sitting sent twice answers the first.
    """
    office_only(by, "召集项目诊所会诊")
    today, units = timezone.localdate(now), list(dict.fromkeys(units))
    if not EARLIEST <= held_on <= today + timedelta(days=FURTHEST_DAYS):
        raise ValidationError({"held_on": "会诊日期过早，或在一年以后，请核对。"})
    if not units:
        raise ValidationError({"units": "请选择会诊单位。"})
    OfficeSettings.objects.select_for_update().get(pk=1)  # keeps the queue for the number
    words = {"held_on": held_on, "place": place.strip(), "chair": chair.strip()}
    twin = ClinicSession.objects.filter(**words, made_by=by, state=ClinicSession.State.PLANNED).first()
    if twin is not None and set(twin.units.all()) == set(units):
        return twin
    last = ClinicSession.objects.filter(year=held_on.year).aggregate(last=Max("number"))["last"]
    session = ClinicSession(year=held_on.year, number=(last or 0) + 1, made_by=by, made_at=now, **words)
    session.full_clean()
    session.save()
    session.units.set(units)
    record(action="召集项目诊所", instance=session, by=by, now=now, reason="、".join(map(str, units)))
    for unit in units:
        for person in people_of(unit):
            queue_notice(
                recipient=person,
                key=f"clinic:{session.pk}:called:{person.pk}",
                subject=f"{session}会诊通知",
                body=f"{day_words(held_on)}，{session.place or '地点另行通知'}。请{unit}派员参加。",
                link=f"/clinics/{session.pk}/",
                now=now,
            )
    return session


@transaction.atomic
def add_case(*, session: ClinicSession, problem: Problem, by: User, now: datetime) -> ClinicCase:
    """Bring a problem before the sitting (列入病例); its units see the project from then on. The office alone.

    Refuses: a problem written off, one that is under treatment at an earlier sitting. Twice answers the first.
    """
    office_only(by, "列入病例")
    problem = Problem.objects.select_for_update(of=("self",)).select_related("project").get(pk=problem.pk)
    found = ClinicCase.objects.filter(session=session, problem=problem).first()
    if found is not None:
        return found
    if problem.state == Problem.State.RESOLVED:
        raise ValidationError({"problem": "该问题已销号，无需会诊。"})
    earlier = problem.cases.exclude(state=State.DISCHARGED).select_related("session").first()
    if earlier is not None:
        raise ValidationError({"problem": f"该问题正在{earlier.session}治疗，出院后方可再列入。"})
    case = ClinicCase(session=session, problem=problem)
    case.full_clean()
    case.save()
    record(action="列入病例", instance=case, by=by, now=now, project=problem.project)
    enter(problem, f"列入{session}会诊", by, now)
    for unit in session.units.all():
        let_in(project=problem.project, unit=unit, on=timezone.localdate(now))
    return case


@transaction.atomic
def hold_session(*, session: ClinicSession, note: str, by: User, now: datetime) -> ClinicSession:
    """Put down that the sitting was held, with its minutes (会诊纪要); they may be amended. The office alone.

    Refuses: no minutes, a sitting whose day has not come.
    """
    office_only(by, "登记会诊纪要")
    session, note = ClinicSession.objects.select_for_update().get(pk=session.pk), note.strip()
    if not note:
        raise ValidationError({"note": "请填写会诊纪要。"})
    if session.held_on > timezone.localdate(now):
        raise ValidationError(f"会诊日期为{day_words(session.held_on)}，尚未到期，不能登记纪要。")
    before = snapshot(session)
    session.note, session.state = note, ClinicSession.State.HELD
    session.full_clean()
    session.save()
    record(action="登记会诊纪要", instance=session, by=by, now=now, before=before)
    return session


@transaction.atomic
def diagnose(*, case: ClinicCase, diagnosis: str, by: User, now: datetime) -> ClinicCase:
    """Say what the trouble is (诊断); the case is under treatment. The office and the project's service officers.

    Refuses: no words, a case discharged.
    """
    case, diagnosis = _locked(case, by), diagnosis.strip()
    if not diagnosis:
        raise ValidationError({"diagnosis": "请填写诊断意见。"})
    before = snapshot(case)
    case.diagnosis, case.state = diagnosis, State.TREATED
    case.full_clean()
    case.save()
    record(action="会诊诊断", instance=case, by=by, now=now, before=before, project=case.problem.project)
    enter(case.problem, f"{case.session}诊断：{diagnosis}", by, now)
    return case


@transaction.atomic
def follow_up(*, case: ClinicCase, text: str, by: User, now: datetime) -> ProblemEntry:
    """Write a line of follow-up (跟踪随访) under the case's problem. Refuses no words, a case discharged."""
    case, text = _locked(case, by), text.strip()
    if not text:
        raise ValidationError({"text": "请填写随访情况。"})
    return enter(case.problem, f"随访：{text}", by, now)


@transaction.atomic
def discharge_case(*, case: ClinicCase, outcome: str, by: User, now: datetime) -> ClinicCase:
    """Discharge a case with its outcome (出院). The problem itself is written off on its own page, by its own rules.

    Refuses: no diagnosis, no outcome, prescriptions still to be carried out. Twice answers the first.
    """
    outcome = outcome.strip()
    if case.pk and ClinicCase.objects.filter(pk=case.pk, state=State.DISCHARGED, outcome=outcome).exists():
        if not may_treat(case, by):
            raise PermissionDenied("无权办理该病例。")
        return ClinicCase.objects.get(pk=case.pk)
    case = _locked(case, by)
    if not case.diagnosis:
        raise ValidationError("该病例尚未诊断，不能出院。")
    if not outcome:
        raise ValidationError({"outcome": "请填写疗效。"})
    if waiting := Measure.objects.filter(case=case, done_on__isnull=True).count():
        raise ValidationError(f"还有{waiting}项处方未落实，不能出院。")
    before = snapshot(case)
    case.state, case.outcome = State.DISCHARGED, outcome
    case.discharged_on, case.discharged_by = timezone.localdate(now), by
    case.full_clean()
    case.save()
    record(action="病例出院", instance=case, by=by, now=now, before=before, project=case.problem.project)
    enter(case.problem, f"{case.session}出院：{outcome}", by, now)
    return case


def may_treat(case: ClinicCase, by: User) -> bool:
    """The office, and service officers on the projects they serve (服务专员 are the clinic's staff)."""
    if by.is_office:
        return True
    project = case.problem.project_id
    return Role.SERVICE_OFFICER in by.roles and Project.objects.editable_by(by).filter(pk=project).exists()


def _locked(case: ClinicCase, by: User) -> ClinicCase:
    """The case as it is now, held until the transaction ends; refuses strangers and a case discharged."""
    if not may_treat(case, by):
        raise PermissionDenied("无权办理该病例。")
    case = (
        ClinicCase.objects.select_for_update(of=("self",))
        .select_related("session", "problem__project")
        .get(pk=case.pk)
    )
    if case.state == State.DISCHARGED:
        raise ValidationError("该病例已出院；如问题复发，请列入新一期会诊。")
    return case
