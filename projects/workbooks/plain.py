"""Cells and plain lists (列表导出), written row by row.

Whatever a person typed stays text: a cell that begins with =, +, - or @ is never a formula, an address never a link.
Rows are written as they come and let go (constant memory), so 100,000 rows need no more room than one.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import xlsxwriter
from django.conf import settings

SAFE_OPTIONS = {
    "constant_memory": True,
    "in_memory": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
LONGEST_TEXT = 32_767  # what one cell of a workbook may hold
WIDTHS = (8, 44)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def open_workbook(out: BinaryIO) -> xlsxwriter.Workbook:
    """A workbook that streams to a file object and takes every text as text."""
    return xlsxwriter.Workbook(out, SAFE_OPTIONS)


def sheet_name(title: str, taken: Iterable[str] = ()) -> str:
    """A title as the name of a sheet: no forbidden signs, at most 31 characters, not yet taken."""
    plain = re.sub(r"[\[\]:*?/\\]", "", title).strip("' ")[:31] or "导出"
    name, number = plain, 1
    while name.lower() in {other.lower() for other in taken}:
        number += 1
        name = f"{plain[: 30 - len(str(number))]}_{number}"
    return name


class Sheet:
    """A worksheet with one way to write a value: text as text, money exactly, dates as dates."""

    def __init__(self, workbook: xlsxwriter.Workbook, name: str) -> None:
        self.sheet = workbook.add_worksheet(name)
        self.formats = {
            "": workbook.add_format({"valign": "vcenter"}),
            "head": workbook.add_format(
                {
                    "bold": True,
                    "align": "center",
                    "valign": "vcenter",
                    "border": 1,
                    "text_wrap": True,
                    "bg_color": "#EEF2F7",
                }
            ),
            "title": workbook.add_format(
                {"bold": True, "font_size": 18, "align": "center", "valign": "vcenter"}
            ),
            "sum": workbook.add_format(
                {"bold": True, "border": 1, "num_format": "#,##0.##", "valign": "vcenter"}
            ),
            "cell": workbook.add_format({"border": 1, "valign": "vcenter", "text_wrap": True}),
            "whole": workbook.add_format({"border": 1, "valign": "vcenter", "num_format": "#,##0"}),
            "money": workbook.add_format({"border": 1, "valign": "vcenter", "num_format": "#,##0.##"}),
            "date": workbook.add_format(
                {"border": 1, "valign": "vcenter", "num_format": "yyyy-mm-dd", "align": "center"}
            ),
            "moment": workbook.add_format(
                {"border": 1, "valign": "vcenter", "num_format": "yyyy-mm-dd hh:mm"}
            ),
        }

    def write(self, row: int, column: int, value: Any, style: str = "cell") -> None:
        """One cell, rows and columns from 0. None and "" leave it blank with its border."""
        look = self.formats[style]
        if value is None or value == "":
            self.sheet.write_blank(row, column, None, look)
        elif isinstance(value, str):  # most cells
            self.sheet.write_string(row, column, clean_text(value), look)
        elif isinstance(value, bool):
            self.sheet.write_string(row, column, "是" if value else "否", look)
        elif isinstance(value, int | float | Decimal):
            plain = self.formats["whole" if value % 1 == 0 else "money"]  # #,##0.## would show 5 as “5.”
            self._number(row, column, value, look if style != "cell" else plain)
        elif isinstance(value, datetime):
            local = value.astimezone(ZoneInfo(settings.TIME_ZONE)) if value.tzinfo else value
            self.sheet.write_datetime(row, column, local.replace(tzinfo=None), self.formats["moment"])
        elif isinstance(value, date):
            self.sheet.write_datetime(row, column, value, self.formats["date"])
        else:
            self.sheet.write_string(row, column, clean_text(value), look)

    def _number(self, row: int, column: int, value: Any, look: Any) -> None:
        """A number where a double holds it exactly, else its digits as text: no amount changes on the way."""
        if abs(value) < 10**15 and (
            isinstance(value, int) or Decimal(str(float(value))) == Decimal(str(value))
        ):
            self.sheet.write_number(row, column, float(value), look)
        else:
            self.sheet.write_string(row, column, str(value), look)

    def write_row(self, row: int, values: Sequence[Any], style: str = "cell") -> None:
        for column, value in enumerate(values):
            self.write(row, column, value, style)

    def merge(self, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
        """Merge cells that are written by `write`. Rows already streamed cannot be written again, so unlike
        XlsxWriter's merge_range this only notes the range."""
        if (first_row, first_column) != (last_row, last_column):
            self.sheet.merge.append([first_row, first_column, last_row, last_column])


def clean_text(value: Any) -> str:
    """Text as a cell can hold it: no control characters, cut at the format's limit."""
    return _CONTROL.sub("", str(value))[:LONGEST_TEXT]


def text_width(value: Any) -> int:
    """How many columns of a fixed pitch the text takes; Chinese characters take two."""
    longest = max(str(value).splitlines() or [""], key=len)
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in longest)


def write_table(
    out: BinaryIO,
    *,
    title: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Any]],
    notes: Sequence[str] = (),
    widths: Sequence[int] | None = None,
) -> int:
    """Write a list to `out` as one sheet: notes (口径), the heads, then the rows. Answers how many rows.

    `rows` may be a generator over one query; nothing of it is kept.
    """
    workbook = open_workbook(out)
    sheet = Sheet(workbook, sheet_name(title))
    for column, head in enumerate(heads):
        width = widths[column] if widths else text_width(head) + 6
        sheet.sheet.set_column(column, column, min(max(width, WIDTHS[0]), WIDTHS[1]))
    for number, note in enumerate(notes):
        sheet.write(number, 0, note, "")
    top = len(notes)
    sheet.write_row(top, heads, "head")
    sheet.sheet.freeze_panes(top + 1, 1)
    count = 0
    for count, values in enumerate(rows, 1):
        sheet.write_row(top + count, values)
    if heads:
        sheet.sheet.autofilter(top, 0, top + count, len(heads) - 1)
    workbook.close()
    return count
