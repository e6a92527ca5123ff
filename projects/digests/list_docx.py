"""A list as a document (清单): title, what its rows are, one ruled table on sheets turned sideways."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from ..workbooks.plain import text_width
from .paper import TABLE_SIZE, Paper

MOST_ROWS = 500  # what Word still turns over at ease; longer lists go as workbooks
MM_PER_POINT = 25.4 / 72
CELL_EDGES_MM = 2.0
AIR = 1.15  # Word sets a thin gap between Chinese and digits
RUNNING_TEXT = 20  # a column with words longer than ten Chinese characters stands left, others centred
NARROWEST, WIDEST = 8, 60  # half-width characters a column is cut down to, and may ask for
SMALLER = ((9, 9), (13, 7.5))  # from so many columns on: this size in pt


def list_docx(
    *,
    title: str,
    notes: Sequence[str],
    heads: Sequence[str],
    rows: Sequence[Sequence[Any]],
) -> bytes:
    """The rows as a numbered table. Columns are as wide as their words ask; where the sheet is too narrow for all,
    the widest give way, so that dates and amounts stay on one line."""
    paper = Paper(title, landscape=True)
    paper.title(title)
    for note in notes:
        paper.small(note)
    size = TABLE_SIZE
    for columns, smaller in SMALLER:
        size = smaller if len(heads) >= columns else size
    heads = ["序号", *heads]
    cells = [[str(number), *map(cell_words, values)] for number, values in enumerate(rows, 1)]
    longest = [max((text_width(row[column]) for row in cells), default=0) for column in range(len(heads))]
    asked = [max(width, _head_width(head)) for width, head in zip(longest, heads, strict=True)]
    running = {column for column, width in enumerate(longest) if width > RUNNING_TEXT}
    paper.table(heads, cells, _widths_mm(asked, paper.text_width_mm, size), text_columns=running, size=size)
    if not rows:
        paper.small("没有符合条件的记录。")
    return paper.bytes()


def _head_width(head: str) -> int:
    """Four Chinese characters stay together, longer heads may break into two lines."""
    width = text_width(head)
    return width if width <= 8 else max(8, (width + 1) // 2)


def _widths_mm(asked: Sequence[int], sheet: float, size: float) -> list[float]:
    """Widths for columns that ask for so many half-width characters, the widest cut until all fit on the sheet."""
    character = size * MM_PER_POINT / 2
    for most in range(WIDEST, NARROWEST - 1, -1):
        widths = [min(width, most) * AIR * character + CELL_EDGES_MM for width in asked]
        if sum(widths) <= sheet:
            break
    return widths


def cell_words(value: Any) -> str:
    """A value in the words of a printed list: amounts with thousands, ISO dates, nothing for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return f"{value:,f}".removesuffix(".00")
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)
