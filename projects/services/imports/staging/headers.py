"""Headers (表头): where the table begins, which column is which field, the unit and year a header names."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from projects.periods import TenDayPeriod

from ...base.changing import sure
from ..reader import Grid
from .columns import BY_NAME, KEEP, KEPT_GROUP, UNUSED
from .meaning import (
    ANSWER,
    Meaning,
    Words,
    head_text,
    meaning_of,
    normalise,
    plain,
    unit_in_header,
    whole_unit,
    year_ended,
    years_in,
)
from .questions import COLUMN, Answers

__all__ = [
    "Column",
    "Table",
    "find_table",
    "month_span_end",
    "normalise",
    "plain",
    "unit_in_corner",
    "unit_in_header",
]

SEARCHED_ROWS = 30
# one of these makes a row a header
NAMING_FIELDS = frozenset({"name", "indicator_name", "official_name", "unit_name"})
MAX_HEADER_LEVELS = 4
_UNIT_IN_CORNER = re.compile(r"单位[::]?[(（]?(?:人民币)?(亿元|万元|千元|元|亿|万)")


@dataclass(frozen=True)
class Column:
    """A column of the table (列): its header as written, the field it means, the period it covers, its unit.

    `why` says how it came to its field (see `meaning`), `in_doubt` and `ambiguous_date` that it is a guess;
    `path` holds the header's cells, the topmost first, `written` the lowest as it stands in the sheet but for spaces.
    """

    index: int
    header: str
    field: str = ""
    period: TenDayPeriod | None = None
    unit: str | None = None
    path: tuple[str, ...] = ()
    written: str = ""
    why: str = ""
    in_doubt: bool = False
    ambiguous_date: bool = False

    @property
    def ends_on(self) -> date:
        """The last day of the period that a column of amounts covers."""
        return sure(self.period).last_on

    @property
    def forms(self) -> list[str]:
        """How a person may write this header in an answer: as met first, then with its groups, without its unit."""
        met = self.written if self.path and self.header == self.path[-1] else self.header
        forms = [met, self.header, "".join(self.path), " | ".join(self.path)]
        return list(dict.fromkeys([*forms, *(normalise_unit(form) for form in forms)]))

    def answer(self, sheet: str, answers: Answers) -> tuple[str, str] | None:
        """(the form answered to, the answer) where somebody has said what this header is."""
        for form in self.forms:
            if form and (said := answers.of(sheet, COLUMN, form)):
                return form, said
        return None


@dataclass
class Table:
    """The header block found in a sheet, and its columns by field."""

    first_row: int  # 0-based, inclusive
    last_row: int
    columns: list[Column]
    unmapped: list[Column] = field(default_factory=list)
    doubled: list[Column] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    carry_over_year: int | None = None
    year: int | None = None  # by which the years in the headers were read
    own: Mapping[str, str] = field(default_factory=dict)  # the office's headers
    new_is_class: bool = False  # 新建 stands beside 续建

    def by_field(self) -> dict[str, Column]:
        return {column.field: column for column in self.columns if column.field}

    def set_aside(self, fields: frozenset[str]) -> None:
        """Take columns that mean nothing in this kind of sheet for unknown ones, which are kept as they are."""
        self.doubled = [column for column in self.doubled if column.field not in fields]
        self.unmapped += [column for column in self.columns if column.field in fields]
        self.unmapped.sort(key=lambda column: column.index)
        self.columns = [
            replace(column, field="", why="") if column.field in fields else column for column in self.columns
        ]

    def settle(self, column: Column, name: str, why: str, *, in_doubt: bool = False) -> None:
        """Read a column as another field, or as none of ours (KEEP or "")."""
        name = "" if name == KEEP else name
        settled = replace(column, field=name, why=why, period=None, in_doubt=in_doubt, ambiguous_date=False)
        self.columns = [settled if other.index == column.index else other for other in self.columns]
        self.unmapped = [other for other in self.unmapped if other.index != column.index]
        self.doubled = [other for other in self.doubled if other.index != column.index]
        if not name:
            self.unmapped = sorted([*self.unmapped, settled], key=lambda other: other.index)

    @property
    def period_columns(self) -> list[Column]:
        return [column for column in self.columns if column.period]


def find_table(
    grid: Grid, own: Mapping[str, str], year: int | None, answers: Answers | None = None
) -> Table | None:
    """The header block of a sheet, or None when no row of its top names a project, an indicator, a leader or a unit.

    `own` are the office's headers beside those listed, `year` the sheet's as far as known, `answers` what somebody
    said of a header.
    """
    words = Words(own)
    answers = answers or Answers()
    first = _first_header_row(grid, words, answers)
    if first is None:
        return None
    last = _last_header_row(grid, first, words)
    return _map_columns(grid, first, last, words, year, answers)


def _names_a_row(cell: object, words: Words, sheet: str, answers: Answers) -> bool:
    column = Column(0, head_text(cell), path=(head_text(cell),))
    said = column.answer(sheet, answers)
    return (said[1] if said else meaning_of([column.header], None, words).field) in NAMING_FIELDS


def _first_header_row(grid: Grid, words: Words, answers: Answers) -> int | None:
    for index, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        texts = {head_text(cell): cell for cell in row if plain(cell)}
        short = [text for text in texts if len(text) <= 40]
        if len(texts) >= 3 and any(_names_a_row(text, words, grid.name, answers) for text in short):
            return _top_of(grid, index)
    return None


def _top_of(grid: Grid, index: int) -> int:
    """A group header may stand above a project name that is not merged upwards."""
    above = grid.rows[index - 1] if index else []
    texts = {plain(cell) for cell in above if plain(cell)}
    if len(texts) >= 2 and not any(
        "单位" in t or "截" in t or ":" in t or re.search(r"\d[日旬]", t) for t in texts
    ):
        return index - 1
    return index


def _last_header_row(grid: Grid, first: int, words: Words) -> int:
    last = first
    for (top, left), (bottom, right) in grid.merges:
        if top == first:
            last = max(last, bottom if bottom - top < MAX_HEADER_LEVELS else first)
            if right > left and right - left + 1 < len(grid.rows[first]):
                last = max(last, bottom + 1)
    while (
        last + 1 < len(grid.rows)
        and last + 1 - first < MAX_HEADER_LEVELS
        and _goes_on(grid, first, last, words)
    ):
        last += 1
    return min(last, len(grid.rows) - 1)


def _goes_on(grid: Grid, first: int, last: int, words: Words) -> bool:
    """Sub-headers that are not merged: words only, none under the name's column, half of which make a field."""
    groups, row = list(grid.rows[last]), grid.rows[last + 1]
    named = [i for i, cell in enumerate(grid.rows[first]) if _names_a_row(cell, words, "", Answers())]
    texts = [cell for cell in row if plain(cell)]
    if (
        len(texts) < 2
        or any(plain(row[i]) for i in named)
        or not all(isinstance(cell, str) for cell in texts)
    ):
        return False
    _carry_groups(groups, row)
    below = [(plain(group), plain(cell)) for group, cell in zip(groups, row, strict=True) if plain(cell)]
    known = [cell for group, cell in below if _means_something(group, cell, words)]
    return len(known) * 2 >= len(below)


