"""Pages of list adjustments and of the comparison of two versions; the history of a project in the lists."""

import datetime as dt
import io
import re
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.figures.figures import figure_total
from projects.figures.population import Scope
from projects.models import ListAdjustment, ListAdjustmentLine, ListingVersion, Role
from projects.queries.lists.versions import compare
from tests.factories import (
    TODAY,
    make_adjustment,
    make_listing,
    make_project,
    make_unit,
    make_user,
)
from tests.reading import folded, page_queries

pytestmark = pytest.mark.django_db
JANUARY, JULY = dt.date(2023, 1, 1), dt.date(2023, 7, 1)


def text(response) -> str:
    assert response.status_code == 200
    return folded(response.content.decode())


# --- from the draft to the list ---------------------------------------------------------------------------


def test_an_adjustment_goes_from_draft_to_list_through_two_people(client, annual_list, office, colleague):
    project = make_project("新材料产业园")
    make_listing(project, annual_list)
    client.force_login(office)
    head = {"annual_list": annual_list.pk, "document": "淄高新发改〔2023〕18号", "effective_on": "2023-07-01"}
    answer = client.post("/lists/adjustments/new/", head)
    adjustment = ListAdjustment.objects.get()
    url = f"/lists/adjustments/{adjustment.pk}/"
    assert answer.url == url
    assert "请添加项目" in text(client.get(url))
    found = text(client.get(f"{url}lines/new/?q=新材料"))
    assert "在列：新开工，1,000 万元" in found and f"?project={project.code}" in found
    line = f"{url}lines/new/?project={project.code}"
    assert "1,000 万元" in text(client.get(line))
    said = {"change": "raised", "planned_investment": "0.2亿元", "reason": "进度加快"}
    assert client.post(line, said).url == url
    page = text(client.get(url))
    assert "1,000 → 2,000" in page and f"{url}effect/" in page
    assert "+1,000" in text(client.post(f"{url}effect/"))
    assert "已有明细" in text(client.get(f"{url}lines/new/?q=新材料"))
    client.post(f"{url}submit/")
    page = text(client.get(url))
    assert "请由统筹的其他人员复核" in page and f"{url}approve/" not in page
    assert "不能复核自己" in text(client.post(f"{url}approve/", {"note": "好"}))
    client.force_login(colleague)
    assert f"{url}approve/" in text(client.get(url))
    assert client.post(f"{url}approve/", {"note": ""}).url == url
    assert ListingVersion.objects.in_force(TODAY).get().planned_investment == 2000
    assert "1,000 → 2,000" in text(client.get(url))
    assert "淄高新发改〔2023〕18号" in text(client.get("/lists/adjustments/?state=approved"))


def test_a_warning_is_shown_and_may_be_overruled(client, annual_list, office):
    project = make_project(total_investment=Decimal(1500))
    make_listing(project, annual_list)
    adjustment = make_adjustment(annual_list, office)
    client.force_login(office)
    url = f"/lists/adjustments/{adjustment.pk}/lines/new/?project={project.code}"
    said = {"change": "raised", "planned_investment": "1600", "reason": "进度加快"}
    assert 'name="confirmed"' not in text(client.get(url))
    page = text(client.post(url, said))
    assert "超过项目总投资" in page and 'name="confirmed"' in page and "请先改正" not in page
    client.post(url, said | {"confirmed": "on"})
    assert ListAdjustmentLine.objects.get().planned_investment == 1600
    assert "超总投资" in text(client.get(f"/lists/adjustments/{adjustment.pk}/"))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"change": "added"}, "已在名单内"),
        ({"change": "raised", "planned_investment": "900"}, "须大于原计划"),
        ({"change": "raised", "planned_investment": "很多"}, "不是金额"),
        ({"change": "raised", "planned_investment": "2000", "planned_start": "下个月某天"}, "不是有效日期"),
        ({"change": "", "planned_investment": "2000"}, "必填"),
        ({"change": "raised", "planned_investment": "9" * 30}, "金额过大"),
        ({"change": "raised", "planned_investment": "2000", "reason": ""}, "必填"),
    ],
)
def test_a_wrong_line_says_what_is_wrong(client, annual_list, office, said, words):
    project = make_project()
    make_listing(project, annual_list)
    adjustment = make_adjustment(annual_list, office)
    client.force_login(office)
    url = f"/lists/adjustments/{adjustment.pk}/lines/new/?project={project.code}"
    assert words in text(client.post(url, {"reason": "按会议要求"} | said))
    assert not ListAdjustmentLine.objects.exists()


