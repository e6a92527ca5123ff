"""There and back: whatever the register holds, its own ledger is read back as unchanged, without a question."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from projects.models import CarryOver, Project
from projects.services.imports import Options
from projects.services.imports.importing import plan_import
from projects.services.imports.staging.cells import match_key
from projects.services.register.search import search_text_for
from projects.workbooks import write_ledger, write_template
from tests.factories import NOW, make_list, make_listing, make_official, make_project, make_report, make_unit
from tests.properties import costly

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DAY = dt.date(2023, 10, 12)

LETTERS = st.text(
    "甲乙丙丁项目工程区期（）()【】·-—、，。 \n\t☆★*※=+@#&\"'<>059abXY％%/\\：:", min_size=1, max_size=24
)
ODD_NAMES = st.sampled_from(
    ["一、甲", "12", "项目（3个）", "☆甲", "=1+1", "_x0041_", "甲\u2028乙", "甲" * 120, "甲  乙 丙"]
)
NAMES = (LETTERS | ODD_NAMES).filter(match_key)
TEXTS = st.text("主体施工至二层，封顶。\n 12=+-@—、（）", max_size=40)
CODES = st.sampled_from(["2103-370371-04-02-1000", "gx-2023-00", "淄2023-", "Ａ—", "正在办理"])
LEADERS = ["张 三", "买买提·艾力", "John Smith", "甲、乙", "王五（挂职）", "李\n四", "副区长张三"]
POSTS = ["", "工委书记", "区委常委、副区长", "书记\n主任"]
UNITS = [
    "建设局、财政局",
    "=单位",
    "自然资源和\n规划局",
    "建设局（牵头）",
    "配合单位：财政局",
    "甲局 乙局",
    "发改局/商务局",
]
STARTS = ["", "2023年3月", "2023年上半年", "2023-05-24", "待定", "手续办理中", "2022年续建"]
FINISHES = ["", "2024年底", "2025年6月", "2024-12-01", "未定", "十四五期间"]
HEADERS = [
    "联系方式",
    "总投资",
    "单位",
    "到位资金",
    "2022年完成投资",
    "甲\n乙",
    "投资",
    "累计完成投资",
    "备注",
    "协办单位",
]
HEADERS += ["其他挂包领导", "实际开工时间说明", "存在问题", "开工时间", "项目类型", "形象进度(%)"]
MONEY = st.decimals(Decimal("0.01"), Decimal("9999999.99"), places=2)
DAYS = st.dates(dt.date(2020, 1, 1), DAY)


@st.composite
def projects(draw) -> dict:
    """One project's facts, its place in the list, its report and what is kept beside."""
    started, completed = draw(st.none() | DAYS), draw(st.none() | DAYS)
    return {
        "name": draw(NAMES),
        "code": draw(CODES),
        "developer": draw(st.just("") | LETTERS),
        "description": draw(TEXTS),
        "nature": draw(st.sampled_from(["", *Project.Nature.values])),
        "total_investment": draw(st.none() | MONEY),
        "started_on": started,
        "completed_on": completed if started and completed and completed >= started else None,
        "extra": draw(
            st.dictionaries(st.sampled_from(HEADERS), TEXTS.filter(str.strip) | st.just("12.5"), max_size=3)
        ),
        "sponsor": draw(st.none() | st.integers(0, len(LEADERS) - 1)),
        "lead": draw(st.none() | st.integers(0, len(UNITS) - 1)),
        "host": draw(st.none() | st.integers(0, len(UNITS) - 1)),
        "category": draw(st.sampled_from(["new_start", "continuing", "preparatory"])),
        "planned": draw(st.just(Decimal(0)) | MONEY),
        "start": draw(st.sampled_from(STARTS)),
        "finish": draw(st.sampled_from(FINISHES)),
        "carried": draw(st.none() | MONEY),
        "invested": draw(st.none() | st.tuples(MONEY, st.sampled_from(["2023-09-3", "2023-10-1"]), TEXTS)),
        "level": draw(st.sampled_from(["single", "single", "package", "phase"])),
    }


