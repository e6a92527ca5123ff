"""A person's period as a sheet (旬报填报表): the rows that go out, and the filled sheet read back as drafts.

One row a project: what was last reported beside what is to be filled. A sheet with a mistake anywhere is answered with
every mistake at its row and column, and nothing of it is kept. A project left blank is none of them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from projects.models import HANDED_IN_STATES, ProgressReport, Project, User
from projects.models.projects import ProjectQuerySet
from projects.money import parse_amount
from projects.periods import TenDayPeriod
from projects.queries.reports.beforehand import Beforehand, known_beforehand

from ..base.mistakes import Mistake
from ..imports.reader import Grid, UnreadableWorkbook, column_letter, read_workbook
from ..imports.staging.cells import text_of
from ..imports.staging.headers import plain
from .content import ENTRY_FIELDS, ReportEntry, facts_of
from .filling import REASON_LENGTH, version_of
from .many import FilledRow, save_rows

CODE, NAME, VERSION = "项目代码", "项目名称", "版本"
TOLD = ("序号", CODE, NAME, "推进部门", "填报情况", "上期本年累计（万元）", "上期形象进度")
FILLED = {
    "本年累计完成投资（万元）": "invested_this_year",
    "自开工累计完成投资（万元）": "invested_to_date",
    "形象进度": "physical_progress",
    "本旬进展": "work_done",
    "下步计划": "next_steps",
    "情况说明": "overrule_reason",
}
HEADS = (*TOLD, *FILLED, VERSION)
NEEDED = (CODE, *FILLED)
AMOUNTS = ("invested_this_year", "invested_to_date")
LENGTHS = {
    "physical_progress": 200,
    "work_done": 2000,
    "next_steps": 2000,
    "overrule_reason": REASON_LENGTH,
}
HEAD_WITHIN = 10  # rows in which the heads are looked for; the title and a note stand above them
_PERIOD = re.compile(r"\d{4}年\d{1,2}月[上中下]旬")


@dataclass(frozen=True)
class PeriodRow:
    """One project of a period: its report, if there is one, and what is known from before."""

    project: Project
    report: ProgressReport | None
    known: Beforehand

    @property
    def is_handed_in(self) -> bool:
        return self.report is not None and self.report.state in HANDED_IN_STATES

    @property
    def version(self) -> str:
        return version_of(self.report)


@dataclass
class PeriodSheet:
    """A filled sheet as read; with mistakes nothing of it may be kept. `blank` projects were left unfilled."""

    period: TenDayPeriod
    rows: dict[int, FilledRow] = field(default_factory=dict)  # by the sheet's row
    mistakes: list[Mistake] = field(default_factory=list)
    blank: int = 0
    unchanged: int = 0


def period_rows(projects: Iterable[Project], period: TenDayPeriod) -> list[PeriodRow]:
    """The projects with their report of the period, in their order. Six queries for any number of projects."""
    projects = list(projects)
    reports = ProgressReport.objects.filter(project__in=projects, period_ends_on=period.last_on)
    of_project = {report.project_id: report for report in reports.select_related("filled_by")}
    known = known_beforehand(projects, period)
    return [PeriodRow(project, of_project.get(project.pk), known[project.pk]) for project in projects]


def owing_projects(user: User, period: TenDayPeriod) -> ProjectQuerySet:
    """The projects whose report of the period this person may fill (我的填报项目), in the order of the screen."""
    owing = Project.objects.editable_by(user).reporting_on(period.last_on)
    return owing.select_related("lead_department").order_by("code")


# --- reading ----------------------------------------------------------------------------------------------


def read_period_sheet(content: bytes, *, by: User, today: date) -> PeriodSheet:
    """Read a filled sheet; every mistake is collected. UnreadableWorkbook: no workbook, or not such a sheet."""
    for grid in read_workbook(content):
        heads = next((i for i, cells in enumerate(grid.rows[:HEAD_WITHIN]) if _has_heads(cells)), None)
        if heads is not None:
            return _Reading(grid, heads, by, today).sheet
    raise UnreadableWorkbook(
        f"没有找到“{CODE}”和“本年累计完成投资（万元）”表头，请用本页下载的填报表填写后再上传。"
    )


def save_period_sheet(sheet: PeriodSheet, *, by: User, now: datetime) -> list[Mistake]:
    """Keep every row of a sheet without mistakes as a draft (存为草稿), or none: what refused it, at its place."""
    with transaction.atomic():
        done = save_rows(sheet.rows.values(), sheet.period, by=by, now=now)
        refused = [
            Mistake(number, NAME, f"{row.project.name}：{''.join(refusal.messages)}")
            for number, row in sheet.rows.items()
            if (refusal := done[row.project.pk].refusal)
        ]
        if refused:
            transaction.set_rollback(True)
    return refused


def _has_heads(cells: Sequence[Any]) -> bool:
    return {plain(CODE), plain("本年累计完成投资（万元）")} <= {plain(cell) for cell in cells}


class _Reading:
    """The reading of one sheet: its rows against the projects that the person may fill."""

    def __init__(self, grid: Grid, heads: int, by: User, today: date) -> None:
        self.grid, self.heads = grid, heads
        self.sheet = PeriodSheet(_period_above(grid, heads, today))
        written = [plain(cell) for cell in grid.rows[heads]]
        self.columns = {head: written.index(plain(head)) for head in HEADS if plain(head) in written}
        missing = [head for head in NEEDED if head not in self.columns]
        if missing:
            self.sheet.mistakes.append(Mistake(heads + 1, "", f"缺少表头：{'、'.join(missing)}"))
            return
        rows = period_rows(owing_projects(by, self.sheet.period), self.sheet.period)
        self.known = {row.project.code: row for row in rows}
        self.seen: dict[str, int] = {}
        for index in range(heads + 1, len(grid.rows)):
            self._row(index)

    def _row(self, index: int) -> None:
        code, number = self._text(index, CODE), index + 1
        filled = {name: text for head, name in FILLED.items() if (text := self._text(index, head))}
        if not code:
            if filled:
                self._refuse(number, CODE, "没有项目代码，看不出是哪个项目；请保留下载时的项目代码")
            return
        row = self.known.get(code)
        if row is None:
            if filled:
                self._refuse(number, CODE, f"“{code}”不是{self.sheet.period.words}由您填报的项目，请删去本行")
            return
        if code in self.seen:
            self._refuse(number, CODE, f"与第{self.seen[code]}行为同一项目，请删去重复的一行")
            return
        self.seen[code] = number
        if not filled:
            self.sheet.blank += 1
        elif (entry := self._entry(number, filled, row)) is None or self._is_same(entry, filled, row):
            self.sheet.unchanged += entry is not None
        else:
            version = self._text(index, VERSION) if VERSION in self.columns else None
            reason = filled.get("overrule_reason", "")
            self.sheet.rows[number] = FilledRow(row.project, entry, reason, version=version or None)

    def _entry(self, number: int, filled: dict[str, str], row: PeriodRow) -> ReportEntry | None:
        """The row as a report's entry; None where a cell of it is wrong. A total left empty is worked out."""
        before, values = len(self.sheet.mistakes), dict[str, Any](filled)
        values.pop("overrule_reason", None)
        heads = {name: head for head, name in FILLED.items()}
        for name in AMOUNTS:
            values[name] = self._amount(number, heads[name], filled.get(name))
        for name, most in LENGTHS.items():
            if len(filled.get(name, "")) > most:
                self._refuse(number, heads[name], f"超过{most}字，请精简")
        if values["invested_to_date"] is None:
            values["invested_to_date"] = row.known.to_date(values["invested_this_year"])
        if len(self.sheet.mistakes) > before:
            return None
        return ReportEntry(**values, facts=facts_of(row.report))

    def _amount(self, number: int, head: str, written: str | None) -> Decimal | None:
        try:
            amount = parse_amount(written or None)
        except ValueError as error:
            self._refuse(number, head, str(error))
            return None
        if amount is not None and amount < 0:
            self._refuse(number, head, f"“{written}”是负数；填自1月1日起的累计数，本年尚无投资的填 0")
            return None
        return amount

    def _is_same(self, entry: ReportEntry, filled: dict[str, str], row: PeriodRow) -> bool:
        """The row says what the report says already: a sheet sent twice, or left as it was downloaded."""
        return (
            row.report is not None
            and all(getattr(entry, name) == getattr(row.report, name) for name in ENTRY_FIELDS)
            and filled.get("overrule_reason", "") == row.report.overrule_reason
        )

    def _text(self, index: int, head: str) -> str:
        cells, place = self.grid.rows[index], self.columns[head]
        if reason := self.grid.broken.get((index, place)):
            self._refuse(index + 1, head, f"{column_letter(place)}{index + 1}单元格{reason}")
        return text_of(cells[place]) if place < len(cells) else ""

    def _refuse(self, row: int, column: str, message: str) -> None:
        self.sheet.mistakes.append(Mistake(row, column, message))


def _period_above(grid: Grid, heads: int, today: date) -> TenDayPeriod:
    """The period that the title names, which must have begun."""
    for text in _texts(grid, heads):
        if found := _PERIOD.search(text):
            try:
                period = TenDayPeriod.parse(found[0])
                begun = period.first_on <= today
            except ValueError:
                continue
            if not begun:
                raise UnreadableWorkbook(f"{period.full_words}尚未开始，不能填报。")
            return period
    raise UnreadableWorkbook("看不出是哪一旬的填报表：请保留标题行，如“2023年10月中旬旬报填报表”。")


def _texts(grid: Grid, heads: int) -> Iterator[str]:
    yield from (plain(cell) for cells in grid.rows[:heads] for cell in cells)
