"""The weekly overdue report: issues join, numbers agree everywhere, signed figures stay, and who may see what."""

import datetime as dt
import json
from dataclasses import replace
from io import BytesIO

import docx
import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from projects import tasks
from projects.digests import weekly_docx
from projects.digests.content import content_from
from projects.digests.weekly import weekly_content
from projects.digests.weekly_files import docx_of, xlsx_of
from projects.models import Alert, AuditRecord, Milestone, Notice, WeeklyReport
from projects.periods import Week
from projects.rules.ranking import FEW_WORDS
from projects.services.alerts.scanning import exempt_alert, lift_exemption, scan_alerts
from projects.services.weekly.issues import keep_draft, send_report, sign_report
from tests.factories import (
    NOW,
    make_list,
    make_listing,
    make_official,
    make_plan,
    make_project,
    make_report,
    make_unit,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]

QUIET = dt.date(2024, 1, 1)
W40, W41, W42 = Week(2023, 40), Week(2023, 41), Week(2023, 42)
MONDAY = NOW.replace(day=16)


def late(*dues, **fields):
    project = make_project(reports_from_on=QUIET, **fields)
    make_plan(project, *dues)
    return project


def achieve(project, position: int, day: str) -> None:
    Milestone.objects.filter(plan__project=project, position=position).update(
        achieved_on=dt.date.fromisoformat(day), evidence="验收单"
    )


def draft(week: Week) -> WeeklyReport:
    return keep_draft(week=week, content=weekly_content(week).as_dict(), now=MONDAY)


def numbers(content) -> tuple[int, int, int, int]:
    return content.opening, len(content.new), len(content.cleared), content.open


def test_open_is_last_open_plus_new_minus_cleared():
    project = late("2023-09-01", "2023-09-02", "2023-10-10")
    achieve(project, 1, "2023-10-11")
    assert numbers(weekly_content(W40)) == (2, 0, 0, 2)
    content = weekly_content(W41)
    assert numbers(content) == (2, 1, 1, 2)
    assert [row.title for row in content.cleared] == ["节点1"]
    assert (content.new[0].weeks, content.still[0].weeks) == (1, 7)


def test_a_signed_issue_keeps_its_figures_and_the_next_one_starts_from_them(office):
    project = late("2023-09-01", "2023-10-10")
    report = sign_report(report=draft(W41), by=office, now=MONDAY)
    achieve(project, 1, "2023-10-03")  # entered late: it had been done before the issue
    assert numbers(weekly_content(W41)) == (1, 1, 0, 2), "as published"
    assert keep_draft(week=W41, content={}, now=MONDAY).content == report.content
    following = weekly_content(W42)
    assert numbers(following) == (2, 0, 1, 1), "the correction shows as cleared in the next issue"


def test_an_earlier_week_built_later_ends_where_the_frozen_one_began(office):
    project = late("2023-09-01", "2023-09-02")
    sign_report(report=draft(W41), by=office, now=MONDAY)
    achieve(project, 1, "2023-09-15")
    assert weekly_content(W40).open == weekly_content(W41).opening == 2


def test_exempted_matters_are_named_but_not_counted(office):
    late("2023-09-01")
    scan_alerts(as_of=dt.date(2023, 10, 12), now=NOW)
    late("2023-09-02")
    exempt_alert(alert=Alert.objects.get(), reason="待批", until_on=dt.date(2023, 12, 31), by=office, now=NOW)
    content = weekly_content(W41)
    assert (content.open, len(content.exempt)) == (1, 1)
    assert "另有1项经批准豁免" in content.summary


def test_an_exemption_counts_from_its_first_day_and_ends_with_its_alert(office):
    """Granted on 12 October it does not reach back to W40; a later alert of the same matter is not exempt."""
    late("2023-09-01")
    scan_alerts(as_of=dt.date(2023, 9, 4), now=NOW)
    alert = Alert.objects.get()
    exempt_alert(alert=alert, reason="待批", until_on=dt.date(2023, 12, 31), by=office, now=NOW)
    assert [len(weekly_content(week).exempt) for week in (W41.previous(), W41)] == [0, 1]
    Alert.objects.filter(pk=alert.pk).update(closed_on=dt.date(2023, 10, 13))
    content = weekly_content(W41)
    assert (content.open, len(content.exempt)) == (1, 0)


