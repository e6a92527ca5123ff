"""Problem pages: who sees, who may take which step, what the list shows as of a day."""

import datetime as dt
import re

import pytest

from projects.models import Problem, Role
from tests.factories import (
    make_action,
    make_list,
    make_listing,
    make_official,
    make_problem,
    make_project,
    make_unit,
    make_user,
)
from tests.reading import queries_of

pytestmark = pytest.mark.django_db


def count_on(client, query=""):
    page = client.get(f"/problems/{query}")
    assert page.status_code == 200
    return int(re.search(r'data-count="(\d+)"', page.content.decode())[1])


# --- raising ----------------------------------------------------------------------------------------------


def test_the_form_tells_the_limits_and_raises_the_problem_with_its_levels(client, project, reporter):
    client.force_login(reporter)
    url = f"/projects/{project.code}/problems/new/"
    assert "专员3个、部门10个、挂包领导10个、区15个、市20个、省30个工作日" in client.get(url).content.decode()
    given = {"category": "land", "text": "用地指标未落实", "level": "department"}
    answer = client.post(url, given)
    problem = Problem.objects.get()
    assert answer.url == f"/problems/{problem.pk}/"
    assert (problem.project, problem.raised_by, problem.due_on) == (project, reporter, dt.date(2023, 10, 26))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"text": ""}, "这个字段是必填项"),
        ({"due_on": "2023-10-11"}, "办理时限不能早于今天"),
        ({"money_at_risk": "-1"}, "金额不能为负数"),
    ],
)
def test_a_wrong_entry_says_what_is_wrong_and_writes_nothing(client, project, reporter, wrong, words):
    client.force_login(reporter)
    given = {"category": "land", "text": "用地", "level": "department", "due_on": "2023-10-26"} | wrong
    page = client.post(f"/projects/{project.code}/problems/new/", given)
    assert words in page.content.decode()
    assert not Problem.objects.exists()


@pytest.mark.parametrize("role", [Role.REPORTER, Role.SPONSOR, Role.INSPECTOR])
def test_who_does_not_work_on_the_project_cannot_raise(client, project, role):
    client.force_login(make_user(role))
    url = f"/projects/{project.code}/problems/new/"
    assert client.get(url).status_code == 404
    assert client.post(url, {"category": "land", "text": "用地"}).status_code == 404
    assert not Problem.objects.exists()


def test_the_sponsor_may_raise_on_an_own_project(client, project):
    sponsor = make_user(Role.SPONSOR)
    project.sponsor = make_official(user=sponsor)
    project.save()
    client.force_login(sponsor)
    assert client.get(f"/projects/{project.code}/problems/new/").status_code == 200


# --- the way to the write-off -----------------------------------------------------------------------------


def test_handled_by_one_written_off_by_another_then_reopened(client, project, reporter, office):
    problem = make_problem(project, raised_by=reporter)
    url = f"/problems/{problem.pk}/"
    client.force_login(reporter)
    client.post(f"{url}progress/", {"text": "已报市局"})
    client.post(f"{url}handle/", {"result": "指标已下达", "document": "淄自然资〔2023〕8号"})
    page = client.get(url).content.decode()
    assert "办理人不能自行销号，请由他人核验" in page and f'action="{url}resolve/"' not in page
    refused = client.post(f"{url}resolve/", {"note": ""})
    assert "办理人不能自行销号" in refused.content.decode()

    client.force_login(office)
    assert f'action="{url}resolve/"' in client.get(url).content.decode()
    assert client.post(f"{url}resolve/", {"note": "现场已核"}).url == url
    problem.refresh_from_db()
    assert (problem.state, problem.resolved_by) == ("resolved", office)
    assert "这个字段是必填项" in client.post(f"{url}reopen/", {"reason": ""}).content.decode()
    client.post(f"{url}reopen/", {"reason": "又停工"})
    problem.refresh_from_db()
    assert problem.state == "open"
    history = client.get(url).content.decode()
    for words in ("已报市局", "办结：指标已下达", "销号：现场已核", "重新办理：又停工"):
        assert words in history


def test_every_label_of_the_page_finds_its_own_field(client, project, reporter):
    problem = make_problem(project)
    client.force_login(reporter)
    ids = re.findall(r' id="([^"]+)"', client.get(f"/problems/{problem.pk}/").content.decode())
    assert sorted(ids) == sorted(set(ids)) and "id_action_text" in ids