def test_the_latest_effective_date_stands_first(client, annual_list, office):
    for month in (3, 9, 6):
        make_adjustment(annual_list, office, effective_on=dt.date(2023, month, 1))
    client.force_login(office)
    days = re.findall(r"2023-0\d-01", text(client.get("/lists/adjustments/")))
    assert days == ["2023-09-01", "2023-06-01", "2023-03-01"]


def test_a_draft_is_mended_by_its_drafter_and_returned_by_the_other(client, annual_list, office, colleague):
    project = make_project()
    make_listing(project, annual_list)
    adjustment = make_adjustment(annual_list, office, (project, "removed", {}))
    url = f"/lists/adjustments/{adjustment.pk}/"
    client.force_login(colleague)
    assert client.post(f"{url}edit/", {"document": "1号", "effective_on": "2023-08-01"}).status_code == 403
    assert "lines/new" not in text(client.get(url))
    client.force_login(office)
    assert "须在名单年度2023年之内" in text(
        client.post(f"{url}edit/", {"document": "1号", "effective_on": "2024-08-01"})
    )
    client.post(f"{url}edit/", {"document": "1号", "effective_on": "2023-08-01"})
    client.post(f"{url}submit/")
    client.force_login(colleague)
    assert "请填写退回原因" in text(client.post(f"{url}return/", {"note": ""}))
    client.post(f"{url}return/", {"note": "文号有误"})
    client.force_login(office)
    page = text(client.get(url))
    assert "李四" in page and "退回：文号有误" in page
    client.post(f"/lists/adjustments/lines/{adjustment.lines.get().pk}/remove/")
    assert not adjustment.lines.exists()
    assert "还没有明细" in text(client.post(f"{url}submit/"))
    client.post(f"{url}withdraw/", {"note": "会议未通过"})
    assert "会议未通过" in text(client.get(url))
    assert client.post(f"{url}withdraw/", {"note": "再次"}).status_code == 200


def test_reading_an_adjustment_not_yet_in_force_takes_no_lock(client, annual_list, office):
    project = make_project()
    make_listing(project, annual_list)
    line = (project, "raised", {"planned_investment": Decimal(2000)})
    adjustment = make_adjustment(annual_list, office, line, state="submitted")
    client.force_login(office)
    with CaptureQueriesContext(connection) as read:
        assert "测算调整前后" in text(client.get(f"/lists/adjustments/{adjustment.pk}/"))
    assert not [each for each in read if not each["sql"].startswith("SELECT")]


def test_a_line_that_no_longer_fits_stands_against_the_approval(client, annual_list, office, colleague):
    project = make_project("新材料产业园")
    make_listing(project, annual_list)
    adjustment = make_adjustment(annual_list, office, (project, "removed", {}), state="submitted")
    make_listing(project, annual_list, effective_on=dt.date(2023, 8, 1))
    client.force_login(colleague)
    page = text(client.get(f"/lists/adjustments/{adjustment.pk}/"))
    assert "与现行名单不符" in page and "/approve/" not in page and "调整前后" not in page
    assert "调整前后" not in text(client.post(f"/lists/adjustments/{adjustment.pk}/effect/"))
    assert "“新材料产业园”" in text(client.post(f"/lists/adjustments/{adjustment.pk}/approve/"))


