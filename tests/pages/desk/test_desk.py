"""The desk: each role sees what it owes, with the door to do it; nothing foreign, and as many queries for 30 as for 1."""

import datetime as dt

import pytest

from projects.models import ImportBatch, OfficeSettings, Project, ProjectMember, Role, SiteVisit, Unit, User
from projects.queries.desk.desk import Desk
from projects.queries.desk.owed import OwedKind
from projects.queries.problems.visits import visits_owed
from tests.crawling import turns
from tests.factories import (
    NOW,
    TODAY,
    make_listing,
    make_official,
    make_plan,
    make_problem,
    make_project,
    make_report,
    make_unit,
    make_user,
)
from tests.reading import page_queries

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def groups(user, day=TODAY):
    """{(kind, target): group} over all sections of the person's desk, from fresh duties."""
    user = type(user).objects.get(pk=user.pk)
    return {
        (group.kind, group.target): group
        for section in Desk(user, day).sections()
        for group in section.groups
    }


def of_kind(user, kind, day=TODAY):
    return next((group for (found, _), group in groups(user, day).items() if found == kind), None)


# --- reports ----------------------------------------------------------------------------------------------


def test_a_reporter_owes_the_last_closed_period_until_its_window_closes(unit, reporter):
    make_project(lead_department=unit)
    owed = groups(reporter)[OwedKind.REPORT, "2023-10-1"]
    assert (owed.count, owed.due_on) == (1, dt.date(2023, 10, 11))  # 10 October and one working day
    assert [row.target for row in owed.rows] == ["2023-10-1"]
    window_end = dt.date(2023, 10, 23)  # due day of 10月中旬: the 20th is a Friday
    assert (OwedKind.REPORT, "2023-10-1") in groups(reporter, dt.date(2023, 10, 20))
    assert (OwedKind.REPORT, "2023-10-1") not in groups(reporter, window_end)  # 10月下旬 has begun
    assert (OwedKind.REPORT, "2023-10-2") in groups(reporter, window_end)


def test_the_running_period_is_one_line_until_its_last_days(unit, reporter):
    make_project(lead_department=unit)
    assert groups(reporter)[OwedKind.REPORT, "2023-10-2"].rows == ()
    assert len(groups(reporter, dt.date(2023, 10, 20))[OwedKind.REPORT, "2023-10-2"].rows) == 1


def test_a_handed_in_report_is_no_longer_owed_and_a_returned_one_comes_first_with_its_reason(unit, reporter):
    done, back = make_project(lead_department=unit), make_project(lead_department=unit)
    make_report(done, "2023-10-1", state="submitted")
    make_report(back, "2023-10-1", state="returned", return_reason="金额与产值单不符")
    found = groups(reporter)
    assert (OwedKind.REPORT, "2023-10-1") not in found
    first = next(iter(found.values()))
    assert first.kind == OwedKind.REPORT_RETURNED
    assert first.rows[0].project == back and "金额与产值单不符" in first.rows[0].note


def test_ninety_reports_are_five_rows_and_a_way_to_the_rest(unit, reporter):
    for _ in range(12):
        make_project(lead_department=unit)
    owed = groups(reporter)[OwedKind.REPORT, "2023-10-1"]
    assert (owed.count, len(owed.rows), owed.hidden) == (12, 5, 7)


def test_projects_in_production_or_suspended_owe_no_report(unit, reporter):
    make_project(lead_department=unit, in_production_on=dt.date(2023, 9, 1))
    make_project(lead_department=unit, state="suspended")
    make_project()  # of another unit
    assert of_kind(reporter, OwedKind.REPORT) is None


def test_the_unit_head_passes_reports_only_where_the_office_asks_for_it(unit):
    head = make_user(Role.UNIT_HEAD, unit=unit)
    make_report(make_project(lead_department=unit), "2023-10-1", state="submitted")
    make_report(make_project(), "2023-10-1", state="submitted")
    assert of_kind(head, OwedKind.REPORT_PASS) is None
    OfficeSettings.objects.update(unit_review_required=True)
    assert of_kind(head, OwedKind.REPORT_PASS).count == 1


@pytest.mark.parametrize(("review", "waiting"), [(False, 2), (True, 1)])
def test_the_office_confirms_what_has_come_through(review, waiting):
    OfficeSettings.objects.update(unit_review_required=review)
    make_report(make_project(), "2023-10-1", state="submitted")
    make_report(make_project(), "2023-10-1", state="passed")
    make_report(make_project(), "2023-10-1", state="confirmed")
    assert of_kind(make_user(Role.OFFICE), OwedKind.REPORT_CONFIRM).count == waiting


@pytest.mark.parametrize("act", ["filled_by", "submitted_by", "passed_by"])
def test_the_office_is_not_asked_to_confirm_its_own_act_unless_it_is_one_person(act):
    office, colleague = make_user(Role.OFFICE), make_user(Role.OFFICE)
    make_report(make_project(), "2023-10-1", state="passed", **{act: office})
    assert of_kind(office, OwedKind.REPORT_CONFIRM) is None
    assert of_kind(colleague, OwedKind.REPORT_CONFIRM).count == 1
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    assert of_kind(User.objects.get(pk=office.pk), OwedKind.REPORT_CONFIRM).count == 1


