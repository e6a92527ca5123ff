"""What officials do all day, in a real browser, on a phone and at a desk; and who cannot see can work, too."""

import datetime as dt
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from projects.models import ImportBatch, Milestone, Problem, ProgressReport, Project, ReportState, Unit
from projects.tasks import read_import, write_import
from tests.benchmarks.workbook import write_workbook
from tests.browser.conftest import Site
from tests.crawling import turns
from tests.factories import make_project
from tests.workbooks_for_import import HEAD, ledger
from tests.workbooks_for_import import row as ledger_row

pytestmark = pytest.mark.browser

PHONE, DESK = {"width": 360, "height": 780}, {"width": 1440, "height": 900}
PASSWORD = "only-for-this-test-1"
STARTED = dt.date(2023, 3, 1)
PASTE = """text => {
  const block = new DataTransfer();
  block.setData("text/plain", text);
  const paste = { clipboardData: block, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", paste));
}"""


class Office:
    """Opens the site as somebody; notes what the console, the policy and the network complain about."""

    def __init__(self, site: Site, screen: dict):
        self.site, self.url, self.scene, self.screen = site, site.url, site.scene, screen
        self.wrong: list[str] = []

    def page(self, person: str | None = None) -> Page:
        page = self.site.context(person, self.screen).new_page()
        page.on("console", lambda m: self.wrong.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda r: None if self._own(r.url) else self.wrong.append(f"asked {r.url}"))
        return page

    def open(self, page: Page, name: str) -> Page:
        page.goto(self.url + self.scene.address(name))
        return page

    def _own(self, url: str) -> bool:
        return url.startswith((self.url, "data:"))


@pytest.fixture(params=turns([DESK, PHONE]), ids=["1440", "360"])
def writer(request, site):
    found = Office(site, request.param)
    yield found
    assert not found.wrong