def _means_something(group: str, cell: str, words: Words) -> bool:
    found = meaning_of([group, cell] if group != cell else [cell], None, words)
    return bool(found.field or found.period or found.in_doubt)


def _map_columns(
    grid: Grid, first: int, last: int, words: Words, year: int | None, answers: Answers
) -> Table:
    paths = _paths(grid, first, last)
    years = [found for path in paths.values() for part in path for found in years_in(part)]
    if years and year not in years:  # the title is of another year than every header: the headers know better
        year = Counter(years).most_common(1)[0][0]
    table = Table(first, last, [], years=years, year=year, own=words.own)
    leaves = Counter(_header(path) for path in paths.values())
    read = []
    for index, path in paths.items():
        header = _header(path)
        written = next(
            text
            for row in range(last, first - 1, -1)
            if (text := _written(grid.rows[row], index)) or row == first
        )
        header = header if leaves[header] == 1 or path[0] == KEPT_GROUP else "".join(path)
        column = Column(index, header, path=tuple(path), written=written)
        unit = next((found for part in reversed(path) if (found := unit_in_header(part))), None)
        said = column.answer(grid.name, answers)
        meant = meaning_of(path, year, words)
        if said and (said[1] in BY_NAME or said[1] == KEEP):
            meant = Meaning(said[1] if said[1] != KEEP else "", ANSWER, in_doubt=meant.in_doubt)
        read.append(_as_meant(replace(column, unit=unit), meant))
    _take(table, read)
    return table


