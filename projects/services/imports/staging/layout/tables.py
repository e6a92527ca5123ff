"""The tables of a sheet (一表多块): one above the other with headers of their own, or side by side under one header."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from ...reader import Grid
from ..headers import NAMING_FIELDS, SEARCHED_ROWS, Column, Table, find_table, plain
from ..meaning import LISTED, Words, meaning_of
from ..questions import Answers
from .lines import HEADING_STYLES, ordinal_of
from .rows import says_note_or_total

HEAD_ROWS = 4  # a title, a corner and two lines between, at most, above a lower table
_NAMING = re.compile(r"名称|项目|工程|姓名")


@dataclass
class Block:
    """One table of a sheet: its grid (beside another: without the other's cells), its header, the rows it may use.

    `whole` is the sheet with all its cells, `head` the rows above the header, `body` those beneath it, `left` its first
    column where others stand beside.
    """

    whole: Grid
    grid: Grid
    table: Table
    head: range
    body: range
    left: int = 0


def blocks_of(grid: Grid, own: Mapping[str, str], year: int | None, answers: Answers) -> list[Block]:
    """Every table of a sheet from the top, from the left; empty when none is found."""
    first = find_table(grid, own, year, answers) or _names_only(grid, own)
    if first is None:
        return []
    tables = [first, *_lower_tables(grid, first, own, year, answers)]
    heads = [range(first.first_row)] + [_head_above(grid, above, below) for above, below in pairwise(tables)]
    ends = [head.start for head in heads[1:]] + [len(grid.rows)]
    blocks = []
    for table, head, end in zip(tables, heads, ends, strict=True):
        blocks += _beside(Block(grid, grid, table, head, range(table.last_row + 1, end)), own, year, answers)
    return blocks


def _names_only(grid: Grid, own: Mapping[str, str]) -> Table | None:
    """A list of names with a number beside each, or without: two headers are enough where one is 项目名称."""
    words = Words(own)
    for index, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        headers = {n: plain(cell) for n, cell in enumerate(row) if plain(cell)}
        fields = {n: meaning_of([header], None, words).field for n, header in headers.items()}
        if "name" in fields.values() and set(fields.values()) <= {"name", "number"}:
            columns = [Column(n, headers[n], fields[n], path=(headers[n],), why=LISTED) for n in headers]
            first = [
                c for n, c in enumerate(columns) if c.field not in {other.field for other in columns[:n]}
            ]
            return Table(index, index, first, doubled=[c for c in columns if c not in first])
    return None


def _lower_tables(
    grid: Grid, first: Table, own: Mapping[str, str], year: int | None, answers: Answers
) -> Iterator[Table]:
    """Tables beneath whose header differs from the one above; the same header again is only repeated."""
    table = first
    for index in range(first.last_row + 1, len(grid.rows)):
        if index <= table.last_row or not _may_be_header(grid.rows[index]):
            continue
        headers = [
            [plain(cell) for cell in grid.rows[row]] for row in range(table.first_row, table.last_row + 1)
        ]
        if [plain(cell) for cell in grid.rows[index]] in headers:
            continue
        found = find_table(_from(grid, index), own, year, answers)
        if found and found.first_row == 0:
            table = replace(found, first_row=index, last_row=found.last_row + index)
            yield table


def _may_be_header(row: list) -> bool:
    """Words only, three at least, one of them like the name of a column of names."""
    texts = {plain(cell) for cell in row if cell not in (None, "")}
    if len(texts) < 3 or not any(_NAMING.search(text) and len(text) <= 20 for text in texts):
        return False
    return all(isinstance(cell, str) and not plain(cell).isdigit() for cell in row if cell not in (None, ""))


def _from(grid: Grid, start: int) -> Grid:
    """The sheet from a row on."""
    merges = [((a - start, b), (c - start, d)) for (a, b), (c, d) in grid.merges if a >= start]
    return Grid(grid.name, grid.rows[start:], merges)


def _head_above(grid: Grid, above: Table, below: Table) -> range:
    """The rows between two tables that belong to the lower: short texts without numbers, nearest first."""
    start = below.first_row
    while start > above.last_row + 1 and below.first_row - start < HEAD_ROWS:
        texts = [plain(cell) for cell in dict.fromkeys(map(str, grid.rows[start - 1])) if plain(cell)]
        ordinal = ordinal_of(texts[0])[0] if texts else None
        numbers = any(re.fullmatch(r"[\d.,]+", text) for text in texts)
        if (
            len(texts) > 3
            or numbers
            or (ordinal and ordinal.style not in HEADING_STYLES and len(texts) > 1)
            or (texts and says_note_or_total(texts[0]))
        ):
            break
        start -= 1
    return range(start, below.first_row)


def _beside(block: Block, own: Mapping[str, str], year: int | None, answers: Answers) -> list[Block]:
    """The tables that stand side by side under one header: where its name and two more of its columns come again."""
    table = block.table
    named = next((column for column in table.columns if column.field in NAMING_FIELDS), None)
    again = [
        column
        for column in table.doubled
        if named and column.field == named.field and column.path == named.path
    ]
    if not again:
        return [block]
    repeated = [other for other in table.doubled if named and other.index > named.index]
    if len(repeated) < min(3, len(table.by_field())):
        return [block]
    lefts = [0]
    for column in again:
        before = [
            other.index for other in table.doubled if other.field == "number" and other.index < column.index
        ]
        lefts.append(max([left for left in before if left > lefts[-1]], default=column.index))
    width = max(len(row) for row in block.grid.rows)
    blocks = []
    for left, right in pairwise([*lefts, width]):
        part = _columns(block.grid, left, right)
        header = _from(part, table.first_row)
        found = find_table(header, own, year, answers) or _names_only(header, own)
        if found is None:
            return [block]
        moved = replace(found, first_row=table.first_row, last_row=table.first_row + found.last_row)
        blocks.append(Block(block.whole, part, moved, block.head, block.body, left))
    return blocks


def _columns(grid: Grid, left: int, right: int) -> Grid:
    """The sheet with the cells of some columns only; they keep their places."""
    rows = [[cell if left <= n < right else "" for n, cell in enumerate(row)] for row in grid.rows]
    merges = [(first, last) for first, last in grid.merges if left <= first[1] and last[1] < right]
    return replace(grid, rows=rows, merges=merges)
