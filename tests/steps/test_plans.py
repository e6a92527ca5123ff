"""Plans, their milestones and requests to move dates: what is offered is done, what is not is refused in its words."""

import pytest

from projects.models import DateChangeRequest, DeliveryPlan, Milestone, MilestoneClaim
from projects.services.plans import (
    claims,
    date_changes,
)
from projects.services.plans import (
    drafting as plan_drafting,
)
from projects.services.plans import (
    milestones as plans,
)
from projects.services.plans import (
    versions as plan_versions,
)
from tests.factories import NOW, TODAY, make_claim, make_date_change, make_plan
from tests.scene import Scene
from tests.steps.machines import Machine

pytestmark = pytest.mark.django_db
LATER = "2099-06-30"


def plan_in(state: str, *dues: str, **fields):
    def made(scene: Scene) -> DeliveryPlan:
        approved_on = TODAY if state in {"approved", "superseded"} else None
        return make_plan(scene.project, *dues, state=state, approved_on=approved_on, **fields)

    return made


def in_a_circle(scene: Scene) -> DeliveryPlan:
    plan = plan_in("draft", LATER, LATER)(scene)
    one, two = plan.milestones.all()
    one.predecessors.add(two)
    two.predecessors.add(one)
    return plan


def in_force_beside_a_draft(scene: Scene) -> DeliveryPlan:
    plan = plan_in("approved", LATER)(scene)
    make_plan(scene.project, LATER, number=2, state="draft", approved_on=None)
    return plan


PLANS = Machine(
    plan_versions.steps_of,
    states={
        "draft": plan_in("draft", LATER),
        "draft without milestones": plan_in("draft"),
        "draft in a circle": in_a_circle,
        "submitted": plan_in("submitted", LATER),
        "in force": plan_in("approved", LATER),
        "in force beside a draft": in_force_beside_a_draft,
        "superseded": plan_in("superseded", LATER),
    },
    verbs={
        "edit": lambda plan, by: plan_drafting.edit_draft(
            plan=plan, head={"document": "新1号"}, rows={}, by=by, now=NOW
        ),
        "submit": lambda plan, by: plan_versions.submit_plan(plan=plan, by=by, now=NOW, reason="赶工"),
        "send_back": lambda plan, by: plan_versions.return_plan(plan=plan, reason="工期偏短", by=by, now=NOW),
        "approve": lambda plan, by: plan_versions.approve_plan(plan=plan, approved_on=TODAY, by=by, now=NOW),
        "revise": lambda plan, by: plan_versions.revise_plan(plan=plan, by=by, now=NOW),
    },
)


def milestone_of(plan_state: str, due: str = LATER, **fields):
    def made(scene: Scene) -> Milestone:
        milestone = plan_in(plan_state, due)(scene).milestones.get()
        Milestone.objects.filter(pk=milestone.pk).update(**fields)
        return milestone

    return made


def asked_to_move(scene: Scene) -> Milestone:
    milestone = milestone_of("approved")(scene)
    make_date_change(milestone, scene.people["reporter"])
    return milestone


MILESTONES = Machine(
    plans.steps_of,
    states={
        "open": milestone_of("approved"),
        "done": milestone_of("approved", achieved_on=TODAY, evidence="批1号"),
        "due today": milestone_of("approved", TODAY.isoformat()),
        "undated": milestone_of("approved", "待定"),
        "asked to move": asked_to_move,
        "claimed": lambda scene: claim_in("waiting")(scene).milestone,
        "of a draft": milestone_of("draft"),
        "of a superseded plan": milestone_of("superseded"),
        "done in a superseded plan": milestone_of("superseded", achieved_on=TODAY, evidence="批1号"),
    },
    verbs={
        "achieve": lambda milestone, by: plans.achieve_milestone(
            milestone=milestone, achieved_on=TODAY, evidence="批2号", by=by, now=NOW
        ),
        "undo": lambda milestone, by: plans.undo_achievement(
            milestone=milestone, reason="误报", by=by, now=NOW
        ),
        "move": lambda milestone, by: date_changes.request_date_change(
            milestone=milestone, new_due="2099-12-31", reason="停工", document="函1号", by=by, now=NOW
        ),
    },
)


def request_in(state: str, milestone=milestone_of("approved")):  # noqa: B008 (only a maker)
    def made(scene: Scene) -> DateChangeRequest:
        decider = scene.people["office"] if state in {"approved", "refused"} else None
        by = scene.people["reporter"]
        return make_date_change(milestone(scene), by, state=state, decided_by=decider)

    return made


REQUESTS = Machine(
    date_changes.steps_of,
    states={
        "waiting": request_in("waiting"),
        "waiting for what is done": request_in(
            "waiting", milestone_of("approved", achieved_on=TODAY, evidence="批1号")
        ),
        "waiting in a superseded plan": request_in("waiting", milestone_of("superseded")),
        "approved": request_in("approved"),
        "refused": request_in("refused"),
        "withdrawn": request_in("withdrawn"),
    },
    verbs={
        "approve": lambda request, by: date_changes.approve_date_changes(requests=[request], by=by, now=NOW),
        "refuse": lambda request, by: date_changes.refuse_date_changes(
            requests=[request], decision="理由不足", by=by, now=NOW
        ),
        "withdraw": lambda request, by: date_changes.withdraw_date_change(request=request, by=by, now=NOW),
    },
)


def claim_in(state: str, milestone=milestone_of("approved"), by: str = "reporter"):  # noqa: B008 (only a maker)
    def made(scene: Scene) -> MilestoneClaim:
        decided = {"decided_by": scene.people["office"]} if state in {"confirmed", "returned"} else {}
        reason = "依据不足" if state == "returned" else ""
        return make_claim(milestone(scene), scene.people[by], state=state, return_reason=reason, **decided)

    return made


CLAIMS = Machine(
    claims.steps_of,
    states={state: claim_in(state) for state in ("waiting", "confirmed", "returned", "withdrawn")}
    | {
        "waiting for what is done": claim_in(
            "waiting", milestone_of("approved", achieved_on=TODAY, evidence="批1号")
        ),
        "waiting in a superseded plan": claim_in("waiting", milestone_of("superseded")),
        "of the office": claim_in("waiting", by="office"),
    },
    verbs={
        "confirm": lambda claim, by: claims.confirm_claim(claim=claim, by=by, now=NOW),
        "send_back": lambda claim, by: claims.return_claim(claim=claim, reason="依据不足", by=by, now=NOW),
        "withdraw": lambda claim, by: claims.withdraw_claim(claim=claim, by=by, now=NOW),
    },
)


@pytest.mark.parametrize("state", CLAIMS.states)
def test_a_claim_offers_what_it_does(cast, state):
    CLAIMS.check(cast, state)


@pytest.mark.parametrize("state", PLANS.states)
def test_a_plan_offers_what_it_does(cast, state):
    PLANS.check(cast, state)


@pytest.mark.parametrize("state", MILESTONES.states)
def test_a_milestone_offers_what_it_does(cast, state):
    MILESTONES.check(cast, state)


@pytest.mark.parametrize("state", REQUESTS.states)
def test_a_request_to_move_a_date_offers_what_it_does(cast, state):
    REQUESTS.check(cast, state)
