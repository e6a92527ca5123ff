"""Headers (表头): where the table begins, which column is which field, the unit and year a header names."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from projects.money import WAN_PER_UNIT
from projects.periods import TenDayPeriod

from ...base.changing import sure
from ..reader import Grid

SEARCHED_ROWS = 30
# one of these makes a row a header
NAMING_FIELDS = frozenset({"name", "indicator_name", "official_name", "unit_name"})
MAX_HEADER_LEVELS = 4
_UNIT = r"(亿元|万元|千元|元)"
_UNIT_IN_HEADER = re.compile(rf"\((?:金额)?(?:单位[::]?)?{_UNIT}\)|[,:]单位[::]?{_UNIT}|(?<=[资额]){_UNIT}$")
_UNIT_IN_CORNER = re.compile(rf"单位[::]?\(?{_UNIT}")
_YEAR_END = re.compile(r"(?:截[至止]|至)(20\d\d)年(?:底|末|12月底)")
_YEAR = re.compile(r"20\d\d(?:年度?|(?=计划|完成|投资))")
_MONTH_TOTAL = (
    re.compile(
        r"(?:年度|累计)?(?:1月?[-—–~至到])?(?P<month>\d{1,2})月(?P<part>上旬|中旬|下旬|底|末)?累计(?:完成)?(?:投资)?额?"
    ),
    re.compile(r"(?:年度)?1月?[-—–~至到](?P<month>\d{1,2})月(?P<part>)(?:累计)?(?:实际)?完成(?:投资)?额?"),
)
_MONTH_ALONE = re.compile(r"(?:年度)?\d{1,2}月(?:上旬|中旬|下旬)?(?:当月|实际)?(?:新增|完成)(?:投资)?额?")
PARTS = {"上旬": 1, "中旬": 2}


def plain(value: object) -> str:
    """Text of a cell, half-width and without spaces or line breaks; whole numbers without decimals."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(value)))


def normalise(header: object) -> str:
    """A header as the dictionary compares it: 2023年计划投资（万元） → 年度计划投资."""
    text = _UNIT_IN_HEADER.sub("", plain(header))
    text = text.replace("(%)", "").replace("%", "").strip(":*★☆")
    return _YEAR.sub("年度", _YEAR_END.sub("至上年底", text))


@dataclass(frozen=True)
class Column:
    """A column of the table (列): its header as written, the field it means, the period it covers, its unit."""

    index: int
    header: str
    field: str = ""
    period: TenDayPeriod | None = None
    unit: str | None = None

    @property
    def ends_on(self) -> date:
        """The last day of the period that a column of amounts covers."""
        return sure(self.period).last_on


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

    def by_field(self) -> dict[str, Column]:
        return {column.field: column for column in self.columns if column.field}

    def set_aside(self, fields: frozenset[str]) -> None:
        """Take columns that mean nothing in this kind of sheet for unknown ones, which are kept as they are."""
        self.doubled = [column for column in self.doubled if column.field not in fields]
        self.unmapped += [column for column in self.columns if column.field in fields]
        self.unmapped.sort(key=lambda column: column.index)
        self.columns = [
            replace(column, field="") if column.field in fields else column for column in self.columns
        ]

    @property
    def period_columns(self) -> list[Column]:
        return [column for column in self.columns if column.period]


def find_table(grid: Grid, dictionary: Mapping[str, str], year: int | None) -> Table | None:
    """The header block of a sheet, or None when no row of its top names a project, an indicator, a leader or a unit."""
    first = _first_header_row(grid, dictionary)
    if first is None:
        return None
    last = _last_header_row(grid, first, dictionary)
    return _map_columns(grid, first, last, dictionary, year)


def _first_header_row(grid: Grid, dictionary: Mapping[str, str]) -> int | None:
    for index, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        texts = {plain(cell) for cell in row if plain(cell)}
        fields = {dictionary.get(normalise(text)) for text in texts}
        if len(texts) >= 3 and fields & NAMING_FIELDS:
            return _top_of(grid, index, dictionary)
    return None


def _top_of(grid: Grid, index: int, dictionary: Mapping[str, str]) -> int:
    """A group header may stand above a project name that is not merged upwards."""
    above = grid.rows[index - 1] if index else []
    texts = {plain(cell) for cell in above if plain(cell)}
    if len(texts) >= 2 and not any("单位" in t or "截" in t or ":" in t for t in texts):
        return index - 1
    return index