def test_a_lifted_exemption_stays_for_the_days_it_ran(office):
    late("2023-09-01")
    scan_alerts(as_of=dt.date(2023, 9, 4), now=NOW)
    alert = Alert.objects.get()
    exempt_alert(alert=alert, reason="待批", until_on=dt.date(2023, 12, 31), by=office, now=NOW)
    lift_exemption(alert=alert, by=office, now=NOW + dt.timedelta(days=5))
    assert [len(weekly_content(week).exempt) for week in (W41, W41.next())] == [1, 0]


def test_the_summary_says_what_the_rows_say():
    late("2023-09-01", name="氮化硅项目")
    text = weekly_content(W41).summary
    assert text.startswith("截至2023年10月15日（周日），全区重大项目逾期事项共1项，与上周持平：")
    assert "逾期最长的是氮化硅项目“节点1”，已逾期44天。" in text


def test_the_ranking_marks_small_units_and_those_without_a_task():
    busy, idle, other = make_unit("建设局"), make_unit("科技局"), make_unit("财政局")
    for _ in range(3):
        late("2023-09-01", lead_department=busy)
    late("2023-09-01", lead_department=other)
    lines = {line.unit: line for line in weekly_content(W41).ranking}
    assert (lines["建设局"].rank, lines["建设局"].open, lines["建设局"].remark) == (1, 3, "")
    assert (lines["财政局"].rank, lines["财政局"].remark) == (2, FEW_WORDS)
    assert (lines["科技局"].rank, lines["科技局"].remark) == (None, "无任务")
    assert idle.pk


def test_missing_reports_are_told_by_unit():
    unit = make_unit("建设局")
    make_project(lead_department=unit, reports_from_on=dt.date(2023, 9, 21))
    silent = weekly_content(W41).silent
    assert [(line.unit, line.projects, line.reports) for line in silent] == [("建设局", 1, 2)]


def test_stored_content_reads_back_equal():
    late("2023-09-01")
    make_listing(make_project(reports_from_on=QUIET))
    content = weekly_content(W41)
    assert content_from(json.loads(json.dumps(content.as_dict()))) == content
    assert content.rates[0].list == "市级重大"


def test_a_list_that_nobody_reported_on_is_told_apart_in_words_table_and_total():
    reported, quiet = make_project(reports_from_on=QUIET), make_project(reports_from_on=QUIET)
    make_listing(reported)
    make_report(reported, "2023-10-1", invested=500)
    make_listing(quiet, make_list("技改"))
    report = draft(W41)
    told = {rate.list: rate.remark for rate in content_from(report.content).rates}
    assert told == {"市级重大": "", "技改": "尚无旬报", "合计": "不含尚无旬报的技改"}
    paper = docx.Document(BytesIO(docx_of(report)))
    words = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert "年度计划投资0.1亿元，完成投资、投资完成率和与序时差距—（尚无旬报）。" in words
    assert "应报旬报均已按时报送；技改名单尚无旬报。" in words
    assert [cell.text for cell in paper.tables[1].rows[2].cells][5:7] == ["—", "—"]
    assert "（不含尚无旬报的技改）" in paper.tables[1].rows[-1].cells[-1].text
    sheet = openpyxl.load_workbook(BytesIO(xlsx_of(report)))["各名单情况"]
    assert any("（尚无旬报）" in str(cell.value) for row in sheet.iter_rows() for cell in row)


def test_docx_and_xlsx_carry_the_same_numbers():
    late("2023-09-01", "2023-10-10", name="=项目")
    report = draft(W41)
    content = content_from(report.content)
    paper = docx.Document(BytesIO(docx_of(report)))
    totals = [cell.text for cell in paper.tables[0].rows[-1].cells]
    assert totals == ["合计", "1", "1", "0", "2", "+1"]
    assert content.summary in [paragraph.text for paragraph in paper.paragraphs]
    book = openpyxl.load_workbook(BytesIO(xlsx_of(report)))
    sheet = book["总体情况"]
    assert [cell.value for cell in sheet[sheet.max_row]] == ["合计", 1, 1, 0, 2, 1]
    assert book["本周新增"]["F3"].value == "=项目" and book["本周新增"]["F3"].data_type == "s"


