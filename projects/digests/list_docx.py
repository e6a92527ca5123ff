"""A list as a document (清单): title, what its rows are, one ruled table on sheets turned sideways."""

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from .paper import TABLE_SIZE, Paper

MOST_ROWS = 500  # what Word still turns over at ease; longer lists go as workbooks
NUMBER_WIDTH = 6  # characters of the column 序号
SMALLER = ((9, 9), (13, 7.5))  # from so many columns on: this size in pt


def list_docx(
    *,
    title: str,
    notes: Sequence[str],
    heads: Sequence[str],
    rows: Sequence[Sequence[Any]],
    widths: Sequence[float],
    text_columns: Collection[int],
) -> bytes:
    """The rows as a numbered table; `widths` are proportions, `text_columns` positions set left."""
    paper = Paper(title, landscape=True)
    paper.title(title)
    for note in notes:
        paper.small(note)
    size = TABLE_SIZE
    for columns, smaller in SMALLER:
        size = smaller if len(heads) >= columns else size
    paper.table(
        ["序号", *heads],
        [[number, *map(cell_words, values)] for number, values in enumerate(rows, 1)],
        [NUMBER_WIDTH, *widths],
        text_columns={column + 1 for column in text_columns},
        size=size,
    )
    if not rows:
        paper.small("没有符合条件的记录。")
    return paper.bytes()


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
