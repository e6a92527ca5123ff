"""Recognising a sheet (识别工作表): its tables, the kind of each, title, list, year, unit, day; then its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..reader import Grid
from .columns import LEDGER_FIELDS
from .headers import Table, month_span_end, plain
from .layout.body import OF_MONEY, read_body
from .layout.days import certain_day, settle_day, without_days
from .layout.head import (
    ask_for_names,
    set_other_years_aside,
    settle_list,
    settle_unit,
    settle_year,
    texts_above,
    title_of,
    unread,
    year_in,
)
from .layout.tables import Block, blocks_of
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
    StagedSheet,
)

# what only rosters, leads, places and indicators have a use for; in a ledger such a column is kept as it is
ROSTER_FIELDS = frozenset(
    {
        *("official_name", "unit_name", "unit_kind", "contact", "phone", "mobile", "longitude", "latitude"),
        *("investor", "origin", "lead_stage", "agreed_investment", "lead_on", "indicator_last_year"),
    }
)
OF_NO_YEAR = (OFFICIALS, UNITS, PLACES)  # a title may hold CGCS2000
LIST_WORDS = ("名单", "一览表", "项目表", "清单", "台账", "计划表", "项目库")


@dataclass(frozen=True)
class Options:
    """What the person said about the file (选项); empty means: let the sheets decide."""

    year: int | None = None
    list_name: str | None = None
    sheets: Sequence[str] = ()
    unit: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)  # to questions, by id or sheet!id
    sender: str = ""  # of a file whose corner names none
    corrections: Mapping[tuple[str, int, int], str] = field(
        default_factory=dict
    )  # (sheet, row, column) → value


@dataclass(frozen=True)
class Dictionary:
    """Reference data the reading needs: header → field, list name or alias → list name, region code."""

    fields: Mapping[str, str]
    lists: Mapping[str, str]
    zone_code: str
    today: date
    remembered: Mapping[str, str] = field(default_factory=dict)  # answers that this sender gave before
    names: frozenset[str] = frozenset()  # of leaders and units on record, as they are compared


def stage_workbook(
    grids: Sequence[Grid], file_name: str, options: Options, dictionary: Dictionary
) -> list[StagedSheet]:
    """Read every sheet; a table that stands beside or beneath one of its own kind, list and year joins it."""
    reading = _Reading(file_name, options, dictionary, _days_of(grids, dictionary.today.year))
    return [sheet for grid in grids for sheet in reading.sheets(grid)]


def _days_of(grids: Sequence[Grid], year: int) -> list[date]:
    """The days that sheets of the file state for certain: the likely day of those that state none."""
    days = []
    for grid in grids:
        for text in texts_above(grid, None):
            try:
                found = certain_day(text, year)
            except ValueError:
                continue
            if found:
                days.append(found.day)
    return sorted(set(days), reverse=True)


@dataclass(frozen=True)
class _Reading:
    """One file as it is read: what the person said, the reference data, the days other sheets state."""

    file_name: str
    options: Options
    dictionary: Dictionary
    days: Sequence[date]

    def sheets(self, grid: Grid) -> list[StagedSheet]:
        """The tables of one sheet, joined where they are one; every error and question is collected in this pass."""
        answers = Answers(self.options.answers, self.dictionary.remembered)
        corner = texts_above(grid, None)
        year = self.options.year or year_in((*corner[:1], grid.name, *corner[1:], self.file_name))
        blocks = blocks_of(grid, self.dictionary.fields, year or self.dictionary.today.year, answers)
        if not blocks:
            return [self._unread(grid, None, corner, answers)]
        staged: list[StagedSheet] = []
        top = texts_above(grid, blocks[0].head.stop)
        for block in blocks:
            sheet = self._sheet(block, top, answers, several=len(blocks) > 1)
            if sheet.kind != UNRECOGNISED or len(blocks) == 1:
                staged.append(sheet)
        return _joined(staged) or [self._unread(grid, blocks[0].table, corner, answers)]

    def _unread(
        self, grid: Grid, table: Table | None, corner: Sequence[str], answers: Answers
    ) -> StagedSheet:
        sheet = StagedSheet(grid.name, UNRECOGNISED, title=corner[0] if corner else "", answers=answers)
        found = unread(grid, table)
        sheet.found_headers, sheet.missing, sheet.unread = found.found, found.missing, found.words
        return sheet

    def _sheet(self, block: Block, top: Sequence[str], answers: Answers, *, several: bool) -> StagedSheet:
        grid, table, today = block.grid, block.table, self.dictionary.today
        own = texts_above(_rows(block.whole, block.head), None) if block.head.start else []
        above = [*own, *top]
        title = title_of(block.whole, block.head) or (top[0] if top else grid.name)
        sheet = StagedSheet(grid.name, kind_of(table), title=title, answers=answers)
        sheet.known_names = self.dictionary.names
        if sheet.kind == UNRECOGNISED and self._lists_names(sheet, table):
            sheet.kind = LEDGER
        if sheet.kind == UNRECOGNISED:
            return self._unread(grid, table, top, answers)
        if sheet.kind in (LEDGER, MILESTONES, INVESTMENT, PROBLEMS):
            table.set_aside(ROSTER_FIELDS)
        self._settle(sheet, block, above, title_first=several)
        sheet.header_rows = list(range(table.first_row + 1, table.last_row + 2))
        sheet.heads = {column.field: column.header for column in table.columns if column.field}
        sheet.unmapped = [column.header for column in table.unmapped]
        sheet.period_columns = {column.ends_on: column.header for column in table.period_columns}
        if table.carry_over_year not in (None, sheet.year):
            text = f"表头所写年度与本表年度{sheet.year}不一致，按{sheet.year}年年初累计登记"
            sheet.warn(None, "carry_over", text, ask=True)
        _note_hidden(sheet, block)
        for column in table.doubled:
            sheet.warn(None, column.header, f"“{column.header}”重复出现，只取第一列，本列按其他列保留")
        if not (sheet.kind == LEDGER and _holds_names_only(table) and not ask_for_names(sheet, table)):
            read_body(sheet, block, above, today, self.dictionary.zone_code)
        return sheet

    def _settle(self, sheet: StagedSheet, block: Block, above: Sequence[str], *, title_first: bool) -> None:
        """Year, day, columns, unit and list, in this order: each needs those before it."""
        grid, table, today = block.grid, block.table, self.dictionary.today
        elsewhere = [plain(self.file_name.rpartition(".")[0])]
        if sheet.kind in OF_NO_YEAR:
            sheet.year = None
        elif self.options.year:
            sheet.year = self.options.year
        else:
            bare = [without_days(text) for text in above]
            stated = year_in((*bare[:1], grid.name, *bare[1:]))
            settle_year(sheet, table, stated, year_in([*above, *elsewhere]), today.year)
        if sheet.year:
            set_other_years_aside(table, sheet.year)
        settle_day(sheet, table, above, elsewhere, self.days, today)
        if sheet.kind == INDICATORS and not sheet.as_of:
            sheet.as_of = month_span_end("".join(above), sheet.year or today.year)
        settle_columns(sheet, table, grid, today)
        if sheet.kind in OF_MONEY:
            settle_unit(sheet, table, block.whole, above, elsewhere, self.options.unit)
        if sheet.kind == LEDGER:
            wanted, lists = self.options.list_name, self.dictionary.lists
            named = (sheet.title, sheet.name) if title_first else (sheet.name, sheet.title)
            settle_list(sheet, lists, wanted, (*named, *above[1:2], *elsewhere))

    def _lists_names(self, sheet: StagedSheet, table: Table) -> bool:
        """A table of names that calls itself a list: projects without amounts, if a person says so."""
        if "name" not in table.by_field():
            return False
        texts = f"{sheet.title}{sheet.name}"
        return any(word in texts for word in (*LIST_WORDS, *self.dictionary.lists))


def _rows(grid: Grid, rows: range) -> Grid:
    return Grid(grid.name, grid.rows[rows.start : rows.stop])


def _holds_names_only(table: Table) -> bool:
    return kind_of(table) == UNRECOGNISED


def kind_of(table: Table) -> str:
    """What sort of sheet the columns make."""
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


def _note_hidden(sheet: StagedSheet, block: Block) -> None:
    grid, table = block.grid, block.table
    rows = [row for row in grid.hidden_rows if row - 1 in block.body]
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


def _joined(sheets: Sequence[StagedSheet]) -> list[StagedSheet]:
    """Tables of one kind, list, year and day as one sheet; others stay apart."""
    found: list[StagedSheet] = []
    for sheet in sheets:
        same = (sheet.kind, sheet.list_name, sheet.year, sheet.as_of)
        first = next((one for one in found if (one.kind, one.list_name, one.year, one.as_of) == same), None)
        if first:
            first.join(sheet)
        else:
            found.append(sheet)
    return found
