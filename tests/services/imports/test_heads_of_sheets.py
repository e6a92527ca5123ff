"""What the head of a sheet says, and what is asked where it is silent: day, year, unit, list."""

import datetime as dt

import pytest

from .sheets_of_offices import HEAD, TITLE, asked, grid, names, project, read, stage

UNIT = "单位：万元"
NO_YEAR = tuple(header.replace("2023年", "年度") for header in HEAD)
LINE = project(1, "甲")


def of_title(*cells: object, **given):
    """The sheet of one line under these cells of a title row, the unit beside them."""
    return read(LINE, top=[[*cells, UNIT]], **given)


@pytest.mark.parametrize(
    "cells",
    [
        ("2023年区级重点项目", "截至2023年9月30日"),
        ("2023年区级重点项目", "截止9月底"),
        ("2023年区级重点项目", "数据截止日期：2023年9月30日"),
        ("2023年区级重点项目", "数据截止时间:2023-9-30"),
        ("2023年区级重点项目", "（截至2023年9月下旬）"),
        ("2023年区级重点项目", "截至日期：", "2023-09-30"),
        ("2023年区级重点项目（截至9月份）",),
    ],
)
def test_a_day_that_says_so_is_read(cells):
    sheet = of_title(*cells)
    assert (sheet.as_of, sheet.year, asked(sheet)) == (dt.date(2023, 9, 30), 2023, {})


@pytest.mark.parametrize(
    ("cells", "met", "likely"),
    [
        (("2023年1-9月区级重点项目投资完成情况表",), "2023年1-9月", "2023-09-30"),
        (("2023年区级重点项目1月至9月进展",), "1月至9月", "2023-09-30"),
        (("2023年9月份区级重点项目",), "2023年9月份", "2023-09-30"),
        (("2023年第三季度区级重点项目",), "2023年第三季度", "2023-09-30"),
        (("区级重点项目2023年前三季度情况",), "2023年前三季度", "2023-09-30"),
        (("2023年上半年区级重点项目",), "2023年上半年", "2023-06-30"),
        (("2023年10月上旬区级重点项目",), "2023年10月上旬", "2023-10-10"),
        (("2023年区级重点项目", "2023年9月30日"), "2023年9月30日", "2023-09-30"),
        (("2023年区级重点项目", "填报时间：2023.9.30"), "填报时间:2023.9.30", "2023-09-30"),
        (("2023年区级重点项目", "统计日期：2023年9月28日"), "统计日期:2023年9月28日", "2023-09-28"),
        (("2022年区级重点项目完成情况", "截至2023年1月5日"), "截至2023年1月5日", "2022-12-31"),
    ],
)
def test_any_other_day_is_asked_about_with_the_likely_one_first(cells, met, likely):
    head = tuple(header.replace("2023", cells[0][:4]) for header in HEAD)
    sheet = of_title(*cells, head=head if cells[0][:4].isdigit() else HEAD)
    assert asked(sheet) == {f"as_of:{met}": likely}
    assert sheet.as_of == dt.date.fromisoformat(likely)
    assert all(dt.date.fromisoformat(choice) for choice in sheet.questions[f"as_of:{met}"].choices)
    said = of_title(
        *cells, head=head if cells[0][:4].isdigit() else HEAD, answers={f"as_of:{met}": "2023-08-31"}
    )
    assert (said.as_of, asked(said)) == (dt.date(2023, 8, 31), {})


def test_without_a_day_it_is_asked_for_within_the_years_of_the_sheet():
    assert asked(of_title("2023年区级重点项目")) == {"as_of:": "2023-10-12"}
    head = tuple(header.replace("2023", "2022") for header in HEAD)
    last_year = of_title("2022年区级重点项目完成情况", head=head)
    assert (last_year.year, asked(last_year)) == (2022, {"as_of:": "2022-12-31"})


def test_the_day_of_another_sheet_of_the_file_is_the_likely_one():
    cells = [["2023年区级重点项目", UNIT], HEAD, LINE]
    first, second = stage(grid([TITLE, HEAD, LINE]), grid(cells, name="区级重点2"))
    assert (asked(first), asked(second)) == ({}, {"as_of:": "2023-09-30"})


def test_a_plan_without_amounts_done_is_not_asked_for_its_day():
    sheet = read([1, "甲", "甲公司", 10000, 4000], top=[["2023年区级重点项目名单", UNIT]], head=HEAD[:5])
    assert (asked(sheet), sheet.as_of) == ({}, None)


def test_a_column_of_a_period_dates_its_amounts_itself():
    head = [*HEAD[:5], "1-9月份累计完成投资", "推进部门"]
    sheet = read(LINE, top=[["2023年区级重点项目", UNIT]], head=head)
    assert (asked(sheet), sheet.as_of) == ({}, dt.date(2023, 9, 30))
    assert sheet.rows[0].amounts == {dt.date(2023, 9, 30): 2000}


def test_the_name_of_the_file_tells_day_and_year():
    sheet = read(LINE, top=[["区级重点项目", UNIT]], head=NO_YEAR, file_name="区级重点2022年11月底.xlsx")
    assert (sheet.year, asked(sheet)) == (2022, {"as_of:2022年11月底": "2022-11-30"})


def test_an_invalid_day_is_refused():
    sheet = of_title("2023年区级重点项目", "截至2023年13月45日")
    assert "不是有效日期" in sheet.errors[0].message


# ---------------------------------------------------------------------------------------------------------
# Year