@pytest.mark.parametrize("role", [Role.REPORTER, Role.SPONSOR, Role.SERVICE_OFFICER])
def test_whoever_does_not_see_all_projects_reads_no_list_as_a_whole(client, annual_list, office, role):
    adjustment = make_adjustment(annual_list, office)
    client.force_login(make_user(role))
    for url in ("/lists/adjustments/", f"/lists/adjustments/{adjustment.pk}/", "/lists/compare/"):
        assert client.get(url).status_code == 403


@pytest.mark.parametrize(
    "url",
    [
        "/lists/adjustments/?list=99999999999999999999&state=x&page=-1&sort=nothing",
        "/lists/adjustments/new/?list=%00",
        "/lists/compare/?list=x&from=2023-99-99&to=%00&page=x&sort=-remarks",
        "/lists/compare/?list=99999999999999999999",
        "/lists/adjustments/{pk}/lines/new/?q=%00",
        "/lists/adjustments/{pk}/lines/new/?project=%00",
        "/lists/adjustments/{pk}/lines/new/?project=nobody",
    ],
)
def test_words_that_mean_nothing_are_no_error(client, annual_list, office, url):
    make_listing(make_project(), annual_list)
    client.force_login(office)
    assert client.get(url.format(pk=make_adjustment(annual_list, office).pk)).status_code == 200


def test_pages_ask_as_often_for_many_rows_as_for_few(client, annual_list, office):
    client.force_login(office)

    def queries(url) -> int:
        return page_queries(client, url)

    def fill(number):
        for _ in range(number):
            project = make_project("某项目")
            make_listing(project, annual_list)
            make_listing(
                project, annual_list, effective_on=dt.date(2023, 6, 1), planned_investment=1, document="7号"
            )
            make_adjustment(annual_list, office, (project, "removed", {}))
            ListAdjustmentLine.objects.create(
                adjustment=adjustment, project=project, change="removed", reason="会议"
            )

    adjustment = make_adjustment(annual_list, office)
    urls = ["/lists/adjustments/", f"/lists/adjustments/{adjustment.pk}/", "/lists/compare/"]
    urls.append(f"/lists/adjustments/{adjustment.pk}/lines/new/?q=某")
    fill(3)
    few = {url: queries(url) for url in urls}
    fill(12)
    assert {url: queries(url) for url in urls} == few


# --- comparison -------------------------------------------------------------------------------------------


def changed_list(city):
    """A list with one project of every kind of difference between January and July."""
    moves = {
        "调入的": (None, {"planned_investment": 300}),
        "调出的": ({}, {"change": "removed"}),
        "调增的": ({}, {"planned_investment": 1600}),
        "调减的": ({}, {"planned_investment": 400}),
        "转实施的": (
            {"category": "preparatory", "planned_investment": 0},
            {"category": "new_start", "planned_investment": 50},
        ),
        "改期的": ({"planned_start": "2023年5月"}, {"planned_start": "2023年9月"}),
        "不变的": ({}, None),
        "重发的": ({}, {}),
    }
    for name, (before, after) in moves.items():
        project = make_project(name)
        if before is not None:
            make_listing(project, city, **before)
        if after is not None:
            make_listing(project, city, effective_on=JULY, document="淄高新发改〔2023〕18号", **after)


def test_each_difference_is_named_and_the_totals_are_those_of_the_figures(annual_list):
    changed_list(annual_list)
    found = compare(annual_list, JANUARY, JULY)
    assert {row.project: row.kind_words for row in found.rows} == {
        "调入的": "调入",
        "调出的": "调出",
        "调增的": "调增",
        "调减的": "调减",
        "转实施的": "类别变更",
        "改期的": "计划时间调整",
    }
    assert {row.document for row in found.rows} == {"淄高新发改〔2023〕18号"}
    for side in (found.before, found.after):
        row = figure_total(Scope(side.day, 2023, (annual_list.pk,)), follow_up=False)
        assert (side.projects, side.planned) == (row["projects"], row["planned_investment"])
    assert sum(row.change for row in found.rows) == found.change == Decimal(-650 + 0)
    by_kind = {words: (count, after - before) for words, count, before, after in found.summary()}
    assert by_kind["调增"] == (1, 600) and by_kind["调出"] == (1, -1000)