def _as_meant(column: Column, found: Meaning) -> Column:
    return replace(
        column,
        field=found.field,
        period=found.period,
        why=found.why,
        in_doubt=found.in_doubt,
        ambiguous_date=found.ambiguous_date,
    )


def _take(table: Table, read: list[Column]) -> None:
    """Give each field its column: what was answered before what was listed, guesses last; a second one is unknown."""
    taken: dict[str, int] = {}
    for column in sorted(read, key=lambda c: (c.why != ANSWER, c.in_doubt, c.ambiguous_date, c.index)):
        if column.field and column.field not in taken:
            taken[column.field] = column.index
    for column in read:
        if column.field == "carry_over" and (ended := year_ended(column.path)):
            table.carry_over_year = ended + 1
        if column.field and taken[column.field] != column.index:
            if not column.in_doubt and column.field not in UNUSED:
                table.doubled.append(column)
            column = replace(column, field="")
        table.columns.append(column)
        if not column.field and not column.period:
            table.unmapped.append(column)


def _paths(grid: Grid, first: int, last: int) -> dict[int, list[str]]:
    """The header cells over each column, the topmost first, repeated ones once; columns without any are left out."""
    levels = [list(grid.rows[row]) for row in range(first, last + 1)]
    for level in levels[:-1]:
        _carry_groups(level, levels[-1])
    paths: dict[int, list[str]] = {}
    for index in range(max(len(level) for level in levels)):
        path: list[str] = []
        for level in levels:
            text = head_text(level[index]) if index < len(level) else ""
            if text and (not path or path[-1] != text):
                path.append(text)
        if path:
            paths[index] = path
    return paths


def _written(row: list, index: int) -> str:
    """A header cell as it stands, but for spaces and line breaks."""
    return re.sub(r"\s+", "", str(row[index])) if index < len(row) and row[index] is not None else ""


def _header(path: list[str]) -> str:
    return (
        path[-1]
        if len(path) == 1 or path[0] == KEPT_GROUP
        else "".join(path)
        if len(path[-1]) <= 2
        else path[-1]
    )


def _carry_groups(level: list, below: list) -> None:
    """A group header written in its first cell only, not merged, names the sub-headers to its right as well."""
    for index in range(1, len(level)):
        if not plain(level[index]) and index < len(below) and plain(below[index]):
            level[index] = level[index - 1]


def normalise_unit(text: str) -> str:
    """A header without its unit, all else as written: what people type when they answer."""
    unit = unit_in_header(text)
    return re.sub(r"[(\[【〔（［][^)\]】〕）］]*元?[)\]】〕）］]|/[亿万千]?元?$", "", text) if unit else text


def unit_in_corner(text: str) -> str | None:
    """The amount unit a corner cell names: 单位：万元."""
    found = _UNIT_IN_CORNER.search(text)
    return whole_unit(found[1]) if found else None


def month_span_end(text: str, year: int) -> date | None:
    """The last day of “1—9月” in a header or title."""
    found = re.search(r"1月?份?[-—–~至到](\d{1,2})月", plain(text))
    if found and 1 <= int(found[1]) <= 12:
        return TenDayPeriod(year, int(found[1]), 3).last_on
    return None
