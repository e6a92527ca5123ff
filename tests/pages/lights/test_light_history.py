"""The year of the light: 36 cells a project as recorded, an earlier red never fades, corrections are told apart."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from projects.figures.lights.history import LightHistory, rechecked, records_of_year
from projects.models import AuditRecord, LightExemption, LightRecord, ProgressReport
from projects.services.lights.records import record_lights
from tests.factories import (
    NOW,
    TODAY,
    make_exemption,
    make_light_record,
    make_listing,
    make_project,
    make_report,
    make_unit,
    make_user,
)
from tests.reading import page_queries

pytestmark = [pytest.mark.django_db, pytest.mark.database]
CLOSED = ["2023-08-1", "2023-08-2", "2023-08-3", "2023-09-1", "2023-09-2", "2023-09-3", "2023-10-1"]


def closed(project, lights: str, *, upto: int = len(CLOSED)):
    """Records of the last periods, one letter a light: r, y, g, e; a dash is none."""
    names = {"r": "red", "y": "yellow", "g": "green", "e": "exempt"}
    periods = CLOSED[upto - len(lights) : upto]
    for period, letter in zip(periods, lights, strict=True):
        if letter != "-":
            make_light_record(project, period, names[letter], f"{period}的原因")
    return project


def history(project, as_of=TODAY) -> LightHistory:
    return LightHistory.of(records_of_year(as_of.year, as_of).filter(project=project), as_of.year, as_of)


def words(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


# --- the gauge ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lights", "expected"),
    [
        ("", "还没有亮灯记录"),
        ("ggg", "红灯0旬、黄灯0旬（已记录3旬）"),
        ("yrrgrey", "红灯3旬、黄灯2旬、豁免1旬，最长连续红灯2旬，最近一次红灯9月中旬"),
        ("rr-r", "红灯3旬、黄灯0旬，最长连续红灯2旬，最近一次红灯10月上旬"),
        ("rrrrrrr", "红灯7旬、黄灯0旬，最长连续红灯7旬，最近一次红灯10月上旬"),
    ],
)
def test_the_year_in_words(lights, expected):
    assert history(closed(make_project(), lights)).words == expected


def test_a_year_has_36_cells_and_what_is_to_come_is_empty():
    found = history(closed(make_project(), "rg"))
    assert len(found.cells) == 36 and [len(cells) for _month, cells in found.months] == [3] * 12
    assert found.cells[0].words == "1月上旬：无记录"
    assert found.cells[26].words == "9月下旬：滞后（2023-09-3的原因）"
    assert found.cells[28].words == "10月中旬：未到记录时间"


def test_a_past_day_knows_only_the_periods_before_it():
    project = closed(make_project(), "rrr")
    assert history(project, dt.date(2023, 9, 30)).reds == 2
    assert history(project, dt.date(2022, 12, 31)).words == "还没有亮灯记录"


def test_a_correction_is_marked_beside_the_record_that_stays():
    project = make_project(reports_from_on=dt.date(2023, 9, 11))
    make_listing(project, planned_investment=Decimal(1000), category="continuing")
    for period in CLOSED[-3:]:
        make_report(project, period, "100")
    record_lights(as_of=TODAY, now=NOW)
    assert rechecked(history(project), project).corrected == 0
    ProgressReport.objects.filter(period_ends_on=dt.date(2023, 9, 30)).update(invested_this_year=Decimal(990))
    found = rechecked(history(project), project)
    assert (found.reds, found.corrected, found.longest_red) == (3, 1, 3)
    cell = found.cells[26]
    assert (
        cell.is_corrected
        and cell.words.startswith("9月下旬：记录为滞后（")
        and "按现数据为正常" in cell.words
    )
    with CaptureQueriesContext(connection) as queries:
        rechecked(history(project), project)
    assert len(queries) <= 3 * 12 + 1, "so many a recorded period, whatever the project has"


# --- the list -------------------------------------------------------------------------------------------


def test_the_list_shows_a_strip_a_project_the_most_red_first(client, office, unit):
    closed(make_project("转好项目", lead_department=unit), "rry")
    closed(make_project("红灯项目", lead_department=unit), "yrrr")
    make_project("无记录项目")
    client.force_login(office)
    page = words(client.get(reverse("lighthistory_list")))
    assert page.index("红灯项目") < page.index("转好项目") and "无记录项目" not in page
    assert 'data-count="2"' in page
    assert 'aria-label="红灯2旬、黄灯1旬，最长连续红灯2旬，最近一次红灯9月下旬"' in page


@pytest.mark.parametrize(
    ("key", "query"),
    [("red", "light=red"), ("yellow", "light=yellow"), ("ever", "ever=red"), ("turned", "ever=turned")],
)
def test_each_figure_opens_its_rows_for_everybody(client, office, reporter, unit, key, query):
    closed(make_project(lead_department=unit), "rry")
    closed(make_project(lead_department=unit), "rrr")
    closed(make_project(), "rrg")
    closed(make_project(), "ggg")
    for person in (office, reporter):
        client.force_login(person)
        page = words(client.get(reverse("lighthistory_list")))
        value = page.split(f'data-figure="lights_{key}" data-value="')[1].split('"')[0]
        door = words(client.get(f"{reverse('lighthistory_list')}?{query}&as_of=2023-10-12"))
        assert f'data-count="{value}"' in door


def test_filters_by_unit_and_words(client, office, unit):
    closed(make_project("储能项目", lead_department=unit), "r")
    closed(make_project("陶瓷项目"), "r")
    client.force_login(office)
    for query in (f"department={unit.pk}", "q=储能", "ever=red&q=储能"):
        page = words(client.get(f"{reverse('lighthistory_list')}?{query}"))
        assert "储能项目" in page and "陶瓷项目" not in page
    assert 'data-count="0"' in words(client.get(f"{reverse('lighthistory_list')}?ever=never"))


def test_the_file_has_a_column_a_month_in_symbols(client, office, unit):
    closed(make_project("储能项目", lead_department=unit), "yrrgrey")
    client.force_login(office)
    answer = client.get(f"{reverse('lighthistory_list')}?format=xlsx")
    sheet = load_workbook(BytesIO(b"".join(answer))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(row for row in rows if row[0] == "项目")
    row = dict(zip(head, next(row for row in rows if row[0] == "储能项目"), strict=True))
    assert (row["8月"], row["9月"], row["1月"]) == ("▲■■", "●■◇", "···")
    assert row["10月"].startswith("▲")
    assert (row["红灯旬"], row["连续红灯"], row["最近红灯"]) == (3, 2, "9月中旬")
    assert "■滞后" in "".join(str(cell) for line in rows for cell in line if cell)
    assert client.get(f"{reverse('lighthistory_list')}?format=docx").status_code == 200


@pytest.mark.parametrize("query", ["", "format=xlsx"])
def test_as_many_queries_for_thirty_rows_as_for_one(client, office, unit, query):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            answer = client.get(f"{reverse('lighthistory_list')}?{query}")
            if answer.streaming:
                b"".join(answer)
        return len(found)

    client.force_login(office)
    closed(make_project(lead_department=unit), "rrg")
    queries()
    one = queries()
    for _ in range(29):
        closed(make_project(lead_department=make_unit()), "rrg")
    assert queries() == one


# --- the project page -----------------------------------------------------------------------------------


def test_the_project_page_shows_the_strip_and_checks_it_on_request(client, reporter, unit):
    project = closed(make_project(lead_department=unit, reports_from_on=dt.date(2024, 1, 1)), "rg")
    client.force_login(reporter)
    address = reverse("project_detail", args=[project.code])
    page = words(client.get(address))
    assert "今年红灯1旬、黄灯0旬，最长连续红灯1旬，最近一次红灯9月下旬" in page
    assert 'title="9月下旬：滞后（2023-09-3的原因）"' in page and "is-corrected" not in page
    checked = words(client.get(f"{address}?check=lights"))
    assert "1 旬的记录与按现数据重算的结果不同" in checked and "is-red is-corrected" in checked
    assert LightRecord.objects.get(period_ends_on=dt.date(2023, 9, 30)).light == "red"


def test_the_project_page_shows_exemptions_in_force_to_come_and_waiting(client, reporter, office, unit):
    project = make_project(lead_department=unit)
    approved = {"state": "approved", "decided_by": office}
    make_exemption(project, reporter, dimension="milestone", **approved)
    make_exemption(project, reporter, dimension="start", from_on=dt.date(2023, 11, 1), **approved)
    make_exemption(
        project,
        reporter,
        dimension="report",
        from_on=dt.date(2023, 1, 1),
        until_on=dt.date(2023, 2, 1),
        **approved,
    )
    make_exemption(project, reporter, dimension="")
    client.force_login(reporter)
    page = words(client.get(reverse("project_detail", args=[project.code])))
    for shown in (
        "节点豁免",
        "开工豁免",
        "全部维度豁免",
        f"{office}批准",
        reverse("exemption_create", args=[project.code]),
    ):
        assert shown in page
    assert "旬报豁免" not in page and "提前终止" not in page
    client.force_login(make_user("inspector"))
    page = words(client.get(reverse("project_detail", args=[project.code])))
    assert reverse("exemption_create", args=[project.code]) not in page


# --- exemption pages ------------------------------------------------------------------------------------


def test_from_the_project_page_to_the_decision(client, reporter, office, unit):
    project = make_project("储能项目", lead_department=unit)
    client.force_login(reporter)
    address = reverse("exemption_create", args=[project.code])
    given = {"dimension": "all", "reason": "文物勘探", "from_on": "2023-10-12", "until_on": "2023-12-31"}
    refused = words(client.post(address, given | {"dimension": "", "until_on": "2025-01-01"}))
    assert "has-error" in refused
    assert "最长12个月" in words(client.post(address, given | {"until_on": "2025-01-01"}))
    answer = client.post(address, given)
    assert answer["Location"] == reverse("project_detail", args=[project.code])
    asked = LightExemption.objects.get()
    assert asked.dimension == ""

    client.force_login(office)
    desk = words(client.get(reverse("desk")))
    decide = reverse("exemption_decide", args=[asked.pk])
    assert "亮灯豁免待批准" in desk and decide in desk
    assert "文物勘探" in words(client.get(decide))
    assert "写明理由" in words(client.post(decide, {"action": "refuse", "note": ""}))
    for nothing in ({}, {"action": "同意"}):
        assert "没有收到要办理的操作" in words(client.post(decide, {"note": "同意", **nothing}))
        asked.refresh_from_db()
        assert asked.state == "asked"
    assert client.post(decide, {"action": "approve", "note": "同意"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == ("approved", office)
    assert "不能再次办理" in words(client.post(decide, {"action": "approve"}))

    end = reverse("exemption_end", args=[asked.pk])
    assert end in words(client.get(reverse("exemption_list")))
    assert "终止原因" in words(client.post(end, {"reason": ""}))
    assert client.post(end, {"reason": "勘探结束"}).status_code == 302
    assert AuditRecord.objects.filter(project=project, action__endswith="亮灯豁免").count() == 3
    assert "已提前终止" in words(client.get(reverse("exemption_list")))


STATES = {"waiting": 1, "running": 1, "coming": 1, "over": 2, "refused": 1, "withdrawn": 1, "": 7}


@pytest.mark.parametrize("state", STATES)
def test_the_list_by_state(client, reporter, office, unit, state):
    project = make_project(lead_department=unit)
    past = {"from_on": dt.date(2023, 1, 1), "until_on": dt.date(2023, 3, 1)}
    approved = {"state": "approved", "decided_by": office}
    make_exemption(project, reporter)
    make_exemption(project, reporter, **approved)
    make_exemption(project, reporter, from_on=dt.date(2023, 11, 1), **approved)
    make_exemption(project, reporter, **past, **approved)
    make_exemption(project, reporter, ended_on=TODAY, ended_by=office, **approved)
    make_exemption(project, reporter, state="refused")
    make_exemption(project, reporter, state="withdrawn", decided_by=None)
    make_exemption(make_project("他人项目"), office)
    client.force_login(reporter)
    page = words(client.get(f"{reverse('exemption_list')}?state={state}"))
    assert f'data-count="{STATES[state]}"' in page and "他人项目" not in page
    if state in {"waiting", "running"}:
        figure = page.split(f'data-figure="exemptions_{state}" data-value="')[1].split('"')[0]
        assert figure == str(STATES[state])


def test_the_asker_withdraws_from_the_list_or_the_project_page(client, reporter, office, unit):
    project = make_project("储能项目", lead_department=unit)
    asked = make_exemption(project, reporter)
    withdraw = reverse("exemption_withdraw", args=[asked.pk])
    colleague = make_user("unit_head", unit=unit)
    for person, status in ((make_user("reporter", unit=make_unit()), 404), (colleague, 403), (office, 403)):
        client.force_login(person)
        assert client.get(withdraw).status_code == client.post(withdraw).status_code == status
        assert withdraw not in words(client.get(reverse("exemption_list")))
    client.force_login(reporter)
    for page in (reverse("exemption_list"), reverse("project_detail", args=[project.code])):
        assert withdraw in words(client.get(page))
    assert "撤回后不再批准，照常亮灯" in words(client.get(withdraw))
    done = words(client.post(withdraw, follow=True))
    assert "已撤回对储能项目的豁免申请。" in done and withdraw not in done and "已撤回" in done
    assert "该申请已撤回，不能撤回。" in words(client.post(withdraw, follow=True))
    assert AuditRecord.objects.filter(action="撤回亮灯豁免申请").count() == 1
    client.force_login(office)
    assert "已撤回" in words(client.get(reverse("exemption_decide", args=[asked.pk])))


def test_the_office_withdraws_what_it_asked_itself(client, office):
    asked = make_exemption(make_project(), office)
    client.force_login(office)
    page = words(client.get(reverse("exemption_list")))
    assert reverse("exemption_withdraw", args=[asked.pk]) in page
    assert reverse("exemption_decide", args=[asked.pk]) in page


def test_the_desk_leads_to_asking_anew(client, reporter, unit):
    project = make_project(lead_department=unit)
    make_exemption(project, reporter, state="approved", until_on=TODAY + dt.timedelta(days=1))
    client.force_login(reporter)
    desk = words(client.get(reverse("desk")))
    assert "亮灯豁免即将到期" in desk and reverse("exemption_create", args=[project.code]) in desk


def test_filters_and_files_of_exemptions(client, reporter, office, unit):
    make_exemption(make_project("储能项目", lead_department=unit), reporter, dimension="")
    make_exemption(make_project("陶瓷项目"), office)
    client.force_login(office)
    for query in ("dimension=all", f"unit={unit.pk}", "q=储能"):
        page = words(client.get(f"{reverse('exemption_list')}?{query}"))
        assert "储能项目" in page and "陶瓷项目" not in page
    assert 'data-count="2"' in words(client.get(f"{reverse('exemption_list')}?q=文物"))
    answer = client.get(f"{reverse('exemption_list')}?format=xlsx")
    text = "".join(
        str(cell.value) for row in load_workbook(BytesIO(b"".join(answer))).active.iter_rows() for cell in row
    )
    assert "全部维度" in text and "待批准" in text and "2023-12-31" in text


def test_as_many_queries_for_thirty_exemptions_as_for_one(client, office):
    def queries() -> int:
        return page_queries(client, reverse("exemption_list"))

    client.force_login(office)
    make_exemption(make_project(lead_department=make_unit()), make_user("reporter"))
    queries()
    one = queries()
    for number in range(29):
        state = {"state": "approved"} if number % 2 else {}
        make_exemption(make_project(lead_department=make_unit()), make_user("reporter"), **state)
    assert queries() == one
