"""What stands on a desk (工作台) as owed is open to that person: its button leads to no refusal."""

import pytest

from projects.models import CorrectiveAction, DateChangeRequest, DeliveryPlan, Milestone, Problem
from projects.queries.desk.desk import Desk
from projects.queries.desk.owed import OwedKind
from projects.services.plans import date_changes
from projects.services.plans import milestones as plans
from projects.services.plans import versions as plan_versions
from projects.services.problems import actions as actions
from projects.services.problems import entries as problem_steps
from tests.factories import NOW, TODAY, make_plan, make_problem, make_project, make_unit
from tests.scene import Scene, make_scene
from tests.steps.machines import PEOPLE

pytestmark = pytest.mark.django_db
# what a duty asks of its row, and who answers whether it may be done
ASKED = {
    OwedKind.MILESTONE: (Milestone, plans.steps_of, "achieve"),
    OwedKind.PERMIT: (Milestone, plans.steps_of, "achieve"),
    OwedKind.ACTION: (CorrectiveAction, actions.steps_of, "finish"),
    OwedKind.PROBLEM: (Problem, problem_steps.steps_of, "progress"),
    OwedKind.PROBLEM_SETTLE: (Problem, problem_steps.steps_of, "progress"),
    OwedKind.PROBLEM_VERIFY: (Problem, problem_steps.steps_of, "resolve"),
    OwedKind.PLAN_APPROVE: (DeliveryPlan, plan_versions.steps_of, "approve"),
    OwedKind.PLAN_MEND: (DeliveryPlan, plan_versions.steps_of, "edit"),
    OwedKind.DATE_CHANGE: (DateChangeRequest, date_changes.steps_of, "approve"),
}


def busy(scene: Scene) -> None:
    """Something of every kind, and a handled problem whose raiser has nothing to do with the project any more."""
    unit, reporter = scene.project.lead_department, scene.people["reporter"]
    settled = {"state": Problem.State.HANDLED, "handled_by": scene.people["officer"], "handled_on": TODAY}
    given_away = make_project("移交项目", lead_department=make_unit("接手单位"))
    for project in (scene.project, given_away):
        make_problem(project, raised_by=reporter, lead_unit=project.lead_department, **settled)
    make_problem(scene.project, lead_unit=unit, level=Problem.Level.SPONSOR)
    Milestone.objects.filter(plan__project=scene.project).update(stage=Milestone.Stage.PREPARATORY)
    in_hand = {"approved_on": None, "submitted_by": reporter, "submitted_at": NOW}
    for state, reason in (("submitted", ""), ("draft", "工期偏短")):
        project = make_project(lead_department=unit)
        make_plan(project, "2099-06-30", state=state, return_reason=reason, **in_hand)


def test_what_stands_on_a_desk_may_be_done(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    scene = make_scene()
    busy(scene)
    met = set()
    for person in PEOPLE:
        user = scene.people[person]
        for section in Desk(user, TODAY).sections():
            for owed in (one for group in section.groups for one in group.rows if one.kind in ASKED):
                model, steps_of, verb = ASKED[owed.kind]
                step = steps_of(model.objects.get(pk=owed.target), user, TODAY)[verb]
                assert step, f"{owed} for {person}: {step.refusal}"
                met.add(owed.kind)
    assert met == set(ASKED)
