"""The whole import (导入): read, compare, decide, write. Commands, jobs and pages come in here."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from projects.models import (
    HeaderAlias,
    Indicator,
    IndicatorValue,
    Lead,
    ListKind,
    Milestone,
    OfficeSettings,
    Official,
    Problem,
    ProgressReport,
    Project,
    Unit,
    UnitName,
    User,
)
from projects.periods import WorkingCalendar
from projects.queries.base.calendar import working_calendar
from projects.queries.problems.problems import limits_by_level

from .answering import Remembered, remembered_of
from .comparing.apply_ledger import apply_row
from .comparing.apply_others import apply_indicator, apply_investment, apply_milestones, apply_problem
from .comparing.apply_rosters import apply_lead, apply_place, apply_rosters
from .comparing.changes import Changes
from .comparing.checks import check_lists, check_progress
from .comparing.matching import Matcher
from .comparing.world import Context, World
from .reader import Grid, UnreadableWorkbook, read_workbook
from .staging.cells import match_key, text_of
from .staging.headers import normalise, plain
from .staging.questions import Question
from .staging.senders import sender_in
from .staging.sheets import Dictionary, Options, stage_workbook
from .staging.staged import (
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
from .staging.told import projects_read

PRIMARY: dict[str, set[type]] = {
    LEDGER: {Project},
    MILESTONES: {Milestone},
    INVESTMENT: {ProgressReport},
    PROBLEMS: {Problem},
    INDICATORS: {Indicator, IndicatorValue},
    LEADS: {Lead},
    OFFICIALS: {Official},
    UNITS: {Unit},
    PLACES: set(),  # a place is added to a project on record
}
Tell = Callable[[int, str], None]  # (percent, words)
TOP_ROWS, TOP_COLUMNS, TOP_TEXT = 12, 80, 40


@dataclass
class ImportPlan:
    """What an import would do: the sheets with their findings, the changes, and why it is refused, if it is."""

    sheets: list[StagedSheet]
    changes: Changes = field(default_factory=Changes)
    refusal: str = ""
    sender: str = ""
    remembered: Mapping[str, Remembered] = field(default_factory=dict)  # by the id of the question
    tops: Mapping[str, list[list[str]]] = field(
        default_factory=dict
    )  # the first rows of each sheet, as written

    @property
    def errors(self) -> int:
        return sum(len(sheet.errors) for sheet in self.sheets)

    @property
    def to_confirm(self) -> int:
        return sum(message.must_confirm for sheet in self.sheets for message in sheet.warnings)

    @property
    def questions(self) -> list[Question]:
        """Every question of the file, a word that several sheets hold once, unless a sheet has its own answer."""
        found: dict[tuple[str, str | None], Question] = {}
        for sheet in self.sheets:
            for question in sheet.questions.values():
                found.setdefault((question.id, question.answer), question)
        return list(found.values())

    @property
    def unanswered(self) -> list[Question]:
        return [question for question in self.questions if question.answer is None]

    def decide(self, *, allow_warnings: bool, allow_questions: bool = False) -> str:
        """Why nothing may be written, in words; empty when it may. Without changes there is nothing to confirm."""
        if self.refusal:
            return self.refusal
        if self.errors:
            first = next((sheet, message) for sheet in self.sheets for message in sheet.errors)
            place = f"“{first[0].name}”" + (f"第{first[1].row}行" if first[1].row else "")
            head = f"“{first[1].column}”" if first[1].column else ""
            return f"共{self.errors}处错误，未写入任何数据。首处：{place}{head}{first[1].message}"
        if self.unanswered and not allow_questions:
            return (
                f"有{len(self.unanswered)}个问题待回答，未写入任何数据；请在页面上作答，或用 --answers 给出。"
                f"首个：{self.unanswered[0].text}"
            )
        if self.changes and self.to_confirm and not allow_warnings:
            return f"有{self.to_confirm}处提示需要确认，未写入任何数据；核对无误后请加 --allow-warnings 或在页面勾选确认"
        return ""


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause Python's garbage collector: an import makes some hundred thousand objects and drops none before
    its end, and walking them over and over costs a quarter of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def plan_import(
    *,
    content: bytes,
    file_name: str,
    options: Options,
    by: User | None,
    now: datetime,
    today: date,
    tell: Tell = lambda percent, words: None,
) -> ImportPlan:
    """Read a workbook and compare it with the record, writing nothing. Never raises for what a file contains.

    `tell` hears how far it has come, in percent of a whole of which this is the first half, and in words.
    """
    tell(2, "正在读取工作簿")
    try:
        grids = read_workbook(content)
    except UnreadableWorkbook as error:
        return ImportPlan([], refusal=str(error))
    if refusal := _wrong_options(options, [grid.name for grid in grids]):
        return ImportPlan([], refusal=refusal)
    settings = OfficeSettings.current()
    sender = sender_in(grid.rows for grid in grids) or options.sender
    remembered = remembered_of(sender)
    dictionary = _dictionary(
        settings.zone_code, today, {key: kept.answer for key, kept in remembered.items()}
    )
    wanted = {plain(name) for name in options.sheets}
    grids = [grid for grid in grids if not wanted or plain(grid.name) in wanted]
    for grid in grids:
        _correct(grid, options.corrections)
    tell(10, "正在识别各工作表")
    sheets = stage_workbook(grids, file_name, options, dictionary)
    if any(sheet.kind != UNRECOGNISED for sheet in sheets):
        limit_days = limits_by_level()[Problem.Level.DEPARTMENT]
        plan = _compare(sheets, file_name, by, now, today, limit_days, tell)
    else:
        plan = ImportPlan(sheets, refusal=_nothing_read(sheets))
    tops = {grid.name: _top_of(grid) for grid in grids}
    return replace(plan, sender=sender, remembered=remembered, tops=tops)


def _correct(grid: Grid, corrections: Mapping[tuple[str, int, int], str]) -> None:
    """Put what a person says a cell holds in its place; the file stays as it is."""
    for (name, row, column), value in corrections.items():
        if name == grid.name and 1 <= row <= len(grid.rows) and 0 <= column < len(grid.rows[row - 1]):
            grid.rows[row - 1][column] = value
            grid.filled.discard((row - 1, column))
            grid.broken.pop((row - 1, column), None)


def _top_of(grid: Grid) -> list[list[str]]:
    """The first rows as a person sees them, for the mapping screen; long texts cut."""
    return [[text_of(cell)[:TOP_TEXT] for cell in row[:TOP_COLUMNS]] for row in grid.rows[:TOP_ROWS]]


def _nothing_read(sheets: list[StagedSheet]) -> str:
    """Why no sheet could be read: of each, up to three, what was met in it."""
    reasons = "；".join(sheet.unread for sheet in sheets[:3]) or "文件中没有工作表"
    return f"没有可识别的工作表：{reasons}"


def _wrong_options(options: Options, names: list[str]) -> str:
    missing = [name for name in options.sheets if plain(name) not in {plain(own) for own in names}]
    if missing:
        return f"没有工作表“{'、'.join(missing)}”，文件中有：{'、'.join(names)}"
    if options.list_name and plain(options.list_name) not in _list_names():
        known = "、".join(ListKind.objects.values_list("name", flat=True))
        return f"没有名单“{options.list_name}”，可选：{known}；新名单请先在管理后台登记"
    return ""


def _list_names() -> dict[str, str]:
    names = {}
    for kind in ListKind.objects.all():
        for alias in (kind.name, *kind.aliases):
            names[plain(alias)] = kind.name
    return names


def _dictionary(zone_code: str, today: date, remembered: Mapping[str, str]) -> Dictionary:
    fields = {normalise(header): name for header, name in HeaderAlias.objects.values_list("header", "field")}
    return Dictionary(fields, _list_names(), zone_code, today, remembered, _names_on_record())


def _names_on_record() -> frozenset[str]:
    """Names of leaders and units, former and short ones too, as they are compared. Three queries."""
    units = Unit.objects.values_list("name", "short_name")
    names = [
        *Official.objects.values_list("name", flat=True),
        *UnitName.objects.values_list("name", flat=True),
    ]
    return frozenset(match_key(name) for name in [*names, *(name for pair in units for name in pair)] if name)


def _compare(
    sheets: list[StagedSheet],
    file_name: str,
    by: User | None,
    now: datetime,
    today: date,
    limit_days: int,
    tell: Tell,
) -> ImportPlan:
    tell(20, "正在与系统数据比对")
    # 1. Which project each row means; rows of all ledgers first, so that other sheets may refer to them.
    matched = Matcher().match(sheets)
    changes = Changes()
    world = World(changes)
    world.load(matched.values())
    days = [sheet.as_of for sheet in sheets if sheet.as_of and sheet.kind in (LEDGER, INVESTMENT)]
    context = Context(world, changes, by, now, today, file_name, max(days, default=today), limit_days)
    # 2. Rosters first, for the order of those whom the ledgers name; the ledgers in the order of the file, then
    # what refers to them.
    apply_rosters(context, sheets)
    progress = _Progress(sum(len(sheet.rows) for sheet in sheets), tell)
    for sheet in sheets:
        if sheet.kind == LEDGER and sheet.list_name:
            _apply_ledger(context, sheet, matched, progress)
    calendar = working_calendar()
    for sheet in sheets:
        _apply_other(context, sheet, matched, calendar)
    # 3. What only shows when everything is in: repeated figures, projects a list no longer names.
    check_progress(context, sheets, matched)
    check_lists(context, sheets, matched)
    for sheet in sheets:
        if names := world.new_units.get(sheet.name):
            sheet.warn(None, "", f"新登记单位：{'、'.join(names)}")
    _count(sheets, changes)
    return ImportPlan(sheets, changes)


class _Progress:
    """Tells how many rows have been compared, once a percent (比对进度)."""

    def __init__(self, rows: int, tell: Tell) -> None:
        self.rows, self.tell, self.done, self.told = max(rows, 1), tell, 0, 20

    def row(self) -> None:
        self.done += 1
        if (percent := 20 + 28 * self.done // self.rows) > self.told:
            self.told = percent
            self.tell(percent, f"正在与系统数据比对，第{self.done}行，共{self.rows}行")


def _apply_ledger(context: Context, sheet: StagedSheet, matched: dict, progress: _Progress) -> None:
    seen: dict[int, int] = {}
    if sheet.as_of is None:
        sheet.warn(None, "截至", f"表内未写截至日期，按{context.as_of}计")
    for row in sheet.rows:
        progress.row()
        known = matched.get(sheet.at(row))
        if known is None:
            continue
        if id(known) in seen:
            sheet.refuse(row, "name", f"与第{seen[id(known)]}行为同一项目，请删去重复的一行")
            continue
        seen[id(known)] = row.number
        apply_row(context, sheet, row, known)


def _apply_other(context: Context, sheet: StagedSheet, matched: dict, calendar: WorkingCalendar) -> None:
    if sheet.kind == MILESTONES:
        apply_milestones(context, sheet, matched)
    for row in sheet.rows:
        known = matched.get(sheet.at(row))
        if sheet.kind == INDICATORS:
            apply_indicator(context, sheet, row)
        elif sheet.kind == LEADS:
            apply_lead(context, sheet, row)
        elif known and context.world.dossier(known):
            if sheet.kind == INVESTMENT:
                apply_investment(context, sheet, row, known)
            elif sheet.kind == PROBLEMS:
                apply_problem(context, sheet, row, known, calendar)
            elif sheet.kind == PLACES:
                apply_place(context, sheet, row, known)


def _count(sheets: list[StagedSheet], changes: Changes) -> None:
    for sheet in sheets:
        for row in sheet.rows:
            place = sheet.at(row)
            created: set[type] = changes.created_at.get(place, set())
            if created & PRIMARY[sheet.kind]:
                sheet.created += 1
            elif created or place in changes.updated_at:
                sheet.updated += 1
            else:
                sheet.unchanged += 1


def result_of(
    plan: ImportPlan,
    *,
    file_name: str,
    sha256: str,
    written: bool,
    batch: int | None,
    tried_on: date | None = None,
) -> dict[str, Any]:
    """The outcome in the contract's words (docs/contract.md §2); of a trial, with its day, also what was read."""
    result = {
        "file": file_name,
        "sha256": sha256,
        "written": written,
        "batch": batch,
        "sheets": [_sheet_told(sheet, tried_on) for sheet in plan.sheets],
        "questions": [question.as_json() for question in plan.questions],
    }
    return result


def _sheet_told(sheet: StagedSheet, tried_on: date | None) -> dict[str, Any]:
    if tried_on is None or sheet.kind != LEDGER:
        return sheet.as_json()
    return {**sheet.as_json(), "projects": projects_read(sheet, tried_on)}
