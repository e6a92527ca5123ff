"""Headers as offices write them: which column each is, and which of them must be asked about. No database."""

import datetime as dt
from decimal import Decimal

import pytest

from projects.migrations.reference.headers import ALIASES
from projects.services.imports.reader import Grid
from projects.services.imports.staging.columns import BY_NAME, FIELDS, KEEP, label_of
from projects.services.imports.staging.headers import find_table
from projects.services.imports.staging.meaning import (
    ALIAS,
    ANSWER,
    Words,
    meaning_of,
    normalise,
    unit_in_header,
)
from projects.services.imports.staging.questions import Answers
from projects.services.imports.staging.settling import settle_columns
from projects.services.imports.staging.staged import LEDGER, StagedSheet

WORDS = Words()
TODAY = dt.date(2023, 10, 12)
HEAD = ["序号", "项目名称", "建设单位", "总投资", "2023年计划投资"]


def read(*path: str, year: int = 2023) -> str:
    """The field of a header and a mark: ? in doubt, ~ a date planned or actual, or the code of a period."""
    found = meaning_of(list(path), year, WORDS)
    if found.period:
        return found.period.code
    return found.field + ("?" if found.in_doubt else "~" if found.ambiguous_date else "")


def settled(head: list[str], *lines: list, answers: dict[str, str] | None = None, as_of=None) -> StagedSheet:
    """A ledger of one header row after its columns are settled."""
    grid = Grid("区级重点", [["2023年区级重点项目"], head, *lines])
    said = Answers(answers or {})
    table = find_table(grid, {}, 2023, said)
    sheet = StagedSheet(grid.name, LEDGER, year=2023, unit="万元", as_of=as_of, answers=said)
    settle_columns(sheet, table, grid, TODAY)
    return sheet


def field_of(sheet: StagedSheet, header: str) -> str:
    (found,) = [column["field"] for column in sheet.columns if column["header"] == header]
    return found


def test_every_header_that_was_ever_shipped_is_still_known():
    for name, headers in ALIASES.items():
        for header in headers.split():
            assert WORDS.exact(normalise(header)).field == name, header


