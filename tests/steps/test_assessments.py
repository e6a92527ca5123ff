"""Schemes, rounds and appeals (考核): what is offered is done, what is not is refused in the same words."""

import datetime as dt
from decimal import Decimal

import pytest

from projects.figures.assessment.sheets import sheet_of
from projects.models import (
    AssessmentAppeal,
    AssessmentRound,
    ListingVersion,
    Project,
    ScoringScheme,
    Unit,
)
from projects.services.assessment import (
    appeals as score_appeals,
)
from projects.services.assessment import (
    rounds as assessments,
)
from projects.services.assessment import (
    schemes as scoring_schemes,
)
from projects.services.base.steps import Steps
from tests.factories import NOW, TODAY, make_round, make_scheme, make_unit
from tests.scene import Scene, make_cast
from tests.steps.machines import Machine

pytestmark = pytest.mark.django_db


def scheme(*figures: str, **fields):
    return lambda scene: make_scheme(*figures, **fields)


def draft_beside_one_in_force(scene: Scene) -> ScoringScheme:
    make_scheme("start_rate_of_year")
    return make_scheme("start_rate_of_year", state="draft")


def without_items(scene: Scene) -> ScoringScheme:
    empty = make_scheme(state="draft")
    empty.items.all().delete()
    return empty


def edit(scheme: ScoringScheme, by) -> None:
    day = scheme.effective_on
    scoring_schemes.edit_scheme(
        scheme=scheme, name="新办法", effective_on=day, list_kind=None, by=by, now=NOW
    )


def add_item(scheme: ScoringScheme, by) -> None:
    item = {"name": "开工", "figure": "start_rate_of_year", "weight": Decimal(10)}
    scoring_schemes.save_item(scheme=scheme, by=by, now=NOW, **item)


def change_item(scheme: ScoringScheme, by) -> None:
    scoring_schemes.save_item(scheme=scheme, item=scheme.items.first(), note="按月", by=by, now=NOW)


def remove_item(scheme: ScoringScheme, by) -> None:
    scoring_schemes.remove_item(item=scheme.items.first(), by=by, now=NOW)


def enforce(scheme: ScoringScheme, by) -> None:
    scoring_schemes.enforce_scheme(scheme=scheme, document="淄高新办〔2023〕3号", by=by, now=NOW)


WITH_ITEMS = {
    "draft": scheme("start_rate_of_year", state="draft"),
    "draft of weights too small": scheme(state="draft"),
    "draft to begin too early": draft_beside_one_in_force,
    "in force": scheme("start_rate_of_year"),
    "superseded": scheme("start_rate_of_year", state="superseded"),
}
EDITS = {"add an item": add_item, "change an item": change_item, "remove an item": remove_item}
SCHEMES = Machine(
    scoring_schemes.steps_of,
    states=WITH_ITEMS | {"draft without items": without_items},
    verbs={"edit": edit, "enforce": enforce},
)


def round_of(*figures: str):
    return lambda scene: make_round(make_scheme(*figures), scene.people["office"])


def publish(round_: AssessmentRound, by, now=NOW) -> AssessmentRound:
    return assessments.publish_round(round_=round_, document="6号", by=by, now=now)


def published(scene: Scene, now=NOW) -> AssessmentRound:
    return publish(round_of("start_rate_of_year")(scene), scene.people["office"], now)


def of_a_published_period(scene: Scene) -> AssessmentRound:
    published(scene)
    return make_round(make_scheme("start_rate_of_year", state="superseded"), scene.people["office"])


def nothing_to_score(scene: Scene) -> AssessmentRound:
    ListingVersion.objects.all().delete()
    return round_of("start_rate_of_year")(scene)


def unit() -> Unit:
    return Unit.objects.get(name="工信商务局")  # the one whose head is among the people


def give(round_: AssessmentRound, by) -> None:
    item, words = round_.scheme.items.get(name="加减分"), {"reason": "受表彰", "document": "1号"}
    assessments.give_points(round_=round_, item=item, unit=unit(), points=Decimal(3), **words, by=by, now=NOW)


def with_its_sheet(round_: AssessmentRound, user, today: dt.date) -> Steps:
    return assessments.steps_of(round_, user, today, sheet_of(round_))


ROUNDS = Machine(
    with_its_sheet,
    states={
        "draft": round_of("start_rate_of_year"),
        "draft with points missing": round_of("start_rate_of_year", "manual"),
        "draft with nothing to score": nothing_to_score,
        "draft of a published period": of_a_published_period,
        "published": published,
    },
    verbs={"give": give, "publish": publish},
)


def published_long_ago(scene: Scene) -> AssessmentRound:
    return published(scene, NOW - dt.timedelta(days=30))


def published_without_the_unit(scene: Scene) -> AssessmentRound:
    Project.objects.filter(pk=scene.project.pk).update(lead_department=make_unit())
    return published(scene)


def file(round_: AssessmentRound, by) -> AssessmentAppeal:
    item, words = round_.scheme.items.first(), {"reason": "漏计", "evidence": "产值单"}
    return score_appeals.file_appeal(round_=round_, unit=unit(), item=item, **words, by=by, now=NOW)


def filing(round_: AssessmentRound, user, today: dt.date) -> Steps:
    return Steps(file=score_appeals.file_step(round_, unit().pk, user, today))


FILING = Machine(
    filing,
    states={
        "draft": round_of("start_rate_of_year"),
        "published": published,
        "published long ago": published_long_ago,
        "published without the unit": published_without_the_unit,
    },
    verbs={"file": file},
)


def appealed(scene: Scene) -> AssessmentAppeal:
    return file(published(scene), scene.people["unit head"])


def decide(appeal: AssessmentAppeal, by, *, accept: bool = True) -> AssessmentAppeal:
    return score_appeals.decide_appeal(
        appeal=appeal, accept=accept, points=Decimal(95), decision="经核", by=by, now=NOW
    )


APPEALS = Machine(
    score_appeals.steps_of,
    states={
        "waiting": appealed,
        "accepted": lambda scene: decide(appealed(scene), scene.people["office"]),
        "refused": lambda scene: decide(appealed(scene), scene.people["office"], accept=False),
    },
    verbs={"decide": decide},
)


@pytest.mark.parametrize("state", SCHEMES.states)
def test_a_scheme_offers_what_it_does(state):
    SCHEMES.check(make_cast(), state)


@pytest.mark.parametrize("state", WITH_ITEMS)
@pytest.mark.parametrize("verb", EDITS)
def test_the_items_of_a_scheme_are_changed_where_it_is(verb, state):
    Machine(SCHEMES.steps_of, WITH_ITEMS, SCHEMES.verbs | {"edit": EDITS[verb]}).check(make_cast(), state)


@pytest.mark.parametrize("state", ROUNDS.states)
def test_a_round_offers_what_it_does(state):
    ROUNDS.check(make_cast(), state)


@pytest.mark.parametrize("state", FILING.states)
def test_an_appeal_is_offered_where_it_may_be_filed(state):
    FILING.check(make_cast(), state)


@pytest.mark.parametrize("state", APPEALS.states)
def test_an_appeal_offers_what_it_does(state):
    APPEALS.check(make_cast(), state)


def test_a_round_without_its_sheet_says_who_may_publish_and_whether_it_was():
    cast = make_cast()
    round_, office = nothing_to_score(cast), cast.people["office"]
    assert assessments.steps_of(round_, office, TODAY)["publish"]
    assert not assessments.steps_of(round_, cast.people["inspector"], TODAY)["publish"]
    assert not with_its_sheet(round_, office, TODAY)["publish"]
