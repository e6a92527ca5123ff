"""Pages of what follows a problem or a visit: ages, actions, urgent lists, visits by sponsor, the clinic."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from projects.models import ClinicCase, ClinicSession, CorrectiveAction, Problem, Role, SiteVisit, UrgentList
from projects.queries.problems.problems import AGES
from tests.crawling import turns
from tests.factories import (
    NOW,
    TODAY,
    make_action,
    make_listing,
    make_official,
    make_problem,
    make_project,
    make_unit,
    make_user,
)
from tests.reading import folded, queries_of

pytestmark = pytest.mark.django_db


def opened(client, address) -> str:
    page = client.get(address)
    assert page.status_code == 200, address
    return folded(page.content.decode())


def doors(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'data-figure="[a-z_]+" data-value="(\d+)" href="([^"]+)"', page)
    return [(value, href.replace("&amp;", "&")) for value, href in found]


def wrong_doors(client, address) -> tuple[int, list[str]]:
    found = doors(opened(client, address))
    wrong = []
    for value, href in found:
        told = re.findall(r'data-count="(\d+)"', opened(client, href))
        if told != [value]:
            wrong.append(f"{value} opens {href} with {told}")
    return len(found), wrong


def queries(client, address) -> int:
    opened(client, address)
    return queries_of(opened, client, address)


# --- ages of problems -------------------------------------------------------------------------------------


def test_a_problem_of_each_age_stands_in_exactly_one_span(project):
    for days in range(0, 40):
        raised = TODAY - dt.timedelta(days=days)
        make_problem(project, raised_on=raised, due_on=raised)
    counts = [Problem.objects.filter(bucket.raised_within(TODAY)).count() for bucket in AGES]
    assert counts == [8, 8, 15, 9]


@pytest.mark.parametrize("by", turns(["unit", "category", "level"]))
@pytest.mark.parametrize("as_of", turns(["2023-10-12", "2023-09-20"]))
def test_every_figure_of_the_ages_opens_exactly_its_problems(client, office, project, unit, by, as_of):
    for days, lead, category, level in (
        (0, unit, "land", "city"),
        (7, None, "land", "zone"),
        (8, unit, "funds", "city"),
        (30, None, "funds", "city"),
        (31, unit, "site", "zone"),
    ):
        raised = TODAY - dt.timedelta(days=days)
        make_problem(
            project,
            raised_on=raised,
            due_on=raised + dt.timedelta(days=10),
            lead_unit=lead,
            category=category,
            level=level,
        )
    make_problem(project, state="resolved", resolved_on=dt.date(2023, 10, 1))
    client.force_login(office)
    count, wrong = wrong_doors(client, f"/problems/ageing/?by={by}&as_of={as_of}")
    assert wrong == [] and count > 5


def test_the_list_filters_by_helper_and_by_reopening(client, office, project):
    helper = make_unit("供电公司")
    helped, again = make_problem(project), make_problem(project, reopen_count=1)
    helped.helper_units.add(helper)
    client.force_login(office)
    assert helped.text in opened(client, f"/problems/?helper={helper.pk}")
    assert again.text not in opened(client, f"/problems/?helper={helper.pk}")
    page = opened(client, "/problems/?reopened=yes")
    assert "第2次办理" in page and helped.text not in page


def test_the_steps_of_a_problems_page(client, project, reporter):
    bureau = make_unit("自然资源局")
    problem = make_problem(project, due_on=dt.date(2023, 10, 20))
    client.force_login(reporter)
    url = f"/problems/{problem.pk}/"
    action = {"text": "完成勘界", "unit": bureau.pk, "due_on": "2023-10-18"}
    assert client.post(f"{url}action/", action).url == url
    assert client.post(f"{url}helpers/", {"units": [bureau.pk]}).url == url
    assert client.post(f"{url}escalate/", {"level": "city", "reason": "无指标"}).url == url
    page = opened(client, url)
    for words in ("完成勘界", "配合单位：自然资源局", "由部门提级至市", "登记落实"):
        assert words in page
    refused = client.post(f"{url}escalate/", {"level": "zone", "reason": "无指标"}).content.decode()
    assert "不在可用的选项中" in refused or "选择一个有效的选项" in refused
    late = client.post(f"{url}action/", action | {"due_on": "2023-10-11"}).content.decode()
    assert "完成时限不能早于今天" in late


# --- actions ---------------------------------------------------------------------------------------------


@pytest.fixture
def actions(project, unit, office):
    problem = make_problem(project)
    late = make_action(unit, problem=problem, by=office, due_on=dt.date(2023, 10, 11))
    done = make_action(
        unit, problem=problem, by=office, done_on=dt.date(2023, 10, 10), result="已办", text="已办措施"
    )
    other = make_action(make_unit(), problem=make_problem(make_project()), by=office)
    return late, done, other


def test_actions_by_unit_open_exactly_their_rows(client, office, actions):
    client.force_login(office)
    for as_of in ("2023-10-12", "2023-10-09"):
        count, wrong = wrong_doors(client, f"/actions/?as_of={as_of}")
        assert wrong == [] and count > 1


def test_a_unit_reports_its_action_done_from_the_list(client, reporter, actions):
    late, done, other = actions
    client.force_login(reporter)
    page = opened(client, "/actions/")
    address = reverse("action_finish", args=[late.pk])
    assert address in page and other.text not in page and done.text not in page
    assert "这个字段是必填项" in client.post(address, {"result": ""}).content.decode()
    assert client.post(address, {"result": "已完成勘界"}).url == f"/problems/{late.problem_id}/"
    late.refresh_from_db()
    assert (late.done_on, late.result) == (TODAY, "已完成勘界")
    assert "该措施已于2023年10月12日登记落实" in opened(client, address)
    assert client.get(reverse("action_finish", args=[other.pk])).status_code == 404


def test_actions_due_within_the_week_are_on_the_units_desk(client, reporter, actions):
    late, _done, _other = actions
    client.force_login(reporter)
    page = opened(client, "/")
    assert late.text in page and reverse("action_finish", args=[late.pk]) in page
    CorrectiveAction.objects.filter(pk=late.pk).update(due_on=TODAY + dt.timedelta(days=8))
    assert late.text not in opened(client, "/")


@pytest.mark.crawl
def test_pages_cost_as_many_queries_for_thirty_as_for_three(client, office, project, unit):
    make_listing(project)
    session = ClinicSession.objects.create(year=2023, number=1, held_on=TODAY, made_by=office, made_at=NOW)
    urgent = UrgentList.objects.create(year=2023, as_of=TODAY, title="清单", made_by=office, made_at=NOW)
    client.force_login(office)

    def fill(count):
        for _number in range(count):
            sponsored = make_project(sponsor=make_official())
            make_listing(sponsored)
            problem = make_problem(sponsored, lead_unit=make_unit())
            problem.helper_units.add(unit)
            urgent.problems.add(problem)
            case = ClinicCase.objects.create(session=session, problem=problem)
            make_action(make_unit(), problem=problem, case=case, by=office)

    addresses = [
        "/problems/", "/problems/ageing/", "/actions/", "/visits/sponsors/", "/clinics/",
        f"/clinics/{session.pk}/", f"/urgent/{urgent.pk}/", f"/urgent/{urgent.pk}/edit/",
    ]  # fmt: skip
    fill(3)
    few = {address: queries(client, address) for address in addresses}
    fill(27)
    assert {address: queries(client, address) for address in addresses} == few


# --- urgent lists -----------------------------------------------------------------------------------------


def test_the_office_draws_ticks_and_issues_a_list(client, office, project):
    annual = make_listing(project).listing.annual_list
    city = make_problem(project, level="city", text="用地指标未落实")
    mine = make_problem(project, level="department", text="道路不通")
    client.force_login(office)
    given = {"title": "清单", "as_of": "2023-10-12", "lists": [annual.pk], "levels": ["city"]}
    url = client.post("/urgent/new/", given).url
    urgent = UrgentList.objects.get()
    assert url == f"/urgent/{urgent.pk}/" and list(urgent.problems.all()) == [city]
    assert mine.text in opened(client, f"{url}edit/") and mine.text not in opened(client, url)
    ticked = {"title": "清单", "as_of": "2023-10-12", "problems": [city.pk, mine.pk]}
    assert client.post(f"{url}edit/", ticked).url == url
    client.post(f"{url}issue/")
    page = opened(client, url)
    assert "〔2023〕第1期" in page and mine.text in page and f"{url}issue/" not in page
    for kind in ("docx", "xlsx"):
        answer = client.get(f"{url}{kind}/")
        assert answer.status_code == 200 and b"".join(answer.streaming_content)[:2] == b"PK"
    assert "已印发，内容不再变动" in client.post(f"{url}edit/", ticked).content.decode()


@pytest.mark.parametrize("role", [Role.REPORTER, Role.SPONSOR, Role.SERVICE_OFFICER])
def test_who_does_not_see_all_projects_reads_no_urgent_list(client, role, office):
    urgent = UrgentList.objects.create(year=2023, as_of=TODAY, title="清单", made_by=office, made_at=NOW)
    client.force_login(make_user(role))
    for address in ("/urgent/", f"/urgent/{urgent.pk}/", f"/urgent/{urgent.pk}/docx/"):
        assert client.get(address).status_code == 403


# --- visits -----------------------------------------------------------------------------------------------


def visit_of(project, by, on=TODAY, **fields):
    return SiteVisit.objects.create(
        project=project, visited_on=on, findings="道路不通", logged_by=by, logged_at=NOW, **fields
    )


def test_each_leaders_missing_visits_open_exactly_those_projects(client, office):
    leader, other = make_official("领导甲"), make_official("领导乙")
    visited, _waiting = make_project(sponsor=leader), make_project(sponsor=leader)
    make_project(sponsor=leader, in_production_on=dt.date(2023, 6, 1))
    make_project(sponsor=other)
    for place in ("东门", "西门"):
        visit_of(visited, office, official=leader, place=place)
    visit_of(_waiting, office, on=dt.date(2023, 9, 30), official=leader)
    client.force_login(office)
    count, wrong = wrong_doors(client, "/visits/sponsors/")
    assert (count, wrong) == (3, [])
    page = opened(client, "/visits/sponsors/")
    cells = re.search(r"领导甲</th>.*?</tr>", page, re.S)[0]
    assert re.findall(r'<td class="num"[^>]*>(\d+)</td>', cells) == ["2", "2", "1"]


def test_a_visits_page_makes_decisions_actions_and_raises_its_problems(client, project, reporter):
    visit = visit_of(project, reporter, decisions="供电公司一周内增容")
    client.force_login(reporter)
    url = f"/visits/{visit.pk}/"
    assert "供电公司一周内增容" in opened(client, url)
    power = make_unit("供电公司")
    decision = {"text": "完成增容勘查", "unit": power.pk, "due_on": "2023-10-19"}
    assert client.post(f"{url}action/", decision).url == url
    raised = {"category": "utilities", "text": "电力不足", "level": "department"}
    address = f"/projects/{project.code}/problems/new/?visit={visit.pk}"
    assert "走访" in opened(client, address)
    client.post(address, raised)
    assert Problem.objects.get().visit == visit
    page = opened(client, url)
    assert "完成增容勘查" in page and "电力不足" in page
    other = visit_of(make_project(), reporter)
    assert client.get(f"/visits/{other.pk}/").status_code == 404
    client.post(f"/projects/{project.code}/problems/new/?visit={other.pk}", raised | {"text": "别处"})
    assert Problem.objects.get(text="别处").visit is None


# --- the clinic -------------------------------------------------------------------------------------------


def test_a_case_goes_from_the_sitting_to_its_discharge(client, office, project, unit):
    problem = make_problem(project, text="用地指标未落实")
    make_problem(project, text="道路不通")
    client.force_login(office)
    given = {"held_on": "2023-10-12", "place": "三楼", "chair": "领导甲", "units": [unit.pk]}
    url = client.post("/clinics/new/", given).url
    assert "多个相符的问题" in client.post(f"{url}add/", {"project": project.code}).content.decode()
    client.post(f"{url}add/", {"project": "新材料", "words": "指标"})
    case = ClinicCase.objects.get()
    assert case.problem == problem
    page = f"/clinics/cases/{case.pk}/"
    assert f"{page}discharge/" not in opened(client, page)
    client.post(f"{page}diagnose/", {"diagnosis": "年度计划未列"})
    client.post(f"{page}prescribe/", {"text": "调剂指标", "unit": unit.pk, "due_on": "2023-10-20"})
    assert "还有1项处方未落实" in client.post(f"{page}discharge/", {"outcome": "好"}).content.decode()
    client.post(reverse("action_finish", args=[case.actions.get().pk]), {"result": "已调剂"})
    client.post(f"{page}follow/", {"text": "指标已到位"})
    assert f"{page}discharge/" in opened(client, page)
    client.post(f"{page}discharge/", {"outcome": "指标已落实"})
    client.post(f"{url}held/", {"note": "同意调剂"})
    assert "已出院" in opened(client, page) and "随访：指标已到位" in opened(client, page)
    assert "同意调剂" in opened(client, url) and "已会诊" in opened(client, "/clinics/")


def test_an_attending_unit_sees_the_sitting_and_only_cases_of_projects_it_may_see(client, office, project):
    guest = make_unit("自然资源局")
    session = ClinicSession.objects.create(year=2023, number=1, held_on=TODAY, made_by=office, made_at=NOW)
    session.units.add(guest)
    case = ClinicCase.objects.create(session=session, problem=make_problem(project, text="用地未落实"))
    client.force_login(make_user(Role.REPORTER, unit=guest))
    assert "用地未落实" not in opened(client, f"/clinics/{session.pk}/")
    assert client.get(f"/clinics/cases/{case.pk}/").status_code == 404
    client.force_login(make_user(Role.REPORTER, unit=project.lead_department))
    assert "用地未落实" in opened(client, f"/clinics/{session.pk}/")
    assert client.post(f"/clinics/cases/{case.pk}/diagnose/", {"diagnosis": "x"}).status_code == 404
