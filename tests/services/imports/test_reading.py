"""Sheets as offices send them (docs/rules.md §13): what is read, what is asked, what is refused, and where."""

import datetime as dt
from decimal import Decimal

import pytest
from openpyxl import Workbook

from projects.models import CarryOver, Listing, ListingVersion, Official, Project
from projects.services.imports import Options
from projects.services.imports.importing import ImportPlan, plan_import
from tests.factories import NOW, TODAY
from tests.workbooks_for_import import HEAD, ROW, add_ledger, ledger, row, rows, saved, table

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def plan(content: bytes, **options) -> ImportPlan:
    return plan_import(
        content=content, file_name="台账.xlsx", options=Options(**options), by=None, now=NOW, today=TODAY
    )


def planned(found: ImportPlan, model) -> list:
    """New objects of a model that the plan would create."""
    return [
        change.instance
        for change in found.changes
        if type(change.instance) is model and change.before is None
    ]


def messages(found: ImportPlan, level: str = "errors") -> list[tuple]:
    return [(m.row, m.column, m.message) for sheet in found.sheets for m in getattr(sheet, level)]


def values(found: ImportPlan) -> dict[str, object]:
    """What was read of the one row; a date by its last day, however it was written."""
    (staged,) = found.sheets[0].rows
    return {
        name: getattr(value, "last_on", value) for name, value in staged.values.items() if name != "written"
    }


def project(found: ImportPlan) -> Project:
    [only] = planned(found, Project)
    return only


def test_three_header_levels_with_years_and_units_in_them():
    cells = [
        ["2023年市级重大项目调度表"],
        ["序号", "项目名称", "建设单位", "总投资（亿元）", "投资情况", None, None, None, "推进部门"],
        [None, None, None, None, "2023年", None, "至2022年底累计完成投资", None, None],
        [None, None, None, None, "计划投资（万元）", "累计完成投资", None, None, None],
        [1, "项目甲", "甲公司", 1.2345, "5,000", "２０００", 100, None, "建设局"],
    ]
    book = Workbook()
    page = book.active
    page.title = "市级重大"
    for line in cells:
        page.append(line)
    for area in ("A2:A4", "B2:B4", "C2:C4", "D2:D4", "E2:H2", "E3:F3", "G3:G4", "I2:I4"):
        page.merge_cells(area)
    found = plan(saved(book))
    assert messages(found) == []
    assert found.sheets[0].header_rows == [2, 3, 4]
    assert project(found).total_investment == Decimal("12345.00")
    assert planned(found, ListingVersion)[0].planned_investment == Decimal("5000")
    assert planned(found, CarryOver)[0].amount == Decimal("100")


def test_header_groups_that_are_not_merged():
    cells = [
        ["2023年市级重大项目"],
        ["序号", "项目名称", "总投资", "2023年计划", None, "推进部门"],
        [None, None, None, "投资", "计划竣工时间", None],
        [1, "项目甲", 9000, 5000, "2024年底前", "建设局"],
    ]
    found = plan(table(cells, "市级重大"))
    assert found.sheets[0].header_rows == [2, 3]
    version = planned(found, ListingVersion)[0]
    assert (version.planned_investment, version.planned_completion) == (Decimal("5000"), "2024年底前")


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("１２，３００", "12300"),
        ("约1.2亿元", "12000"),
        (" 12 300 ", "12300"),
        ("12,300.50万元", "12300.50"),
        (12300, "12300"),
    ],
)
def test_amounts_as_offices_write_them(cell, amount):
    assert project(plan(ledger([row(总投资=cell)]))).total_investment == Decimal(amount)


@pytest.mark.parametrize(
    ("cell", "number"),
    [("①", 1), ("⑩", 10), ("²", 2), ("１２", 12), ("（3）", None), ("٣", None), ("1①①①①①①①①", None)],
)
def test_numbers_of_rows_as_offices_write_them(cell, number):
    assert values(plan(ledger([row(序号=cell)])))["number"] == number


NUMERIC = {name: "金额" for name in HEAD if "投资" in name} | {
    name: "时间" for name in HEAD if "时间" in name
}