def _last_header_row(grid: Grid, first: int, dictionary: Mapping[str, str]) -> int:
    last = first
    for (top, left), (bottom, right) in grid.merges:
        if top == first:
            last = max(last, bottom if bottom - top < MAX_HEADER_LEVELS else first)
            if right > left and right - left + 1 < len(grid.rows[first]):
                last = max(last, bottom + 1)
    while (
        last + 1 < len(grid.rows)
        and last + 1 - first < MAX_HEADER_LEVELS
        and _goes_on(grid, first, last, dictionary)
    ):
        last += 1
    return min(last, len(grid.rows) - 1)


def _goes_on(grid: Grid, first: int, last: int, dictionary: Mapping[str, str]) -> bool:
    """Sub-headers that are not merged: words only, none under the name's column, one at least that makes a field."""
    groups, row = list(grid.rows[last]), grid.rows[last + 1]
    named = [i for i, cell in enumerate(grid.rows[first]) if dictionary.get(normalise(cell)) in NAMING_FIELDS]
    texts = [cell for cell in row if plain(cell)]
    if (
        len(texts) < 2
        or any(plain(row[i]) for i in named)
        or not all(isinstance(cell, str) for cell in texts)
    ):
        return False
    _carry_groups(groups, row)
    below = [(str(group), str(cell)) for group, cell in zip(groups, row, strict=True) if plain(cell)]
    known = [
        c
        for g, c in below
        if {normalise(c), normalise(g + c), normalise(g + c).replace("年度", "")} & dictionary.keys()
    ]
    return len(known) * 2 >= len(below)


def _map_columns(grid: Grid, first: int, last: int, dictionary: Mapping[str, str], year: int | None) -> Table:
    levels = [list(grid.rows[row]) for row in range(first, last + 1)]
    for level in levels[:-1]:
        _carry_groups(level, levels[-1])
    table = Table(first, last, [])
    taken: set[str] = set()
    for index in range(max(len(level) for level in levels)):
        path: list[str] = []
        for level in levels:
            text = plain(level[index]) if index < len(level) else ""
            if text and (not path or path[-1] != text):
                path.append(text)
        if not path:
            continue
        table.years += [int(found) for part in path for found in re.findall(r"20\d\d(?=年)", part)]
        column = _column(index, path, dictionary, year)
        if column.field == "carry_over" and (ended := _YEAR_END.search("".join(path))):
            table.carry_over_year = int(ended[1]) + 1
        if column.field and column.field in taken:
            table.doubled.append(column)
            table.unmapped.append(column)
            continue
        taken.add(column.field)
        table.columns.append(column)
        if not column.field and not column.period:
            table.unmapped.append(column)
    return table


def _carry_groups(level: list, below: list) -> None:
    """A group header written in its first cell only, not merged, names the sub-headers to its right as well."""
    for index in range(1, len(level)):
        if not plain(level[index]) and index < len(below) and plain(below[index]):
            level[index] = level[index - 1]


def _column(index: int, path: list[str], dictionary: Mapping[str, str], year: int | None) -> Column:
    header = path[-1] if len(path) == 1 else "".join(path) if len(path[-1]) <= 2 else path[-1]
    unit = next((found for part in reversed(path) if (found := unit_in_header(part))), None)
    candidates = []
    for depth in range(len(path), 0, -1):  # the whole path first: 2023年计划 + 投资
        text = normalise("".join(path[-depth:]))
        candidates += [text, text.replace("年度", ""), f"年度{text}"]
    for text in candidates:
        period = _period(text, year)
        if period:
            return Column(index, header, period=period, unit=unit)
    for text in candidates:
        if text in dictionary:
            return Column(index, header, dictionary[text], unit=unit)
        if _MONTH_ALONE.fullmatch(text):
            return Column(index, header, "current_amount", unit=unit)
    return Column(index, header, unit=unit)


def _period(text: str, year: int | None) -> TenDayPeriod | None:
    for pattern in _MONTH_TOTAL:
        found = pattern.fullmatch(text)
        if found and year and 1 <= int(found["month"]) <= 12:
            return TenDayPeriod(year, int(found["month"]), PARTS.get(found["part"] or "", 3))
    return None


def unit_in_header(text: str) -> str | None:
    found = _UNIT_IN_HEADER.search(plain(text))
    return next((part for part in found.groups() if part), None) if found else None


def unit_in_corner(text: str) -> str | None:
    """The amount unit a corner cell names: 单位：万元."""
    found = _UNIT_IN_CORNER.search(text)
    return found[1] if found and found[1] in WAN_PER_UNIT else None


def month_span_end(text: str, year: int) -> date | None:
    """The last day of “1—9月” in a header or title."""
    found = re.search(r"1月?[-—–~至到](\d{1,2})月", plain(text))
    if found and 1 <= int(found[1]) <= 12:
        return TenDayPeriod(year, int(found[1]), 3).last_on
    return None
