"""The ledger in the office's own layout (台账导出), which import_ledger reads back as unchanged."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date
from itertools import groupby
from typing import Any, BinaryIO

from ..models import AnnualList, ListKind, OfficeSettings, Official, Project, ProjectStage, Unit
from ..queries.register import ledger_sheets as rows_of
from ..services.imports.staging.columns import FIELDS, KEPT_GROUP
from .annexes import indicator_sheet, investment_sheet, milestone_sheet, problem_sheet
from .plain import Sheet, open_workbook, sheet_name

NUMERALS = "一二三四五六七八九十"
NOT_STARTED = "未开工"
NOTE = "注：项目名称带“☆”的同时列入省级重点。"
NOT_COUNTED = "※"
NOT_COUNTED_NOTE = (
    "注：项目名称带“※”的按名单统计层级由其打包或分期项目计入，不重复计入合计。"  # read by the import
)
NATURES = dict(Project.Nature.choices)
A3 = 8
BLANK_ROWS = 30
# what a new column of the project adds to the rows read
OF_PROJECT = [field.sets for field in FIELDS if field.written and field.sets == field.written.key]


def write_ledger(out: BinaryIO, *, lists: list[AnnualList], as_of: date) -> dict[str, int]:
    """Write the lists of one year, and the sheets that belong to their projects; answers rows by sheet.

    Facts are those of the day: versions and hand-overs in force, the latest confirmed report, milestones and
    problems as they stood.
    """
    workbook = open_workbook(out)
    office = OfficeSettings.current().office_name
    people = _People()
    year = lists[0].year
    counts: dict[str, int] = {}
    day = rows_of.cut_off(year, as_of)
    until = day
    for annual_list in lists:
        name = sheet_name(annual_list.kind.name, counts)
        sheet = _LedgerSheet(Sheet(workbook, name), annual_list, day, office, people)
        counts[name] = sheet.write()
        until = min(until, sheet.stated_on)
    projects = rows_of.listed_projects(lists, as_of)
    counts |= milestone_sheet(workbook, projects=projects, year=year, as_of=day)
    counts |= investment_sheet(workbook, projects=projects, year=year, until=until)
    counts |= problem_sheet(workbook, projects=projects, year=year, as_of=day)
    counts |= indicator_sheet(workbook, projects=projects, year=year, as_of=day)
    workbook.close()
    return counts


class _People:
    """Names of leaders and units, read once: few rows, asked for by every line."""

    def __init__(self) -> None:
        self.officials = {
            pk: (name, post) for pk, name, post in Official.objects.values_list("pk", "name", "post")
        }
        self.units = dict(Unit.objects.values_list("pk", "name"))

    def of(self, row: dict[str, Any]) -> dict[str, str]:
        name, post = self.officials.get(row["sponsor_id"], ("", ""))
        return {
            "sponsor": name,
            "sponsor_post": post,
            "lead_department": self.units.get(row["lead_department_id"], ""),
            "host_district": self.units.get(row["host_district_id"], ""),
        }


@dataclass(frozen=True)
class LedgerHead:
    """A column as it is drawn: its head, the group above ("" for none), its width, where its value is found, how to fill it."""

    text: str
    group: str = ""
    width: int = 12
    key: str = ""
    hint: str = ""


def heads_of(year: int, *, shows_days: bool = False, kept: Iterable[str] = ()) -> list[LedgerHead]:
    """The columns of the ledger's own layout for a year (台账版式), those kept from other offices' sheets last."""
    heads = []
    for field in FIELDS:
        if field.written and (shows_days or field.name != "figure_as_of"):
            text, group = (
                words.format(year=year, last=year - 1) for words in (field.written.head, field.written.group)
            )
            heads.append(LedgerHead(text, group, field.written.width, field.written.key, field.hint))
    return [*heads[:-1], *(LedgerHead(header, KEPT_GROUP, key=header) for header in kept), heads[-1]]


def write_template(out: BinaryIO, *, year: int, office: str) -> None:
    """An empty ledger to be filled in (空白台账), and a sheet that says of each column how."""
    workbook = open_workbook(out)
    heads = heads_of(year)
    sheet = Sheet(workbook, "台账")
    draw_title(sheet, heads, f"{year}年重点项目调度表", f"填报单位：{office}", f"截至{year}年　月　日")
    draw_heads(sheet, heads, 2)
    for row in range(4, 4 + BLANK_ROWS):
        sheet.write_row(row, [""] * len(heads))
    told = Sheet(workbook, "填表说明")
    for column, width in enumerate((26, 70, 70)):
        told.sheet.set_column(column, column, width)
    told.write_row(0, ["列", "怎样填", "表头也可写作"], "head")
    lines = [field for field in FIELDS if field.written and field.name != "figure_as_of"]
    for row, (field, head) in enumerate(zip(lines, heads, strict=True), 1):
        told.write_row(row, [f"{head.group} {head.text}".strip(), field.hint, "、".join(field.all_headers())])
    workbook.close()


def draw_title(sheet: Sheet, heads: list[LedgerHead], title: str, unit: str, day: str) -> None:
    """The title over all columns; beneath it who fills the sheet in, its day and the unit of its amounts."""
    last = len(heads) - 1
    for row, height in ((0, 30), (2, 20), (3, 20)):
        sheet.sheet.set_row(row, height)
    sheet.write(0, 0, title, "title")
    sheet.merge(0, 0, 0, last)
    for column, words in ((0, unit), (last // 2, day), (last - 1, "单位：万元")):
        sheet.write(1, column, words, "")


def draw_heads(sheet: Sheet, heads: list[LedgerHead], row: int) -> None:
    """Two header rows: groups above their columns, a column without one over both."""
    upper, lower = [head.text for head in heads], [""] * len(heads)
    for column, head in enumerate(heads):
        sheet.sheet.set_column(column, column, head.width)
        if head.group:
            upper[column] = "" if column and heads[column - 1].group == head.group else head.group
            lower[column] = head.text
        else:
            sheet.merge(row, column, row + 1, column)
    first = 0
    for group, members in groupby(heads, key=lambda head: head.group):
        last = first + len(list(members)) - 1
        if group:
            sheet.merge(row, first, row, last)
        first = last + 1
    sheet.write_row(row, upper, "head")
    sheet.write_row(row + 1, lower, "head")


class _LedgerSheet:
    """One list: title, corner, two header rows, 合计, a row for each category with its projects, the note.

    Where some projects' latest figure is older than the day the sheet states, a column 数据截至 gives each its own.
    """

    def __init__(
        self, sheet: Sheet, annual_list: AnnualList, as_of: date, office: str, people: _People
    ) -> None:
        self.sheet, self.list, self.as_of, self.office, self.people = (
            sheet,
            annual_list,
            as_of,
            office,
            people,
        )
        self.rows = rows_of.ledger_rows(annual_list, as_of, also=OF_PROJECT)
        self.sums = rows_of.ledger_group_sums(self.rows)
        kept = [header for header in rows_of.extra_headers(self.rows) if header != "备注"]
        self.stated_on = rows_of.stated_on(self.rows, as_of)
        of_other_days = self.rows.filter(counts_from_on__isnull=False).exclude(counts_from_on=self.stated_on)
        self.heads = heads_of(self.list.year, shows_days=of_other_days.exists(), kept=kept)

    def write(self) -> int:
        """Write the sheet; answers how many projects."""
        self._head()
        place = 4
        if self.sums:
            columns: Iterable[Any] = map(sum, zip(*map(astuple, self.sums.values()), strict=True))
            total = rows_of.Sums(*columns)
            self._sum_row(place, f"合计（{total.n}个）", total)
            place += 1
        current, count = None, 0
        for row in self.rows.iterator(chunk_size=2000):
            if row["category"] != current:
                current = row["category"]
                ordinal = list(self.sums).index(current)
                words = f"{NUMERALS[ordinal]}、{ProjectStage(current).label}项目（{self.sums[current].n}个）"
                self._sum_row(place, words, self.sums[current])
                place += 1
            self.sheet.write_row(place, self._values(row))
            place += 1
            count += 1
        notes = [NOTE] if self.list.kind.level != ListKind.Level.PROVINCE else []
        if count > sum(sums.n for sums in self.sums.values()):
            notes.append(NOT_COUNTED_NOTE)
        for line, note in enumerate(notes, place):
            self.sheet.write(line, 0, note, "")
            self.sheet.merge(line, 0, line, len(self.heads) - 1)
        return count

    def _head(self) -> None:
        sheet, day = self.sheet, self.stated_on
        zone = self.office.removesuffix("发展改革局").removesuffix("发展和改革局")
        title = f"{zone}{self.list.year}年{self.list.kind.name.removesuffix('项目')}项目调度表"
        as_of = f"截至{day.year}年{day.month}月{day.day}日"
        draw_title(sheet, self.heads, title, f"填报单位：{self.office}", as_of)
        draw_heads(sheet, self.heads, 2)
        sheet.sheet.freeze_panes(4, 2)
        sheet.sheet.repeat_rows(2, 3)
        sheet.sheet.set_paper(A3)
        sheet.sheet.set_landscape()
        sheet.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
        sheet.sheet.fit_to_pages(1, 0)

    def _sum_row(self, place: int, words: str, sums: rows_of.Sums) -> None:
        amounts = {
            "total": sums.total,
            "carry_over": sums.carry_over,
            "planned_investment": sums.planned_investment,
            "invested": sums.invested,
        }
        values = [words, *(amounts.get(head.key, "") for head in self.heads[1:])]
        self.sheet.write_row(place, values, "sum")
        self.sheet.merge(place, 0, place, 2)

    def _values(self, row: dict[str, Any]) -> list[Any]:
        star = "☆" if row["is_provincial"] and self.list.kind.level != ListKind.Level.PROVINCE else ""
        beside = "" if row["is_counted"] else NOT_COUNTED
        known = row["extra"] or {}
        drawn = {
            **row,
            **self.people.of(row),
            "name": f"{star}{beside}{row['name']}",
            "nature": NATURES.get(row["nature"], ""),
            "category": ProjectStage(row["category"]).label,
            "started_on": self._by_now(row["started_on"]) or NOT_STARTED,
            "completed_on": self._by_now(row["completed_on"]),
            "in_production_on": self._by_now(row["in_production_on"]),
            "in_statistics": bool(self._by_now(row["entered_statistics_on"] or row["statistics_stated_on"])),
        }
        return [
            (known if head.group == KEPT_GROUP or head.key == "备注" else drawn).get(head.key)
            for head in self.heads
        ]

    def _by_now(self, day: date | None) -> date | None:
        """A fact as known on the sheet's day."""
        return day if day and day <= self.as_of else None
