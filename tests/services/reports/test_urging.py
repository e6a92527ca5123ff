"""Urging for missing reports: whom it reaches, once a day, what it says and writes down."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import AuditRecord, Notice, ReportState
from projects.periods import TenDayPeriod
from projects.queries.reports.missing import unit_reports
from projects.queries.reports.reports import current_window
from projects.services.reports.reopenings import reopen_period
from projects.services.reports.urging import urge_reports
from tests.factories import NOW, make_project, make_report, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PERIOD = TenDayPeriod.parse("2023-10-1")  # due 10月11日
TOMORROW = NOW + dt.timedelta(days=1)


def urge(by, *, units=None, now=NOW, period=PERIOD):
    return urge_reports(period=period, units=units, by=by, now=now)


def test_one_message_to_each_reporter_with_everything_owed(unit, reporter, office):
    owed = [make_project(lead_department=unit) for _ in range(2)]
    make_report(make_project(lead_department=unit), PERIOD.code, state=ReportState.SUBMITTED)
    urged = urge(office)
    assert (urged.people, urged.projects, urged.without) == (1, 2, ())
    assert urged.words == "已催报 1 人，涉及 2 个项目。"
    told = Notice.objects.get(recipient=reporter, channel="in_app")
    assert all(project.name in told.body for project in owed)
    assert [row["when"] for row in told.rows] == ["逾期1天"] * 2
    assert Notice.objects.get(recipient=reporter, channel="email").state == "queued"


def test_drafts_and_returned_reports_are_owed_too(unit, reporter, office):
    for state in (ReportState.DRAFT, ReportState.RETURNED):
        make_report(make_project(lead_department=unit), PERIOD.code, state=state, return_reason="改")
    assert urge(office).projects == 2


def test_a_second_press_the_same_day_does_nothing_and_says_so(unit, reporter, office):
    make_project(lead_department=unit)
    urge(office)
    again = urge(make_user("office"), now=NOW + dt.timedelta(hours=5))
    assert again.words == "今天已催报过（1 人），不再重复发送。"
    assert Notice.objects.filter(channel="in_app").count() == 1
    assert AuditRecord.objects.filter(action="催报旬报").count() == 1
    assert urge(office, now=TOMORROW).people == 1


def test_the_head_then_the_office_tells_only_those_not_told_yet(unit, reporter, office):
    make_project(lead_department=unit)
    urge(make_user("unit_head", unit=unit), units={unit.pk})
    other = make_unit("工信局")
    make_user("reporter", unit=other)
    make_project(lead_department=other)
    assert urge(office).words == "已催报 1 人，涉及 1 个项目；另有 1 人今天已催报过，不再重复。"


def test_units_without_a_reporter_are_named(unit, office):
    make_project(lead_department=unit)
    make_project()
    urged = urge(office)
    assert urged.people == 0
    assert urged.words == "没有可以催报的填报员；2 个单位无填报员账号：建设局、推进部门待明确。"
    assert not AuditRecord.objects.filter(action="催报旬报").exists()


def test_where_the_department_has_none_the_districts_reporter_is_asked(unit, office):
    district = make_unit("中埠镇")
    person = make_user("reporter", unit=district)
    make_project(lead_department=unit, host_district=district)
    assert urge(office).people == 1
    assert Notice.objects.filter(recipient=person, channel="in_app").exists()


def test_it_stands_in_the_history_of_each_project(unit, reporter, office):
    project = make_project(lead_department=unit)
    urge(office)
    audit = AuditRecord.objects.get(action="催报旬报")
    assert (audit.project, audit.by, audit.changes) == (project, office, {})
    assert audit.reason == "2023年10月上旬旬报未报，已通知王报"


def test_a_head_urges_the_own_unit_alone(unit, reporter):
    head = make_user("unit_head", unit=unit)
    other = make_unit()
    stranger = make_user("reporter", unit=other)
    make_project(lead_department=unit)
    make_project(lead_department=other, host_district=unit)
    assert urge(head, units={unit.pk}).people == 1
    assert not Notice.objects.filter(recipient=stranger).exists()
    for units in (None, {other.pk}, {unit.pk, other.pk}, set()):
        with pytest.raises(PermissionDenied):
            urge(head, units=units)
    for person in (reporter, make_user("inspector"), make_user("sponsor")):
        with pytest.raises(PermissionDenied):
            urge(person, units={unit.pk})


def test_refused_where_nothing_can_be_done(unit, reporter, office):
    with pytest.raises(ValidationError, match="没有未报项目"):
        urge(office)
    project = make_project(lead_department=unit)
    with pytest.raises(ValidationError, match="尚未开始"):
        urge(office, period=TenDayPeriod.parse("2023-10-3"))
    locked = TenDayPeriod.parse("2023-08-1")
    with pytest.raises(ValidationError, match="请先重新开放"):
        urge(office, period=locked)
    reopen_period(period=locked, project=project, until_on=NOW.date(), reason="补报", by=office, now=NOW)
    make_project(lead_department=unit)
    urged = urge(office, period=locked)
    assert (urged.people, urged.projects) == (1, 1)
    assert "已重新开放至10月12日" in Notice.objects.get(channel="in_app").body


def test_people_who_left_or_have_no_account_in_force_are_not_told(unit, reporter, office):
    make_project(lead_department=unit)
    reporter.is_active = False
    reporter.save()
    assert urge(office).without == ("建设局",)


class TestCounting:
    def test_owed_handed_in_missing_and_late_by_lead_department(self, unit, reporter, office):
        in_time, late = NOW.replace(day=11), NOW
        for moment in (in_time, late):
            make_report(
                make_project(lead_department=unit),
                PERIOD.code,
                state=ReportState.SUBMITTED,
                submitted_at=moment,
                submitted_by=reporter,
            )
        missing = make_project(lead_department=unit)
        make_project(state="suspended", lead_department=unit)
        homeless = make_project()
        rows = unit_reports(type(missing).objects.all(), current_window(PERIOD), user=office)
        mine, none = rows
        assert (mine.name, mine.owed, mine.handed_in, mine.late) == ("建设局", 3, 2, 1)
        assert (mine.missing, mine.people, mine.shows_phones) == ([missing], [reporter], True)
        assert (none.name, none.missing, none.people) == ("推进部门待明确", [homeless], [])