def test_the_totals_of_a_list_that_counts_packages_are_those_of_the_figures_too(annual_list):
    annual_list.counts_level = "package"
    annual_list.save()
    part = make_project("一期", parent=(package := make_project("产业园")))
    make_listing(part, annual_list, planned_investment=300)
    make_listing(package, annual_list, planned_investment=500, effective_on=JULY, change="added")
    found = compare(annual_list, JANUARY, JULY)
    assert {row.project: row.kind_words for row in found.rows} == {"产业园": "调入", "一期": "统计层级变化"}
    assert (found.before.planned, found.after.planned) == (300, 500)
    assert sum(row.change for row in found.rows) == found.change == 200
    row = figure_total(Scope(JULY, 2023, (annual_list.pk,)), follow_up=False)
    assert (found.after.projects, found.after.planned) == (row["projects"], row["planned_investment"])


def test_the_comparison_page_and_its_files_show_the_same_rows(client, annual_list):
    changed_list(annual_list)
    client.force_login(make_user(Role.INSPECTOR))
    url = f"/lists/compare/?list={annual_list.pk}&from=2023-01-01&to=2023-07-01"
    page = text(client.get(url))
    assert re.search(r'data-count="(\d+)"', page)[1] == "6"
    assert "−650" in page and "前期→新开工" in page and "按单体项目统计" in page
    sheet = openpyxl.load_workbook(
        io.BytesIO(b"".join(client.get(f"{url}&format=xlsx").streaming_content))
    ).active
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert {"调入的", "调出的", "调增的", "调减的", "转实施的", "改期的"} <= set(cells) and -600 in cells
    assert client.get(f"{url}&format=docx")["Content-Type"].endswith("wordprocessingml.document")
    turned = text(client.get(f"/lists/compare/?list={annual_list.pk}&from=2023-07-01&to=2023-01-01"))
    assert "−650" in turned  # the earlier day stands first, whichever way they were asked


def test_a_comparison_without_choices_shows_the_last_change_and_none_says_so(client, annual_list):
    client.force_login(make_user(Role.OFFICE))
    assert "该名单还没有列入项目" in text(client.get("/lists/compare/"))
    make_listing(make_project(), annual_list)
    assert "两个日期的名单没有不同" in text(client.get("/lists/compare/"))
    changed_list(annual_list)
    assert 'data-count="6"' in text(client.get("/lists/compare/"))


# --- a project's history ----------------------------------------------------------------------------------


def test_a_project_page_tells_its_history_in_the_lists(client, annual_list, office):
    unit = make_unit()
    project = make_project(lead_department=unit)
    make_listing(project, annual_list)
    adjustment = make_adjustment(annual_list, office, document="淄高新发改〔2023〕18号")
    make_listing(
        project, annual_list, effective_on=dt.date(2023, 12, 1), change="lowered", planned_investment=600,
        document=adjustment.document, adjustment=adjustment,
    )  # fmt: skip
    client.force_login(make_user(Role.REPORTER, unit=unit))
    page = text(client.get(f"/projects/{project.code}/"))
    assert "名单沿革" in page and "尚未生效" in page and "600 万元" in page
    assert "淄高新发改〔2023〕18号" in page and f"/lists/adjustments/{adjustment.pk}/" not in page
    client.force_login(office)
    assert f"/lists/adjustments/{adjustment.pk}/" in text(client.get(f"/projects/{project.code}/"))
