"""Every list as a file (列表导出): what is on the screen, in its order, for the person who asks. Long ones: test_long_lists."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document
from docx.enum.section import WD_ORIENT
from openpyxl import load_workbook

from projects.digests.list_docx import list_docx
from projects.models import Alert, AlertKind, Project, ReportState, SiteVisit
from projects.pages.base import exporting
from projects.pages.plans.tables import MilestoneTable
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

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "as_office")]

# the lists, the query that shows every row of `make_rows`, the column that names the project
LISTS = {
    "ledger": ("project_list", {}, "项目名称"),
    "milestones": ("milestone_list", {}, "项目"),
    "problems": ("problem_list", {"status": ""}, "项目"),
    "report duties": ("report_list", {"view": "duties", "period": "2023-09-3"}, "项目"),
    "reports waiting": ("report_list", {"view": "pending"}, "项目"),
    "reports": ("report_list", {"view": "all"}, "项目"),
    "visits": ("visit_list", {}, "项目"),
    "visits owed": ("visit_list", {"owed": "1"}, "项目"),
    "alerts": ("alert_list", {}, "项目"),
}
each_list = pytest.mark.parametrize("kind", LISTS)


def make_rows(numbers, **fields):
    """One row of every list for each number, on a project of its own; due days and amounts fall as numbers rise."""
    sponsor = make_official()
    for number in numbers:
        project = make_project(
            f"项目{number:03d}",
            sponsor=sponsor,
            started_on=dt.date(2023, 3, 1),
            **{"lead_department": make_unit(), "code": f"CODE-{number:03d}", **fields},
        )
        make_listing(project, planned_investment=1000 + number)
        due_on = dt.date(2023, 9, 30) - dt.timedelta(days=number)
        milestone = make_plan(project, due_on.isoformat()).milestones.get()
        make_problem(project, due_on=due_on, raised_on=dt.date(2023, 1, 1), lead_unit=project.lead_department)
        make_report(project, "2023-09-3", invested=str(number), state=ReportState.SUBMITTED, submitted_at=NOW)
        SiteVisit.objects.create(
            project=project,
            official=sponsor,
            visited_on=due_on,
            findings=f"现场{number}",
            logged_by=make_user(),
            logged_at=NOW,
        )
        Alert.objects.create(
            kind=AlertKind.MILESTONE_OVERDUE,
            subject=f"milestone:{milestone.pk}",
            project=project,
            title=milestone.name,
            due_on=due_on,
            opened_on=TODAY,
        )


def asked_file(client, kind: str, form: str, **query):
    page, usual, _column = LISTS[kind]
    page = "project_export" if page == "project_list" else page
    return client.get(reverse(page), {**usual, **query, "format": form})


def workbook(client, kind: str, **query) -> tuple[str, list[dict]]:
    """The note and the rows of the workbook of a list."""
    response = asked_file(client, kind, "xlsx", **query)
    assert response.status_code == 200
    assert f"{TODAY:%Y%m%d}.xlsx" in response["Content-Disposition"]
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    note, heads, *rows = sheet.iter_rows(values_only=True)
    return note[0], [dict(zip(heads, row, strict=True)) for row in rows]


def document(response) -> tuple[object, list[str], list[list[str]]]:
    """The document, its heads and its rows, without the running number."""
    assert response.status_code == 200
    found = Document(BytesIO(b"".join(response.streaming_content)))
    heads, *rows = [[cell.text for cell in row.cells] for row in found.tables[0].rows]
    assert [row[0] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    return found, heads[1:], [row[1:] for row in rows]


def on_screen(client, kind: str, **query) -> tuple[list[str], list[str]]:
    """The heads and the projects of all pages of a list, in the order people see them."""
    page, usual, _column = LISTS[kind]
    names, number, pages, heads = [], 0, 1, []
    while number < pages:
        number += 1
        table = client.get(reverse(page), {**usual, **query, "page": number}).context["table"]
        pages = table.paginator.num_pages
        heads = [str(column.header) for column in table.columns if not column.column.exclude_from_export]
        for row in table.paginated_rows:
            project = getattr(row.record, "project", None) or getattr(row.record, "plan", row.record)
            names.append(getattr(project, "project", project).name)
    return heads, names


class TestWorkbook:
    @each_list
    def test_filters_and_sort_are_those_of_the_screen(self, client, kind):
        make_rows([1, 10, 11, 12, 2])
        column = "name" if kind in {"ledger", "report duties", "visits owed"} else "project"
        narrow = {} if kind == "visits owed" else {"q": "项目01"}
        for sort in (column, f"-{column}"):
            _heads, names = on_screen(client, kind, sort=sort, **narrow)
            note, rows = workbook(client, kind, sort=sort, **narrow)
            assert [row[LISTS[kind][2]] for row in rows] == names == sorted(names, reverse=sort[0] == "-")
            assert len(names) == (3 if narrow else 5)
            assert ("项目01" in note) is bool(narrow)
            assert "截至2023年10月12日" in note

    @each_list
    def test_a_reporter_gets_own_rows_only_and_the_file_says_so(self, client, kind):
        unit = make_unit()
        make_rows([1, 2], lead_department=unit)
        make_rows([3, 4])
        client.force_login(make_user("reporter", unit=unit))
        note, rows = workbook(client, kind)
        assert {row[LISTS[kind][2]] for row in rows} == {"项目001", "项目002"}
        assert "仅含本人有权查看的项目" in note

    @each_list
    def test_names_like_formulas_stay_text(self, client, kind):
        make_rows([1])
        Project.objects.update(name="=1+1", search_text="=1+1")
        response = asked_file(client, kind, "xlsx")
        sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
        cells = [cell for row in sheet.iter_rows(min_row=3) for cell in row if cell.value == "=1+1"]
        assert [cell.data_type for cell in cells] == ["s"]


class TestCells:
    def test_milestones_say_what_was_due_how_late_and_on_what_evidence(self, client):
        project = make_project("甲项目", sponsor=make_official("张领导"), lead_department=make_unit("规划局"))
        plan = make_plan(project, "2023年9月", "2023-10-01")
        done = plan.milestones.get(position=2)
        done.achieved_on, done.evidence = dt.date(2023, 10, 4), "淄高新审1号"
        done.save()
        _note, (late, achieved) = workbook(client, "milestones")
        assert late == {
            "节点": "节点1",
            "项目": "甲项目",
            "责任单位": "规划局",
            "挂包领导": "张领导",
            "计划完成": "2023年9月",
            "到期情况": "逾期12天",
            "实际完成及依据": None,
        }
        assert (achieved["到期情况"], achieved["实际完成及依据"]) == ("逾期3天办结", "2023-10-04 淄高新审1号")

    def test_dates_and_amounts_are_values_and_choices_words(self, client):
        make_rows([5])
        _note, (problem,) = workbook(client, "problems")
        assert problem["时限"] == dt.datetime(2023, 9, 25)
        assert (problem["类别"], problem["协调层级"], problem["状态"]) == ("用地", "部门", "办理中")
        _note, (report,) = workbook(client, "reports")
        assert (report["本年累计（万元）"], report["旬"]) == (5, "2023-09下旬")
        assert report["报送"] == "2023-10-12 迟报5天"
        _note, (alert,) = workbook(client, "alerts")
        assert (alert["逾期天数"], alert["状态"], alert["下一步责任单位"]) == (17, "未解除", "待明确")
        _note, (project,) = workbook(client, "ledger")
        assert (project["年度计划投资（万元）"], project["名单"]) == (1005, "市级重大")
        assert project["亮灯"].partition("：")[0] in {"正常", "预警", "滞后"}

    def test_a_python_list_is_exported_like_rows_of_the_database(self):
        class Row:
            def __init__(self, name):
                self.name = name

        class NameTable(MilestoneTable):
            class Meta:
                sequence = ("name",)
                exclude = ("project", "unit", "sponsor", "due", "days", "achieved_on")

        table = NameTable([Row("乙"), Row("甲")], as_of=TODAY)
        assert exporting.heads(table) == ["节点"]
        assert list(exporting.rows(table)) == [["乙"], ["甲"]]
        assert list(exporting.rows(table, limit=1)) == [["乙"]]


class TestDocument:
    @each_list
    def test_it_holds_the_rows_of_the_workbook_on_a_turned_sheet(self, client, kind):
        make_rows([3, 1, 2])
        _note, rows = workbook(client, kind)
        paper, heads, printed = document(asked_file(client, kind, "docx"))
        assert heads == list(rows[0])
        place = heads.index(LISTS[kind][2])
        assert [row[place] for row in printed] == [row[heads[place]] for row in rows]
        section = paper.sections[0]
        assert section.orientation == WD_ORIENT.LANDSCAPE and section.page_width > section.page_height
        assert "截至2023年10月12日" in paper.paragraphs[1].text
        assert paper.tables[0].rows[0]._tr.xpath("./w:trPr/w:tblHeader")

    def test_more_rows_than_word_holds_lead_back_to_the_list_with_a_sentence(self, client):
        project = make_project()
        make_plan(project, *["2023-09-01"] * 501)
        response = client.get(reverse("milestone_list"), {"status": "overdue", "format": "docx"}, follow=True)
        assert response.redirect_chain == [(f"{reverse('milestone_list')}?status=overdue", 302)]
        assert (
            "共 501 行，超过 Word 文档可容纳的 500 行，请缩小筛选范围或导出 Excel。"
            in response.content.decode()
        )
        plan = project.plans.get()
        plan.milestones.filter(position=501).delete()
        _paper, _heads, rows = document(client.get(reverse("milestone_list"), {"format": "docx"}))
        assert len(rows) == 500

    @pytest.mark.parametrize(("short", "narrowest"), [(2, 30), (8, 10)])
    def test_columns_fill_the_sheet_and_long_words_give_way_to_short_ones(self, short, narrowest):
        heads = ["项目", "说明", "金额", *["单位"] * short]
        rows = [["某项目" * 5, "说" * 300, Decimal("1712000"), *["字" * 8] * short]]
        paper = Document(BytesIO(list_docx(title="清单", notes=[], heads=heads, rows=rows)))
        number, name, text, amount, *units = [cell.width.mm for cell in paper.tables[0].rows[1].cells]
        assert number + name + text + amount + sum(units) == pytest.approx(225, abs=1)
        assert text >= name > narrowest
        assert amount > 12 and min(units) == max(units) > 18

    def test_an_empty_list_says_so(self, client):
        paper, _heads, rows = document(asked_file(client, "alerts", "docx"))
        assert rows == []
        assert "没有符合条件的记录。" in [paragraph.text for paragraph in paper.paragraphs]


def test_an_unknown_format_is_the_page_itself(client):
    for kind, (page, usual, _column) in LISTS.items():
        response = client.get(reverse(page), {**usual, "format": "exe\x00"})
        assert response.status_code == 200, kind
        assert response["Content-Type"].startswith("text/html")


def test_equal_rows_keep_one_order_over_pages(client):
    make_plan(make_project(), *["2023-09-01"] * 60)
    seen = []
    for number in (1, 2):
        table = client.get(reverse("milestone_list"), {"sort": "-due", "page": number}).context["table"]
        seen += [row.record.pk for row in table.paginated_rows]
    assert len(set(seen)) == 60


def test_the_tools_keep_the_query_and_drop_the_page(client):
    page = client.get(
        reverse("milestone_list"), {"status": "open", "sort": "due", "page": "2"}
    ).content.decode()
    assert 'href="?status=open&amp;sort=due&amp;format=xlsx"' in page
    assert 'href="?status=open&amp;sort=due&amp;format=docx"' in page
    ledger = client.get(reverse("project_list"), {"q": "甲"}).content.decode()
    assert f'href="{reverse("project_export")}?q=%E7%94%B2&amp;format=docx"' in ledger


def test_a_due_day_is_a_date_in_a_file_and_a_month_its_words(client):
    make_plan(make_project(), "2023-09-01", "2023年三季度")
    page = load_workbook(BytesIO(client.get(f"{reverse('milestone_list')}?format=xlsx").getvalue())).active
    cells = {cell.value for row in page.iter_rows() for cell in row}
    assert dt.datetime(2023, 9, 1) in cells and "2023年三季度" in cells
