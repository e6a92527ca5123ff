"""Dates of fact that came with reports before these were confirmed (0045)."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from projects.models import AuditRecord
from tests.factories import make_project, make_report

pytestmark = [pytest.mark.django_db, pytest.mark.database]
migration = import_module("projects.migrations.0045_claims_wait_for_confirmation")
TOLD, CHANGED = dt.date(2023, 8, 15), dt.date(2023, 8, 1)


@pytest.mark.parametrize(
    ("state", "stands", "kept"),
    [
        ("submitted", TOLD, None),
        ("passed", TOLD, None),
        ("confirmed", TOLD, TOLD),
        ("submitted", CHANGED, CHANGED),
    ],
)
def test_what_waits_is_taken_back_and_what_was_confirmed_or_changed_stays(state, stands, kept):
    project = make_project(started_on=stands)
    make_report(project, "2023-10-1", state=state, reported_facts={"started_on": "2023-08-15"})
    migration.take_back(apps, None)
    project.refresh_from_db()
    assert project.started_on == kept
    assert AuditRecord.objects.filter(action="开竣工日期待旬报确认后登记").exists() == (kept is None)
