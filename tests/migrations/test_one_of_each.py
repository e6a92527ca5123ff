"""Rows of the time when two at once wrote the same twice, and when memberships said no cause (0040)."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from projects.models import AuditRecord, CorrectiveAction, ProjectMember, SiteVisit
from tests.factories import NOW, TODAY, make_action, make_problem, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.database]
migration = import_module("projects.migrations.0040_causes_of_memberships")
FIRST = dt.date(2023, 9, 1)


def member(project, unit, **fields):
    return ProjectMember(project=project, unit=unit, kind="supporting_unit", from_on=FIRST, **fields)


def causes(unit):
    return set(ProjectMember.objects.lasting().filter(unit=unit).values_list("cause", "from_on"))


def without(constraint: str) -> None:
    """The table as it was before 0041, until the test rolls back."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {constraint}")


def migrate() -> None:
    migration.one_of_each(apps, None)


def test_a_unit_gets_a_row_for_each_thing_it_still_owes(project, office):
    unit, idle, by_hand, unknown = (make_unit() for _ in range(4))
    open_ = make_problem(project, lead_unit=unit)
    make_problem(project, lead_unit=idle, state="resolved", resolved_on=TODAY)
    open_.helper_units.add(by_hand)
    rows = ProjectMember.objects.bulk_create(member(project, one) for one in (unit, idle, by_hand, unknown))
    AuditRecord.objects.create(
        model="projectmember", object_id=rows[2].pk, action="登记协办单位", by=office, at=NOW
    )
    migrate()
    assert causes(unit) == {(f"problem:{open_.pk}", FIRST)}
    assert causes(idle) == set(), "what it was asked for is settled"
    assert causes(by_hand) == {("", FIRST)} == causes(unknown)


def test_a_membership_doubled_by_two_at_once_stands_once(project):
    unit = make_unit()
    without("supporting_unit_once_a_cause")
    first, second = (ProjectMember.objects.create(**_values(project, unit)) for _ in range(2))
    migrate()
    assert ProjectMember.objects.lasting().get() == first
    second.refresh_from_db()
    assert second.until_on == FIRST


def _values(project, unit):
    return {"project": project, "unit": unit, "kind": "supporting_unit", "from_on": FIRST}


def test_a_visit_logged_twice_is_one_with_all_that_hangs_on_it(project, office):
    without("visit_logged_once")
    said = {"project": project, "visited_on": TODAY, "logged_by": office, "logged_at": NOW}
    first, second = (SiteVisit.objects.create(findings="道路不通", **said) for _ in range(2))
    longer = SiteVisit.objects.create(findings="道路不通" * 60, **said)
    another = SiteVisit.objects.create(findings="道路不通" * 60 + "，已报", **said)
    problem = make_problem(project, visit=second)
    migrate()
    assert set(SiteVisit.objects.all()) == {first, longer, another}
    problem.refresh_from_db()
    another.refresh_from_db()
    assert problem.visit == first
    assert another.place == "（2）", "what is not the same stays"


def test_an_action_set_twice_is_the_one_that_was_carried_out(project, office):
    without("action_set_once")
    unit, problem = make_unit(), make_problem(project)
    make_action(unit, by=office, problem=problem, text="增容")
    done = make_action(unit, by=office, problem=problem, text="增容", done_on=TODAY, result="已增容")
    migrate()
    assert CorrectiveAction.objects.get() == done
