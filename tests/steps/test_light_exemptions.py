"""Exemptions from lights (亮灯豁免): what is offered is done, what is not is refused in the same words."""

import datetime as dt

import pytest

from projects.models import Duty, LightExemption, Project, Role, User
from projects.services.base.steps import Steps
from projects.services.lights import exemptions as service
from tests.factories import NOW, TODAY, make_exemption, make_user
from tests.scene import Scene, make_cast
from tests.steps.machines import Machine

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LONG_AGO = {"from_on": TODAY - 30 * DAY, "until_on": TODAY - DAY}


def exempted(by: str = "reporter", **fields):
    return lambda scene: make_exemption(scene.project, scene.people[by], **fields)


def of_ended_project(**fields):
    def made(scene: Scene) -> LightExemption:
        Project.objects.filter(pk=scene.project.pk).update(state=Project.State.WITHDRAWN)
        return exempted(**fields)(scene)

    return made


def overlapped(scene: Scene) -> LightExemption:
    exempted(state="approved", dimension="")(scene)
    return exempted()(scene)


def own_of_an_office_of_two(scene: Scene) -> LightExemption:
    make_user(Role.OFFICE)
    return exempted("office")(scene)


def ask(exemption: LightExemption, by) -> None:
    wanted = {"dimension": "start", "from_on": TODAY, "until_on": TODAY + DAY}
    service.ask_exemption(project=exemption.project, reason="文物勘探", **wanted, by=by, now=NOW)


EXEMPTIONS = Machine(
    service.steps_of,
    states={
        "asked": exempted(),
        "asked by the one of the office": exempted("office"),
        "asked by one of an office of two": own_of_an_office_of_two,
        "asked too long ago": exempted(**LONG_AGO),
        "asked of an ended project": of_ended_project(),
        "asked of what is exempted": overlapped,
        "approved": exempted(state="approved"),
        "approved and to come": exempted(state="approved", from_on=TODAY + DAY),
        "approved and over": exempted(state="approved", **LONG_AGO),
        "approved and ended": exempted(state="approved", ended_on=TODAY),
        "refused": exempted(state="refused"),
        "withdrawn": exempted(state="withdrawn", decided_by=None),
    },
    verbs={
        "approve": lambda row, by: service.approve_exemption(exemption=row, note="同意", by=by, now=NOW),
        "refuse": lambda row, by: service.refuse_exemption(exemption=row, note="不符", by=by, now=NOW),
        "withdraw": lambda row, by: service.withdraw_exemption(exemption=row, by=by, now=NOW),
        "end": lambda row, by: service.end_exemption(exemption=row, reason="已开工", by=by, now=NOW),
    },
)
ASKING = Machine(
    lambda exemption, user, today: Steps(ask=service.ask_step(exemption.project, user)),
    states={"approved": EXEMPTIONS.states["approved"], "of an ended project": of_ended_project()},
    verbs={"ask": ask},
)


@pytest.mark.parametrize("state", EXEMPTIONS.states)
def test_an_exemption_offers_what_it_does(state):
    EXEMPTIONS.check(make_cast(), state)


@pytest.mark.parametrize("state", ASKING.states)
def test_asking_is_offered_while_the_project_has_a_light(state):
    ASKING.check(make_cast(), state)


def test_the_office_of_one_is_the_office_that_is_on_duty():
    cast = make_cast()
    row, office = own_of_an_office_of_two(cast), cast.people["office"]
    assert not service.steps_of(row, office, TODAY)["approve"]
    Duty.objects.filter(role=Role.OFFICE).exclude(user=office).update(ends_on=TODAY - dt.timedelta(days=1))
    next_request_s = User.objects.get(pk=office.pk)
    assert service.steps_of(row, next_request_s, TODAY)["approve"]
