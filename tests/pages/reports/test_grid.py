"""一起填报: a person's whole period as rows on a screen, and as a sheet that is filled offline."""

import datetime as dt
import html
import re
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from projects.models import AuditRecord, ProgressReport, Project, ReportState, Role
from projects.queries.reports.beforehand import beforehand_of
from projects.services.reports.filling import version_of
from tests.factories import NOW, make_listing, make_project, make_report, make_user
from tests.reading import page, page_queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
PERIOD = "2023-10-1"


@pytest.fixture
def second(unit) -> Project:
    other = make_project("智能装备项目", lead_department=unit, started_on=dt.date(2023, 3, 1))
    make_listing(other)
    return other


def grid_url(name: str = "report_grid", period: str = PERIOD) -> str:
    return reverse(name, args=[period])


def typed(project: Project, **changes) -> dict:
    """One row as the page sends it."""
    cells = {
        "invested_this_year": "100",
        "physical_progress": "主体施工至三层",
        "work_done": "浇筑三层楼板",
        "next_steps": "",
        "overrule_reason": "",
        "version": "new",
    } | changes
    return {f"{project.code}-{name}": value for name, value in cells.items()}


def sent(*rows: dict, projects: tuple[Project, ...], **more) -> dict:
    """What the page's form sends."""
    body: dict = {"row": [project.code for project in projects], "action": "save", **more}
    for row in rows:
        body |= row
    return body


