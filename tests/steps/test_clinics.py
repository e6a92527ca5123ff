"""Sittings of the clinic and their cases: what is offered is done, what is not is refused in the same words."""

import datetime as dt

import pytest

from projects.models import ClinicCase, ClinicSession, Problem, Project
from projects.services.problems import actions as actions
from projects.services.problems import clinics
from tests.factories import NOW, TODAY, make_problem
from tests.scene import Scene
from tests.steps.machines import Machine

pytestmark = pytest.mark.django_db


def session_on(held_on: dt.date):
    def made(scene: Scene) -> ClinicSession:
        return clinics.call_session(
            held_on=held_on,
            place="二楼",
            chair="领导甲",
            units=[scene.project.lead_department],
            by=scene.people["office"],
            now=NOW,
        )

    return made


def held(scene: Scene) -> ClinicSession:
    return hold(session_on(TODAY)(scene), scene.people["office"])


def hold(session: ClinicSession, by) -> ClinicSession:
    return clinics.hold_session(session=session, note="议定三项", by=by, now=NOW)


def add(session: ClinicSession, by) -> ClinicCase:
    problem = make_problem(Project.objects.get())
    return clinics.add_case(session=session, problem=problem, by=by, now=NOW)


SESSIONS = Machine(
    clinics.steps_of_session,
    states={
        "of today": session_on(TODAY),
        "of tomorrow": session_on(TODAY + dt.timedelta(days=1)),
        "held": held,
    },
    verbs={"add": add, "hold": hold},
)


def waiting(scene: Scene) -> ClinicCase:
    problem = make_problem(scene.project, lead_unit=scene.project.lead_department)
    office = scene.people["office"]
    return clinics.add_case(session=session_on(TODAY)(scene), problem=problem, by=office, now=NOW)


def treated(scene: Scene) -> ClinicCase:
    return diagnose(waiting(scene), scene.people["office"])


def prescribed(scene: Scene) -> ClinicCase:
    case = treated(scene)
    prescribe(case, scene.people["office"])
    return case


def discharged(scene: Scene) -> ClinicCase:
    return clinics.discharge_case(case=treated(scene), outcome="已解决", by=scene.people["office"], now=NOW)


def written_off(scene: Scene) -> ClinicCase:
    case = treated(scene)
    settled = {"state": Problem.State.RESOLVED, "resolved_on": TODAY}
    Problem.objects.filter(pk=case.problem_id).update(**settled)
    return case


def diagnose(case: ClinicCase, by) -> ClinicCase:
    return clinics.diagnose(case=case, diagnosis="指标不足", by=by, now=NOW)


def prescribe(case: ClinicCase, by):
    unit = case.session.units.get()
    return actions.add_action(case=case, text="报件", unit=unit, due_on=TODAY, by=by, now=NOW)


CASES = Machine(
    clinics.steps_of_case,
    states={
        "waiting": waiting,
        "treated": treated,
        "treated with a prescription to be done": prescribed,
        "treated of a problem written off": written_off,
        "discharged": discharged,
    },
    verbs={
        "diagnose": diagnose,
        "prescribe": prescribe,
        "follow": lambda case, by: clinics.follow_up(case=case, text="已报件", by=by, now=NOW),
        "discharge": lambda case, by: clinics.discharge_case(case=case, outcome="已解决", by=by, now=NOW),
    },
)


@pytest.mark.parametrize("state", SESSIONS.states)
def test_a_sitting_offers_what_it_does(cast, state):
    SESSIONS.check(cast, state)


@pytest.mark.parametrize("state", CASES.states)
def test_a_case_offers_what_it_does(cast, state):
    CASES.check(cast, state)