def enter(facts: list[dict]) -> None:
    """The register as generated: one list of 2023."""
    leaders = [make_official(f"{name}") for name in LEADERS]
    for number, leader in enumerate(leaders):
        leader.post = POSTS[number % len(POSTS)]
        leader.save()
    units = [make_unit(name) for name in UNITS]
    annual_list = make_list()
    package = None
    for number, one in enumerate(facts):
        level = one["level"] if one["level"] != "phase" or package else "single"
        project = make_project(
            one["name"],
            code=f"{one['code']}{number:02}",
            level=level,
            parent=package if level == "phase" else None,
            sponsor=leaders[one["sponsor"]] if one["sponsor"] is not None else None,
            lead_department=units[one["lead"]] if one["lead"] is not None else None,
            host_district=units[one["host"]] if one["host"] is not None else None,
            **{name: one[name] for name in ("developer", "description", "nature", "total_investment")},
            **{name: one[name] for name in ("started_on", "completed_on", "extra")},
        )
        package = project if level == "package" else package
        project.search_text = search_text_for(project)
        project.save()
        version = make_listing(
            project,
            annual_list,
            category=one["category"],
            planned_investment=one["planned"],
            planned_start=one["start"],
            planned_completion=one["finish"],
        )
        version.listing.number = number + 1
        version.listing.save()
        if one["carried"] is not None:
            CarryOver.objects.create(project=project, year=2023, amount=one["carried"])
        if one["invested"]:
            amount, period, words = one["invested"]
            make_report(project, period, invested=amount, physical_progress=words)


def written() -> bytes:
    out = BytesIO()
    write_ledger(out, lists=[make_list()], as_of=DAY)
    return out.getvalue()


@given(st.lists(projects(), min_size=1, max_size=8, unique_by=lambda one: match_key(one["name"])))
@costly(12)
def test_the_ledger_of_any_register_is_read_back_unchanged(facts):
    with transaction.atomic():
        enter(facts)
        plan = plan_import(
            content=written(), file_name="台账.xlsx", options=Options(), by=None, now=NOW, today=DAY
        )
        ledger = plan.sheets[0]
        assert [message.message for sheet in plan.sheets for message in sheet.errors] == []
        assert plan.changes.described() == []
        assert not plan.changes
        assert (ledger.unchanged, len(facts), plan.questions) == (len(ledger.rows), len(ledger.rows), [])
        transaction.set_rollback(True)


def test_a_ledger_holds_real_numbers_and_days_and_no_formula():
    project = make_project("=1+1", started_on=dt.date(2023, 3, 1), total_investment=Decimal("1234.05"))
    make_listing(project, planned_investment=Decimal(500))
    make_report(project, invested="12.34")
    cells = [cell for row in load_workbook(BytesIO(written())).worksheets[0].iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    by_value = {cell.value: cell.data_type for cell in cells}
    assert (by_value[1234.05], by_value[dt.datetime(2023, 3, 1)], by_value["=1+1"]) == ("n", "d", "s")


def test_the_empty_ledger_is_read_as_the_columns_it_shows():
    out = BytesIO()
    write_template(out, year=2023, office="发展改革局")
    book = load_workbook(BytesIO(out.getvalue()))
    page, told = book.worksheets
    cells = {
        "项目名称": "甲",
        "建设单位": "甲公司",
        "项目类别": "续建",
        "总投资": 10000,
        "投资": 4000,
        "形象进度": "主体",
    }
    for column in range(1, page.max_column + 1):
        head = page.cell(4, column).value or page.cell(3, column).value
        page.cell(5, column).value = cells.get(head)
    filled = BytesIO()
    book.save(filled)
    plan = plan_import(
        content=filled.getvalue(),
        file_name="",
        options=Options(list_name="市级重大"),
        by=None,
        now=NOW,
        today=DAY,
    )
    ledger = plan.sheets[0]
    assert (ledger.kind, len(ledger.rows), ledger.errors, ledger.unmapped) == ("ledger", 1, [], ["备注"])
    assert all(column["field"] for column in ledger.columns)
    assert all(told.cell(line, 2).value for line in range(2, page.max_column + 2))
