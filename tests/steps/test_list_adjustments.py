"""List adjustments (名单调整): what is offered is done, what is not is refused in the same words."""

import datetime as dt

import pytest

from projects.models import Duty, ListAdjustment, Role
from projects.services.lists import adjustments as service
from tests.factories import NOW, make_adjustment, make_listing, make_project, make_user
from tests.scene import Scene
from tests.steps.machines import Machine

pytestmark = pytest.mark.django_db
MORE = {"planned_investment": 2000}


def draft(scene: Scene) -> ListAdjustment:
    """Drafted by the scene's office, which is not alone."""
    make_user(Role.OFFICE)
    annual_list = scene.project.listings.get().annual_list
    return make_adjustment(annual_list, scene.people["office"], (scene.project, "raised", MORE))


def of_a_colleague(scene: Scene) -> ListAdjustment:
    adjustment = draft(scene)
    ListAdjustment.objects.update(made_by=make_user(Role.OFFICE))
    return adjustment


def empty(scene: Scene) -> ListAdjustment:
    adjustment = draft(scene)
    adjustment.lines.all().delete()
    return adjustment


def unfit(adjustment: ListAdjustment) -> ListAdjustment:
    """The list says something newer of the project by now."""
    project = adjustment.lines.get().project
    make_listing(project, effective_on=dt.date(2023, 9, 1), change="raised", planned_investment=3000)
    return adjustment


def submitted(adjustment: ListAdjustment) -> ListAdjustment:
    ListAdjustment.objects.filter(pk=adjustment.pk).update(state=ListAdjustment.State.SUBMITTED)
    return adjustment


def alone(scene: Scene) -> ListAdjustment:
    adjustment = submitted(draft(scene))
    Duty.objects.filter(role=Role.OFFICE).exclude(user=scene.people["office"]).update(ends_on=NOW)
    return adjustment


def approved(scene: Scene) -> ListAdjustment:
    adjustment = submitted(of_a_colleague(scene))
    return service.approve_adjustment(adjustment=adjustment, by=scene.people["office"], now=NOW)


def withdrawn(scene: Scene) -> ListAdjustment:
    return service.withdraw_adjustment(
        adjustment=draft(scene), note="不再办理", by=scene.people["office"], now=NOW
    )


def put_line(adjustment: ListAdjustment, by):
    added = {"project": make_project(), "change": "added", "category": "new_start"}
    service.put_line(adjustment=adjustment, **added, **MORE, reason="按会议要求", by=by, now=NOW)


def revise(adjustment: ListAdjustment, by):
    head = {"document": "淄高新发改〔2023〕99号", "effective_on": dt.date(2023, 8, 1)}
    service.revise_adjustment(adjustment=adjustment, **head, by=by, now=NOW)


def noted(verb):
    return lambda adjustment, by: verb(adjustment=adjustment, note="请核对", by=by, now=NOW)


STATES = {
    "own draft": draft,
    "draft of a colleague": of_a_colleague,
    "empty draft": empty,
    "draft that no longer fits": lambda scene: unfit(draft(scene)),
    "own submitted": lambda scene: submitted(draft(scene)),
    "submitted by a colleague": lambda scene: submitted(of_a_colleague(scene)),
    "submitted that no longer fits": lambda scene: unfit(submitted(of_a_colleague(scene))),
    "submitted by an office of one": alone,
    "approved": approved,
    "withdrawn": withdrawn,
}


def machine(edit) -> Machine:
    return Machine(
        service.steps_of,
        states=STATES,
        verbs={
            "edit": edit,
            "submit": lambda adjustment, by: service.submit_adjustment(adjustment=adjustment, by=by, now=NOW),
            "approve": noted(service.approve_adjustment),
            "send_back": noted(service.return_adjustment),
            "withdraw": noted(service.withdraw_adjustment),
        },
    )


@pytest.mark.parametrize("state", STATES)
def test_an_adjustment_offers_what_it_does(scene, state):
    machine(put_line).check(scene, state)


@pytest.mark.parametrize("state", ["own draft", "draft of a colleague", "own submitted", "approved"])
def test_its_head_is_revised_where_editing_is_offered(scene, state):
    machine(revise).check(scene, state)