def test_no_column_lacks_a_chinese_name_of_its_own():
    labels = [field.label for field in FIELDS]
    assert len(set(labels)) == len(labels) == len(BY_NAME)
    assert not any(label.isascii() for label in [*labels, label_of(KEEP)])


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (("市级重点项目名称",), "name"),
        (("项目 名称\n（全称）",), "name"),
        (("建设单位（业主）",), "developer"),
        (("项目建设地点",), "address"),
        (("主要建设内容及规模（万平方米）",), "description"),
        (("县级牵头责任单位",), "lead_department"),
        (("责任单位联系人",), ""),
        (("配合责任单位",), "helpers"),
        (("年度形象进度目标",), ""),
        (("2023年度计划", "形象进度"), ""),
        (("目前形象进度",), "physical_progress"),
        (("概算投资（亿）",), "total_investment"),
        (("总投资\n/亿元",), "total_investment"),
        (("总投资[亿元]",), "total_investment"),
        (("计划总投资(亿元人民币)",), "total_investment"),
        (("投资规模【万元】",), "total_investment"),
        (("项目基本情况", "总投资"), "total_investment"),
        (("2023年工作计划", "投资"), "planned_investment"),
        (("投资（万元）", "本年计划"), "planned_investment"),
        (("2023年投资计划",), "planned_investment"),
        (("全年目标投资额",), "planned_investment"),
        (("1-9月计划投资",), ""),
        (("2024年计划投资",), ""),
        (("完成年度投资",), "invested_this_year"),
        (("本年完成投资",), "invested_this_year"),
        (("2023年完成投资",), "invested_this_year"),
        (("2022年完成投资",), ""),
        (("2022年", "累计完成投资"), ""),
        (("自年初累计完成投资",), "invested_this_year"),
        (("投资完成情况（万元）", "本年累计"), "invested_this_year"),
        (("投资完成情况（万元）", "开工以来累计"), "invested_to_date"),
        (("投资完成情况（万元）", "本月"), "current_amount"),
        (("9月完成投资",), "current_amount"),
        (("1-9月份累计完成投资",), "2023-09-3"),
        (("1-9月份完成投资",), "2023-09-3"),
        (("项目建设阶段(1-12月份)", "完成投资"), "2023-12-3"),
        (("1—9月投资完成额",), "2023-09-3"),
        (("截至2022年12月31日累计完成投资",), "carry_over"),
        (("2022年底累计完成投资",), "carry_over"),
        (("2022年及以前累计完成投资",), "carry_over"),
        (("累计完成投资",), "invested_this_year?"),
        (("完成投资",), "invested_this_year?"),
        (("截至2023年9月底累计完成投资",), "invested_this_year?"),
        (("计划投资",), "planned_investment?"),
        (("投资额",), "total_investment?"),
        (("到位资金（万元）",), "?"),
        (("其中：政府投资",), "?"),
        (("完成年度计划（%）",), "completion_rate"),
        (("年度投资完成比例",), "completion_rate"),
        (("开工时间",), "started~"),
        (("开工年月",), "started~"),
        (("2023年完成情况", "竣工时间"), "completed"),
        (("建设起止时间", "开工"), "planned_start"),
        (("建设起止时间", "竣工"), "planned_completion"),
        (("预计动工日期",), "planned_start"),
        (("实际动工日期",), "started"),
        (("延期竣工原因",), ""),
        (("计划竣工（投产）时间",), "planned_completion"),
        (("计划开、竣工时间",), "planned_span"),
    ],
)
def test_what_a_header_means(path, field):
    assert read(*path) == field


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("总投资（亿元）", "亿元"),
        ("总投资（亿）", "亿元"),
        ("总投资\n/亿元", "亿元"),
        ("总投资[亿元]", "亿元"),
        ("总投资【单位：万元】", "万元"),
        ("总投资额亿元", "亿元"),
        ("总投资，单位：元", "元"),
        ("建设规模（万平方米）", None),
        ("总投资", None),
    ],
)
def test_the_unit_of_a_header_stands_in_any_bracket(header, unit):
    assert unit_in_header(header) == unit


def test_the_offices_own_header_comes_before_the_products():
    words = Words({"责任单位": "developer"})
    assert meaning_of(["责任单位"], 2023, words).field == "developer"
    assert words.exact("责任单位").why == ALIAS


def test_a_bare_cumulative_figure_is_asked_about_and_the_columns_beside_it_say_what_is_likely():
    beside_the_year = settled(
        [*HEAD, "累计完成投资", "本年完成投资"], [1, "甲", "甲公司", 10000, 4000, 8000, 3000]
    )
    (asked,) = beside_the_year.questions.values()
    assert (asked.id, asked.likely, asked.choices[-1]) == ("column:累计完成投资", "invested_to_date", "keep")
    assert field_of(beside_the_year, "本年完成投资") == "invested_this_year"
    alone = settled([*HEAD, "累计完成投资"], [1, "甲", "甲公司", 10000, 4000, 2000])
    assert alone.questions["column:累计完成投资"].likely == "invested_this_year"
    above_the_plan = settled([*HEAD, "累计完成投资"], [1, "甲", "甲公司", 10000, 4000, 8000])
    assert above_the_plan.questions["column:累计完成投资"].likely == "invested_to_date"
    carried = [*HEAD, "至2022年底累计完成投资", "累计完成投资"]
    since_start = settled(carried, [1, "甲", "甲公司", 10000, 4000, 3000, 4500])
    assert since_start.questions["column:累计完成投资"].likely == "invested_to_date"


@pytest.mark.parametrize("said", ["累计完成投资", "累计完成投资（万元）", "累计完成投资(万元)"])
def test_an_answer_names_the_header_with_its_unit_or_without(said):
    head = [*HEAD, "累计完成投资（万元）"]
    sheet = settled(
        head, [1, "甲", "甲公司", 10000, 4000, 2000], answers={f"column:{said}": "invested_to_date"}
    )
    assert field_of(sheet, "累计完成投资(万元)") == "invested_to_date"
    assert all(question.answer for question in sheet.questions.values())


