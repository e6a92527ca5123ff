"""What a report leaves behind when its people or its project have moved on (旬报退回通知、开竣工日期)."""

import datetime as dt
from decimal import Decimal

import pytest

from projects.models import AuditRecord, Notice, Role, User
from projects.periods import TenDayPeriod
from projects.services.reports.content import ReportEntry
from projects.services.reports.filling import submit_report
from projects.services.reports.review import confirm_report, reopen_report, return_report
from tests.factories import NOW, make_project, make_report, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PERIOD = TenDayPeriod.parse("2023-10-1")


def told_of_return(project, by, filler) -> set[User]:
    report = make_report(project, PERIOD.code, state="submitted", submitted_by=filler, submitted_at=NOW)
    return_report(report=report, reason="金额有误", by=by, now=NOW)
    return {notice.recipient for notice in Notice.objects.filter(subject__startswith="旬报被退回")}


def test_a_return_is_told_to_who_handed_the_report_in(unit, office):
    filler, colleague = (make_user(Role.REPORTER, unit=unit) for _ in range(2))
    assert told_of_return(make_project(lead_department=unit), office, filler) == {filler}
    assert colleague.notices.count() == 0


def test_a_return_of_a_report_whose_filler_is_gone_is_told_to_the_units_reporters(unit, office):
    gone = make_user(Role.REPORTER, unit=unit, is_active=False)
    present = {make_user(Role.REPORTER, unit=unit) for _ in range(2)}
    make_user(Role.REPORTER)  # of another unit
    assert told_of_return(make_project(lead_department=unit), office, gone) == present


def test_a_return_of_a_report_nobody_handed_in_is_told_to_the_units_reporters(unit, office):
    reporter = make_user(Role.REPORTER, unit=unit)
    assert told_of_return(make_project(lead_department=unit), office, None) == {reporter}


def test_a_date_the_project_knew_already_is_not_the_reports_to_take_back(unit, office):
    reporter = make_user(Role.REPORTER, unit=unit)
    started, finished = dt.date(2023, 3, 1), dt.date(2023, 10, 8)
    project = make_project(lead_department=unit, started_on=started)
    entry = ReportEntry(
        Decimal(100), physical_progress="竣工验收", facts={"started_on": started, "completed_on": finished}
    )
    report = submit_report(
        project=project,
        period=PERIOD,
        entry=entry,
        overruled=[],
        overrule_reason="已核对",
        by=reporter,
        now=NOW,
    )
    assert report.reported_facts == {"completed_on": "2023-10-08"}
    report = confirm_report(report=report, by=office, now=NOW)
    project.refresh_from_db()
    assert project.completed_on == finished
    reopen_report(report=report, reason="竣工日期有误", by=office, now=NOW)
    project.refresh_from_db()
    assert (project.started_on, project.completed_on) == (started, None)
    assert AuditRecord.objects.filter(action="重新打开旬报，撤回开竣工日期").count() == 1


def test_a_date_corrected_since_stays_when_the_report_is_reopened(unit, office):
    reporter = make_user(Role.REPORTER, unit=unit)
    project = make_project(lead_department=unit)
    entry = ReportEntry(Decimal(100), physical_progress="开工", facts={"started_on": dt.date(2023, 10, 5)})
    report = submit_report(project=project, period=PERIOD, entry=entry, by=reporter, now=NOW)
    report = confirm_report(report=report, by=office, now=NOW)
    type(project).objects.filter(pk=project.pk).update(started_on=dt.date(2023, 10, 6))
    reopen_report(report=report, reason="金额有误", by=office, now=NOW)
    project.refresh_from_db()
    assert project.started_on == dt.date(2023, 10, 6)
