"""A list as a document (清单): title, what its rows are, one ruled table on sheets turned sideways."""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from math import sqrt
from typing import Any

from django.utils import timezone

from ..workbooks.plain import text_width
from .paper import TABLE_SIZE, Paper

MOST_ROWS = 500  # what Word still turns over at ease; longer lists go as workbooks
MM_PER_POINT = 25.4 / 72
CELL_EDGES_MM = 2.0
AIR = 1.15  # for fonts wider than the named ones
_GAP = re.compile(r"(?<=[^\x00-\xff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[^\x00-\xff])")
RUNNING_TEXT = 20  # a column with words longer than ten Chinese characters stands left, others centred
SHORT_WORDS = 17.5  # half-width characters of a date, an amount, a person: never broken for want of room
MOST_ASKED = 160
NARROWEST_MM = 15
SMALLER = ((9, 9), (11, 8), (15, 7))  # from so many columns on: this size in pt


def list_docx(
    *,
    title: str,
    notes: Sequence[str],
    heads: Sequence[str],
    rows: Sequence[Sequence[Any]],
) -> bytes:
    """The rows as a numbered table. Columns are as wide as their words ask; where the sheet is too narrow for all,
    long words give way, so that dates and amounts stay on one line."""
    paper = Paper(title, landscape=True)
    paper.title(title)
    for note in notes:
        paper.small(note)
    size = TABLE_SIZE
    for columns, smaller in SMALLER:
        size = smaller if len(heads) >= columns else size
    heads = ["序号", *heads]
    cells = [[str(number), *map(cell_words, values)] for number, values in enumerate(rows, 1)]
    longest = [max((_cell_width(row[column]) for row in cells), default=0) for column in range(len(heads))]
    asked = [
        max(min(width, MOST_ASKED), _head_width(head)) for width, head in zip(longest, heads, strict=True)
    ]
    running = {column for column, width in enumerate(longest) if width > RUNNING_TEXT}
    paper.table(heads, cells, _widths_mm(asked, paper.text_width_mm, size), text_columns=running, size=size)
    if not rows:
        paper.small("没有符合条件的记录。")
    return paper.bytes()


def _cell_width(words: str) -> float:
    """Half-width characters of the words, with the thin gaps Word sets between Chinese and digits."""
    return text_width(words) + len(_GAP.findall(words)) / 2


def _head_width(head: str) -> int:
    """Four Chinese characters stay together, longer heads may break into two lines."""
    width = text_width(head)
    return width if width <= 8 else max(8, (width + 1) // 2)


def _widths_mm(asked: Sequence[float], sheet: float, size: float) -> list[float]:
    """Widths of columns that ask for so many half-width characters.

    Where the sheet is too narrow, columns of short words keep what they ask, the others share the rest by the root
    of what they ask: a sentence gets more than a name, but does not crush it.
    """
    natural = [width * size * MM_PER_POINT / 2 * AIR + CELL_EDGES_MM for width in asked]
    wide = [column for column, width in enumerate(asked) if width > SHORT_WORDS]
    if sum(natural) <= sheet or not wide:
        return natural
    rest = sheet - sum(width for column, width in enumerate(natural) if column not in wide)
    shares = sum(sqrt(asked[column]) for column in wide)
    return [  # beyond the sheet the paper scales all of them down
        max(rest * sqrt(asked[column]) / shares, NARROWEST_MM) if column in wide else width
        for column, width in enumerate(natural)
    ]


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
