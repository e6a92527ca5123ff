"""The sheets beside the lists (附表): 节点计划, 投资调度, 问题清单, 主要指标, each in the office's own layout."""

from datetime import date
from decimal import Decimal
from functools import cache
from itertools import chain, groupby
from typing import Any

import xlsxwriter
from django.db.models import QuerySet

from ..models import Milestone, Project
from ..periods import Precision, TenDayPeriod, last_of_month, parse_office_date
from ..queries.register import ledger_sheets as rows_of
from .plain import Sheet

STAGES = dict(Milestone.Stage.choices)


def _begin(
    workbook: xlsxwriter.Workbook, name: str, title: str, heads: list[str], widths: list[int]
) -> Sheet:
    sheet = Sheet(workbook, name)
    for column, width in enumerate(widths):
        sheet.sheet.set_column(column, column, width)
    sheet.sheet.set_row(0, 30)
    sheet.write(0, 0, title, "title")
    sheet.merge(0, 0, 0, len(heads) - 1)
    return sheet


def milestone_sheet(
    workbook: xlsxwriter.Workbook, *, projects: QuerySet[Project], year: int, as_of: date
) -> dict[str, int]:
    """节点计划: the project's number, name and code merged over its milestones."""
    rows = rows_of.milestone_rows(projects, as_of)
    if (begun := next(rows, None)) is None:
        return {}
    name = "节点计划"
    heads = [
        "序号",
        "项目名称",
        "项目代码",
        "阶段",
        "节点名称",
        "责任单位",
        "计划完成时间",
        "实际完成时间",
        "备注",
    ]
    title = f"{year}年重大项目推进方案节点计划表（倒排工期）"
    sheet = _begin(workbook, name, title, heads, [8, 30, 26, 10, 24, 24, 16, 16, 30])
    sheet.write_row(1, heads, "head")
    sheet.sheet.freeze_panes(2, 2)
    place, count = 2, 0
    dates = cache(_due_cell)  # plans share their dates
    grouped = groupby(chain([begun], rows), key=lambda row: (row.project, row.code))
    for number, (project, milestones) in enumerate(grouped, 1):
        first = place
        for row in milestones:
            own = [number, *project] if place == first else ["", "", ""]
            achieved = row.achieved_on if row.achieved_on and row.achieved_on <= as_of else None
            stage = STAGES.get(row.stage, row.stage)
            cells = [*own, stage, row.name, row.unit or "", dates(row.due), achieved, row.note]
            sheet.write_row(place, cells)
            place, count = place + 1, count + 1
        if place - first > 1:
            for column in range(3):
                sheet.merge(first, column, place - 1, column)
    return {name: count}


def _due_cell(due: str) -> date | str:
    """A due date as a date where it names one day, else in the office's words."""
    span = parse_office_date(due)
    return span.first_on if span.first_on and span.precision == Precision.DAY else due


def investment_sheet(
    workbook: xlsxwriter.Workbook, *, projects: QuerySet[Project], year: int, until: date
) -> dict[str, int]:
    """投资调度: each project's cumulative amounts, one column for each period that is over."""
    ends = rows_of.closed_period_ends(projects, year=year, until=until)
    if not ends:
        return {}
    name = "投资调度"
    heads = ["序号", "项目名称", "项目代码", f"{year}年计划投资", *map(_period_head, ends)]
    title = f"{year}年重大项目投资完成情况调度表（本年累计）"
    sheet = _begin(workbook, name, title, heads, [8, 30, 26, 16] + [18] * len(ends))
    sheet.write(1, len(heads) - 1, "单位：万元", "")
    sheet.write_row(2, heads, "head")
    sheet.sheet.freeze_panes(3, 2)
    place = 2
    reports = rows_of.investment_rows(projects, year=year, until=until).iterator(chunk_size=2000)
    for (code, project, planned), lines in groupby(reports, key=lambda line: line[:3]):
        place += 1
        amounts = {ends_on: amount for *_own, ends_on, amount in lines}
        sheet.write_row(place, [place - 2, project, code, planned, *(amounts.get(day) for day in ends)])
    return {name: place - 2}


def _period_head(ends_on: date) -> str:
    """1月累计, 1-9月累计, 10月上旬累计: the words of the office's own sheets."""
    period = TenDayPeriod.ending_on(ends_on)
    if period.part != 3:
        return f"{period.words}累计完成投资"
    return f"{'1-' if period.month > 1 else ''}{period.month}月累计完成投资"


def problem_sheet(
    workbook: xlsxwriter.Workbook, *, projects: QuerySet[Project], year: int, as_of: date
) -> dict[str, int]:
    """问题清单: numbered, with the last line of progress and the write-off as they stood."""
    rows = rows_of.problem_rows(projects, year=year, as_of=as_of)
    if not rows.exists():
        return {}
    name = "问题清单"
    heads = [
        "序号",
        "项目名称",
        "项目代码",
        "问题类别",
        "问题描述",
        "责任单位",
        "提出时间",
        "计划解决时限",
        "办理进展",
        "是否办结",
        "办结时间",
    ]
    sheet = _begin(
        workbook, name, "省市重大项目亟需解决问题清单", heads, [8, 30, 26, 12, 40, 24, 14, 14, 30, 12, 14]
    )
    sheet.write_row(1, heads, "head")
    sheet.sheet.freeze_panes(2, 2)
    count = 0
    for count, problem in enumerate(rows.iterator(chunk_size=2000), 1):
        resolved = problem.resolved_by_day(as_of)
        sheet.write_row(
            count + 1,
            [
                count,
                problem.project.name,
                problem.project.code,
                problem.get_category_display(),
                problem.text,
                problem.lead_unit.name if problem.lead_unit else "",
                problem.raised_on,
                problem.due_on,
                problem.progress,
                bool(resolved),
                resolved,
            ],
        )
    return {name: count}


def indicator_sheet(
    workbook: xlsxwriter.Workbook, *, projects: QuerySet[Project], year: int, as_of: date
) -> dict[str, int]:
    """主要指标: the year's indicators; their values share one month's end, later ones than the rest are left out."""
    values = list(rows_of.indicator_rows(year, as_of))
    days = {
        value.as_of_on
        for value in values
        if value.as_of_on == last_of_month(value.as_of_on.year, value.as_of_on.month)
    }
    if not days:
        return {}
    day, name = max(days), "主要指标"
    months = f"{'1—' if day.month > 1 else ''}{day.month}月"
    heads = ["指标名称", "单位", "年度任务", f"{months}完成", "上年同期", "全市总量"]
    sheet = _begin(workbook, name, f"{year}年主要指标完成情况（{months}）", heads, [28, 12, 16, 16, 16, 16])
    sheet.write_row(1, heads, "head")
    for place, value in enumerate(values, 2):
        current = value.as_of_on == day
        line: list[Any] = [value.indicator.name, value.indicator.unit, value.indicator.target]
        line += [value.value, value.last_year, value.city_total] if current else [None] * 3
        sheet.write_row(place, [_plain(cell) for cell in line])
    return {name: len(values)}


def _plain(value: Any) -> Any:
    """70.00 个 is written 70."""
    return value.normalize() + 0 if isinstance(value, Decimal) else value
