"""Every list means the same by a list and by a holder: in the list, and on duty, on the day it is asked about."""

import datetime as dt

import pytest
from django.urls import reverse

from projects.models import Alert, AlertKind, Handover
from tests.factories import (
    NOW,
    TODAY,
    make_list,
    make_listing,
    make_official,
    make_permit,
    make_plan,
    make_problem,
    make_project,
    make_unit,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]
REMOVED_ON = dt.date(2023, 10, 10)
BEFORE, AFTER = {"as_of": "2023-10-09"}, {"as_of": "2023-10-11"}
LISTED = (
    "project_list slot_list responsibility_list progress_list wall_chart milestone_list problem_list".split()
)
# page: the parameter of each slot it can be narrowed by
HELD = {
    "project_list": {"lead_department": "lead_department", "sponsor": "sponsor"},
    "slot_list": {"lead_department": "lead_department", "sponsor": "sponsor"},
    "responsibility_list": {"lead_department": "lead_department", "sponsor": "sponsor"},
    "progress_list": {"lead_department": "department", "sponsor": "sponsor"},
    "wall_chart": {"lead_department": "department", "sponsor": "sponsor"},
    "milestone_list": {"lead_department": "department", "sponsor": "sponsor"},
    "plan_list": {"lead_department": "unit"},
    "permit_list": {"lead_department": "unit"},
}


@pytest.fixture
def project():
    """A project with something on every list, handed to others on 10 October and then off the list."""
    project = make_project("甲项目", lead_department=make_unit("旧局"), sponsor=make_official("旧领导"))
    make_listing(project, make_list("市级重大"), effective_on=dt.date(2023, 1, 1))
    make_listing(project, make_list("市级重大"), effective_on=REMOVED_ON, change="removed")
    make_plan(project, "2023-09-01")
    make_problem(project)
    make_permit(project)
    Alert.objects.create(
        kind=AlertKind.MILESTONE_OVERDUE, subject="milestone:1", project=project, title="节点1",
        due_on="2023-09-01", opened_on="2023-09-02",
    )  # fmt: skip
    for slot, to in (
        ("lead_department", {"unit": make_unit("新局")}),
        ("sponsor", {"official": make_official("新领导")}),
    ):
        Handover.objects.create(project=project, slot=slot, from_on=REMOVED_ON, made_at=NOW, **to)
    return project


def shown(client, name: str, **query) -> int:
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    if name == "wall_chart":
        return len(response.context["rows"])
    return response.context["table"].paginator.count


@pytest.mark.parametrize("name", LISTED)
def test_a_project_taken_off_the_list_is_in_it_until_that_day(client, office, project, name):
    client.force_login(office)
    chosen = {"list": project.listings.get().annual_list_id}
    assert (shown(client, name, **chosen, **BEFORE), shown(client, name, **chosen, **AFTER)) == (1, 0)


@pytest.mark.parametrize(("name", "slot"), [(name, slot) for name, slots in HELD.items() for slot in slots])
def test_a_holder_is_asked_for_as_of_the_day(client, office, project, name, slot):
    client.force_login(office)
    column = "official" if slot == "sponsor" else "unit"
    old, new = (
        getattr(row, f"{column}_id") for row in project.handovers.filter(slot=slot).order_by("from_on")
    )
    parameter = HELD[name][slot]
    found = [
        (
            shown(client, name, **{parameter: holder}, **BEFORE),
            shown(client, name, **{parameter: holder}, **AFTER),
        )
        for holder in (old, new)
    ]
    assert found == [(1, 0), (0, 1)]


def test_findings_of_a_past_day_name_the_unit_of_that_day(project):
    from projects.queries.alerts.findings import findings

    project.plans.get().milestones.update(unit=None)
    named = {day: {one.unit_id for one in findings(day)} for day in (dt.date(2023, 10, 9), TODAY)}
    old, new = (
        project.handovers.filter(slot="lead_department").order_by("from_on").values_list("unit", flat=True)
    )
    assert old in named[dt.date(2023, 10, 9)] and new not in named[dt.date(2023, 10, 9)]
    assert new in named[TODAY] and old not in named[TODAY]
