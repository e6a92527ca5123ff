"""Targets and curves (目标分解、序时基线): what is offered is done, what is not is refused in the same words."""

from decimal import Decimal

import pytest

from projects.figures.year.targets import targets_in_force
from projects.models import AnnualList, BaselineCurve, Project
from projects.services.figures import baselines, targets
from tests.factories import NOW, TODAY
from tests.scene import Scene
from tests.steps.machines import Machine

pytestmark = pytest.mark.django_db


def split(project: Project, by):
    listing = project.listings.get()
    amounts = targets_in_force(listing.versions.get(), listing.annual_list, TODAY)
    targets.set_targets(
        listing=listing, amounts=amounts, effective_on=TODAY, reason="年初分解", by=by, now=NOW
    )


def ended(state: str):
    def make(scene: Scene) -> Project:
        Project.objects.filter(pk=scene.project.pk).update(state=state)
        return scene.project

    return make


TARGETS = Machine(
    targets.steps_of,
    states={
        "active": lambda scene: scene.project,
        "withdrawn": ended("withdrawn"),
        "closed": ended("closed"),
    },
    verbs={"split": split},
)


def curve(_scene: Scene) -> BaselineCurve:
    return BaselineCurve.objects.filter(annuallist__isnull=True).first()


def followed(scene: Scene, baseline: str = "ten_day") -> BaselineCurve:
    chosen = curve(scene)
    AnnualList.objects.update(curve=chosen, baseline=baseline)
    return chosen


def change(one: BaselineCurve, by):
    points = [(6, 30, Decimal("0.5")), (12, 31, Decimal(1))]
    baselines.save_curve(
        curve=one, name="新口径", points=points, is_joined=True, source="会议纪要", by=by, now=NOW
    )


CURVES = Machine(
    baselines.steps_of,
    states={
        "free": curve,
        "followed": followed,
        "followed where projects have no split": lambda scene: followed(scene, "own_plan"),
    },
    verbs={"change": change},
)


@pytest.mark.parametrize("state", TARGETS.states)
def test_a_project_offers_to_split_its_targets_where_it_can_be_done(scene, state):
    TARGETS.check(scene, state)


@pytest.mark.parametrize("state", CURVES.states)
def test_a_curve_offers_what_it_does(scene, state):
    CURVES.check(scene, state)
