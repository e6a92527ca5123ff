"""What every list shares of sorting and searching: empties last, names by pinyin, full width found; on both databases."""

import datetime as dt

import pytest
from django.urls import reverse

from projects.models import Project
from projects.services.register.search import search_text_for
from tests.factories import make_official, make_plan, make_problem, make_project, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def listed(client, name, **query):
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return [row.record for row in response.context["table"].rows]


@pytest.fixture
def found_project():
    project = make_project("中材高新", code="2103-370371-04-01-123456", developer="示例企业００３")
    project.search_text = search_text_for(project)
    project.save()
    return project


@pytest.mark.parametrize(
    "words",
    ["ＺＣＧＸ", "zcgx", "ZhongCai", "２１０３-370371", "210337037104", "示例企业003", "示例企业００３"],
)
def test_words_are_found_in_full_width_and_as_they_sound(as_office, found_project, words):
    make_project("别的项目")
    make_problem(found_project)
    make_plan(found_project, "2023-09-01")
    for name in ("project_list", "problem_list", "milestone_list", "progress_list"):
        assert len(listed(as_office, name, q=words, status="")) == 1, name


def test_words_of_the_rows_themselves_are_found_in_either_width(as_office, found_project):
    make_problem(found_project, text="二期（北区）用地AB未批")
    for words in ("（北区）", "AB", "ab", "ＡＢ"):
        assert len(listed(as_office, "problem_list", q=words, status="")) == 1, words


def test_what_is_empty_stands_last_either_way(as_office):
    """The finding: /projects/?sort=next_milestone began with two pages of empty rows."""
    make_project("甲")
    make_plan(make_project("乙"), "2023-11-01")
    make_plan(make_project("丙"), "2023-12-01")
    for sort, names in (("next_milestone", "乙丙甲"), ("-next_milestone", "丙乙甲")):
        assert "".join(row.name for row in listed(as_office, "project_list", sort=sort)) == names
        assert "".join(row.name for row in listed(as_office, "progress_list", sort=sort)) == names


def test_done_milestones_stand_before_the_undone_either_way(as_office):
    """The finding: /milestones/?sort=-achieved_on began with what is not done on PostgreSQL, the reverse on SQLite."""
    plan = make_plan(make_project("甲"), "2023-09-01", "2023-09-02", "2023-09-03")
    for position, day in ((1, 1), (2, 5)):
        plan.milestones.filter(position=position).update(achieved_on=dt.date(2023, 9, day), evidence="文号")
    for sort, positions in (("achieved_on", [1, 2, 3]), ("-achieved_on", [2, 1, 3])):
        assert [row.position for row in listed(as_office, "milestone_list", sort=sort)] == positions


def test_names_stand_by_pinyin(as_office):
    for name in ("中材", "人才", "体外"):
        make_project(name, lead_department=make_unit(f"{name}局"), sponsor=make_official(f"{name}长"))
    assert [row.name for row in listed(as_office, "project_list", sort="name")] == ["人才", "体外", "中材"]
    assert [row.name for row in listed(as_office, "project_list", sort="-name")] == ["中材", "体外", "人才"]
    assert [row.name for row in listed(as_office, "project_list", sort="sponsor")] == ["人才", "体外", "中材"]
    assert [unit.name[:2] for unit in type(make_unit("单位")).objects.exclude(name="单位")][-3:] == [
        "人才",
        "体外",
        "中材",
    ]


def test_a_name_that_changes_is_sorted_anew(as_office):
    project = make_project("中材")
    before = project.name_key
    project.name = "人才"
    project.save()
    assert Project.objects.get().name_key < before


def test_the_next_milestone_is_the_same_everywhere(as_office):
    """The finding: “主体封顶 逾期6天” in the ledger, “设备安装完成 467天后到期” in the progress list, of one project."""
    project = make_project("甲")
    make_plan(project, "2023-09-01", "2023-12-01")
    assert [row.next_milestone for row in listed(as_office, "project_list")] == ["节点1"]
    assert [row.next_milestone for row in listed(as_office, "progress_list")] == ["节点1"]
    assert as_office.get(reverse("wall_chart"), {"list": ""}).context["rows"][0].next.name == "节点1"
    later = make_plan(project, "2023-11-01", number=2, approved_on=dt.date(2023, 10, 10))
    later.milestones.update(name="新节点")
    for day, name in (("2023-10-09", "节点1"), ("2023-10-11", "新节点")):
        assert [row.next_milestone for row in listed(as_office, "project_list", as_of=day)] == [name]
