"""Workbooks we write: text stays text, money stays exact, rows stream."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from projects.workbooks import write_table
from projects.workbooks.plain import sheet_name, text_width


def written(rows, heads=("甲", "乙"), **options):
    out = BytesIO()
    count = write_table(out, title="清单", heads=list(heads), rows=rows, **options)
    out.seek(0)
    return load_workbook(out).active, count, out


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(A1)", "http://example.invalid/", "{=1}"]
)
def test_a_text_is_never_a_formula_or_a_link(text):
    sheet, _, out = written([[text, 1]])
    assert (sheet["A2"].value, sheet["A2"].data_type) == (text, "s")
    assert sheet["A2"].hyperlink is None
    xml = ZipFile(out).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert "hyperlink" not in xml


def test_money_is_a_number_where_a_double_holds_it_and_text_where_not():
    exact, long = Decimal("1699000.05"), Decimal("99999999999999.99")
    sheet, _, _ = written([[exact, long]])
    assert Decimal(str(sheet["A2"].value)) == exact
    assert Decimal(str(sheet["B2"].value)) == long


def test_days_moments_yes_and_nothing():
    moment = dt.datetime(2023, 10, 12, 1, 30, tzinfo=dt.UTC)
    sheet, _, _ = written([[dt.date(2023, 10, 12), moment], [True, None]])
    assert sheet["A2"].value == dt.datetime(2023, 10, 12)
    assert sheet["B2"].value == dt.datetime(2023, 10, 12, 9, 30)
    assert (sheet["A3"].value, sheet["B3"].value) == ("是", None)


def test_control_characters_and_endless_texts_do_not_spoil_the_file():
    sheet, _, _ = written([["甲\x00\x0b乙", "长" * 40_000]])
    assert sheet["A2"].value == "甲乙"
    assert len(sheet["B2"].value) == 32_767


def test_notes_stand_above_the_heads_and_rows_are_counted():
    sheet, count, _ = written(([n, n] for n in range(3)), notes=["截至2023-10-12", "口径：本人可见项目"])
    assert [row[0].value for row in sheet.rows] == ["截至2023-10-12", "口径：本人可见项目", "甲", 0, 1, 2]
    assert count == 3
    assert sheet.freeze_panes == "B4"


def test_an_empty_list_is_still_a_workbook():
    sheet, count, _ = written([])
    assert (count, sheet["A1"].value) == (0, "甲")


@pytest.mark.parametrize(
    ("title", "taken", "expected"),
    [
        ("市级重大", [], "市级重大"),
        ("a/b:c*[d]?", [], "abcd"),
        ("///", [], "导出"),
        ("甲", ["甲"], "甲_2"),
        ("长" * 40, [], "长" * 31),
    ],
)
def test_sheet_names_are_ones_the_format_allows(title, taken, expected):
    assert sheet_name(title, taken) == expected


def test_chinese_characters_take_two_columns():
    assert text_width("重大") == 4
    assert text_width("ab\n重大项目") == 8