# --- milestones, problems, the rest -----------------------------------------------------------------------


def test_milestones_overdue_or_within_a_week_are_owed_in_order_of_their_day(unit, reporter):
    project = make_project(lead_department=unit)
    make_plan(project, "2023-10-19", "2023-10-20", "2023-10-09", "未定")
    owed = of_kind(reporter, OwedKind.MILESTONE)
    assert [row.due_on for row in owed.rows] == [dt.date(2023, 10, 9), dt.date(2023, 10, 19)]


def test_a_district_is_not_asked_for_the_lead_departments_milestones(unit):
    town = make_unit("四宝山街道", kind=Unit.Kind.DISTRICT)
    clerk = make_user(Role.REPORTER, unit=town)
    project = make_project(lead_department=unit, host_district=town)
    plan = make_plan(project, "2023-10-09")
    assert of_kind(clerk, OwedKind.MILESTONE) is None
    plan.milestones.update(unit=town)
    assert of_kind(clerk, OwedKind.MILESTONE).count == 1


def test_problems_my_unit_leads_are_owed_and_handled_ones_go_to_who_raised_them(unit, reporter):
    project = make_project(lead_department=unit)
    problem = make_problem(project, lead_unit=unit)
    make_problem(project, lead_unit=make_unit())
    assert [row.target for row in of_kind(reporter, OwedKind.PROBLEM).rows] == [problem.pk]
    problem.state, problem.handled_on, problem.handled_by = "handled", TODAY, reporter
    office = problem.raised_by = make_user(Role.OFFICE)
    problem.save()
    assert of_kind(reporter, OwedKind.PROBLEM) is None
    assert of_kind(reporter, OwedKind.PROBLEM_VERIFY) is None
    assert of_kind(office, OwedKind.PROBLEM_VERIFY).count == 1


def test_the_office_sees_imports_gaps_and_silent_units(unit):
    office = make_user(Role.OFFICE)
    ImportBatch.objects.create(file_name="台账.xlsx", sha256="0", state="ready", made_at=NOW)
    ImportBatch.objects.create(file_name="旧.xlsx", sha256="1", state="written", made_at=NOW)
    town = make_unit(kind=Unit.Kind.DISTRICT)
    whole = make_project(lead_department=unit, host_district=town, sponsor=make_official())
    make_plan(whole, "2023-12-01")
    make_report(whole, "2023-10-1")
    make_project(lead_department=unit)
    found = {kind: group for (kind, _), group in groups(office).items()}
    assert found[OwedKind.IMPORT].count == 1
    assert [row.note for row in found[OwedKind.GAP].rows] == [
        "缺：一位挂包领导、一个属地保障、一套推进方案、一抓到底"
    ]
    silent = found[OwedKind.UNIT_SILENT]
    assert [(row.what, row.note) for row in silent.rows] == [("建设局", "1个项目未报")]


def test_the_inspector_sees_who_is_overdue_the_longest_first(unit):
    late, later = make_unit("住建局"), make_unit("环保局")
    make_plan(make_project(lead_department=late), "2023-10-01", "2023-10-12")
    make_problem(make_project(), lead_unit=later, due_on=dt.date(2023, 9, 15))
    owed = of_kind(make_user(Role.INSPECTOR), OwedKind.UNIT_OVERDUE)
    assert [(row.what, row.note) for row in owed.rows] == [
        ("环保局", "1个问题逾期"),
        ("住建局", "1个节点逾期"),
    ]


def test_an_overdue_units_line_opens_its_overdue_milestones(client):
    late = make_unit("住建局")
    make_plan(make_project(lead_department=late), "2023-10-01", "2023-10-02", "2023-10-12")
    make_plan(make_project(lead_department=make_unit()), "2023-10-01")
    client.force_login(make_user(Role.INSPECTOR))
    assert f"/milestones/?status=overdue&amp;unit={late.pk}" in client.get("/").content.decode()
    opened = client.get(f"/milestones/?status=overdue&unit={late.pk}").content.decode()
    assert 'data-count="2"' in opened


def test_a_service_officer_sees_assigned_projects_only():
    officer = make_user(Role.SERVICE_OFFICER)
    mine, foreign = make_project(), make_project()
    ProjectMember.objects.create(
        project=mine, kind=ProjectMember.Kind.SERVICE_OFFICER, user=officer, from_on=dt.date(2023, 1, 1)
    )
    make_problem(mine), make_problem(foreign)
    plan = make_plan(mine, "2023-10-20")
    assert of_kind(officer, OwedKind.PERMIT) is None
    plan.milestones.update(stage="preparatory")
    assert of_kind(officer, OwedKind.PERMIT).count == 1
    assert of_kind(officer, OwedKind.PROBLEM).count == 1


