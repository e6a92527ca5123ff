"""Reports handed in before rounds were kept get the one they stand in (0016_report_rounds)."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import AuditRecord, ProgressReport, ReportRound, ReportState
from tests.factories import NOW, make_project, make_report, make_user
from tests.migrations import Editor

pytestmark = [pytest.mark.django_db, pytest.mark.database]
migration = import_module("projects.migrations.0016_report_rounds")


def migrate() -> dict[int, ReportRound]:
    migration.keep_rounds(apps, Editor)
    return {kept.report_id: kept for kept in ReportRound.objects.all()}


def handed_in(state=ReportState.SUBMITTED, **fields) -> ProgressReport:
    fields.setdefault("submitted_by", make_user("reporter"))
    return make_report(make_project(), state=state, submitted_at=NOW, **fields)


def test_what_was_handed_in_is_its_round_and_the_reviewers_stay_on_it():
    office = make_user("office")
    report = handed_in(
        ReportState.CONFIRMED,
        round=2,
        invested_to_date=300,
        overruled_warnings=["核对"],
        overrule_reason="更正",
        reported_facts={"started_on": "2023-10-08"},
        confirmed_by=office,
        confirmed_at=NOW,
    )
    kept = migrate()[report.pk]
    assert (kept.number, kept.submitted_by, kept.confirmed_by) == (2, report.submitted_by, office)
    assert (kept.warnings, kept.overrule_reason) == (["核对"], "更正")
    assert kept.content["invested_this_year"] == "100.00"
    assert kept.content["invested_to_date"] == "300.00"
    assert kept.content["reported_facts"] == {"started_on": "2023-10-08"}


def test_a_returned_report_untouched_since_keeps_the_round_that_came_back():
    office = make_user("office")
    report = handed_in(ReportState.RETURNED, round=2, return_reason="金额有误", return_count=1)
    AuditRecord.objects.create(
        at=NOW, by=office, action="退回旬报", model="progressreport", object_id=report.pk, object_text="旬报"
    )
    touched = handed_in(ReportState.RETURNED, round=2, return_reason="金额有误")
    ProgressReport.objects.filter(pk=touched.pk).update(filled_at=NOW + dt.timedelta(hours=1))
    found = migrate()
    assert touched.pk not in found
    kept = found[report.pk]
    assert (kept.number, kept.return_reason, kept.returned_by, kept.returned_at) == (
        1,
        "金额有误",
        office,
        NOW,
    )


def test_ledgers_and_drafts_get_none_and_twice_is_once():
    make_report(make_project(), source=ProgressReport.Source.LEDGER)
    make_report(make_project(), state=ReportState.DRAFT)
    handed_in()
    migrate()
    assert len(migrate()) == 1


def test_many_are_written_in_batches(monkeypatch):
    monkeypatch.setattr(migration, "BATCH", 4)
    person = make_user("reporter")
    for _ in range(9):
        handed_in(submitted_by=person)
    with CaptureQueriesContext(connection) as captured:
        assert len(migrate()) == 9
    assert sum(query["sql"].startswith("INSERT") for query in captured) == 3
