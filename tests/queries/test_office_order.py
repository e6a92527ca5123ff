"""Units with equal numbers stand in the office's order, not in that of their names."""

import pytest
from django.urls import reverse

from projects.models import Problem, Unit
from projects.queries.desk.desk import Desk
from projects.queries.desk.owed import OwedKind
from projects.queries.problems.problems import ageing
from tests.factories import TODAY, make_action, make_problem, make_project, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
IN_ORDER = ["综保中心", "建设局", "安监局"]


@pytest.fixture
def units() -> list[Unit]:
    """Units whose order is that of neither their names nor their keys."""
    found = [make_unit(name) for name in (IN_ORDER[1], IN_ORDER[2], IN_ORDER[0])]
    for unit in found:
        unit.position = IN_ORDER.index(unit.name) + 1
        unit.save()
    return found


def test_ageing_of_problems_and_the_table_of_actions(units, client):
    office = make_user("office")
    for unit in units:
        problem = make_problem(make_project(), lead_unit=unit)
        make_action(unit, by=office, problem=problem)
    make_problem(make_project())
    lines = ageing(Problem.objects.all(), by="unit", as_of=TODAY)
    assert [line.words for line in lines] == [*IN_ORDER, "责任单位待明确"]
    client.force_login(office)
    rows = client.get(reverse("action_list")).context["units"]
    assert [row["unit__name"] for row in rows] == IN_ORDER


def test_silent_units_on_the_desk(units):
    for unit in units:
        make_project(lead_department=unit)
    make_project()
    (office,) = Desk(make_user("office"), TODAY).sections()
    (silent,) = (group for group in office.groups if group.kind == OwedKind.UNIT_SILENT)
    assert [row.what for row in silent.rows][:3] == IN_ORDER