@pytest.mark.parametrize("mark", ["①", "⑩", "²"])
@pytest.mark.parametrize("head", NUMERIC)
def test_a_footnotes_mark_is_no_digit_of_any_amount_or_date(head, mark):
    """5000① was once read as 50001, 2023年6月① as 1 June."""
    for cell in (mark, f"{ROW[head]}{mark}"):
        (message,) = messages(plan(ledger([row(**{head: cell})])))
        assert message[:2] == (4, head), (cell, message)


@pytest.mark.parametrize("head", NUMERIC)
def test_full_width_digits_are_digits_in_every_cell(head):
    wide = str(ROW[head]).translate({ord(str(digit)): ord("０") + digit for digit in range(10)})
    found = plan(ledger([row(**{head: wide})]))
    assert not messages(found)
    assert values(found) == values(plan(ledger([row()])))


@pytest.mark.parametrize("cell", ["—", "/", "", None, "无"])
def test_blank_marks_are_no_amount(cell):
    assert project(plan(ledger([row(总投资=cell)]))).total_investment is None


def test_start_and_finish_in_one_cell():
    head = [*HEAD[:9], "建设起止年限", *HEAD[11:]]
    version = planned(plan(ledger([row(建设起止年限="2023.6-2024.12")], head=head)), ListingVersion)[0]
    version.planned_start_on = version.planned_start_span.last_on
    assert (str(version.planned_start_span.last_on), str(version.planned_completion_span.last_on)) == (
        "2023-06-30",
        "2024-12-31",
    )


def test_excel_serial_dates_and_words_in_date_columns():
    assert str(project(plan(ledger([row(实际开工时间=45087)]))).started_on) == "2023-06-10"
    found = plan(ledger([row(实际开工时间="未开工", 本年累计完成投资=0, 是否纳统="否")]))
    assert project(found).started_on is None
    assert messages(found) == []


def test_month_of_a_fact_counts_at_its_end_but_not_after_the_sheets_day():
    assert str(project(plan(ledger([row(实际开工时间="2023年6月")]))).started_on) == "2023-06-30"
    assert str(project(plan(ledger([row(实际开工时间="2023年10月")]))).started_on) == "2023-10-10"


def test_names_with_marks_and_line_breaks_are_one_name():
    assert project(plan(ledger([row(项目名称="☆氢能电堆\n 项目 ")]))).name == "氢能电堆项目"


def test_first_of_several_leaders_is_the_sponsor_and_the_rest_are_kept():
    found = plan(ledger([row(挂包领导="张 三、李四，王五")]))
    assert [official.name for official in planned(found, Official)] == ["张三"]
    assert project(found).extra["其他挂包领导"] == "李四、王五"
    assert any("3位领导" in message for _, _, message in messages(found, "warnings"))


def test_group_rows_give_the_category_and_their_counts_are_checked():
    head = [name for name in HEAD if name != "项目类别"]
    cells = [["一、新开工项目（2个）"], *([item[name] for name in head] for item in rows(3)[:1])]
    cells += [["二、续建项目（1个）"], *([item[name] for name in head] for item in rows(3)[1:2])]
    found = plan(ledger([], head=head, before=cells))
    assert [version.category for version in planned(found, ListingVersion)] == ["new_start", "continuing"]
    assert [(d["declared"], d["parsed"]) for d in found.sheets[0].declared] == [(2, 1), (1, 1)]
    assert found.to_confirm == 1
    assert "写明2个，实际读到1个" in found.decide(allow_warnings=False) + str(messages(found, "warnings"))
    assert found.decide(allow_warnings=True) == ""


def test_totals_are_checked_against_the_rows_first_or_last():
    total = [None] * len(HEAD)
    total[0], total[HEAD.index("总投资")] = "合计", 30000
    assert plan(ledger(rows(3), before=[total])).to_confirm == 0
    total[HEAD.index("总投资")] = 29000
    found = plan(ledger(rows(3), after=[total]))
    assert found.to_confirm == 1
    assert {"row": 7, "why": "合计"} in found.sheets[0].ignored
    assert any(
        "29000.00万元，各行相加为30000.00万元" in message for _, _, message in messages(found, "warnings")
    )


