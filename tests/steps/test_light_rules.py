"""Rule sets of lights (亮灯规则): what is offered is done, what is not is refused in the same words."""

import datetime as dt
from decimal import Decimal

import pytest

from projects.models import LightRuleSet
from projects.queries.lights.rule_sets import bands_of
from projects.services.lights import rule_sets as service
from tests.factories import NOW, TODAY
from tests.scene import Scene, make_cast
from tests.steps.machines import Machine

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
BEGUN = dt.date(2023, 6, 1)


def draft(scene: Scene) -> LightRuleSet:
    by = scene.people["office"]
    rule_set = service.draft_rule_set(name="新规则", preset="wuhan_2022", by=by, now=NOW)
    return edit(rule_set, by)  # for the larger projects: no set is for the same yet


def edit(rule_set: LightRuleSet, by, *, bands=None) -> LightRuleSet:
    head = {"name": rule_set.name, "source": "会议纪要", "kinds": [], "red_needs": 1}
    bands = bands_of(rule_set) if bands is None else bands
    least = Decimal(7000)
    return service.edit_rule_set(
        rule_set=rule_set, bands=bands, min_planned_investment=least, **head, by=by, now=NOW
    )


def unsound(scene: Scene) -> LightRuleSet:
    return edit(draft(scene), scene.people["office"], bands=[])


def begun(**days):
    def made(scene: Scene) -> LightRuleSet:
        rule_set = draft(scene)
        LightRuleSet.objects.filter(pk=rule_set.pk).update(**{"effective_on": BEGUN} | days)
        return rule_set

    return made


def replaced(scene: Scene) -> LightRuleSet:
    LightRuleSet.objects.create(name="后启用", effective_on=TODAY, min_planned_investment=7000, made_at=NOW)
    return begun()(scene)


def enforce(rule_set: LightRuleSet, by) -> None:
    service.enforce_rule_set(rule_set=rule_set, effective_on=TODAY + DAY, document="20号", by=by, now=NOW)


def repeal(rule_set: LightRuleSet, by) -> None:
    on = TODAY + 60 * DAY
    service.repeal_rule_set(rule_set=rule_set, repealed_on=on, document="21号", by=by, now=NOW)


def withdraw(rule_set: LightRuleSet, by) -> None:
    service.withdraw_rule_set(rule_set=rule_set, reason="文号有误", by=by, now=NOW)


RULE_SETS = Machine(
    service.steps_of,
    states={
        "draft": draft,
        "unsound draft": unsound,
        "in force": begun(),
        "ahead": begun(effective_on=TODAY + DAY),
        "ending": begun(repealed_on=TODAY + DAY),
        "repealed": begun(repealed_on=TODAY),
        "replaced": replaced,
    },
    verbs={"edit": edit, "enforce": enforce, "withdraw": withdraw, "repeal": repeal},
)


@pytest.mark.parametrize("state", RULE_SETS.states)
def test_a_rule_set_offers_what_it_does(state):
    RULE_SETS.check(make_cast(), state)
