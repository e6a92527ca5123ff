"""Alerts, reminders and issues of the time when each version of a plan named its milestones anew (0032)."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from projects.models import Alert, AlertKind, AlertStep, AuditRecord, DueReminder, Milestone, WeeklyReport
from projects.services.plans.versions import approve_plan, revise_plan
from tests.factories import NOW, TODAY, handed_in, make_plan, make_project, make_user
from tests.migrations import Editor

pytestmark = [pytest.mark.django_db, pytest.mark.database]
migration = import_module("projects.migrations.0032_milestones_by_their_root")


@pytest.fixture
def versions() -> list[Milestone]:
    """The same milestone in three versions of a plan."""
    office, plan = make_user("office"), make_plan(make_project(), "2023-09-01")
    rows = [plan.milestones.get()]
    for _ in range(2):
        draft = revise_plan(plan=plan, by=office, now=NOW)
        plan = approve_plan(plan=handed_in(draft), approved_on=TODAY, by=office, now=NOW)
        rows.append(plan.milestones.get())
    return rows


def alert_of(milestone: Milestone, opened: str, closed: str | None = None, **fields) -> Alert:
    return Alert.objects.create(
        kind=AlertKind.MILESTONE_OVERDUE,
        subject=f"milestone:{milestone.pk}",
        project=milestone.project,
        title="供地",
        due_on=dt.date(2023, 9, 1),
        opened_on=opened,
        closed_on=closed,
        **fields,
    )


def migrate() -> None:
    migration.name_by_root(apps, Editor)


def test_alerts_that_ended_and_began_with_a_version_are_one(versions, monkeypatch):
    monkeypatch.setattr(Alert, "exempted_until_on", None, raising=False)  # a column of that time
    office = make_user("office")
    first = alert_of(versions[0], "2023-09-04", "2023-10-11", acknowledged_by=office, acknowledged_at=NOW)
    second = alert_of(versions[1], "2023-10-11", "2023-10-12")
    third = alert_of(versions[2], "2023-10-12")
    for alert, step in ((first, 1), (first, 3), (second, 1), (third, 7)):
        AlertStep.objects.create(alert=alert, working_days=step, reached_on=TODAY)
    entry = AuditRecord.objects.create(
        at=NOW, by=office, action="豁免", model="alert", object_id=second.pk, object_text="供地"
    )
    migrate()
    alert = Alert.objects.get()
    assert (alert.pk, alert.subject) == (first.pk, f"milestone:{versions[0].pk}")
    assert (alert.opened_on, alert.closed_on) == (dt.date(2023, 9, 4), None)
    assert alert.acknowledged_by == office
    assert sorted(alert.steps.values_list("working_days", flat=True)) == [1, 3, 7]
    entry.refresh_from_db()
    assert entry.object_id == first.pk


def test_a_matter_that_was_settled_in_between_keeps_both_alerts(versions):
    alert_of(versions[0], "2023-09-04", "2023-09-20")
    alert_of(versions[2], "2023-10-12")
    migrate()
    assert list(Alert.objects.values_list("subject", flat=True)) == [f"milestone:{versions[0].pk}"] * 2


def test_reminders_are_counted_once(versions):
    due = {"due_on": "2023-11-01", "reached_on": TODAY}
    for milestone, step in ((versions[0], -7), (versions[1], -7), (versions[1], -3)):
        DueReminder.objects.create(subject=f"milestone:{milestone.pk}", working_days=step, **due)
    DueReminder.objects.create(subject="permit:7", working_days=-7, **due)
    migrate()
    root = f"milestone:{versions[0].pk}"
    assert sorted(DueReminder.objects.values_list("subject", "working_days")) == [
        (root, -7),
        (root, -3),
        ("permit:7", -7),
    ]


def test_rows_of_issues_take_the_name_and_keep_what_they_print(versions):
    row = {"kind": "milestone_overdue", "subject": f"milestone:{versions[1].pk}", "title": "供地", "weeks": 3}
    other = {"kind": "problem_overdue", "subject": f"problem:{versions[1].pk}"}
    report = WeeklyReport.objects.create(
        year=2023, week=40, number=40, content={"still": [row, other], "new": []}, made_at=NOW
    )
    migrate()
    report.refresh_from_db()
    assert report.content["still"] == [row | {"subject": f"milestone:{versions[0].pk}"}, other]