class TestGrid:
    def test_each_own_project_has_a_row_with_the_last_report_beside_it(
        self, client, reporter, listed_project, second
    ):
        make_report(listed_project, "2023-09-3", "80", physical_progress="二层封顶")
        make_project("别人的项目")
        client.force_login(reporter)
        text = page(client.get(grid_url()))
        assert text.count('name="row"') == 2
        assert "9月下旬 80" in text
        assert 'data-last="二层封顶"' in text
        assert "别人的项目" not in text

    def test_rows_are_kept_as_drafts_and_blank_ones_left(self, client, reporter, listed_project, second):
        client.force_login(reporter)
        blank = dict.fromkeys(typed(second), "")
        response = client.post(
            grid_url(), sent(typed(listed_project), blank, projects=(listed_project, second)), follow=True
        )
        assert "已存草稿1份。" in page(response)
        report = ProgressReport.objects.get()
        assert (report.project, report.state) == (listed_project, ReportState.DRAFT)
        assert report.invested_this_year == Decimal("100")
        assert AuditRecord.objects.filter(action="保存旬报草稿", by=reporter).count() == 1

    def test_the_ticked_are_handed_in_and_the_others_kept(self, client, reporter, listed_project, second):
        client.force_login(reporter)
        body = sent(
            typed(listed_project),
            typed(second),
            projects=(listed_project, second),
            action="submit",
            ticked=[second.code],
        )
        text = page(client.post(grid_url(), body, follow=True))
        assert "已提交1份，已存草稿1份。" in text
        states = dict(ProgressReport.objects.values_list("project__code", "state"))
        assert states == {listed_project.code: "draft", second.code: "submitted"}

    def test_a_wrong_cell_stays_as_typed_and_stops_no_other_row(
        self, client, reporter, listed_project, second
    ):
        client.force_login(reporter)
        body = sent(
            typed(listed_project, invested_this_year="一百"), typed(second), projects=(listed_project, second)
        )
        text = page(client.post(grid_url(), body))
        assert 'value="一百"' in text
        assert ProgressReport.objects.get().project == second

    def test_a_row_with_warnings_is_a_draft_until_they_are_answered(self, client, reporter, listed_project):
        make_report(listed_project, "2023-09-3", "180", physical_progress="二层封顶")
        client.force_login(reporter)
        body = sent(typed(listed_project), projects=(listed_project,), action="submit")
        body["ticked"] = [listed_project.code]
        text = page(client.post(grid_url(), body))
        assert "1份有提示待核对" in text
        report = ProgressReport.objects.get(period_ends_on=dt.date(2023, 10, 10))
        assert report.state == ReportState.DRAFT
        (warning,) = _seen(text, listed_project)
        answered = typed(listed_project, overrule_reason="审计核减", version=version_of(report))
        body |= answered | {f"{listed_project.code}-seen": [warning]}
        client.post(grid_url(), body)
        report.refresh_from_db()
        assert (report.state, report.overrule_reason) == (ReportState.SUBMITTED, "审计核减")

    def test_a_row_that_saves_itself_reads_what_became_of_it(self, client, reporter, listed_project):
        client.force_login(reporter)
        body = sent(typed(listed_project), projects=(listed_project,))
        told = client.post(grid_url(), body, headers={"accept": "application/json"}).json()[
            listed_project.code
        ]
        assert told == {"saved": "草稿", "version": version_of(ProgressReport.objects.get()), "warnings": []}
        stale = sent(typed(listed_project, next_steps="封顶"), projects=(listed_project,))
        refused = client.post(grid_url(), stale, headers={"accept": "application/json"}).json()
        assert "您在另一处" in refused[listed_project.code]["refusal"]
        assert (
            refused[listed_project.code]["version"] == told["version"]
        )  # saved again, what stands here counts
        now = typed(listed_project, invested_this_year="-1", version=told["version"])
        body = sent(now, projects=(listed_project,))
        told = client.post(grid_url(), body, headers={"accept": "application/json"}).json()[
            listed_project.code
        ]
        assert "负数" in str(told)

    def test_a_draft_that_asks_for_a_reason_says_so_at_once(self, client, reporter, listed_project):
        make_report(listed_project, "2023-09-3", "180", physical_progress="二层封顶")
        client.force_login(reporter)
        body = sent(typed(listed_project), projects=(listed_project,))
        told = client.post(grid_url(), body, headers={"accept": "application/json"}).json()[
            listed_project.code
        ]
        assert "180" in "".join(told["warnings"])

    def test_what_a_colleague_saved_in_between_is_not_written_over(
        self, client, reporter, unit, listed_project
    ):
        colleague = make_user(Role.REPORTER, unit=unit)
        make_report(listed_project, PERIOD, "120", state=ReportState.DRAFT, filled_by=colleague)
        client.force_login(reporter)
        body = sent(typed(listed_project), projects=(listed_project,))
        assert "保存过本旬旬报" in page(client.post(grid_url(), body))
        assert ProgressReport.objects.get().invested_this_year == Decimal("120")

    def test_what_the_row_does_not_show_stays(self, client, reporter, listed_project):
        report = make_report(
            listed_project,
            PERIOD,
            "90",
            state=ReportState.DRAFT,
            filled_by=reporter,
            invested_to_date=Decimal("390"),
            reported_facts={"completed_on": "2023-10-09"},
        )
        client.force_login(reporter)
        row = typed(listed_project, version=version_of(report))
        client.post(grid_url(), sent(row, projects=(listed_project,)))
        report.refresh_from_db()
        assert report.invested_to_date == Decimal("400")
        assert report.reported_facts == {"completed_on": "2023-10-09"}

    @pytest.mark.parametrize("amount", ["", "100"])
    def test_a_total_typed_before_the_years_amount_stays(self, client, reporter, listed_project, amount):
        report = make_report(
            listed_project,
            PERIOD,
            state=ReportState.DRAFT,
            filled_by=reporter,
            invested_to_date=Decimal("390"),
        )
        ProgressReport.objects.update(invested_this_year=None)
        client.force_login(reporter)
        row = typed(listed_project, version=version_of(report), invested_this_year=amount)
        client.post(grid_url(), sent(row, projects=(listed_project,)))
        report.refresh_from_db()
        assert (report.work_done, report.invested_to_date) == ("浇筑三层楼板", Decimal("390"))

    def test_nobody_fills_another_units_row(self, client, reporter, listed_project):
        others = make_project("别人的项目")
        make_listing(others)
        client.force_login(reporter)
        client.post(grid_url(), sent(typed(others), projects=(others,)))
        assert not ProgressReport.objects.exists()

    def test_a_period_that_has_not_begun_is_no_page(self, client, reporter, listed_project):
        client.force_login(reporter)
        assert client.get(grid_url(period="2023-12-1")).status_code == 404
        assert client.get(grid_url(period="abc")).status_code == 404

    def test_as_many_queries_for_ten_rows_as_for_two(self, client, reporter, unit, listed_project, second):
        client.force_login(reporter)
        two = page_queries(client, grid_url())
        for number in range(8):
            make_listing(make_project(f"项目{number}", lead_department=unit, started_on=dt.date(2023, 3, 1)))
        assert page_queries(client, grid_url()) == two


