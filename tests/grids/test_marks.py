"""What stands in a sheet beside its values (读表所见): hidden parts, failed formulas, dates, links, bounds; clean texts."""

import pytest

from projects.grids import marks
from projects.grids.book import LINKS, MACROS, read
from projects.grids.grid import FAILED, UNCALCULATED, Grid, UnreadableWorkbook
from tests.grids.hostile import (
    ONE,
    cell,
    far_corners,
    formula,
    label,
    number,
    record,
    result,
    sheet,
    xls,
    xlsx,
)
from tests.grids.test_files import refusal


def only(content: bytes) -> Grid:
    (grid,) = read(content)
    return grid


def row(*cells: str) -> str:
    return f'<row r="1">{"".join(cells)}</row>'


# --- formulas ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("<c r='A1' t='e'><v>#REF!</v></c>", FAILED),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', FAILED),
        ('<c r="A1"><f>B1</f></c>', UNCALCULATED),
        ('<c r="A1"><f>B1</f><v></v></c>', UNCALCULATED),
        ('<c r="A1"><f>B1</f><v/></c>', UNCALCULATED),
        ('<c r="A1"><f t="shared" si="0"/></c>', UNCALCULATED),
        ('<c r="A1" t="str"><f>IF(B1="","",B1)</f><v></v></c>', None),
        ('<c r="A1"><f>B1</f><v>5</v></c>', None),
        ('<c r="A1"><v>5</v></c>', None),
        ('<c r="A1" s="1"/>', None),
    ],
)
def test_a_formula_without_a_result_is_told_from_one_whose_result_is_empty(written, reason):
    assert only(xlsx(sheet(row(written)))).broken.get((0, 0)) == reason


def test_an_error_that_calamine_does_not_know_breaks_its_own_cell_alone():
    grid = only(xlsx(sheet(row('<c r="A1" t="e"><v>#SPILL!</v></c>', cell("B1", "甲")))))
    assert (grid.rows, grid.broken) == ([["", "甲"]], {(0, 0): FAILED})


def test_marks_are_found_whatever_the_prefix_the_quotes_and_the_encoding():
    plain = sheet(row('<c r="A1" t="e"><v>#REF!</v></c>', cell("B1", "甲"), '<c r="C1"><f>A1</f></c>'))
    prefixed = plain.replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=")
    quoted = plain.replace('"', "'")
    chinese = ('<?xml version="1.0" encoding="GB18030"?>' + plain).encode("gb18030")
    wide = ('<?xml version="1.0" encoding="UTF-16"?>' + plain).encode("utf-16")
    for xml in (plain, prefixed, quoted, chinese, wide):
        grid = only(xlsx(xml))
        assert grid.rows[0][:2] == ["", "甲"]
        assert grid.broken == {(0, 0): FAILED, (0, 2): UNCALCULATED}


def test_formulas_of_other_parts_of_a_sheet_are_no_cells():
    after = "<extLst><ext><x14:f xmlns:x14='u'>A1</x14:f></ext></extLst>"
    assert only(xlsx(sheet(row(cell("A1", "甲")), after=after))).broken == {}


def test_cells_without_references_follow_each_other():
    grid = only(xlsx(sheet("<row><c><v>1</v></c><c t='e'><v>#REF!</v></c></row><row><c><f>A1</f></c></row>")))
    assert grid.broken == {(0, 1): FAILED, (1, 0): UNCALCULATED}


def test_errors_of_records_are_told_and_empty_texts_are_not():
    grid = only(
        xls(
            number(0, 0, 1.0)
            + record(0x205, b"\0\0\1\0\0\0\x17\1")  # #REF!
            + formula(0, 2, result(2, 0x07))
            + formula(0, 3, result(3))
            + formula(0, 4, result(0))
            + record(0x207, b"\1\0\1" + "甲".encode("utf-16-le"))
            + formula(0, 5, result(0))
            + number(0, 6, 2.0)
            + record(0x205, b"\0\0\7\0\0\0\1\0")  # TRUE
        )
    )
    assert grid.broken == {(0, 1): FAILED, (0, 2): FAILED, (0, 5): UNCALCULATED}
    assert grid.rows == [[1.0, "", "", "", "甲", "", 2.0, True]]


# --- what is hidden, counted otherwise or left out ----------------------------------------------------------


def test_hidden_sheets_rows_and_columns_are_said():
    hidden = sheet(
        f'<row r="1">{cell("A1", "甲")}</row><row r="2" hidden="true">{cell("A2", "乙")}</row><row r="4" hidden="1"/>',
        before='<cols><col min="2" max="3" hidden="1"/><col min="5" max="5" hidden="0"/></cols>',
    )
    first, second, third = read(xlsx(hidden, ONE, ONE, states={2: "hidden", 3: "veryHidden"}))
    assert (first.hidden_rows, first.hidden_columns, first.is_hidden) == ([2, 4], [1, 2], False)
    assert second.is_hidden and third.is_hidden


def test_hidden_sheets_rows_and_columns_of_records_are_said():
    rows = record(0x208, bytes(12) + b"\x20\0\0\0") + record(0x208, b"\1\0" + bytes(14))
    columns = record(0x7D, b"\1\0\2\0\0\0\0\0\1\0\0\0") + record(0x7D, b"\4\0\4\0\0\0\0\0\0\0\0\0")
    first, second = read(xls(columns + rows + label(0, 0, "甲"), label(0, 0, "乙"), hidden=[1]))
    assert (first.rows, first.hidden_rows, first.hidden_columns) == ([["甲"]], [1], [1, 2])
    assert (first.is_hidden, second.is_hidden) == (False, True)


