"""A person's period as a sheet to be filled offline (旬报填报表), which services.reports.period_sheet reads back."""

from collections.abc import Sequence
from typing import Any, BinaryIO

from ..models import ProgressReport
from ..periods import TenDayPeriod
from ..services.reports.period_sheet import FILLED, HEADS, TOLD, PeriodRow
from .plain import Sheet, open_workbook

WIDTHS = (6, 26, 28, 18, 10, 14, 24, 16, 16, 30, 36, 30, 24, 8)
NOT_FILLED = "未填"
NOTE = (
    "只填浅黄色各列，一行一个项目，不报的留空；金额单位万元，为自1月1日起的累计数。"
    "填好后在系统“旬报—一起填报”中上传，核对后提交。请勿改动项目代码。"
)


def write_period_sheet(out: BinaryIO, *, rows: Sequence[PeriodRow], period: TenDayPeriod) -> None:
    """Write the period's projects, one row each: title, note, heads, rows. A draft stands in its cells already.

    Handed-in reports are left out: they are changed on the screen, once they have been returned.
    """
    workbook = open_workbook(out)
    sheet = Sheet(workbook, period.label)
    sheet.formats["fill"] = workbook.add_format(
        {"border": 1, "valign": "vcenter", "text_wrap": True, "bg_color": "#FFF9E5"}
    )
    last, first_filled = len(HEADS) - 1, len(TOLD)
    for column, width in enumerate(WIDTHS):
        sheet.sheet.set_column(column, column, width, None, {"hidden": column == last})
    sheet.sheet.set_row(0, 30)
    sheet.write(0, 0, f"{period.full_words}旬报填报表", "title")
    sheet.merge(0, 0, 0, last - 1)
    sheet.write(1, 0, NOTE, "")
    sheet.write_row(2, HEADS, "head")
    sheet.sheet.freeze_panes(3, 3)
    open_rows = [row for row in rows if not row.is_handed_in]
    for number, row in enumerate(open_rows, 1):
        for column, value in enumerate((number, *_told(row), *_filled(row.report), row.version)):
            sheet.write(2 + number, column, value, "fill" if first_filled <= column < last else "cell")
    _check_amounts(sheet, first_filled, len(open_rows))
    sheet.sheet.set_landscape()
    sheet.sheet.set_paper(8)
    sheet.sheet.fit_to_pages(1, 0)
    sheet.sheet.repeat_rows(2)
    workbook.close()


def _told(row: PeriodRow) -> tuple[Any, ...]:
    project, last, report = row.project, row.known.last, row.report
    return (
        project.code,
        project.name,
        project.lead_department.name if project.lead_department else "",
        report.get_state_display() if report else NOT_FILLED,
        last and last.invested_this_year,
        row.known.latest.physical_progress if row.known.latest else "",
    )


def _filled(report: ProgressReport | None) -> list[Any]:
    return [getattr(report, name) if report else None for name in FILLED.values()]


def _check_amounts(sheet: Sheet, first: int, rows: int) -> None:
    """The sheet's own check of the two amounts, before anything is uploaded."""
    if rows:
        rule = {
            "validate": "decimal",
            "criteria": ">=",
            "value": 0,
            "error_title": "金额应为数字",
            "error_message": "请填写万元数，不能为负数；本年尚无投资的填 0。",
        }
        sheet.sheet.data_validation(3, first, 2 + rows, first + 1, rule)
