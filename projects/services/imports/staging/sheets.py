"""Recognising a sheet (识别工作表): kind, title, list, year, unit, day; then its rows, sorted into data and the rest."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from projects.models import ProjectStage
from projects.money import parse_amount
from projects.periods import parse_office_date

from ..reader import Grid
from . import indicators, investment, leads, ledger, milestones, problems, rosters
from .cells import RowReader, text_of
from .columns import LEDGER_FIELDS
from .headers import Table, find_table, month_span_end, plain, unit_in_corner
from .questions import Answers
from .settling import settle_columns
from .staged import (
    INDICATORS,
    INVESTMENT,
    LEADS,
    LEDGER,
    MILESTONES,
    OFFICIALS,
    PLACES,
    PROBLEMS,
    UNITS,
    UNRECOGNISED,
    StagedRow,
    StagedSheet,
)

# what only rosters, leads, places and indicators have a use for; in a ledger such a column is kept as it is
ROSTER_FIELDS = frozenset(
    {
        *("official_name", "unit_name", "unit_kind", "contact", "phone", "mobile", "longitude", "latitude"),
        *("investor", "origin", "lead_stage", "agreed_investment", "lead_on", "indicator_last_year"),
    }
)
STAGERS: Mapping[str, Callable] = {
    LEDGER: ledger.stage_row,
    MILESTONES: milestones.stage_row,
    INVESTMENT: investment.stage_row,
    PROBLEMS: problems.stage_row,
    INDICATORS: indicators.stage_row,
    LEADS: leads.stage_row,
    OFFICIALS: rosters.stage_official,
    UNITS: rosters.stage_unit,
    PLACES: rosters.stage_place,
}
# the field that names a row, and what it is called; a project where nothing is said
NAMED_BY = {
    INDICATORS: ("indicator_name", "指标名称"),
    OFFICIALS: ("official_name", "姓名"),
    UNITS: ("unit_name", "单位名称"),
}
OF_NO_YEAR = (OFFICIALS, UNITS, PLACES)  # a title may hold CGCS2000
OF_MONEY = (LEDGER, INVESTMENT, LEADS)
_AS_OF = re.compile(
    r"截[至止]到?[:：]?(\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{4}年\d{1,2}月[上中下]旬"
    r"|\d{4}年\d{1,2}月(?:底|末)?|\d{1,2}月\d{1,2}日|\d{1,2}月(?:底|末))"
)
_TOTAL = re.compile(r"^(?:合计|总计|共计|小计|总数|全区合计)")
_NOT_COUNTED = re.compile(r"“※”.*不重复计入")  # a note under the table: rows so marked are in no total
_NOTE = re.compile(r"^(?:注|备注|说明|填表|填报|制表|审核|联系|单位负责人|※|\*)")
_GROUP = re.compile(r"^(?:[一二三四五六七八九十]+[、.．]|\([一二三四五六七八九十]+\)|[(（]?[A-Z][)）、.])")
_TOTAL_AMOUNT = re.compile(r"总投资(?:额)?(?:约)?([\d.,]+)(亿元|万元)")
CATEGORY_WORDS = (
    (re.compile("新开工|新建"), ProjectStage.NEW_START),
    (re.compile("续建|结转|在建"), ProjectStage.CONTINUING),
    (re.compile("前期|储备"), ProjectStage.PREPARATORY),
)


@dataclass(frozen=True)
class Options:
    """What the person said about the file (选项); empty means: let the sheets decide."""

    year: int | None = None
    list_name: str | None = None
    sheets: Sequence[str] = ()
    unit: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)  # to questions, by id or sheet!id


@dataclass(frozen=True)
class Dictionary:
    """Reference data the reading needs: header → field, list name or alias → list name, region code."""

    fields: Mapping[str, str]
    lists: Mapping[str, str]
    zone_code: str
    today: date
    remembered: Mapping[str, str] = field(default_factory=dict)  # answers that this sender gave before
    names: frozenset[str] = frozenset()  # of leaders and units on record, as they are compared


def stage_sheet(grid: Grid, options: Options, dictionary: Dictionary) -> StagedSheet:
    """Read one sheet completely; every error and warning of it is collected in this one pass."""
    corner = _texts_above(grid, None)
    year = options.year or _year_in(grid.name, corner)
    answers = Answers(options.answers, dictionary.remembered)
    table = find_table(grid, dictionary.fields, year or dictionary.today.year, answers)
    sheet = StagedSheet(grid.name, _kind(table), title=corner[0] if corner else "", answers=answers)
    sheet.known_names = dictionary.names
    if table is None or sheet.kind == UNRECOGNISED:
        return sheet
    if sheet.kind in (LEDGER, MILESTONES, INVESTMENT, PROBLEMS):
        table.set_aside(ROSTER_FIELDS)
    above = _texts_above(grid, table.first_row)
    sheet.title = above[0] if above else grid.name
    sheet.year = options.year or _year_in(sheet.title, above) or _most_common(table.years)
    sheet.as_of = _as_of(above, sheet)
    sheet.year = sheet.year or (sheet.as_of.year if sheet.as_of else dictionary.today.year)
    if sheet.kind == INDICATORS and not sheet.as_of:
        sheet.as_of = month_span_end("".join(above), sheet.year)
    if sheet.kind in OF_NO_YEAR:
        sheet.year = None
    settle_columns(sheet, table, grid, dictionary.today)
    sheet.header_rows = list(range(table.first_row + 1, table.last_row + 2))
    sheet.heads = {column.field: column.header for column in table.columns if column.field}
    sheet.unmapped = [column.header for column in table.unmapped]
    sheet.period_columns = {column.ends_on: column.header for column in table.period_columns}
    if sheet.kind in OF_MONEY:
        _settle_unit(sheet, table, above, options)
    if table.carry_over_year not in (None, sheet.year):
        text = f"表头所写年度与本表年度{sheet.year}不一致，按{sheet.year}年年初累计登记"
        sheet.warn(None, "carry_over", text, ask=True)
    if sheet.kind == LEDGER:
        _settle_list(sheet, options, dictionary)
    _note_hidden(sheet, grid, table)
    for column in table.doubled:
        sheet.warn(None, column.header, f"“{column.header}”重复出现，只取第一列，本列按其他列保留")
    _read_body(sheet, grid, table, dictionary)
    return sheet


# ---------------------------------------------------------------------------------------------------------
# What the head of the sheet says


def _kind(table: Table | None) -> str:
    if table is None:
        return UNRECOGNISED
    fields = set(table.by_field())
    if {"indicator_name", "indicator_target"} <= fields:
        return INDICATORS
    if "name" not in fields:
        if "official_name" in fields and fields & {"sponsor_post", "phone", "mobile"}:
            return OFFICIALS
        return UNITS if "unit_name" in fields and fields & {"unit_kind", "phone"} else UNRECOGNISED
    of_ledgers = len(fields & LEDGER_FIELDS)
    if "investor" in fields and fields & {"agreed_investment", "lead_stage"} and of_ledgers <= 2:
        return LEADS
    if {"longitude", "latitude"} <= fields and of_ledgers <= 2:
        return PLACES
    if "milestone_name" in fields and "due" in fields:
        return MILESTONES
    if "problem_text" in fields and of_ledgers <= 2:
        return PROBLEMS
    others = fields & LEDGER_FIELDS - {"planned_investment", "code", "developer"}
    # one period beside 总投资 or 形象进度 is a ledger's 1—9月完成投资, several are a sheet of investment by month
    is_ledger = (
        len(table.period_columns) == 1 and of_ledgers >= 2 and (others or "physical_progress" in fields)
    )
    if table.period_columns and len(others) <= 1 and not is_ledger:
        return INVESTMENT
    return LEDGER if of_ledgers >= 2 else UNRECOGNISED


def _texts_above(grid: Grid, first_row: int | None) -> list[str]:
    """Distinct texts above the header, the title first; without a header the first five rows."""
    texts: list[str] = []
    for row in grid.rows[: 5 if first_row is None else first_row]:
        joined = "".join(dict.fromkeys(plain(text_of(cell)) for cell in row if text_of(cell)))
        if joined:
            texts.append(joined)
    return texts


def _year_in(name: str, texts: Sequence[str]) -> int | None:
    for text in (*texts[:1], name, *texts[1:]):
        if found := re.search(r"(20\d\d)年?度?", text):
            return int(found[1])
    return None


def _most_common(years: Sequence[int]) -> int | None:
    return max(set(years), key=years.count) if years else None


def _as_of(texts: Sequence[str], sheet: StagedSheet) -> date | None:
    for text in texts:
        if found := _AS_OF.search(text):
            try:
                return parse_office_date(found[1], year=sheet.year).last_on
            except ValueError:
                sheet.refuse(None, "截至", f"“{found[0]}”不是有效日期，请写作 截至2023年10月10日")
    return None


def _settle_unit(sheet: StagedSheet, table: Table, above: Sequence[str], options: Options) -> None:
    stated = next((unit for text in above if (unit := unit_in_corner(text))), None)
    in_headers = {column.unit for column in table.columns if column.unit}
    sheet.unit = stated or options.unit or (in_headers.pop() if len(in_headers) == 1 else "万元")
    if stated and options.unit and stated != options.unit:
        sheet.warn(
            None, "单位", f"表内写明单位为{stated}，与指定的{options.unit}不同，按表内单位读取", ask=True
        )
    elif not stated and not options.unit and not any(column.unit for column in table.columns):
        sheet.warn(None, "单位", "表内未写金额单位，按万元读取；如为亿元请用 --unit 亿元 或在上传时选择")


def _settle_list(sheet: StagedSheet, options: Options, dictionary: Dictionary) -> None:
    if options.list_name:
        sheet.list_name = dictionary.lists.get(plain(options.list_name))
        return
    for text in (plain(sheet.name), plain(sheet.title)):
        met = {alias for alias in dictionary.lists if alias in text}
        longest = {alias for alias in met if not any(alias != other and alias in other for other in met)}
        names = {dictionary.lists[alias] for alias in longest}
        if len(names) == 1:
            sheet.list_name = names.pop()
            return
    known = "、".join(dict.fromkeys(dictionary.lists.values()))
    sheet.refuse(None, "名单", f"看不出“{sheet.name}”是哪个名单，请用 --list 指定（{known}）或在表题中写明")


def _note_hidden(sheet: StagedSheet, grid: Grid, table: Table) -> None:
    rows = [row for row in grid.hidden_rows if row > table.last_row + 1 and row <= len(grid.rows)]
    if rows:
        shown = "、".join(map(str, rows[:10])) + ("等" if len(rows) > 10 else "")
        sheet.warn(rows[0], "", f"第{shown}行为隐藏行，共{len(rows)}行，已一并读取")
    columns = [column.header for column in table.columns if column.index in grid.hidden_columns]
    if columns:
        sheet.warn(None, columns[0], f"“{'、'.join(columns)}”为隐藏列，已一并读取")
    if grid.is_hidden:
        sheet.warn(None, "", "本表为隐藏工作表，已一并读取")
    for remark in grid.remarks:
        sheet.warn(None, "", remark)


# ---------------------------------------------------------------------------------------------------------
# The body: data rows, totals, group rows, notes


@dataclass
class _Group:
    row: int
    text: str
    declared: int | None
    sums: Mapping[str | date, Decimal]
    category: str | None
    first: int  # place in sheet.rows where the group begins
    last: int | None = None  # None while open; -1 for a total of the whole sheet
    level: int = 0


def _read_body(sheet: StagedSheet, grid: Grid, table: Table, dictionary: Dictionary) -> None:
    stage = STAGERS[sheet.kind]
    name_field, name_words = NAMED_BY.get(sheet.kind, ("name", "项目名称"))
    name_column = table.by_field()[name_field].index
    header = [plain(cell) for cell in grid.rows[table.last_row]]
    groups: list[_Group] = []
    for text in _texts_above(grid, table.first_row):
        _declaration(sheet, groups, text, 1)
    for index in range(table.last_row + 1, len(grid.rows)):
        cells = grid.rows[index]
        texts = [text_of(cell) for cell in cells]
        filled = list(dict.fromkeys(text for text in texts if text))
        if not filled:
            continue
        first = plain(filled[0])
        name = plain(texts[name_column]) if name_column < len(texts) else ""
        if why := _not_data(first, name, filled, texts, header):
            sheet.ignored.append({"row": index + 1, "why": why})
            if why == "合计" and sheet.kind in OF_MONEY:
                groups.append(_total(sheet, grid, table, index, first, groups))
            elif why == "表下注释":
                sheet.marks_uncounted |= bool(_NOT_COUNTED.search("".join(filled)))
                _declaration(sheet, groups, "".join(filled), index + 1)
        elif _is_group(first, name, table, texts):
            group = _group(sheet, grid, table, index, first)
            _close(sheet, groups, group.level)
            groups.append(group)
        elif not name and len(filled) == 1:
            sheet.ignored.append({"row": index + 1, "why": "非数据行"})
        else:
            row = StagedRow(index + 1)
            reader = RowReader(sheet, grid, table, index, row)
            if not name:
                sheet.refuse(row, name_field, f"{name_words}为空，请补填；如非数据行请删除")
                continue
            category = next((g.category for g in reversed(groups) if g.last is None and g.category), None)
            stage(reader, table, category=category, today=dictionary.today, zone_code=dictionary.zone_code)
            sheet.rows.append(row)
    _close(sheet, groups)
    _check_declared(sheet, groups)


def _not_data(first: str, name: str, filled: list[str], texts: list[str], header: list[str]) -> str:
    """Why a row is no data, or an empty string."""
    if _TOTAL.match(first) or _TOTAL.match(name):
        return "合计"
    if len(filled) <= 2 and _NOTE.match(first) and not (name and name != first):
        return "表下注释"
    if [plain(text) for text in texts] == header or sum(
        a == b != "" for a, b in zip(map(plain, texts), header, strict=False)
    ) >= 3:
        return "重复表头"
    if name.isdigit() and len(filled) > 3 and all(plain(text).isdigit() for text in filled):
        return "栏次"
    return ""


def _is_group(first: str, name: str, table: Table, texts: list[str]) -> bool:
    if not (_GROUP.match(first) or re.search(r"\((?:共)?\d+(?:个|项)\)[::]?$", first)):
        return False
    number = table.by_field().get("number")
    if number and plain(texts[number.index]).isdigit():
        return False
    own = [table.by_field().get(field) for field in ("developer", "category", "sponsor", "lead_department")]
    return name in ("", first) and not any(
        column and plain(texts[column.index]) not in ("", first) for column in own
    )


def _sums(sheet: StagedSheet, grid: Grid, table: Table, index: int) -> dict[str | date, Decimal]:
    """The amounts a total or group row declares, by field; unreadable ones are left out, they are no data."""
    found: dict[str | date, Decimal] = {}
    for column in table.columns:
        if column.field not in AMOUNT_FIELDS and not column.period:
            continue
        value = grid.rows[index][column.index] if column.index < len(grid.rows[index]) else ""
        try:
            amount = parse_amount(value, column.unit or sheet.unit or "万元")
        except ValueError:
            continue
        if amount is not None:
            found[column.field or column.ends_on] = amount
    return found


AMOUNT_FIELDS = (
    "total_investment",
    "carry_over",
    "planned_investment",
    "invested_this_year",
    "invested_to_date",
    "agreed_investment",
)


def _group(sheet: StagedSheet, grid: Grid, table: Table, index: int, text: str) -> _Group:
    count = re.search(r"\(?(?:共)?(\d+)(?:个|项)", text)
    category = next((value for pattern, value in CATEGORY_WORDS if pattern.search(text)), None)
    written = next(text_of(cell) for cell in grid.rows[index] if text_of(cell))
    sums = _sums(sheet, grid, table, index)
    level = (
        0 if text[0] in "一二三四五六七八九十" else 1 if text[0] == "(" else 2 if _GROUP.match(text) else 0
    )
    declared = int(count[1]) if count else None
    return _Group(index + 1, written, declared, sums, category, len(sheet.rows), level=level)


def _total(
    sheet: StagedSheet, grid: Grid, table: Table, index: int, text: str, groups: list[_Group]
) -> _Group:
    """A total of everything, first or last; 小计 adds up the rows since the last group or 小计."""
    found = _group(sheet, grid, table, index, text)
    found.category = None
    if text.startswith("小计"):
        found.first = max([g.last if g.last is not None else g.first for g in groups], default=0)
        found.last = len(sheet.rows)
    else:
        found.first, found.last = 0, -1
    return found


def _declaration(sheet: StagedSheet, groups: list[_Group], text: str, row: int) -> None:
    """Totals stated in words: “共86个，总投资1195亿元”."""
    count, amount = re.search(r"共(?:计)?(\d+)(?:个|项)", text), _TOTAL_AMOUNT.search(text)
    if not count:
        return
    declared = parse_amount(amount[1] + amount[2]) if amount else None
    sums: dict[str | date, Decimal] = {} if declared is None else {"total_investment": declared}
    groups.append(_Group(row, text, int(count[1]), sums, None, 0, -1))


def _close(sheet: StagedSheet, groups: list[_Group], level: int = 0) -> None:
    """End the open groups that a new group of this level does not stand in."""
    for group in groups:
        if group.last is None and group.level >= level:
            group.last = len(sheet.rows)


def _check_declared(sheet: StagedSheet, groups: list[_Group]) -> None:
    for group in groups:
        rows = sheet.rows if group.last == -1 else sheet.rows[group.first : group.last]
        if sheet.marks_uncounted:
            rows = [row for row in rows if "※" not in row.raw.get("name", "")]
        if group.declared is not None:
            sheet.declared.append(
                {"row": group.row, "text": group.text, "declared": group.declared, "parsed": len(rows)}
            )
            if group.declared != len(rows):
                text = f"“{group.text}”写明{group.declared}个，实际读到{len(rows)}个，请核对"
                sheet.warn(group.row, "", text, ask=True)
        for key, declared in group.sums.items():
            parsed = sum(
                (row.get(key) if isinstance(key, str) else row.amounts.get(key)) or Decimal(0) for row in rows
            )
            # a total written in 亿元 is rounded by its writer
            tolerance = Decimal(1) if sheet.unit == "万元" and "亿元" not in group.text else Decimal(100)
            if abs(parsed - declared) > tolerance:
                head = sheet.head(key) if isinstance(key, str) else sheet.period_columns[key]
                text = f"“{group.text}”的“{head}”为{declared}万元，各行相加为{parsed}万元，请核对"
                sheet.warn(group.row, head, text, ask=True)