def test_an_answer_moves_any_column_also_one_that_was_never_in_doubt():
    line = [1, "甲", "甲公司", 10000, 4000]
    sheet = settled(HEAD, line, answers={"column:建设单位": "lead_department", "column:总投资": "keep"})
    assert (field_of(sheet, "建设单位"), field_of(sheet, "总投资")) == ("lead_department", "")
    assert {column["why"] for column in sheet.columns if column["header"] == "建设单位"} == {ANSWER}
    assert not sheet.questions


def test_a_column_of_money_that_nobody_claimed_is_asked_about_and_one_of_words_is_not():
    sheet = settled([*HEAD, "到位资金", "资金来源说明"], [1, "甲", "甲公司", 10000, 4000, 500, "自筹"])
    (asked,) = sheet.questions.values()
    assert (asked.id, asked.likely) == ("column:到位资金", "keep")


def test_numbers_under_a_head_that_never_says_money_are_asked_about():
    head = [*HEAD[:4], "本年计划", "本年完成", "一季度计划", "计划新增就业"]
    sheet = settled(head, [1, "甲", "甲公司", 10000, 4000, 2000, 1000, "50人"])
    likely = {question.id: question.likely for question in sheet.questions.values()}
    assert likely == {"column:本年计划": "planned_investment", "column:本年完成": "invested_this_year"}


def test_a_footnote_is_no_part_of_a_header():
    sheet = settled(["序号", "项目名称①", "建设单位②", "总投资*"], [1, "甲", "甲公司", 10000])
    assert [column["field"] for column in sheet.columns] == [
        "number",
        "name",
        "developer",
        "total_investment",
    ]


def test_a_state_of_works_is_no_class():
    sheet = settled([*HEAD, "目前状态"], [1, "甲", "甲公司", 1, 1, "在建"])
    assert field_of(sheet, "目前状态") == ""


def test_project_type_of_trades_is_kept_aside_and_one_of_classes_is_read_whatever_its_header():
    head = [*HEAD, "项目类型", "性质"]
    sheet = settled(
        head, [1, "甲", "甲公司", 1, 1, "产业项目", "续建"], [2, "乙", "乙公司", 1, 1, "基础设施", "新开工"]
    )
    assert (field_of(sheet, "项目类型"), field_of(sheet, "性质")) == ("", "category")


@pytest.mark.parametrize(
    ("cells", "field", "asked"),
    [
        (("2023年12月", "2024年3月"), "planned_start", []),
        (("2023年3月", "2023年12月"), "planned_start", ["计划"]),
        (("2023年3月", "2023年6月"), "started", ["实际"]),
        (("未开工", ""), "started", []),
    ],
)
def test_a_start_that_says_neither_planned_nor_actual(cells, field, asked):
    head = [*HEAD, "本年完成投资", "开工时间"]
    lines = [[n, f"甲{n}", "甲公司", 1, 1, 1, cell] for n, cell in enumerate(cells)]
    sheet = settled(head, *lines)
    assert field_of(sheet, "开工时间") == field
    assert [question.likely for question in sheet.questions.values()] == asked


def test_a_start_beside_the_planned_one_is_the_actual_one_and_beside_the_actual_one_the_planned():
    lines = [[1, "甲", "甲公司", 1, 1, "2023年3月", "2023年2月"]]
    assert field_of(settled([*HEAD, "开工时间", "计划开工时间"], *lines), "开工时间") == "started"
    assert field_of(settled([*HEAD, "开工时间", "实际开工时间"], *lines), "开工时间") == "planned_start"


def test_each_column_says_what_it_was_read_as_and_why():
    sheet = settled([*HEAD, "新型能源"], [1, "甲", "甲公司", Decimal(10000), 4000, "是"])
    assert sheet.columns[3] == {
        "index": 3,
        "header": "总投资",
        "field": "total_investment",
        "label": "总投资",
        "head": "总投资",
        "why": "dictionary",
        "samples": ["10000"],
    }
    assert (sheet.columns[5]["field"], sheet.columns[5]["why"]) == ("", "")