def test_a_long_table_of_the_paper_sends_the_rest_to_the_workbook(monkeypatch):
    monkeypatch.setattr(weekly_docx, "MOST_ROWS", 2)
    late("2023-09-01", "2023-09-02", "2023-09-03", name="一号")
    late("2023-09-01", name="二号")
    report = draft(W41)
    paper = docx.Document(BytesIO(docx_of(report)))
    said = [paragraph.text for paragraph in paper.paragraphs]
    assert any("持续逾期事项（4项）" in text for text in said)
    assert "上表列前2项，其余2项见所附 xlsx。" in said
    rows = next(table for table in paper.tables if table.rows[0].cells[0].text == "序号").rows
    assert [row.cells[0].text for row in rows][-2:] == ["1", "2"]
    book = openpyxl.load_workbook(BytesIO(xlsx_of(report)))
    assert book["持续逾期"].max_row == 6  # title and heads before the four


def test_the_paper_follows_the_standard_for_official_documents():
    report = draft(W41)
    paper = docx.Document(BytesIO(docx_of(report)))
    section = paper.sections[0]
    margins = (
        section.top_margin.mm,
        section.left_margin.mm,
        section.bottom_margin.mm,
        section.right_margin.mm,
    )
    assert [round(margin) for margin in margins] == [37, 28, 35, 26]
    title = paper.paragraphs[0].runs[0]
    fonts = title._element.rPr.rFonts
    namespace = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    assert (title.font.size.pt, fonts.get(f"{namespace}eastAsia")) == (22, "方正小标宋简体")
    body = next(p for p in paper.paragraphs if p.text.startswith("截至"))
    assert body.paragraph_format.line_spacing.pt == 28
    assert "〔2023〕第41期（送审稿）" in [p.text for p in paper.paragraphs]
    assert paper.settings.odd_and_even_pages_header_footer


def test_signing_and_sending_have_their_order(office):
    stranger = make_user("inspector")
    report = draft(W41)
    with pytest.raises(PermissionDenied, match="只有发改局"):
        sign_report(report=report, by=stranger, now=MONDAY)
    with pytest.raises(ValidationError, match="尚未结束"):
        sign_report(report=report, by=office, now=NOW)
    with pytest.raises(ValidationError, match="尚未签发"):
        send_report(report=report, by=office, now=MONDAY)
    sign_report(report=report, by=office, now=MONDAY)
    with pytest.raises(ValidationError, match="已签发"):
        sign_report(report=report, by=office, now=MONDAY)
    send_report(report=report, by=office, now=MONDAY)
    with pytest.raises(ValidationError, match="已印发"):
        send_report(report=report, by=office, now=MONDAY)
    assert AuditRecord.objects.filter(action="签发逾期周报").count() == 1


def test_everybody_gets_what_he_or_she_may_see(office, mailoutbox):
    unit = make_unit()
    head = make_user("unit_head", unit=unit)
    idle = make_user("unit_head")
    sponsor = make_user("sponsor")
    late("2023-09-01", lead_department=unit, sponsor=make_official(user=sponsor))
    late("2023-09-01")
    report = sign_report(report=draft(W41), by=office, now=MONDAY)
    assert send_report(report=report, by=office, now=MONDAY) == 3
    assert not Notice.objects.filter(recipient=idle).exists()
    tasks.deliver_notices()
    attached = {mail.to[0]: [name for name, _, _ in mail.attachments] for mail in mailoutbox}
    assert attached[office.email] == ["逾期周报2023年第41期.docx"]
    assert attached[head.email] == attached[sponsor.email] == ["逾期周报2023年第41期.xlsx"]
    assert len(Notice.objects.filter(recipient=head).first().rows) == 1


