"""The head of a sheet (表头以上): title, year, unit, list; what is not said is asked where a figure hangs on it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from projects.money import parse_amount

from ...reader import Grid
from ..cells import text_of
from ..columns import KEEP, LEDGER_FIELDS
from ..headers import NAMING_FIELDS, Column, Table, plain, unit_in_corner
from ..meaning import SIMILAR, whole_unit, years_in
from ..questions import LIST, ROW, UNIT, YEAR
from ..staged import INVESTMENT, LEDGER, StagedSheet
from .lines import AMOUNT_FIELDS

OF_A_YEAR = frozenset({"planned_investment", "invested_this_year", "current_amount", "completion_rate"})
UNITS = ("万元", "亿元", "元", "千元")
# 总投资 of a project in 亿元 is hardly above 5000, in 万元 hardly below 100 (docs/rules.md §13)
LEAST_WAN = Decimal(100)
LEAST_YUAN = Decimal(10_000_000)
_LONE_UNIT = re.compile(r"\(?(?:金额|投资|单位)?[:：]?(?:人民币)?(亿元|万元|千元)\)?")
_UNIT_IN_WORDS = re.compile(
    r"(?:金额|投资|货币|计量|资金)?(?:的?单位)(?:均|都)?(?:[:：为是]|以)(?:人民币)?(亿元|万元|千元)|以(亿元|万元)为单位|\((?:单位[:：]?)?(亿元|万元)\)"
)
_ANNEX = re.compile(r"附[件表]?[\d一二三四五六七八九十]*(?:[-—]\d+)?[:：]?")
_IN_CELL = re.compile(r"[亿万千]?元|[亿万]$")
ENDING_ROWS = 12  # where notes beneath a table name the unit


def texts_above(grid: Grid, first_row: int | None) -> list[str]:
    """Distinct texts above the header, the title first; without a header the first five rows."""
    texts: list[str] = []
    for row in grid.rows[: 5 if first_row is None else first_row]:
        joined = "".join(dict.fromkeys(plain(text_of(cell)) for cell in row if text_of(cell)))
        if joined:
            texts.append(joined)
    return texts


def title_of(grid: Grid, rows: range) -> str:
    """The first text above the header that is more than 附件1; "" where there is none."""
    for index in rows:
        for cell in grid.rows[index]:
            text = plain(text_of(cell))
            if text and not _ANNEX.fullmatch(text):
                return text
    return ""


def year_in(texts: Iterable[str]) -> int | None:
    """The year that the first text with one names."""
    for text in texts:
        if found := re.search(r"(?<!\d)(20\d\d)(?=年|[-./]\d|\D|$)", text):
            return int(found[1])
    return None


# ---------------------------------------------------------------------------------------------------------
# The year


def settle_year(
    sheet: StagedSheet, table: Table, stated: int | None, otherwise: int | None, this_year: int
) -> None:
    """The sheet's year: what its title says, else its headers, its day or its file; asked where they part or are silent.

    `stated` is the year of the title, `otherwise` that of the day or the file.
    """
    of_headers = _most_common(table.years)
    if stated and of_headers and stated not in table.years and not _are_of_last_year(table, stated):
        years = (str(of_headers), str(stated))
        text = f"表题写{stated}年，表头写{of_headers}年。本表是哪一年的数据？"
        sheet.year = int(sheet.ask(YEAR, f"{stated}/{of_headers}", text, choices=years, likely=years[0]))
    elif found := stated or of_headers or otherwise:
        sheet.year = found
    elif sheet.kind in (LEDGER, INVESTMENT):
        near = [str(year) for year in (this_year, this_year - 1, this_year + 1)]
        text = "表内未写年度。本表是哪一年的数据？"
        sheet.year = int(sheet.ask(YEAR, "", text, choices=near, likely=near[0]))
    else:
        sheet.year = this_year


def set_other_years_aside(table: Table, year: int) -> None:
    """Keep another year's plan or amount under its own header, and give its field to the column it had displaced."""
    if not table.years or not (year in table.years or _are_of_last_year(table, year)):
        return
    for column in list(table.columns):
        years = _years_of(column)
        if column.field not in OF_A_YEAR or not years or year in years:
            continue
        table.settle(column, KEEP, SIMILAR)
        displaced = [o for o in table.doubled if o.field == column.field and not set(_years_of(o)) - {year}]
        for other in displaced[:1]:
            table.settle(other, other.field, other.why)