@pytest.mark.parametrize(
    ("content", "days"),
    [
        (xlsx(ONE), 0),
        (xlsx(ONE, properties='<workbookPr date1904="1"/>'), 1462),
        (xlsx(ONE, properties='<workbookPr date1904="false"/>'), 0),
        (xls(number(0, 0, 1.0), globals_=record(0x22, b"\1\0")), 1462),
        (xls(number(0, 0, 1.0), globals_=record(0x22, b"\0\0")), 0),
    ],
)
def test_serial_days_of_1904_are_said(content, days):
    assert only(content).added_days == days


def test_macros_and_links_are_left_out_and_said():
    parts = {"xl/vbaProject.bin": b"1", "xl/externalLinks/externalLink1.xml": "<externalLink/>"}
    assert only(xlsx(ONE, parts=parts)).remarks == [MACROS, LINKS]
    assert only(xls(number(0, 0, 1.0), streams={"_VBA_PROJECT": b"1"})).remarks == [MACROS]
    assert only(xlsx(ONE)).remarks == []


def test_texts_come_without_what_nobody_sees():
    seen = "\u4e00\u3000甲 乙\ue000"  # a private-use letter may be a rare character of a name
    unseen = "\u200b\u202e\ufeff\u2066\xad\x85"
    grid = only(xlsx(sheet(row(cell("A1", seen + unseen), cell("B1", "甲_x0000_乙_x0001_")))))
    assert grid.rows == [[seen, "甲乙"]]
    assert only(xls(label(0, 0, "甲\0\x01\u200e乙"))).rows == [["甲乙"]]


# --- bounds -------------------------------------------------------------------------------------------------


def test_a_cell_far_away_is_refused_by_its_name_before_a_grid_is_made():
    assert "1048576行、16384列（直到XFD1048576）" in refusal(far_corners())
    assert "65536行、256列" in refusal(xls(number(0, 0, 1.0) + number(65_535, 255, 1.0)))


def test_blank_cells_far_away_cost_nothing():
    styled = sheet(f'<row r="1">{cell("A1", "甲")}</row><row r="1048576"><c r="XFD1048576" s="1"/></row>')
    assert only(xlsx(styled)).rows == [["甲"]]


@pytest.mark.parametrize(("rows", "columns"), [(3, 2), (2, 3)])
def test_a_sheet_is_bounded_by_rows_and_by_columns(monkeypatch, rows, columns):
    monkeypatch.setattr(marks, "MAX_ROWS", 2)
    monkeypatch.setattr(marks, "MAX_COLUMNS", 2)
    assert only(xls(number(1, 1, 1.0))).rows == [["", ""], ["", 1.0]]
    assert refusal(xls(number(rows - 1, columns - 1, 1.0))).startswith(
        f"工作表“表1”有{rows}行、{columns}列（直到"
    )


def test_sheets_are_bounded_together(monkeypatch):
    monkeypatch.setattr(marks, "MAX_AREA", 3)
    assert len(read(xls(number(0, 0, 1.0), number(0, 1, 1.0)))) == 2
    assert refusal(xls(number(0, 1, 1.0), number(0, 1, 1.0))).startswith("各工作表内容合计过多")
    monkeypatch.setattr(marks, "MAX_CELLS", 1)
    assert refusal(xls(number(0, 0, 1.0), number(0, 0, 1.0))).startswith("各工作表内容合计过多")


def test_cells_that_stand_in_one_place_count_each(monkeypatch):
    monkeypatch.setattr(marks, "MAX_CELLS", 2)
    assert refusal(xls(number(0, 0, 1.0) * 3)).startswith("工作表“表1”有1行、1列，超出可读范围")


def test_merged_ranges_are_filled_as_far_as_the_sheet_goes():
    body = f'<row r="1">{cell("A1", "甲")}</row><row r="2">{cell("B2", "乙")}</row>'
    after = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    grid = only(xlsx(sheet(body, after=after)))
    grid.fill_merges()
    assert grid.rows == [["甲", "甲"], ["甲", "甲"]]
    assert grid.filled == {(0, 1), (1, 0), (1, 1)}


def test_ranges_laid_over_each_other_are_refused(monkeypatch):
    body = f'<row r="1">{cell("A1", "甲")}{cell("B1", "乙")}</row>'
    after = "<mergeCells>" + '<mergeCell ref="A1:B1"/>' * 2 + "</mergeCells>"
    assert refusal(xlsx(sheet(body, after=after))).startswith("工作表“表1”的合并单元格互相重叠")
    over = record(0xE5, b"\2\0" + b"\0\0\0\0\0\0\1\0" * 2)
    assert refusal(xls(number(0, 1, 1.0) + over)).startswith("工作表“表1”的合并单元格互相重叠")
    monkeypatch.setattr(marks, "MAX_FILLED", 1)
    assert refusal(xlsx(sheet(body, after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'))).startswith(
        "工作表“表1”合并的单元格过多"
    )


def test_formulas_without_result_are_bounded(monkeypatch):
    monkeypatch.setattr(marks, "MAX_BROKEN", 1)
    with pytest.raises(UnreadableWorkbook, match="工作表“表1”有2个公式没有结果"):
        read(xlsx(sheet(row('<c r="A1"><f>1</f></c>', '<c r="B1"><f>1</f></c>'))))
