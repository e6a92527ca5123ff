"""A milestone is one matter through all versions of its plan: moving another one's date touches neither alert nor issue."""

import datetime as dt

import pytest

from projects.digests.weekly import weekly_content
from projects.models import Alert, AlertStep, DueReminder, Notice
from projects.periods import Week
from projects.services.alerts.scanning import acknowledge_alert, exempt_alert, scan_alerts
from projects.services.plans.date_changes import approve_date_changes, request_date_change
from projects.services.plans.versions import approve_plan, revise_plan
from tests.factories import NOW, handed_in, make_plan, make_project, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
QUIET = dt.date(2024, 1, 1)
MOVED_ON = dt.datetime(2023, 10, 17, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def office():
    return make_user("office")


@pytest.fixture
def plan(unit):
    """供地 due 1 September, 环评 due 20 August, 封顶 to be moved from 20 October, one due soon."""
    project = make_project(lead_department=unit, reports_from_on=QUIET)
    return make_plan(project, "2023-09-01", "2023-08-20", "2023-10-20", "2023-10-24")


def scan(day: str):
    return scan_alerts(as_of=dt.date.fromisoformat(day), now=NOW)


def move(plan, position, office, unit):
    reporter = make_user("reporter", unit=unit)
    request = request_date_change(
        milestone=plan.milestones.get(position=position),
        new_due="2023-12-20",
        reason="冬季停工",
        document="淄高新〔2023〕9号",
        by=reporter,
        now=MOVED_ON,
    )
    return approve_date_changes(requests=[request], by=office, now=MOVED_ON)


def test_moving_one_date_leaves_the_alerts_of_the_others_as_they_are(plan, unit, office):
    scan("2023-10-16")
    land, assessment = Alert.objects.order_by("-due_on")
    acknowledge_alert(alert=land, by=office, now=NOW)
    exempt_alert(alert=assessment, reason="区领导同意", until_on=dt.date(2023, 12, 31), by=office, now=NOW)
    steps, last = AlertStep.objects.count(), Notice.objects.latest("pk").pk
    reminded = DueReminder.objects.filter(due_on="2023-10-24").count()
    assert steps and reminded
    move(plan, 3, office, unit)
    told = scan("2023-10-18")
    assert (told.opened, told.closed) == (0, 0)
    land.refresh_from_db()
    assessment.refresh_from_db()
    assert land.acknowledged_by == office
    assert assessment.exemptions.get().until_on == dt.date(2023, 12, 31)
    assert (land.closed_on, assessment.closed_on) == (None, None)
    assert AlertStep.objects.count() == steps
    assert not Notice.objects.filter(pk__gt=last, body__contains="逾期满15个工作日").exists()
    assert DueReminder.objects.filter(due_on="2023-10-24", working_days__lte=-7).count() == 1


def test_the_weekly_report_sees_no_movement_where_nothing_moved(plan, unit, office):
    before = weekly_content(Week.containing(dt.date(2023, 10, 15)))
    move(plan, 3, office, unit)
    after = weekly_content(Week.containing(dt.date(2023, 10, 22)))
    assert (len(before.open_rows), after.opening, len(after.new), len(after.cleared)) == (2, 2, 0, 0)
    weeks = {row.subject: row.weeks for row in before.open_rows}
    assert {row.subject: row.weeks for row in after.still} == {key: n + 1 for key, n in weeks.items()}


def test_a_next_version_with_the_same_milestone_goes_on_with_its_alert(plan, office):
    scan("2023-10-16")
    kept = set(Alert.objects.values_list("pk", "subject"))
    draft = revise_plan(plan=plan, by=office, now=MOVED_ON)
    approve_plan(plan=handed_in(draft), approved_on=dt.date(2023, 10, 17), by=office, now=MOVED_ON)
    scan("2023-10-18")
    assert set(Alert.objects.values_list("pk", "subject")) == kept