def test_one_matter_is_shown_once_to_a_person_with_two_roles(unit):
    both = make_user(Role.REPORTER, Role.UNIT_HEAD, unit=unit)
    make_plan(make_project(lead_department=unit), "2023-10-01")
    kinds = [
        (group.kind, group.target) for section in Desk(both, TODAY).sections() for group in section.groups
    ]
    assert len(kinds) == len(set(kinds)) and (OwedKind.MILESTONE, None) in kinds


# --- sponsors ---------------------------------------------------------------------------------------------


def test_a_visit_counts_when_the_sponsor_led_it_this_month(official):
    project = make_project(sponsor=official)
    make_project(sponsor=official, in_production_on=dt.date(2023, 9, 1))
    make_project()
    owed = lambda: list(visits_owed(Project.objects.all(), as_of=TODAY))  # noqa: E731
    assert owed() == [project]
    visit = {
        "project": project,
        "findings": "主体施工",
        "logged_by": make_user(Role.OFFICE),
        "logged_at": NOW,
    }
    SiteVisit.objects.create(official=official, visited_on=dt.date(2023, 9, 30), **visit)
    SiteVisit.objects.create(official=make_official(), visited_on=TODAY, **visit)
    assert owed() == [project]
    SiteVisit.objects.create(official=official, visited_on=dt.date(2023, 10, 1), **visit)
    assert owed() == []


def test_the_sponsors_phone_has_numbers_reasons_and_both_taps(client, sponsor, official):
    unit = make_unit("科技局")
    Unit.objects.update(phone="0533-3580000", contact="联系人甲")
    project = make_project("新材料产业园", sponsor=official, lead_department=unit)
    make_listing(project)
    make_plan(project, "2023-09-01")
    make_project("别人的项目")
    client.force_login(sponsor)
    page = client.get("/").content.decode()
    assert "新材料产业园" in page and "别人的项目" not in page
    assert 'href="tel:0533-3580000"' in page and "推进部门 科技局 联系人甲" in page
    assert f'href="/projects/{project.code}/visits/new/"' in page
    assert 'data-figure="my_projects" data-value="1"' in page
    assert 'data-figure="my_red" data-value="1"' in page
    assert 'data-figure="visits_owed" data-value="1"' in page


@pytest.mark.parametrize("figure", ["my_projects", "my_red", "visits_owed"])
def test_a_sponsors_figure_opens_exactly_its_rows(client, sponsor, official, figure):
    import re

    for _ in range(3):
        make_listing(make_project(sponsor=official))
    make_plan(Project.objects.first(), "2023-09-01")
    make_project(sponsor=official, state="suspended")
    make_project(sponsor=make_official())
    client.force_login(sponsor)
    page = client.get("/").content.decode()
    found = re.search(rf'data-figure="{figure}" data-value="(\d+)" href="([^"]+)"', page)
    opened = client.get(found[2].replace("&amp;", "&")).content.decode()
    assert f'data-count="{found[1]}"' in opened and int(found[1]) > 0


# --- the page ---------------------------------------------------------------------------------------------


def test_nothing_to_do_is_said_kindly(client):
    client.force_login(make_user(Role.INSPECTOR))
    assert "今天没有要办的事" in client.get("/").content.decode()


def test_somebody_without_a_role_is_told_whom_to_ask(client):
    client.force_login(make_user())
    page = client.get("/")
    assert page.status_code == 200 and "还没有分配角色" in page.content.decode()


def test_a_units_line_opens_that_units_missing_reports(client, unit):
    for _ in range(2):
        make_project(lead_department=unit)
    make_project(lead_department=make_unit())
    client.force_login(make_user(Role.OFFICE))
    page = client.get("/").content.decode()
    opened = client.get(f"/reports/?status=missing&period=2023-10-1&lead={unit.pk}").content.decode()
    assert f"/reports/?status=missing&amp;period=2023-10-1&amp;lead={unit.pk}" in page
    assert 'data-count="2"' in opened


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.get("/").url.startswith("/accounts/login/")


ASKING = [Role.REPORTER, Role.OFFICE, Role.UNIT_HEAD, Role.SPONSOR, Role.INSPECTOR]


@pytest.mark.parametrize("role", turns(ASKING, 2))
def test_the_desk_asks_as_often_for_thirty_projects_as_for_one(client, role):
    unit = make_unit()
    user = make_user(role, unit=unit if role in {Role.REPORTER, Role.UNIT_HEAD} else None)
    official = make_official(user=user)

    def add():
        project = make_project(lead_department=unit, sponsor=official)
        make_listing(project)
        make_plan(project, "2023-10-01")
        make_problem(project, lead_unit=unit)
        make_report(project, "2023-09-3", state="returned", return_reason="核对")

    def queries():
        return page_queries(client, "/")

    client.force_login(user)
    for _ in range(6):  # enough for every kind to fill its rows
        add()
    few = queries()
    for _ in range(24):
        add()
    assert queries() == few
    assert few < 60