@pytest.fixture(params=turns([PHONE, DESK]), ids=["360", "1440"])
def reader(request, site):
    """As `writer`, where the narrow screen is the harder one."""
    found = Office(site, request.param)
    yield found
    assert not found.wrong


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def test_signing_in_leads_to_the_desk(writer):
    user = writer.scene.people["reporter"]
    user.set_password(PASSWORD)
    user.save()
    page = writer.page()
    page.goto(writer.url + "/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    press(page, "登录")
    expect(page).to_have_url(writer.url + "/")
    expect(page.locator("h1")).to_be_visible()


def test_a_report_is_filed_returned_mended_and_counted(writer):
    reporter, desk = writer.page("reporter"), writer.page("office")
    writer.open(reporter, "report_edit")
    reporter.locator("#id_invested_this_year").fill("150")
    reporter.locator("#id_physical_progress").fill("主体施工至三层")
    reporter.locator("#id_work_done").fill("三层楼板浇筑完成")
    press(reporter, "提交旬报")
    expect(reporter).to_have_url(re.compile(r"/reports/\d+/$"))
    report = ProgressReport.objects.get(physical_progress="主体施工至三层")

    desk.goto(f"{writer.url}/reports/{report.pk}/return/")
    desk.locator("#id_reason").fill("累计数与台账不符")
    desk.locator("main form button[type=submit]").first.click()
    expect(desk.locator("main")).to_contain_text("已退回")

    writer.open(reporter, "report_edit")
    expect(reporter.locator("main")).to_contain_text("累计数与台账不符")
    reporter.locator("#id_invested_this_year").fill("160")
    press(reporter, "提交旬报")
    expect(reporter).to_have_url(re.compile(r"/reports/\d+/$"))

    amount = desk.locator('[data-figure="invested_this_year"]').first
    writer.open(desk, "dashboard")
    expect(desk.locator("main")).to_contain_text("尚无旬报")  # handed in is not yet confirmed
    assert amount.count() == 0
    desk.goto(f"{writer.url}/reports/{report.pk}/")
    press(desk, "确认旬报")
    expect(desk.locator("main")).to_contain_text("已确认")
    writer.open(desk, "dashboard")
    report.refresh_from_db()
    assert (report.state, report.round) == (ReportState.CONFIRMED, 2)
    assert amount.get_attribute("data-value") == "160.00"


def test_a_unit_pastes_its_period_and_hands_it_in_together(writer):
    unit = Unit.objects.get(duties__user=writer.scene.people["reporter"])
    for number in range(20):
        make_project(f"成批{number:02}项目", code=f"ZB-{number:02}", lead_department=unit, started_on=STARTED)
    page = writer.page("reporter")
    page.goto(f"{writer.url}/reports/grid/2023-10-2/")
    rows = page.locator(".report-grid tbody tr").filter(has_text="成批")
    expect(rows).to_have_count(20)
    rows.first.locator("td.fill input").focus()
    copied = "\n".join(f"{100 + number}\t主体施工至{number + 1}层\t浇筑\t封顶" for number in range(20))
    page.evaluate(PASTE, copied)
    page.locator("h1").click()  # leaving the row keeps it
    expect(rows.locator("[data-state]", has_text="草稿")).to_have_count(20)
    kept = ProgressReport.objects.filter(project__name__startswith="成批")
    assert set(kept.values_list("state", flat=True)) == {ReportState.DRAFT}

    for row in rows.all():
        row.locator("[name=ticked]").check()
    press(page, "提交勾选的旬报")
    expect(page.locator("main")).to_contain_text("已提交20份")
    assert kept.filter(state=ReportState.SUBMITTED).count() == 20
    assert kept.get(project__code="ZB-07").physical_progress == "主体施工至8层"


def test_a_milestone_is_marked_done_with_a_document_number(writer):
    page = writer.open(writer.page("reporter"), "milestone_achieve")
    page.locator("#id_achieved_on").fill("2023-10-10")
    press(page, "登记办结")
    expect(page.locator("main")).to_contain_text("依据")  # no evidence, not done
    page.locator("#id_evidence").fill("淄高新审〔2023〕12号")
    press(page, "登记办结")
    expect(page.locator("main")).to_contain_text("已登记节点")
    assert Milestone.objects.get(evidence="淄高新审〔2023〕12号").achieved_on.isoformat() == "2023-10-10"


def test_a_plan_is_drafted_approved_and_one_date_moved_in_sight_of_the_baseline(writer):
    project = make_project(
        "倒排流程项目", lead_department=Unit.objects.get(duties__user=writer.scene.people["reporter"])
    )
    reporter, desk = writer.page("reporter"), writer.page("office")
    reporter.goto(f"{writer.url}/projects/{project.code}/plans/new/")
    reporter.locator("#id_finish_on").fill("2026-12-31")
    press(reporter, "倒排推算")
    expect(reporter.locator("main")).to_contain_text("倒排结论：可行")
    press(reporter, "保存为草稿")
    expect(reporter).to_have_url(re.compile(r"/plans/\d+/edit/$"))
    reporter.get_by_role("link", name="报审", exact=True).click()
    press(reporter, "报审")
    expect(reporter.locator("main")).to_contain_text("已报审，待发改局统筹审定")

    desk.goto(reporter.url)
    desk.get_by_role("link", name="批准", exact=True).click()
    press(desk, "批准")
    expect(desk.locator("main")).to_contain_text("第1版已批准，开始执行")

    milestone = Milestone.objects.get(plan__project=project, name="投产")
    reporter.goto(f"{writer.url}/milestones/{milestone.pk}/date-change/")
    reporter.locator("#id_new_due").fill("2027-02-10")
    reporter.locator("#id_reason").fill("设备到货推迟")
    reporter.locator("#id_document").fill("企业函〔2023〕9号")
    press(reporter, "提交申请")
    expect(reporter.locator("main")).to_contain_text("已申请调整节点")
    asked = milestone.date_changes.get()
    desk.goto(f"{writer.url}/date-changes/{asked.pk}/decide/")
    press(desk, "同意调整")
    desk.get_by_role("link", name="新版方案").click()
    moved = desk.locator("tr", has_text="投产").filter(has=desk.locator("th", has_text="．投产"))
    for words in ("2027年2月10日", "2026年12月31日", "+41"):  # the new date, the baseline kept, the slip
        expect(moved).to_contain_text(words)
    desk.locator(".page-head").get_by_role("link", name="横道图").click()
    expect(desk.locator("main")).to_contain_text("晚41天")


def test_a_problem_is_raised_handled_and_written_off_by_another(writer):
    reporter = writer.open(writer.page("reporter"), "problem_create")
    reporter.locator("#id_category").select_option("land")
    reporter.locator("#id_text").fill("新增建设用地指标未落实")
    reporter.locator("main form button[type=submit]").last.click()
    expect(reporter.locator("main")).to_contain_text("问题已登记")
    problem = Problem.objects.get(text="新增建设用地指标未落实")
    reporter.locator("[name=result]").fill("指标已下达")
    reporter.locator("[name=document]").fill("淄高新自规〔2023〕8号")
    press(reporter, "办结，提请销号")
    expect(reporter.locator("main")).to_contain_text("办理人不能自行销号，请由他人核验")
    desk = writer.page("office")  # another unit than the doer's
    desk.goto(reporter.url)
    press(desk, "销号")
    expect(desk.locator("main")).to_contain_text("问题已销号")
    problem.refresh_from_db()
    assert problem.state == Problem.State.RESOLVED and problem.resolved_by != problem.handled_by


def test_the_weekly_report_is_signed(writer):
    page = writer.open(writer.page("office"), "weekly_detail")
    press(page, "签发")
    expect(page.locator("main")).to_contain_text("周报已签发")


def test_a_workbook_is_uploaded_looked_at_and_confirmed(writer, tmp_path):
    book = tmp_path / "新增项目.xlsx"
    write_workbook(book, rows=3)
    page = writer.open(writer.page("office"), "import_create")
    page.locator("input[type=file]").set_input_files(book)
    press(page, "上传并核对")
    expect(page).to_have_url(re.compile(r"/imports/\d+/$"))
    batch = ImportBatch.objects.latest("pk")
    read_import.run(batch.pk)  # what the worker does
    page.reload()
    expect(page.locator("main")).to_contain_text("市级重大")
    assert not Project.objects.filter(name__startswith="导入新建项目").exists()  # a preview writes nothing
    if page.locator("#id_accept_warnings").count():
        page.locator("#id_accept_warnings").check()
    page.locator("form[action$='/confirm/'] button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/imports/\d+/$"))
    write_import.run(batch.pk)
    page.reload()
    expect(page.locator("main")).to_contain_text("已写入")
    assert Project.objects.filter(name__startswith="导入新建项目").count() == 3


