"""The project clinic: sittings numbered by year, cases diagnosed, treated, discharged."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import AuditRecord, ClinicSession, Notice, Project, ProjectMember, Role
from projects.queries.problems.clinics import sessions_seen_by
from projects.services.problems import clinics
from projects.services.problems.actions import add_action, finish_action
from tests.factories import NOW, TODAY, make_problem, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DUE = dt.date(2023, 10, 20)


@pytest.fixture
def bureau():
    return make_unit("自然资源局")


def call(by, *units, held_on=TODAY, place="一楼会议室"):
    return clinics.call_session(held_on=held_on, place=place, chair="领导甲", units=units, by=by, now=NOW)


@pytest.fixture
def case(office, bureau, project):
    return clinics.add_case(session=call(office, bureau), problem=make_problem(project), by=office, now=NOW)


def test_sittings_are_numbered_by_year_told_and_the_same_twice_is_one(office, bureau):
    clerk = make_user(Role.REPORTER, unit=bureau)
    first = call(office, bureau)
    assert call(office, bureau) == first
    second, next_year = call(office, bureau, place="二楼"), call(office, bureau, held_on=dt.date(2024, 1, 5))
    assert [(row.year, row.number) for row in (first, second, next_year)] == [(2023, 1), (2023, 2), (2024, 1)]
    assert Notice.objects.unread().filter(recipient=clerk).count() == 3


def test_what_calling_refuses(office, bureau):
    with pytest.raises(PermissionDenied):
        call(make_user(Role.INSPECTOR), bureau)
    with pytest.raises(ValidationError, match="请选择会诊单位"):
        call(office)
    with pytest.raises(ValidationError, match="请核对"):
        call(office, bureau, held_on=dt.date(2025, 1, 1))
    assert not ClinicSession.objects.exists()


def test_a_case_lets_the_units_see_the_project_and_is_entered_once(office, bureau, project, case):
    clerk = make_user(Role.REPORTER, unit=bureau)
    assert list(Project.objects.visible_to(clerk)) == [project]
    assert list(sessions_seen_by(clerk)) == [case.session]
    assert not sessions_seen_by(make_user(Role.REPORTER)).exists()
    again = clinics.add_case(session=case.session, problem=case.problem, by=office, now=NOW)
    assert again == case and case.problem.entries.count() == 1
    with pytest.raises(ValidationError, match="正在项目诊所2023年第1期治疗"):
        clinics.add_case(session=call(office, bureau, place="二楼"), problem=case.problem, by=office, now=NOW)
    settled = make_problem(project, state="resolved", resolved_on=TODAY)
    with pytest.raises(ValidationError, match="已销号"):
        clinics.add_case(session=case.session, problem=settled, by=office, now=NOW)
    with pytest.raises(PermissionDenied):
        clinics.add_case(session=case.session, problem=make_problem(project), by=clerk, now=NOW)


def test_no_discharge_before_a_diagnosis_and_while_prescriptions_wait(office, bureau, case):
    with pytest.raises(ValidationError, match="尚未诊断"):
        clinics.discharge_case(case=case, outcome="已解决", by=office, now=NOW)
    clinics.diagnose(case=case, diagnosis="指标不足", by=office, now=NOW)
    action = add_action(case=case, text="调剂指标", unit=bureau, due_on=DUE, by=office, now=NOW)
    with pytest.raises(ValidationError, match="还有1项处方未落实"):
        clinics.discharge_case(case=case, outcome="已解决", by=office, now=NOW)
    finish_action(action=action, result="已调剂", by=office, now=NOW)
    with pytest.raises(ValidationError, match="请填写疗效"):
        clinics.discharge_case(case=case, outcome=" ", by=office, now=NOW)
    for _time in range(2):
        done = clinics.discharge_case(case=case, outcome="指标已落实", by=office, now=NOW)
    assert (done.state, done.discharged_on, done.discharged_by) == ("discharged", TODAY, office)
    assert AuditRecord.objects.filter(action="病例出院").count() == 1
    for refused in (
        lambda: clinics.diagnose(case=case, diagnosis="再诊", by=office, now=NOW),
        lambda: clinics.follow_up(case=case, text="随访", by=office, now=NOW),
    ):
        with pytest.raises(ValidationError, match="已出院"):
            refused()
    with pytest.raises(ValidationError, match="已出院"):
        add_action(case=done, text="再开方", unit=bureau, due_on=DUE, by=office, now=NOW)


def test_the_projects_service_officer_treats_a_reporter_does_not(office, bureau, case, project):
    officer = make_user(Role.SERVICE_OFFICER)
    for person in (officer, make_user(Role.REPORTER, unit=project.lead_department)):
        with pytest.raises(PermissionDenied):
            clinics.follow_up(case=case, text="已到现场", by=person, now=NOW)
    ProjectMember.objects.create(project=project, kind="service_officer", user=officer, from_on=TODAY)
    entry = clinics.follow_up(case=case, text="已到现场", by=officer, now=NOW)
    assert (entry.text, entry.problem) == ("随访：已到现场", case.problem)


def test_minutes_wait_for_the_day_of_the_sitting(office, bureau):
    coming = call(office, bureau, held_on=DUE)
    with pytest.raises(ValidationError, match="尚未到期"):
        clinics.hold_session(session=coming, note="纪要", by=office, now=NOW)
    today = call(office, bureau)
    with pytest.raises(ValidationError, match="请填写会诊纪要"):
        clinics.hold_session(session=today, note=" ", by=office, now=NOW)
    assert clinics.hold_session(session=today, note="同意容缺", by=office, now=NOW).state == "held"
