"""What an alert said of its one exemption before exemptions were rows of their own (0058)."""

import datetime as dt
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from projects.models import AlertExemption
from tests.factories import make_project

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NAME = "0058_alert_exemptions"
COLUMNS = (
    "exempted_from_on date NULL",
    "exempted_until_on date NULL",
    "exempted_by_id bigint NULL",
    "exemption_reason varchar(200) NOT NULL DEFAULT ''",
)


@pytest.fixture
def then():
    """The models of that time, over the table with the columns of that time until the test rolls back."""
    with connection.cursor() as cursor:
        for column in COLUMNS:
            cursor.execute(f"ALTER TABLE projects_alert ADD COLUMN {column}")
    return MigrationLoader(connection).project_state(("projects", NAME)).apps


def test_each_exemption_goes_on_with_its_days_and_reason(then):
    project, alert = make_project().pk, then.get_model("projects", "Alert").objects
    first, last = dt.date(2023, 10, 12), dt.date(2023, 12, 31)
    common = {"kind": "start_overdue", "project_id": project, "due_on": first, "opened_on": first}
    alert.create(subject="project:1", title="未豁免", **common)
    exempted = {"exempted_from_on": first, "exempted_until_on": last, "exemption_reason": "待省级批复"}
    alert.create(subject="project:2", title="豁免", **exempted, **common)
    import_module(f"projects.migrations.{NAME}").as_recorded(then, None)
    carried = AlertExemption.objects.values_list("alert__title", "from_on", "until_on", "ended_on", "reason")
    assert list(carried) == [("豁免", first, last, None, "待省级批复")]
