"""Permits (许可手续): what is offered is done, what is not is refused in the same words."""

import datetime as dt

import pytest

from projects.models import Permit, Project
from projects.services.base.attachments import PreparedFile
from projects.services.papers.permits import attach_to_permit, renew_permit, steps_of, void_permit
from tests.factories import NOW, TODAY, make_permit
from tests.scene import Scene
from tests.steps.machines import Machine

pytestmark = pytest.mark.django_db
PDF = PreparedFile("许可证.pdf", "pdf", "application/pdf", b"%PDF-1.7\n%%EOF\n")


def valid(scene: Scene) -> Permit:
    return make_permit(scene.project)


def renewed(scene: Scene) -> Permit:
    permit = valid(scene)
    renew(permit, scene.people["office"])
    return permit


def void(scene: Scene) -> Permit:
    return void_permit(permit=valid(scene), reason="登记有误", by=scene.people["office"], now=NOW)


def of_ended_project(scene: Scene) -> Permit:
    permit = valid(scene)
    Project.objects.filter(pk=scene.project.pk).update(state=Project.State.CLOSED)
    return permit


def renew(permit: Permit, by) -> Permit:
    until = dt.date(2030, 1, 1)
    return renew_permit(
        permit=permit, number="延续1号", issued_on=TODAY, valid_until_on=until, by=by, now=NOW
    )


PERMITS = Machine(
    steps_of,
    states={"valid": valid, "renewed": renewed, "void": void, "of an ended project": of_ended_project},
    verbs={
        "renew": renew,
        "attach": lambda permit, by: attach_to_permit(permit=permit, files=[PDF], by=by, now=NOW),
        "void": lambda permit, by: void_permit(permit=permit, reason="登记有误", by=by, now=NOW),
    },
)


@pytest.mark.parametrize("state", PERMITS.states)
def test_a_permit_offers_what_it_does(scene, state):
    PERMITS.check(scene, state)
