"""The weekly overdue report as a workbook (逾期周报 xlsx): the same content, one sheet for each part."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import NamedTuple

import xlsxwriter

from ..workbooks.plain import Sheet, open_workbook
from .content import Content, ReportRow

ROW_HEADS = [
    "序号", "挂包领导", "推进部门", "属地保障", "项目代码", "项目名称", "类别", "事项",
    "应完成日期", "逾期天数", "已列周数", "下一步责任单位", "备注",
]  # fmt: skip
ROW_WIDTHS = [6, 12, 22, 18, 28, 36, 12, 36, 13, 10, 10, 22, 18]


class Part(NamedTuple):
    """One sheet (表): its title, heads, rows of plain values, and widths in characters."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence]
    widths: Sequence[int]


def weekly_xlsx(content: Content) -> bytes:
    """The workbook of a week's content; text that begins with = + - @ stays text."""
    out = BytesIO()
    workbook = open_workbook(out)
    name = f"重大项目逾期周报{content.period.year}年第{content.number}期（截至{content.as_of:%Y-%m-%d}）"
    for part in _parts(content):
        _write(Sheet(workbook, part.title), part, name, workbook)
    workbook.close()
    return out.getvalue()


def _write(page: Sheet, part: Part, name: str, workbook: xlsxwriter.Workbook) -> None:
    page.formats["count"] = workbook.add_format({"border": 1, "align": "center", "num_format": "0"})
    for column, width in enumerate(part.widths):
        page.sheet.set_column(column, column, width)
    page.write(0, 0, f"{name}　{part.title}", "")
    page.write_row(1, part.heads, "head")
    page.sheet.freeze_panes(2, 0)
    for line, values in enumerate(part.rows, 2):
        for column, value in enumerate(values):
            page.write(line, column, value, "count" if isinstance(value, int) else "cell")
    page.sheet.set_landscape()
    page.sheet.set_paper(9)
    page.sheet.fit_to_pages(1, 0)
    page.sheet.repeat_rows(1)


def _parts(content: Content) -> Iterator[Part]:
    """The sheets in their order; a part without anything to say has none, save the lists of matters."""
    yield _movement(content)
    if content.rates:
        yield _rates(content)
    matters = {"本周新增": content.new, "持续逾期": content.still, "本周销号": content.cleared}
    if content.exempt:
        matters["豁免事项"] = content.exempt
    for title, rows in matters.items():
        yield Part(title, ROW_HEADS, [_line(number, row) for number, row in enumerate(rows, 1)], ROW_WIDTHS)
    silent = [[line.unit, line.projects, line.reports, "、".join(line.names)] for line in content.silent]
    yield Part("未报旬报", ["推进部门", "未报项目", "未报期数合计", "项目"], silent, [24, 12, 14, 80])
    if content.ranking:
        yield _ranking(content)


def _movement(content: Content) -> Part:
    rows = [
        [line.words, line.opening, line.new, line.cleared, line.open, line.change] for line in content.by_kind
    ]
    total = [content.opening, len(content.new), len(content.cleared), content.open, content.change]
    heads = ["类别", "上周结转", "本周新增", "本周销号", "本周末", "比上周"]
    return Part("总体情况", heads, [*rows, ["合计", *total]], [16, 12, 12, 12, 12, 12])


def _rates(content: Content) -> Part:
    heads = ["名单", "项目数", "已开工", "开工率（含续建）", "新开工项目", "新开工已开工", "开工率（当年新开工）",
             "计划投资（亿元）", "完成投资（亿元）", "投资完成率", "序时进度", "与序时比", "计划开工率", "开工勾稽"]  # fmt: skip
    rows = [
        [r.list, r.projects, r.started, r.start_rate, r.new_starts, r.new_starts_started, r.start_rate_of_year,
         r.planned, r.invested, r.completion, r.pro_rata, r.gap_told, r.start_rate_to_date, r.start_identity]
        for r in content.rates
    ]  # fmt: skip
    return Part("各名单情况", heads, rows, [14, 9, 9, 16, 11, 13, 18, 16, 16, 12, 12, 26, 12, 60])


def _ranking(content: Content) -> Part:
    heads = ["名次", "推进部门", "项目数", "逾期事项", "本周新增", "本周销号", "备注"]
    rows = [
        [line.rank or "—", line.unit, line.projects, line.open, line.new, line.cleared, line.remark]
        for line in content.ranking
    ]
    return Part("推进部门", heads, rows, [8, 28, 10, 10, 10, 10, 16])


def _line(number: int, row: ReportRow) -> list:
    return [
        number, row.sponsor, row.lead_department, row.host_district, row.code, row.project, row.kind_words, row.title,
        row.due_on, row.days_late, row.weeks, row.unit, row.remark,
    ]  # fmt: skip
