"""Lists of urgent problems (亟需解决问题清单): what is offered is done, what is not is refused in the same words."""

import datetime as dt

import pytest

from projects.digests.urgent_list import content_now
from projects.models import Problem, UrgentList
from projects.services.problems.urgent import (
    draft_urgent_list,
    edit_urgent_list,
    issue_urgent_list,
    steps_of,
)
from tests.factories import NOW, TODAY, make_problem
from tests.scene import Scene
from tests.steps.machines import Machine

pytestmark = pytest.mark.django_db


def draft_of(*texts: str):
    def made(scene: Scene) -> UrgentList:
        chosen = [make_problem(scene.project, text=text) for text in texts]
        office = scene.people["office"]
        return draft_urgent_list(title="清单", as_of=TODAY, problems=chosen, by=office, now=NOW)

    return made


def with_one_settled_since(scene: Scene) -> UrgentList:
    urgent = draft_of("用地未批", "管线未迁")(scene)
    settled = Problem.objects.filter(urgent_lists=urgent, text="管线未迁")
    settled.update(state=Problem.State.RESOLVED, resolved_on=TODAY)
    return urgent


def issued(scene: Scene) -> UrgentList:
    return issue(draft_of("用地未批")(scene), scene.people["office"])


def edit(urgent: UrgentList, by) -> UrgentList:
    earlier = TODAY - dt.timedelta(days=1)
    return edit_urgent_list(urgent=urgent, title="改", as_of=earlier, problems=[], by=by, now=NOW)


def issue(urgent: UrgentList, by) -> UrgentList:
    return issue_urgent_list(urgent=urgent, write=lambda row: content_now(row).as_dict(), by=by, now=NOW)


URGENT_LISTS = Machine(
    steps_of,
    states={
        "draft": draft_of("用地未批"),
        "draft without problems": draft_of(),
        "draft with one settled since": with_one_settled_since,
        "issued": issued,
    },
    verbs={"edit": edit, "issue": issue},
)


@pytest.mark.parametrize("state", URGENT_LISTS.states)
def test_an_urgent_list_offers_what_it_does(cast, state):
    URGENT_LISTS.check(cast, state)