def test_totals_in_words_are_checked():
    found = plan(ledger(rows(3), after=[["注：共3个，总投资3亿元。"]]))
    assert found.to_confirm == 0
    found = plan(ledger(rows(3), after=[["注：共4个，总投资3亿元。"]]))
    assert found.to_confirm == 1
    assert {"row": 7, "why": "表下注释"} in found.sheets[0].ignored


def test_unit_in_yi_and_a_slip_of_units():
    found = plan(
        ledger([row(总投资=1, **{"2023年计划投资": 0.5, "本年累计完成投资": 0.2})], unit="单位：亿元")
    )
    assert (project(found).total_investment, found.to_confirm) == (Decimal("10000"), 0)
    found = plan(ledger([row(总投资=1.5, **{"2023年计划投资": 0.5, "本年累计完成投资": 0.2})]))
    assert found.to_confirm == 1
    assert any("疑似单位应为亿元" in message for _, _, message in messages(found, "warnings"))


def test_unit_option_serves_sheets_that_name_none():
    amounts = {"总投资": 1, "2023年计划投资": 0.5, "本年累计完成投资": 0.2}
    found = plan(ledger([row(**amounts)], unit=None), unit="亿元")
    assert (found.sheets[0].unit, project(found).total_investment) == ("亿元", Decimal("10000"))
    found = plan(ledger([row()], unit=None))
    assert [(question.id, question.likely) for question in found.questions] == [("unit:", "万元")]


def test_unknown_columns_are_kept_under_their_header():
    found = plan(ledger([row(新型能源="是")], head=[*HEAD, "新型能源"]))
    assert found.sheets[0].unmapped == ["新型能源"]
    assert project(found).extra == {"新型能源": "是"}


def test_list_is_told_by_option_or_title_or_asked():
    content = ledger([row()], sheet="Sheet1", title="2023年重点项目表")
    found = plan(content)
    assert [question.id for question in found.questions] == ["list:2023年重点项目表"]
    assert "看不出“Sheet1”是哪个名单" in found.decide(allow_warnings=True)
    assert plan(content, list_name="区重点").sheets[0].list_name == "区级重点"
    assert "没有名单" in plan(content, list_name="不存在").decide(allow_warnings=True)
    assert plan(ledger([row()], sheet="Sheet1", title="2023年重点技改项目")).sheets[0].list_name == "技改"


def test_hidden_rows_and_columns_are_read_and_named():
    book = Workbook()
    page = add_ledger(book, rows(2), sheet="市级重大", title="2023年市级重大项目")
    page.row_dimensions[5].hidden = True
    page.column_dimensions["G"].hidden = True
    found = plan(saved(book))
    assert len(planned(found, Listing)) == 2
    text = str(messages(found, "warnings"))
    assert "第5行为隐藏行" in text and "“总投资”为隐藏列" in text


def test_formula_without_a_result_is_an_error_at_its_cell():
    found = plan(ledger([row(总投资="=SUM(I4:J4)")]))
    assert messages(found) == [(4, "总投资", "G4单元格公式没有计算结果，请用 Excel 或 WPS 打开保存后再导入")]


def test_amount_merged_over_rows_cannot_be_shared_out():
    book = Workbook()
    page = add_ledger(book, rows(2), sheet="市级重大", title="2023年市级重大项目")
    page.merge_cells("G4:G5")
    assert [(r, c) for r, c, _ in messages(plan(saved(book)))] == [(5, "总投资")]