def read_by_the_worker(page: Page, batch: ImportBatch) -> None:
    expect(page).to_have_url(re.compile(r"/imports/\d+/$"))
    read_import.run(batch.pk)
    page.reload()


def test_a_foreign_sheet_is_mapped_answered_mended_and_written(writer, tmp_path):
    head = [name if name != "形象进度" else "工程到哪一步" for name in HEAD]
    line = ledger_row(
        项目名称="外来项目", 项目代码=None, 项目类别="预备", 总投资="一个多亿", 工程到哪一步="主体封顶"
    )
    book = tmp_path / "外来台账.xlsx"
    book.write_bytes(ledger([line], head=head))
    page = writer.open(writer.page("office"), "import_create")
    page.locator("input[type=file]").set_input_files(book)
    press(page, "上传并核对")
    expect(page).to_have_url(re.compile(r"/imports/\d+/$"))
    batch = ImportBatch.objects.latest("pk")
    read_by_the_worker(page, batch)
    expect(page.get_by_role("button", name="确认导入")).to_have_count(0)

    page.locator(f"a[href='/imports/{batch.pk}/columns/0/']").first.click()
    page.get_by_label("工程到哪一步").select_option("physical_progress")
    press(page, "保存并重新核对")
    read_by_the_worker(page, batch)

    page.get_by_role("radio", name="前期").check()
    page.get_by_label("“总投资”改为").fill("12000")
    press(page, "保存并重新核对")
    read_by_the_worker(page, batch)

    if page.locator("#id_accept_warnings").count():
        page.locator("#id_accept_warnings").check()
    press(page, "确认导入")
    expect(page).to_have_url(re.compile(r"/imports/\d+/$"))
    write_import.run(batch.pk)
    page.reload()
    expect(page.locator("main")).to_contain_text("已写入")
    made = Project.objects.get(name="外来项目")
    assert made.total_investment == 12000
    assert made.reports.get().physical_progress == "主体封顶"

    writer.open(page, "import_answers")
    expect(page.locator("main")).to_contain_text("工程到哪一步")


LOOKED_AT = [
    ("login", None),
    ("desk", "reporter"),
    ("dashboard", "office"),
    ("project_list", "office"),
    ("project_detail", "office"),
    ("report_edit", "reporter"),
]


@pytest.mark.parametrize(("name", "person"), LOOKED_AT, ids=[name for name, _ in LOOKED_AT])
def test_nothing_serious_keeps_anybody_out(reader, name, person):
    page = reader.open(reader.page(person), name)
    page.wait_for_load_state("networkidle")
    # axe is put into the page as a test's own script: the policy of the product would rightly refuse it
    answer = Axe().run(page).response
    assert answer["passes"]
    serious = {
        f"{item['id']}: {node['target']}"
        for item in answer["violations"]
        if item["impact"] in {"serious", "critical"}
        for node in item["nodes"]
    }
    assert serious == set()