def test_open_actions_stand_where_the_end_would_be_said(client, project, reporter):
    problem = make_problem(project)
    make_action(project.lead_department, by=reporter, problem=problem)
    client.force_login(reporter)
    page = client.get(f"/problems/{problem.pk}/").content.decode()
    assert "还有1项措施未登记落实" in page and f"/problems/{problem.pk}/handle/" not in page


def test_the_result_may_carry_a_paper(client, project, reporter, settings, tmp_path):
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.MEDIA_ROOT = tmp_path
    problem = make_problem(project)
    client.force_login(reporter)
    url = f"/problems/{problem.pk}/handle/"
    bad = SimpleUploadedFile("批复.exe", b"MZ")
    assert "不能上传" in client.post(url, {"result": "已批", "files": bad}).content.decode()
    problem.refresh_from_db()
    assert problem.state == "open"


@pytest.mark.parametrize("step", ["progress", "handle", "resolve", "reopen"])
def test_steps_are_refused_to_strangers_and_readers(client, project, step):
    problem = make_problem(project)
    given = {"text": "x", "result": "x", "reason": "x"}
    for role in (Role.REPORTER, Role.SPONSOR, Role.INSPECTOR):
        client.force_login(make_user(role))
        assert client.post(f"/problems/{problem.pk}/{step}/", given).status_code == 404
    client.force_login(make_user(Role.OFFICE))
    assert client.get(f"/problems/{problem.pk}/{step}/").status_code == 405
    problem.refresh_from_db()
    assert problem.state == "open" and not problem.entries.exists()


def test_a_foreign_problem_is_not_found_and_a_reader_gets_no_forms(client, project):
    problem = make_problem(project)
    client.force_login(make_user(Role.REPORTER))
    assert client.get(f"/problems/{problem.pk}/").status_code == 404
    client.force_login(make_user(Role.INSPECTOR))
    page = client.get(f"/problems/{problem.pk}/")
    assert page.status_code == 200 and f"/problems/{problem.pk}/" not in page.content.decode()


# --- the list ---------------------------------------------------------------------------------------------


def test_the_list_shows_own_units_problems_only(client, project, reporter):
    make_problem(project)
    make_problem(make_project())
    client.force_login(reporter)
    assert count_on(client) == 1


def test_status_is_that_of_the_day_asked_for(client, project, office):
    make_problem(project, due_on=dt.date(2023, 10, 12))
    make_problem(project, due_on=dt.date(2023, 10, 11))
    make_problem(project, state="resolved", resolved_on=dt.date(2023, 10, 5))
    make_problem(project, state="handled", handled_on=dt.date(2023, 10, 8), due_on=dt.date(2023, 11, 1))
    client.force_login(office)
    assert count_on(client) == count_on(client, "?status=undone") == 3
    assert count_on(client, "?status=overdue") == 1
    assert count_on(client, "?status=open") == 2
    assert count_on(client, "?status=handled") == 1
    assert count_on(client, "?status=resolved") == 1
    assert count_on(client, "?status=") == 4
    assert count_on(client, "?status=handled&as_of=2023-10-07") == 0
    assert count_on(client, "?status=undone&as_of=2023-10-04") == 4
    assert count_on(client, "?status=undone&as_of=2023-08-31") == 0


def test_filters_by_category_unit_list_and_words(client, project, office):
    unit = make_unit("自然资源局")
    make_problem(project, category="land", lead_unit=unit, text="供地手续")
    make_problem(make_project(), category="funds", text="贷款未到位")
    annual_list = make_list()
    make_listing(project, annual_list)
    client.force_login(office)
    for query in ("category=land", f"unit={unit.pk}", f"list={annual_list.pk}", "q=供地", "q=新材料"):
        assert count_on(client, f"?{query}") == 1, query
    assert count_on(client, "?q=没有") == 0
    page = client.get("/problems/?category=land").content.decode()
    assert "问题类别：用地" in page


@pytest.mark.parametrize(
    "sort", ["text", "-due_on", "project", "lead_unit", "-raised_on", "category", "nonsense"]
)
def test_any_sort_answers(client, project, office, sort):
    make_problem(project)
    client.force_login(office)
    assert count_on(client, f"?sort={sort}&page=99&as_of=nonsense") == 1


def test_thirty_problems_cost_as_many_queries_as_one(client, project, office):
    client.force_login(office)

    def queries():
        return queries_of(count_on, client)

    make_problem(project, lead_unit=make_unit())
    few = queries()
    for _ in range(29):
        make_problem(make_project(), lead_unit=make_unit())
    assert queries() == few
