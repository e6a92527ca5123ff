"""A page shows the way to each step that is open to the person who looks at it, and to no other."""

import pytest
from django.db import transaction
from django.urls import reverse

from projects.services.base.steps import Steps
from tests.crawling import turns
from tests.factories import TODAY
from tests.scene import make_cast

from . import test_beginnings, test_clinics, test_land, test_plans, test_problems, test_urgent_lists

pytestmark = pytest.mark.django_db


def own(name: str):
    return lambda row: reverse(name, args=[row.pk])


# subject: its machine, the page of a row, and the address of each step that the page leads to
PAGES = {
    "plan": (
        test_plans.PLANS,
        own("plan_detail"),
        {
            "edit": own("plan_edit"),
            "submit": own("plan_submit"),
            "send_back": own("plan_return"),
            "approve": own("plan_approve"),
            "revise": own("plan_revise"),
        },
    ),
    "milestone of a plan": (
        test_plans.MILESTONES,
        lambda milestone: reverse("plan_detail", args=[milestone.plan_id]),
        {"achieve": own("milestone_achieve"), "move": own("datechange_create")},
    ),
    "milestone of a project": (
        test_plans.MILESTONES,
        lambda milestone: reverse("project_detail", args=[milestone.project.code]),
        {"achieve": own("milestone_achieve"), "move": own("datechange_create")},
    ),
    "milestone in the list": (
        test_plans.MILESTONES,
        lambda milestone: f"{reverse('milestone_list')}?q={milestone.project.code}&status=",
        {
            "achieve": own("milestone_achieve"),
            "move": own("datechange_create"),
            "undo": own("milestone_undo"),
        },
    ),
    "request to move a date": (
        test_plans.REQUESTS,
        lambda request: reverse("datechange_list"),
        {"refuse": own("datechange_decide"), "withdraw": own("datechange_withdraw")},
    ),
    "claim": (
        test_plans.CLAIMS,
        own("claim_detail"),
        {
            "confirm": own("claim_confirm"),
            "send_back": own("claim_return"),
            "withdraw": own("claim_withdraw"),
        },
    ),
    "problem": (
        test_problems.PROBLEMS,
        own("problem_detail"),
        {verb: own(f"problem_{verb}") for verb in test_problems.PROBLEMS.verbs},
    ),
    "action of a problem": (
        test_problems.MEASURES,
        lambda action: reverse("problem_detail", args=[action.problem_id]),
        {"finish": own("action_finish")},
    ),
    "action in the list": (
        test_problems.MEASURES,
        lambda action: f"{reverse('action_list')}?status=",
        {"finish": own("action_finish")},
    ),
    "sitting": (
        test_clinics.SESSIONS,
        own("clinic_detail"),
        {"add": own("clinic_add"), "hold": own("clinic_held")},
    ),
    "case": (
        test_clinics.CASES,
        own("clinic_case"),
        {verb: own(f"clinic_{verb}") for verb in test_clinics.CASES.verbs},
    ),
    "urgent list": (
        test_urgent_lists.URGENT_LISTS,
        own("urgent_detail"),
        {"edit": own("urgent_edit"), "issue": own("urgent_issue")},
    ),
    "item of a plot": (
        test_land.ITEMS,
        own("plot_item"),
        {verb: own(f"plot_{verb}") for verb in test_land.ITEMS.verbs},
    ),
    "marker in the list": (
        test_beginnings.MARKERS,
        lambda marker: reverse("marker_list"),
        {"set": lambda marker: reverse("marker_set", args=[marker.project.code, marker.kind])},
    ),
    "visit": (
        test_beginnings.VISITS,
        own("visit_detail"),
        {"action": own("visit_action"), "confirm": own("visit_confirm")}
        | {"send_back": own("visit_return"), "withdraw": own("visit_withdraw")},
    ),
    "project": (
        test_beginnings.PROJECTS,
        lambda project: reverse("project_detail", args=[project.code]),
        {
            name: lambda project, name=name: reverse(f"{name}_create", args=[project.code])
            for name in ("plan", "problem", "visit", "permit", "plot")
        }
        | {"marker": lambda project: reverse("marker_set", args=[project.code, "with_scheme"])},
    ),
}


# the page of a project, asked for each state and person, is the dearest
LONG = ("project", "milestone of a project", "milestone of a plan", "plan")


@pytest.mark.parametrize("subject", turns(PAGES, [name for name in PAGES if name not in LONG]))
def test_a_page_leads_to_what_is_open_and_to_nothing_else(client, settings, subject):
    settings.TODAY = TODAY
    scene = make_cast()
    machine, page, doors = PAGES[subject]
    for state, made in machine.states.items():
        with transaction.atomic():
            row = made(scene)
            for person in ("reporter", "sponsor", "officer", "office", "inspector"):
                client.force_login(scene.people[person])
                answer = client.get(page(row))
                if answer.status_code in {403, 404} and person != "office":
                    continue
                shown = {verb for verb, door in doors.items() if f'"{door(row)}' in answer.content.decode()}
                steps: Steps = machine.steps_of(type(row).objects.get(pk=row.pk), scene.people[person], TODAY)
                open_ones = {verb for verb in doors if steps[verb]}
                assert shown == open_ones, f"{subject} {state}, {person}"
            transaction.set_rollback(True)
