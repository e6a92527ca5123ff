"""Investment leads (招商项目): what is offered is done, what is not is refused in the same words."""

import datetime as dt

import pytest

from projects.models import Lead
from projects.services.attraction.landing import land_lead, link_lead
from projects.services.attraction.leads import edit_lead, move_lead, register_lead, register_step, steps_of
from projects.services.base.steps import Steps
from tests.factories import NOW, TODAY, make_lead, make_project
from tests.scene import Scene, make_cast
from tests.steps.machines import Machine

pytestmark = pytest.mark.django_db
TALKS, SIGNED = ("talking", "2023-03-01"), ("signed", "2023-06-01")


def led(*stages: tuple[str, str]):
    return lambda scene: make_lead(scene.project.lead_department, *stages)


def tied(*stages: tuple[str, str]):
    return lambda scene: make_lead(scene.project.lead_department, *stages, project=scene.project)


def without_a_step(scene: Scene) -> Lead:
    lead = led(TALKS)(scene)
    lead.steps.all().delete()
    return lead


def move(lead: Lead, by) -> None:
    stage = next(iter(lead.next_stages), "talking")
    move_lead(lead=lead, stage=stage, on=TODAY, document="协议", note="按进展", by=by, now=NOW)


def land(lead: Lead, by) -> None:
    facts = {"developer": lead.investor, "total_investment": lead.agreed_investment}
    land_lead(lead=lead, name=lead.name, **facts, from_on=TODAY, by=by, now=NOW)


LEADS = Machine(
    steps_of,
    states={
        "in talks": led(TALKS),
        "signed": led(TALKS, SIGNED),
        "landed": led(TALKS, SIGNED, ("landed", "2023-07-01")),
        "given up": led(TALKS, ("ended", "2023-06-01")),
        "signed and a project": tied(TALKS, SIGNED),
        "landed and a project": tied(TALKS, SIGNED, ("landed", "2023-07-01")),
        "without a step": without_a_step,
    },
    verbs={
        "edit": lambda lead, by: edit_lead(lead=lead, notes="追加二期", by=by, now=NOW),
        "move": move,
        "land": land,
    },
)
WITH_A_LINK = Machine(
    steps_of,
    LEADS.states,
    LEADS.verbs | {"land": lambda lead, by: link_lead(lead=lead, project=make_project(), by=by, now=NOW)},
)


def register(lead: Lead, by) -> None:
    facts = {"origin": lead.origin, "agreed_investment": lead.agreed_investment, "unit": lead.unit}
    register_lead(
        name="另一项目", investor="另一公司", talked_on=dt.date(2023, 9, 1), **facts, by=by, now=NOW
    )


REGISTERING = Machine(
    lambda lead, user, today: Steps(register=register_step(user)),
    {"in talks": led(TALKS)},
    {"register": register},
)


@pytest.mark.parametrize("machine", [LEADS, WITH_A_LINK], ids=["land", "link"])
@pytest.mark.parametrize("state", LEADS.states)
def test_a_lead_offers_what_it_does(machine, state):
    machine.check(make_cast(), state)


def test_registering_is_offered_to_who_may():
    REGISTERING.check(make_cast(), "in talks")


def test_one_that_is_a_project_is_not_to_be_given_up():
    lead = tied(TALKS, SIGNED)(make_cast())
    assert [stage.value for stage in lead.next_stages] == ["landed"]