def _seen(text: str, project: Project) -> list[str]:
    return [
        html.unescape(found) for found in re.findall(rf'name="{project.code}-seen" value="([^"]*)"', text)
    ]


class TestSheet:
    def download(self, client):
        response = client.get(grid_url("period_sheet"))
        book = load_workbook(BytesIO(b"".join(response.streaming_content)))
        return book, book.active

    def upload(self, client, book):
        out = BytesIO()
        book.save(out)
        file = SimpleUploadedFile("旬报填报表.xlsx", out.getvalue())
        return client.post(grid_url("period_upload"), {"file": file}, follow=True)

    def test_it_holds_own_projects_and_what_was_reported_last(self, client, reporter, listed_project, second):
        make_report(listed_project, "2023-09-3", "80", physical_progress="二层封顶")
        client.force_login(reporter)
        _book, sheet = self.download(client)
        assert sheet["A1"].value == "2023年10月上旬旬报填报表"
        rows = {row[1]: row for row in sheet.iter_rows(min_row=4, values_only=True)}
        assert set(rows) == {listed_project.code, second.code}
        assert rows[listed_project.code][5:7] == (80, "二层封顶")
        assert rows[listed_project.code][7:13] == (None,) * 6

    def test_the_filled_sheet_becomes_drafts_and_twice_changes_nothing(
        self, client, reporter, listed_project, second
    ):
        client.force_login(reporter)
        book, sheet = self.download(client)
        number = next(row[0].row for row in sheet.iter_rows(min_row=4) if row[1].value == second.code)
        sheet.cell(number, 8).value, sheet.cell(number, 10).value = "1.2亿元", "主体封顶"
        text = page(self.upload(client, book))
        assert "已存为1份草稿，请核对后提交；未填1个" in text
        report = ProgressReport.objects.get()
        assert (report.project, report.state) == (second, ReportState.DRAFT)
        assert (report.invested_this_year, report.physical_progress) == (Decimal("12000"), "主体封顶")
        assert "没有新的内容；未填1个，与已存内容相同1个。" in page(self.upload(client, book))
        assert AuditRecord.objects.filter(action="保存旬报草稿").count() == 1

    def test_one_mistake_keeps_nothing_and_every_mistake_is_named(
        self, client, reporter, listed_project, second
    ):
        client.force_login(reporter)
        book, sheet = self.download(client)
        sheet["H4"], sheet["J4"] = 100, "主体施工"
        sheet["H5"], sheet["J5"] = "一百多", "长" * 201
        text = page(self.upload(client, book))
        assert "共 2 处需要改正，未保存任何内容" in text
        assert "第5行" in text
        assert "超过200字" in text
        assert not ProgressReport.objects.exists()

    @pytest.mark.parametrize(
        ("cell", "value", "words"),
        [
            ("B4", "ZB-0000", "不是10月上旬由您填报的项目"),
            ("B4", None, "没有项目代码"),
            ("H4", -5, "是负数"),
            ("A1", "旬报填报表", "看不出是哪一旬"),
            ("A1", "2023年12月上旬旬报填报表", "尚未开始"),
            ("H3", "完成投资", "没有找到"),
            ("J3", "进度", "缺少表头：形象进度"),
        ],
    )
    def test_what_is_wrong_is_said_in_words(self, client, reporter, listed_project, cell, value, words):
        client.force_login(reporter)
        book, sheet = self.download(client)
        sheet["H4"], sheet["K4"] = 100, "浇筑三层楼板"
        sheet[cell] = value
        assert words in page(self.upload(client, book))
        assert not ProgressReport.objects.exists()

    def test_a_report_handed_in_since_the_download_refuses_the_sheet(
        self, client, reporter, unit, listed_project, second
    ):
        client.force_login(reporter)
        book, sheet = self.download(client)
        for number in (4, 5):
            sheet.cell(number, 8).value, sheet.cell(number, 10).value = 100, "主体施工"
        make_report(
            second, PERIOD, "120", state=ReportState.SUBMITTED, submitted_at=NOW, submitted_by=reporter
        )
        assert "共 1 处需要改正" in page(self.upload(client, book))
        assert ProgressReport.objects.count() == 1


def test_investment_before_the_year_is_stated_or_implied(listed_project):
    make_report(listed_project, "2022-12-3", "50", invested_to_date=Decimal("300"))
    assert beforehand_of(listed_project, ProgressReport.objects.get().period.next()).invested_before == 300