def test_one_pass_reports_every_error_with_its_place():
    bad = [
        row(计划竣工时间="2022年1月"),
        row(项目名称="乙项目", 项目代码="2103-370371-04-02-100002", 总投资="很多", 计划开工时间="随便"),
        row(项目名称="丙项目", 项目代码="2103-370371-04-02-100003", 本年累计完成投资=-5),
        row(项目名称=None, 项目代码="2103-370371-04-02-100004"),
        row(项目名称="戊项目", 项目代码="2103-370371-04-02-100005", 竣工时间="2023.01.01", 项目类别="不知道"),
        row(),
    ]
    found = plan(ledger(bad, head=[*HEAD, "竣工时间"]))
    assert {(r, c) for r, c, _ in messages(found)} == {
        (4, "计划竣工时间"),
        (5, "总投资"),
        (5, "计划开工时间"),
        (6, "本年累计完成投资"),
        (7, "项目名称"),
        (8, "竣工时间"),
        (9, "项目名称"),
    }
    assert found.decide(allow_warnings=True).startswith("共7处错误，未写入任何数据。首处：“市级重大”第")


def test_questions_that_do_not_hold_up_the_import():
    found = plan(
        ledger(
            [
                row(总投资=6000, 至2022年底累计完成投资=5000, **{"2023年计划投资": 7000}),
                row(项目名称="乙", 项目代码="2103-110000-04-02-100002", 实际开工时间="未开工"),
                row(项目名称="丙", 项目代码="2103-370371-04-02-100003", 实际开工时间="已开工"),
            ]
        )
    )
    text = str(messages(found, "warnings"))
    assert found.decide(allow_warnings=False) == ""
    for words in ("超过总投资", "注明未开工", "未填实际开工时间", "不属于本市"):
        assert words in text


def test_near_match_is_offered_and_waits_for_a_person():
    Project.objects.create(code="GX-2023-0009", name="氢能电堆", developer="乙公司", reports_from_on=TODAY)
    found = plan(ledger([row(项目代码=None)]))
    assert found.to_confirm == 1
    assert "“氢能电堆”（GX-2023-0009）相近" in str(messages(found, "warnings"))


def test_project_without_a_code_gets_a_local_number_and_is_found_again_by_name_and_firm():
    found = plan(ledger([row(项目代码="正在办理")]))
    assert project(found).code.startswith("GX-2023-")
    Project.objects.create(
        code="GX-2023-0009", name="氢能电堆项目", developer="甲公司", reports_from_on=TODAY
    )
    assert planned(plan(ledger([row(项目代码=None)])), Project) == []


def test_other_sheets_refer_to_one_known_project():
    cells = [
        ["2023年投资调度表", "单位：万元"],
        ["序号", "项目名称", "1月累计完成投资"],
        [1, "没有的项目", 5],
        [2, "氢能电堆项目", 5],
    ]
    book = Workbook()
    add_ledger(
        book,
        [row(), row(项目代码="2103-370371-04-02-100002", 建设单位="乙")],
        sheet="市级重大",
        title="2023年市级重大",
    )
    page = book.create_sheet("投资调度")
    for line in cells:
        page.append(line)
    found = [(r, m) for r, _, m in messages(plan(saved(book)))]
    assert found[0][0] == 3 and "台账中没有该项目" in found[0][1]
    assert found[1][0] == 4 and "2个同名项目" in found[1][1]


def test_amounts_of_one_period_must_agree_within_a_file():
    book = Workbook()
    add_ledger(book, [row()], sheet="市级重大", title="2023年市级重大")
    page = book.create_sheet("投资调度")
    for line in (
        ["2023年投资"],
        ["序号", "项目名称", "9月累计完成投资", "10月上旬累计完成投资"],
        [1, "氢能电堆项目", 900, 2001],
    ):
        page.append(line)
    assert [(r, c) for r, c, _ in messages(plan(saved(book)))] == [(3, "10月上旬累计完成投资")]


def test_workbook_without_any_known_table_is_refused():
    found = plan(table([["随便", "写写"], [1, 2]], "Sheet1"))
    assert "没有可识别的工作表" in found.decide(allow_warnings=True)
    assert found.sheets[0].kind == "unrecognised"


def test_a_yes_to_statistics_is_kept_without_a_made_up_day():
    (project,) = planned(plan(ledger([row(是否纳统="是")])), Project)
    assert project.entered_statistics_on is None and project.statistics_stated_on == dt.date(2023, 10, 10)