def _are_of_last_year(table: Table, year: int) -> bool:
    """Whether every header's year is an earlier one, beside amounts of no year: 2022年完成投资 in a sheet of 2023."""
    columns = [*table.columns, *table.doubled]
    without = [column for column in columns if column.field in OF_A_YEAR and not _years_of(column)]
    return bool(without) and max(table.years) < year


def _years_of(column: Column) -> list[int]:
    return [found for part in column.path for found in years_in(part)]


def _most_common(years: Sequence[int]) -> int | None:
    return max(set(years), key=years.count) if years else None


# ---------------------------------------------------------------------------------------------------------
# The unit


def settle_unit(
    sheet: StagedSheet,
    table: Table,
    grid: Grid,
    above: Sequence[str],
    elsewhere: Sequence[str],
    wanted: str | None,
) -> None:
    """The unit of the amounts: stated in a corner or a note, in headers, chosen by the person; else asked by size."""
    stated = _stated_unit(above) or _stated_unit(_notes(grid, table)) or _stated_unit(elsewhere)
    bare = [column for column in _money(table) if not column.unit]
    in_headers: set[str | None] = {column.unit for column in _money(table) if column.unit}
    sheet.unit = stated or wanted or (next(iter(in_headers)) if len(in_headers) == 1 else "万元")
    if stated and wanted and stated != wanted:
        text = f"表内写明单位为{stated}，与指定的{wanted}不同，按表内单位读取"
        sheet.warn(None, "单位", text, ask=True)
    elif not stated and not wanted and bare:
        _ask_unit(sheet, table, grid, bare, in_headers)


def _money(table: Table) -> list[Column]:
    return [column for column in table.columns if column.field in AMOUNT_FIELDS or column.period]


def _stated_unit(texts: Iterable[str]) -> str | None:
    for text in texts:
        if found := unit_in_corner(text):
            return found
        whole = _LONE_UNIT.fullmatch(text) or _UNIT_IN_WORDS.search(text)
        if whole:
            return whole_unit(next(part for part in whole.groups() if part))
    return None


def _notes(grid: Grid, table: Table) -> list[str]:
    """Texts under the table, and cells above it that stand alone."""
    last = table.last_row + 1
    rows = grid.rows[max(last, len(grid.rows) - ENDING_ROWS) :]
    lone = [plain(cell) for row in grid.rows[:last] for cell in row if isinstance(cell, str)]
    return [text for text in lone if _LONE_UNIT.fullmatch(text)] + [
        text for row in rows for cell in row if isinstance(cell, str) and "单位" in (text := plain(cell))
    ]


def _ask_unit(
    sheet: StagedSheet, table: Table, grid: Grid, bare: list[Column], in_headers: set[str | None]
) -> None:
    amounts = _written(table, grid, bare)
    if not amounts:
        return
    if len(in_headers) == 1 and _fits(table, grid, bare, sheet.unit or "万元"):
        return
    likely = _likely_unit(sheet, table, grid, bare)
    named = "、".join(column.header for column in bare[:3])
    sheet.unit = sheet.ask(
        UNIT,
        "",
        f"表内未写“{named}”的金额单位，按数值大小推断为{likely}。金额单位是什么？",
        choices=(likely, *(unit for unit in UNITS if unit != likely)),
        likely=likely,
        column=bare[0].header,
    )


def _written(table: Table, grid: Grid, columns: Iterable[Column]) -> list[Decimal]:
    """The amounts of columns as written, those left out that carry a unit of their own or are nought."""
    found = []
    for row in grid.rows[table.last_row + 1 :]:
        for column in columns:
            value = row[column.index] if column.index < len(row) else None
            if value in (None, "") or (isinstance(value, str) and _IN_CELL.search(plain(value))):
                continue
            try:
                amount = parse_amount(value, "万元")
            except ValueError:
                continue
            if amount:
                found.append(amount)
    return found


def _likely_unit(sheet: StagedSheet, table: Table, grid: Grid, bare: list[Column]) -> str:
    totals = [column for column in bare if column.field == "total_investment"]
    amounts = _written(table, grid, totals or bare)
    middle = median(amounts) if amounts else LEAST_WAN
    if middle < LEAST_WAN:
        return "亿元"
    return "元" if middle >= LEAST_YUAN else "万元"


