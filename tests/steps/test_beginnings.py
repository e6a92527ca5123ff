"""What may be begun on a project or set on it: what is offered is done, what is not is refused in the same words."""

import datetime as dt

import pytest

from projects.models import PermitKind, PlanTemplate, Project, ProjectMarker, SiteVisit
from projects.services.base.steps import Steps
from projects.services.papers import land, markers, permits
from projects.services.plans import drafting as plan_drafting
from projects.services.plans import versions as plan_versions
from projects.services.problems import actions as actions
from projects.services.problems import handling as problems
from projects.services.problems import visits
from tests.factories import NOW, TODAY, make_plan, make_unit
from tests.scene import Scene
from tests.steps.machines import Machine

pytestmark = pytest.mark.django_db


def active(scene: Scene) -> Project:
    return scene.project


def with_a_draft(scene: Scene) -> Project:
    make_plan(scene.project, "2099-06-30", state="draft", approved_on=None)
    return scene.project


def ended(scene: Scene) -> Project:
    Project.objects.filter(pk=scene.project.pk).update(state=Project.State.WITHDRAWN)
    return scene.project


def set_marker(project: Project, by, kind: str = "with_scheme") -> ProjectMarker:
    given = {"kind": kind, "state": "running", "since_on": TODAY, "note": "更正"}
    return markers.set_marker(project=project, by=by, now=NOW, **given)


PROJECTS = Machine(
    lambda project, user, today: Steps(
        plan=plan_versions.drafting(project, user),
        problem=problems.raising(project, user),
        visit=visits.visiting(project, user),
        permit=permits.registering(project, user),
        plot=land.entering(project, user),
        marker=markers.setting(project, user),
    ),
    states={"active": active, "with a draft of its plan": with_a_draft, "ended": ended},
    verbs={
        "plan": lambda project, by: plan_drafting.draft_plan_from_template(
            project=project,
            template=PlanTemplate.objects.get(),
            starts_on=TODAY,
            finish_on=dt.date(2026, 12, 31),
            by=by,
            now=NOW,
        ),
        "problem": lambda project, by: problems.raise_problem(
            project=project, category="land", text="用地未批", by=by, now=NOW
        ),
        "visit": lambda project, by: visits.log_visit(
            project=project, visited_on=TODAY, findings="施工正常", by=by, now=NOW
        ),
        "permit": lambda project, by: permits.register_permit(
            project=project, kind=PermitKind.objects.first(), number="新1号", issued_on=TODAY, by=by, now=NOW
        ),
        "plot": lambda project, by: land.create_plot(project=project, name="新地块", by=by, now=NOW),
        "marker": set_marker,
    },
)


def marker_in(state: str, project=active):
    def made(scene: Scene) -> ProjectMarker:
        fields = {
            "kind": "six_in_one",
            "state": state,
            "since_on": TODAY,
            "document": "批1号",
            "note": "停办",
        }
        return ProjectMarker.objects.create(project=project(scene), made_at=NOW, **fields)

    return made


MARKERS = Machine(
    markers.steps_of,
    states={
        "planned": marker_in("planned"),
        "done": marker_in("done"),
        "dropped": marker_in("dropped"),
        "of an ended project": marker_in("planned", ended),
    },
    verbs={"set": lambda marker, by: set_marker(marker.project, by, marker.kind)},
)


def visit_in(state: str, logged_by: str = "reporter"):
    def made(scene: Scene) -> SiteVisit:
        given = {
            "visited_on": TODAY,
            "findings": "施工正常",
            "official": scene.project.sponsor,
            "state": state,
        }
        if state == "returned":
            given |= {"return_reason": "当日未到现场", "decided_by": scene.people["sponsor"]}
        by = scene.people[logged_by]
        return SiteVisit.objects.create(project=scene.project, logged_by=by, logged_at=NOW, **given)

    return made


VISITS = Machine(
    lambda visit, user, today: Steps(
        action=actions.deciding(visit, user), **visits.steps_of(visit, user, today)
    ),
    states={state: visit_in(state) for state in ("waiting", "confirmed", "returned", "withdrawn")}
    | {"logged by the office": visit_in("waiting", "office")},
    verbs={
        "action": lambda visit, by: actions.add_action(
            visit=visit, text="报件", unit=make_unit(), due_on=TODAY, by=by, now=NOW
        ),
        "confirm": lambda visit, by: visits.confirm_visit(visit=visit, by=by, now=NOW),
        "send_back": lambda visit, by: visits.return_visit(visit=visit, reason="未到现场", by=by, now=NOW),
        "withdraw": lambda visit, by: visits.withdraw_visit(visit=visit, by=by, now=NOW),
    },
)


@pytest.mark.parametrize("state", PROJECTS.states)
def test_a_project_offers_what_may_be_begun_on_it(cast, state):
    PROJECTS.check(cast, state)


@pytest.mark.parametrize("state", MARKERS.states)
def test_a_marker_offers_what_it_does(cast, state):
    MARKERS.check(cast, state)


@pytest.mark.parametrize("state", VISITS.states)
def test_a_visit_offers_what_it_does(cast, state):
    VISITS.check(cast, state)