def test_a_year_that_nothing_names_is_asked_for():
    sheet = read(LINE, top=[["区级重点项目", UNIT]], head=NO_YEAR)
    assert asked(sheet)["year:"] == "2023"
    said = read(LINE, top=[["区级重点项目", UNIT]], head=NO_YEAR, answers={"year:": "2022"})
    assert (said.year, asked(said)) == (2022, {"as_of:": "2022-12-31"})


def test_the_year_of_a_certain_day_is_the_sheets_where_nothing_else_is_said():
    sheet = read(LINE, top=[["区级重点项目", "截至2023年9月30日", UNIT]], head=NO_YEAR)
    assert (sheet.year, asked(sheet)) == (2023, {})


def test_a_title_and_headers_of_two_years_are_asked_about():
    sheet = read(LINE, top=[["2022年区级重点项目", "截至2022年9月30日", UNIT]])
    assert asked(sheet)["year:2022/2023"] == "2023"


@pytest.mark.parametrize("this_year", ["本年完成投资", "2023年完成投资"])
@pytest.mark.parametrize("plan", ["2023年计划投资", "年度计划投资"])
def test_last_years_amount_is_not_this_years(this_year, plan):
    head = [*HEAD[:4], plan, "2022年完成投资", this_year]
    sheet = read([1, "甲", "甲公司", 10000, 4000, 1111, 2000], head=head)
    (row,) = sheet.rows
    assert (row.get("planned_investment"), row.get("invested_this_year")) == (4000, 2000)
    assert (row.extra, asked(sheet)) == ({"2022年完成投资": "1111"}, {})


# ---------------------------------------------------------------------------------------------------------
# Unit


@pytest.mark.parametrize(
    ("top", "after"),
    [
        ([["2023年区级重点项目（单位：亿元）", TITLE[1]]], []),
        ([["2023年区级重点项目", TITLE[1]], [None, None, None, None, None, None, "（亿元）"]], []),
        ([["2023年区级重点项目", TITLE[1], "金额单位：人民币亿元"]], []),
        ([["2023年区级重点项目", TITLE[1]]], [["注：表中金额单位为亿元。"]]),
    ],
)
def test_the_unit_stands_anywhere_about_the_table(top, after):
    sheet = read(project(1, "甲", 1.5, 0.4, 0.2), *after, top=top)
    assert (sheet.unit, sheet.rows[0].get("total_investment"), asked(sheet)) == ("亿元", 15000, {})


@pytest.mark.parametrize(
    ("amounts", "likely"), [((10000, 4000, 2000), "万元"), ((12.5, 4, 2), "亿元"), ((1.2e8, 4e7, 2e7), "元")]
)
def test_a_unit_that_nothing_names_is_asked_for_by_the_size_of_the_amounts(amounts, likely):
    sheet = read(project(1, "甲", *amounts), top=[TITLE[:2]])
    assert asked(sheet) == {"unit:": likely}
    said = read(project(1, "甲", *amounts), top=[TITLE[:2]], answers={"unit:": "亿元"})
    assert (said.unit, asked(said)) == ("亿元", {})
    assert asked(read(project(1, "甲", *amounts), top=[TITLE[:2]], unit="万元")) == {}


def test_units_in_the_cells_or_in_every_header_are_not_asked_for():
    assert asked(read(project(1, "甲", "1.5亿元", "4000万元", "2000万元"), top=[TITLE[:2]])) == {}
    head = [*HEAD[:3], "总投资（亿元）", "2023年计划投资（万元）", "本年累计完成投资/万元", HEAD[6]]
    sheet = read(project(1, "甲", 1.5, 4000, 2000), top=[TITLE[:2]], head=head)
    assert (sheet.rows[0].get("total_investment"), sheet.rows[0].get("planned_investment")) == (15000, 4000)
    assert asked(sheet) == {}


def test_a_unit_at_one_header_alone_is_asked_about_for_the_others_unless_their_size_agrees():
    head = [*HEAD[:3], "总投资（亿元）", *HEAD[4:]]
    assert asked(read(project(1, "甲", 1.5, 4000, 2000), top=[TITLE[:2]], head=head)) == {"unit:": "万元"}
    assert asked(read(project(1, "甲", 1.5, 0.4, 0.2), top=[TITLE[:2]], head=head)) == {}


# ---------------------------------------------------------------------------------------------------------
# List


def test_a_list_that_nothing_names_is_a_question_with_the_lists_on_record():
    given = {"top": [["2023年城建重点项目", *TITLE[1:]]], "name": "Sheet1"}
    sheet = read(LINE, **given)
    (question,) = sheet.questions.values()
    assert (question.id, set(question.choices)) == (
        "list:2023年城建重点项目",
        {"省级重点", "市级重大", "区级重点", "技改"},
    )
    said = read(LINE, **given, answers={question.id: "市级重大"})
    assert (said.list_name, asked(said), names(said)) == ("市级重大", {}, ["甲"])


def test_a_line_above_the_title_is_not_the_title():
    sheet = read(LINE, top=[["附件2"], TITLE])
    assert (sheet.title, sheet.year, asked(sheet)) == ("2023年区级重点项目", 2023, {})


def test_an_answer_to_the_bare_kind_holds_for_the_file_whatever_was_met():
    top = [["2023年1-9月城建项目", UNIT]]
    sheet = read(LINE, top=top, name="Sheet1", answers={"as_of:": "2023-09-25", "list:": "技改"})
    assert (sheet.as_of, sheet.list_name, asked(sheet)) == (dt.date(2023, 9, 25), "技改", {})
    sheet = read(
        LINE,
        top=top,
        name="Sheet1",
        answers={"as_of:": "2023-09-25", "as_of:2023年1-9月": "2023-09-30", "list:": "技改"},
    )
    assert sheet.as_of == dt.date(2023, 9, 30)