def _fits(table: Table, grid: Grid, bare: list[Column], unit: str) -> bool:
    """Whether the columns without a unit are of one size with those that have it."""
    own = _written(table, grid, [column for column in _money(table) if column.unit == unit])
    others = _written(table, grid, bare)
    return bool(own) and median(own) / 200 <= median(others) <= median(own) * 2


# ---------------------------------------------------------------------------------------------------------
# The list


def settle_list(
    sheet: StagedSheet, lists: Mapping[str, str], wanted: str | None, texts: Sequence[str]
) -> None:
    """The list of a ledger: as said, or by the first of the texts that names one; else a question with those on record."""
    if wanted:
        sheet.list_name = lists.get(plain(wanted))
        return
    for text in texts:
        if name := _list_in(plain(text), lists):
            sheet.list_name = name
            return
    names = list(dict.fromkeys(lists.values()))
    if not names:
        sheet.refuse(None, "名单", "系统中还没有名单，请先在管理后台登记名单再导入")
        return
    names.sort(key=lambda name: -_alike(name, plain(sheet.title) + plain(sheet.name)))
    sheet.list_name = sheet.ask(
        LIST,
        plain(sheet.title) or plain(sheet.name),
        f"看不出“{sheet.name}”是哪个名单，请选择，或用 --list 指定；新名单请先在管理后台登记。",
        choices=names,
        likely=names[0],
    )


def _list_in(text: str, lists: Mapping[str, str]) -> str | None:
    met = {alias for alias in lists if alias in text}
    longest = {alias for alias in met if not any(alias != other and alias in other for other in met)}
    names = {lists[alias] for alias in longest}
    return names.pop() if len(names) == 1 else None


def _alike(name: str, text: str) -> int:
    return sum(name[n : n + 2] in text for n in range(len(name) - 1))


def ask_for_names(sheet: StagedSheet, table: Table) -> bool:
    """Whether a table of names without amounts is one of projects: it adds to the counts of its list."""
    header = table.by_field()["name"].header
    lacks = "年度计划投资" if LEDGER_FIELDS & table.by_field().keys() & set(AMOUNT_FIELDS) else "金额"
    said = sheet.ask(
        ROW,
        header,
        f"本表列出项目，没有{lacks}。各行是否按项目列入名单（年度计划投资按0计）？选“注释”则本表不读。",
        choices=("project", "note"),
        likely="project",
        column=header,
    )
    return said == "project"


@dataclass(frozen=True)
class Unread:
    """Why a sheet was not recognised: the headers met, what a reading needs, and the sentence for it."""

    found: list[str]
    missing: list[str]
    words: str


OF_READING = "总投资、年度计划投资、本年累计完成投资、建设单位、推进部门等"
WAY_ON = "可在“表头对应”中指定各列，或改表头后重新上传"


def unread(grid: Grid, table: Table | None) -> Unread:
    """What was met in a sheet that could not be read."""
    if table is None:
        found = _likely_headers(grid)
        if not found:
            return Unread([], ["项目名称"], f"“{grid.name}”没有表头")
        shown = "、".join(found[:8])
        return Unread(
            found,
            ["项目名称"],
            f"“{grid.name}”未找到含“项目名称”等的表头；最像表头的一行是：{shown}。{WAY_ON}",
        )
    found = [column.header for column in table.columns]
    known = [column.header for column in table.columns if column.field in LEDGER_FIELDS or column.period]
    named = [column.header for column in table.columns if column.field in NAMING_FIELDS][:1] or known[:1]
    others = [header for header in known if header not in (*named, "序号")]
    shown = f"只认出{len(others)}个台账列：{'、'.join(others)}" if others else "没有认出其他台账列"
    words = f"“{grid.name}”认出“{'、'.join(named)}”，但{shown}；还需{OF_READING}中的两列。{WAY_ON}"
    return Unread(found, [OF_READING], words)


def _likely_headers(grid: Grid) -> list[str]:
    """The row of the first thirty that holds the most short texts."""
    best: list[str] = []
    for row in grid.rows[:30]:
        texts = list(
            dict.fromkeys(plain(cell) for cell in row if isinstance(cell, str) and 0 < len(plain(cell)) <= 20)
        )
        if len(texts) > max(len(best), 2):
            best = texts
    return best
