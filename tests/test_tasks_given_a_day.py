"""Tasks of working days given a day by hand (指定日期): they run whatever day it is, and without one on days off not."""

import datetime as dt

import pytest

from projects import tasks
from projects.models import LightRecord, Notice
from tests.factories import make_exemption, make_listing, make_project, make_report

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SATURDAY = dt.date(2023, 10, 21)  # 10月中旬 is due on the 23rd


@pytest.fixture(autouse=True)
def on_saturday(settings):
    settings.TODAY = SATURDAY


def told(user) -> int:
    return Notice.objects.filter(recipient=user, channel="in_app").count()


def test_reports_due_are_reminded_of(reporter):
    make_project(lead_department_id=min(reporter.unit_ids))
    tasks.remind_reports_due()
    assert told(reporter) == 0, "a Saturday"
    tasks.remind_reports_due(SATURDAY.isoformat())
    assert told(reporter) == 1
    tasks.remind_reports_due(SATURDAY.isoformat())
    assert told(reporter) == 1


def test_exemptions_that_end_are_reminded_of(reporter):
    project = make_project(lead_department_id=min(reporter.unit_ids))
    make_exemption(
        project, reporter, state="approved", from_on=dt.date(2023, 9, 1), until_on=dt.date(2023, 10, 24)
    )
    tasks.remind_exemptions_ending()
    assert told(reporter) == 0, "a Saturday"
    tasks.remind_exemptions_ending(SATURDAY.isoformat())
    assert told(reporter) == 1


def test_lights_are_recorded_up_to_the_day_given(settings):
    settings.TODAY = dt.date(2023, 12, 1)
    project = make_project()
    make_listing(project)
    make_report(project, "2023-09-3")
    tasks.record_lights("2023-10-12")
    recorded = set(LightRecord.objects.values_list("period_ends_on", flat=True))
    assert recorded and max(recorded) < dt.date(2023, 10, 12)
    tasks.record_lights()
    assert LightRecord.objects.filter(period_ends_on__gte="2023-10-12").exists()
