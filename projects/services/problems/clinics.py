"""The project clinic (项目诊所): a sitting called, problems brought as cases, diagnosed, treated, discharged."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from projects.models import ClinicCase, ClinicSession, Problem, ProblemEntry, Project, Role, Unit, User
from projects.periods import EARLIEST, day_words

from ..base.changing import added, changed, held, refuse, required
from ..base.guards import not_office, office_only, one_at_a_time
from ..base.notices import queue_notice
from ..base.steps import Steps, not_now, not_you, step
from ..register.members import cause_name, let_in_all, let_out
from .entries import enter, enter_once, people_of

State = ClinicCase.State
FURTHEST_DAYS = 366


def steps_of_session(session: ClinicSession, user: User, today: date) -> Steps:
    """What may be done with a sitting: add (列入病例), hold (登记会诊纪要). No query."""
    return Steps(
        add=step(not_office(user, "列入病例")),
        hold=step(
            not_office(user, "登记会诊纪要"),
            session.held_on > today
            and not_now(f"会诊日期为{day_words(session.held_on)}，尚未到期，不能登记纪要。"),
        ),
    )


def steps_of_case(case: ClinicCase, user: User, today: date) -> Steps:
    """What may be done with a case: diagnose (诊断), prescribe (开处方), follow (随访), discharge (出院).

    Its problem is read beside it. One query for service officers, and the actions where they are not prefetched.
    """
    stranger = not _treats(case, user) and not_you("无权办理该病例。")
    is_discharged = case.state == State.DISCHARGED
    discharged = is_discharged and not_now("该病例已出院；如问题复发，请列入新一期会诊。")
    waiting = 0 if is_discharged else sum(one.done_on is None for one in case.actions.all())
    return Steps(
        diagnose=step(stranger, discharged),
        prescribe=step(
            stranger,
            discharged,
            case.problem.is_resolved and not_now("该问题已销号，不能再开处方；如未解决，请先重新办理。"),
        ),
        follow=step(stranger, discharged),
        discharge=step(
            stranger,
            discharged,
            not case.diagnosis and not_now("该病例尚未诊断，不能出院。"),
            waiting > 0 and not_now(f"还有{waiting}项处方未落实，不能出院。"),
        ),
    )


def _treats(case: ClinicCase, user: User) -> bool:
    """The office, and service officers on the projects they serve (服务专员 are the clinic's staff)."""
    if user.is_office:
        return True
    mine = Project.objects.editable_by(user).filter(pk=case.problem.project_id)
    return Role.SERVICE_OFFICER in user.roles and mine.exists()


@transaction.atomic
def call_session(
    *, held_on: date, place: str, chair: str, units: Iterable[Unit], by: User, now: datetime
) -> ClinicSession:
    """Call a sitting (召集会诊), numbered in its year; the units' people are told. The office alone.

    Refuses: no units, a day too early to be meant or more than a year ahead. The same sitting sent twice answers the first.
    """
    office_only(by, "召集项目诊所会诊")
    today, units = timezone.localdate(now), list(dict.fromkeys(units))
    if not EARLIEST <= held_on <= today + timedelta(days=FURTHEST_DAYS):
        refuse(held_on="会诊日期过早，或在一年以后，请核对。")
    if not units:
        refuse(units="请选择会诊单位。")
    one_at_a_time()  # keeps the queue for the number
    words = {"held_on": held_on, "place": place.strip(), "chair": chair.strip()}
    twin = ClinicSession.objects.filter(**words, made_by=by, state=ClinicSession.State.PLANNED).first()
    if twin is not None and set(twin.units.all()) == set(units):
        return twin
    last = ClinicSession.objects.filter(year=held_on.year).aggregate(last=Max("number"))["last"]
    session = ClinicSession(year=held_on.year, number=(last or 0) + 1, made_by=by, made_at=now, **words)
    added(session, "召集项目诊所", by=by, now=now, reason="、".join(map(str, units)))
    session.units.set(units)
    for unit in units:
        for person in people_of(unit):
            queue_notice(
                recipient=person,
                key=f"clinic:{session.pk}:called:{person.pk}",
                subject=f"{session}会诊通知",
                body=f"{day_words(held_on)}，{session.place or '地点另行通知'}。请{unit}派员参加。",
                link=reverse("clinic_detail", args=[session.pk]),
                now=now,
            )
    return session


@transaction.atomic
def add_case(*, session: ClinicSession, problem: Problem, by: User, now: datetime) -> ClinicCase:
    """Bring a problem before the sitting (列入病例); its units see the project from then on. The office alone.

    Refuses: a problem written off, one that is under treatment at an earlier sitting. Twice answers the first.
    """
    today = timezone.localdate(now)
    steps_of_session(session, by, today).require("add")
    problem = held(problem, "project")
    found = ClinicCase.objects.filter(session=session, problem=problem).first()
    if found is not None:
        return found
    if problem.is_resolved:
        refuse(problem="该问题已销号，无需会诊。")
    earlier = problem.cases.exclude(state=State.DISCHARGED).select_related("session").first()
    if earlier is not None:
        refuse(problem=f"该问题正在{earlier.session}治疗，出院后方可再列入。")
    case = added(ClinicCase(session=session, problem=problem), "列入病例", by=by, now=now)
    enter(problem, f"列入{session}会诊", by, now)
    owing = [(unit.pk, cause_name(case)) for unit in session.units.all()]
    let_in_all(project=problem.project, owing=owing, on=today)
    return case


@transaction.atomic
def hold_session(*, session: ClinicSession, note: str, by: User, now: datetime) -> ClinicSession:
    """Put down that the sitting was held, with its minutes (会诊纪要); they may be amended. The office alone.

    Refuses: no minutes, a sitting whose day has not come.
    """
    session = held(session)
    steps_of_session(session, by, timezone.localdate(now)).require("hold")
    note = required(note, "会诊纪要", field="note")
    with changed(session, "登记会诊纪要", by=by, now=now):
        session.note, session.state = note, ClinicSession.State.HELD
    return session


@transaction.atomic
def diagnose(*, case: ClinicCase, diagnosis: str, by: User, now: datetime) -> ClinicCase:
    """Say what the trouble is (诊断); the case is under treatment. The office and the project's service officers.

    Refuses: no words, a case discharged. The same twice answers the first.
    """
    case = _held(case)
    steps_of_case(case, by, timezone.localdate(now)).require("diagnose")
    diagnosis = required(diagnosis, "诊断意见", field="diagnosis")
    if (case.state, case.diagnosis) == (State.TREATED, diagnosis):
        return case
    with changed(case, "会诊诊断", by=by, now=now):
        case.diagnosis, case.state = diagnosis, State.TREATED
    enter(case.problem, f"{case.session}诊断：{diagnosis}", by, now)
    return case


@transaction.atomic
def follow_up(*, case: ClinicCase, text: str, by: User, now: datetime) -> ProblemEntry:
    """Write a line of follow-up (跟踪随访) under the case's problem; the same twice on a day answers the first.

    Refuses no words, a case discharged.
    """
    case = _held(case)
    steps_of_case(case, by, timezone.localdate(now)).require("follow")
    return enter_once(case.problem, f"随访：{required(text, '随访情况', field='text')}", by, now)


@transaction.atomic
def discharge_case(*, case: ClinicCase, outcome: str, by: User, now: datetime) -> ClinicCase:
    """Discharge a case with its outcome (出院). The problem itself is written off on its own page, by its own rules.

    Refuses: no diagnosis, no outcome, prescriptions still to be carried out. Twice answers the first.
    """
    case, outcome = _held(case), outcome.strip()
    steps = steps_of_case(case, by, timezone.localdate(now))
    if (case.state, case.outcome) == (State.DISCHARGED, outcome) and not steps["discharge"].is_who:
        return case
    steps.require("discharge")
    outcome = required(outcome, "疗效", field="outcome")
    with changed(case, "病例出院", by=by, now=now):
        case.state, case.outcome = State.DISCHARGED, outcome
        case.discharged_on, case.discharged_by = timezone.localdate(now), by
    enter(case.problem, f"{case.session}出院：{outcome}", by, now)
    let_out(cause=case, on=timezone.localdate(now))
    return case


def _held(case: ClinicCase) -> ClinicCase:
    held(case.problem)  # its lines are written under it
    return held(case, "session", "problem__project")