def test_the_task_drafts_once_on_the_first_working_day_of_the_week(settings, office):
    late("2023-09-01")
    for day, made in (
        ("2023-10-02", 0),
        ("2023-10-06", 0),
        ("2023-10-07", 1),
        ("2023-10-08", 1),
    ):
        # the Monday is National Day's holiday; Saturday 7 October is worked in exchange
        settings.TODAY = dt.date.fromisoformat(day)
        tasks.weekly_report()
        made_reports = WeeklyReport.objects.filter(year=2023, week=39)
        assert made_reports.count() == made, day
    assert Notice.objects.filter(recipient=office, channel="in_app", subject__contains="待签发").count() == 1


class TestPages:
    @pytest.fixture(autouse=True)
    def on_monday(self, settings):
        settings.TODAY = MONDAY.date()

    def test_the_office_makes_signs_and_sends(self, client, office):
        project = late("2023-09-01", "2023-10-10")
        client.force_login(office)
        client.post("/reports/weekly/2023-W41/make/")
        page = client.get("/reports/weekly/2023-W41/").content.decode()
        assert "逾期事项共2项" in page and f"/projects/{project.code}/" in page
        client.post("/reports/weekly/2023-W41/sign/")
        client.post("/reports/weekly/2023-W41/send/")
        assert WeeklyReport.objects.get().state == "sent"
        answer = client.get("/reports/weekly/2023-W41/docx/")
        assert b"".join(answer.streaming_content)[:2] == b"PK"

    def test_a_unit_sees_sent_issues_over_its_own_projects_only(self, client, office):
        unit = make_unit()
        mine, other = late("2023-09-01", lead_department=unit), late("2023-09-01")
        client.force_login(make_user("reporter", unit=unit))
        report = draft(W41)
        assert client.get("/reports/weekly/2023-W41/").status_code == 404, "drafts are the office's"
        sign_report(report=report, by=office, now=MONDAY)
        send_report(report=report, by=office, now=MONDAY)
        page = client.get("/reports/weekly/2023-W41/").content.decode()
        assert mine.code in page and other.code not in page
        assert "您可见范围内重大项目逾期事项共1项" in page and "只列您可见的项目" in page
        assert client.get("/reports/weekly/2023-W41/docx/").status_code == 403

    @pytest.mark.parametrize("step", ["make", "sign", "send"])
    def test_only_the_office_moves_a_report(self, client, step):
        draft(W41)
        client.force_login(make_user("inspector"))
        assert client.post(f"/reports/weekly/2023-W41/{step}/").status_code == 403
        assert client.get(f"/reports/weekly/2023-W41/{step}/").status_code == 405

    @pytest.mark.parametrize("week", ["2023-W54", "x", "0000-W01", "9999-W52", "2023-W30"])
    def test_a_week_that_is_none_answers_404(self, client, office, week):
        client.force_login(office)
        assert client.get(f"/reports/weekly/{week}/").status_code == 404


def test_the_part_a_person_sees_keeps_the_identity():
    mine = late("2023-09-01", "2023-10-10")
    late("2023-09-01")
    part = weekly_content(W41).only({mine.pk})
    assert numbers(part) == (1, 1, 0, 2)
    assert part == replace(part, rates=(), ranking=())


def test_the_command_answers_as_the_contract_says(tmp_path, capsys):
    late("2023-09-01", "2023-10-10")
    call_command("weekly_report", "--week", "2023-W41", "--out", str(tmp_path), "--json")
    answer = json.loads(capsys.readouterr().out)
    files = answer.pop("files")
    assert sorted(path.split(".")[-1] for path in files) == ["docx", "xlsx"]
    assert all(str(tmp_path) in path for path in files) and len(list(tmp_path.iterdir())) == 2
    assert answer == {
        "week": "2023-W41",
        "from": "2023-10-09",
        "to": "2023-10-15",
        "number": 41,
        "opening": 1,
        "new": 1,
        "cleared": 0,
        "open": 2,
        "by_kind": {"milestone_overdue": 2},
        "state": "draft",
    }
