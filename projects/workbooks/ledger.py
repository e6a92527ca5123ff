"""The ledger in the office's own layout (台账导出), which import_ledger reads back as unchanged."""

from collections.abc import Iterable
from dataclasses import astuple
from datetime import date
from typing import Any, BinaryIO

from ..models import AnnualList, ListKind, OfficeSettings, Official, Project, ProjectStage, Unit
from ..queries.register import ledger_sheets as rows_of
from .annexes import indicator_sheet, investment_sheet, milestone_sheet, problem_sheet
from .plain import Sheet, open_workbook, sheet_name

NUMERALS = "一二三四五六七八九十"
FIGURE_DAY = "数据截至"
NOT_STARTED = "未开工"
NOTE = "注：项目名称带“☆”的同时列入省级重点。"
NOT_COUNTED = "※"
NOT_COUNTED_NOTE = (
    "注：项目名称带“※”的按名单统计层级由其打包或分期项目计入，不重复计入合计。"  # read by the import
)
NATURES = dict(Project.Nature.choices)
WIDTHS = {
    "序号": 6,
    "项目名称": 28,
    "项目代码": 25,
    "建设单位": 20,
    "建设性质": 9,
    "项目类别": 9,
    "建设内容及规模": 30,
    "是否纳统": 7,
    "形象进度": 18,
    "挂包领导": 10,
    "职务": 16,
    "推进部门": 30,
    "本年累计完成投资": 17,
}
WIDTH = 12
A3 = 8
LATE_GROUP = ("挂包领导", "职务", "推进部门", "属地保障")


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

    def of(self, row: dict[str, Any]) -> list[str]:
        name, post = self.officials.get(row["sponsor_id"], ("", ""))
        return [
            name,
            post,
            self.units.get(row["lead_department_id"], ""),
            self.units.get(row["host_district_id"], ""),
        ]


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
        self.rows = rows_of.ledger_rows(annual_list, as_of)
        self.sums = rows_of.ledger_group_sums(self.rows)
        self.extra = [header for header in rows_of.extra_headers(self.rows) if header != "备注"]
        stated = self.rows.filter(counts_from_on__isnull=False).order_by("-counts_from_on")
        # a figure counts from its report's day, so that is the day the sheet states
        self.stated_on: date = stated.values_list("counts_from_on", flat=True).first() or as_of
        of_other_days = self.rows.filter(counts_from_on__isnull=False).exclude(counts_from_on=self.stated_on)
        self.shows_days = of_other_days.exists()
        self.groups = self._groups()
        self.heads = [head for _group, heads in self.groups for head in heads]
        self.at = {head: column for column, head in enumerate(self.heads)}

    def _groups(self) -> list[tuple[str, list[str]]]:
        """Columns in order, with the group header that stands over them ("" for none)."""
        year = self.list.year
        return [
            (
                "",
                [
                    "序号",
                    "项目名称",
                    "项目代码",
                    "建设单位",
                    "建设性质",
                    "项目类别",
                    "所属产业链",
                    "建设内容及规模",
                ],
            ),
            ("", ["总投资", f"至{year - 1}年底累计完成投资"]),
            (f"{year}年计划", ["投资", "计划开工时间", "计划竣工时间"]),
            (
                f"{year}年完成情况",
                [
                    "本年累计完成投资",
                    *([FIGURE_DAY] if self.shows_days else []),
                    "实际开工时间",
                    "竣工时间",
                    "投产时间",
                    "是否纳统",
                    "形象进度",
                ],
            ),
            ("六个一", list(LATE_GROUP)),
            ("", [*self.extra, "备注"]),
        ]

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
        sheet, last = self.sheet, len(self.heads) - 1
        zone = self.office.removesuffix("发展改革局").removesuffix("发展和改革局")
        for column, head in enumerate(self.heads):
            sheet.sheet.set_column(column, column, WIDTHS.get(head, WIDTH))
        for row, height in ((0, 30), (2, 20), (3, 20)):
            sheet.sheet.set_row(row, height)
        sheet.write(
            0, 0, f"{zone}{self.list.year}年{self.list.kind.name.removesuffix('项目')}项目调度表", "title"
        )
        sheet.merge(0, 0, 0, last)
        day = self.stated_on
        sheet.write(1, 0, f"填报单位：{self.office}", "")
        sheet.write(1, last // 2, f"截至{day.year}年{day.month}月{day.day}日", "")
        sheet.write(1, last - 1, "单位：万元", "")
        column, lower = 0, [""] * len(self.heads)
        upper = list(self.heads)
        for group, heads in self.groups:
            for offset, head in enumerate(heads):
                if group:
                    upper[column + offset] = group if offset == 0 else ""
                    lower[column + offset] = head
                else:
                    sheet.merge(2, column + offset, 3, column + offset)
            if group:
                sheet.merge(2, column, 2, column + len(heads) - 1)
            column += len(heads)
        sheet.write_row(2, upper, "head")
        sheet.write_row(3, lower, "head")
        sheet.sheet.freeze_panes(4, 2)
        sheet.sheet.repeat_rows(2, 3)
        sheet.sheet.set_paper(A3)
        sheet.sheet.set_landscape()
        sheet.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
        sheet.sheet.fit_to_pages(1, 0)

    def _sum_row(self, place: int, words: str, sums: rows_of.Sums) -> None:
        values: list[Any] = [words] + [""] * (len(self.heads) - 1)
        for head, amount in (
            ("总投资", sums.total),
            (f"至{self.list.year - 1}年底累计完成投资", sums.carry_over),
            ("投资", sums.planned_investment),
            ("本年累计完成投资", sums.invested),
        ):
            values[self.at[head]] = amount
        self.sheet.write_row(place, values, "sum")
        self.sheet.merge(place, 0, place, 2)

    def _values(self, row: dict[str, Any]) -> list[Any]:
        star = "☆" if row["is_provincial"] and self.list.kind.level != ListKind.Level.PROVINCE else ""
        beside = "" if row["is_counted"] else NOT_COUNTED
        known = row["extra"] or {}
        return [
            row["number"],
            f"{star}{beside}{row['name']}",
            row["code"],
            row["developer"],
            NATURES.get(row["nature"], ""),
            ProjectStage(row["category"]).label,
            row["chain"],
            row["description"],
            row["total"],
            row["carry_over"],
            row["planned_investment"],
            row["planned_start"],
            row["planned_completion"],
            row["invested"],
            *([row["counts_from_on"]] if self.shows_days else []),
            self._by_now(row["started_on"]) or NOT_STARTED,
            self._by_now(row["completed_on"]),
            self._by_now(row["in_production_on"]),
            bool(self._by_now(row["entered_statistics_on"] or row["statistics_stated_on"])),
            row["physical_progress"],
            *self.people.of(row),
            *(known.get(header) for header in self.extra),
            known.get("备注"),
        ]

    def _by_now(self, day: date | None) -> date | None:
        """A fact as known on the sheet's day."""
        return day if day and day <= self.as_of else None
