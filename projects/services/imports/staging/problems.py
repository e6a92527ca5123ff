"""The problem list (问题清单): one problem a row."""

from datetime import date

from projects.models import Problem

from .cells import RowReader, fact_day
from .headers import Table, plain
from .responsible import unit_in

CATEGORIES = {label: value for value, label in Problem.Category.choices}


def stage_row(reader: RowReader, table: Table, *, category: str | None, today: date, zone_code: str) -> None:
    """Read one problem; it needs a text and the day it was raised."""
    row, sheet = reader.row, reader.sheet
    row.values["name"] = reader.name()
    if code := reader.text("code", 40):
        row.values["code"] = plain(code).upper()
    if not reader.text("problem_text", 400):
        sheet.refuse(row, "problem_text", "问题描述为空或过长，请填写400字以内")
    _category(reader)
    unit_in(reader, "lead_department")
    reader.text("progress", 400)
    reader.text("demand", 300)
    for name in ("raised", "problem_due", "resolved"):
        day = fact_day(reader.day(name, sheet.year), today) if name != "problem_due" else _due(reader)
        if day:
            row.values[f"{name}_on"] = day
    raised, due, resolved = (row.get(f"{name}_on") for name in ("raised", "problem_due", "resolved"))
    if raised is None:
        sheet.refuse(row, "raised", "提出时间为空或不是日期，请写作 2023-06-01")
    if raised and due and due < raised:
        sheet.refuse(row, "problem_due", "解决时限早于提出时间，请核对后改正")
    if raised and resolved and resolved < raised:
        sheet.refuse(row, "resolved", "办结时间早于提出时间，请核对后改正")
    done = reader.yes_or_no("resolved_flag")
    if done and not resolved:
        sheet.refuse(row, "resolved", "已办结的问题须填写办结时间")
    if done is False and resolved:
        sheet.refuse(row, "resolved", "填有办结时间，但“是否办结”为否，请核对后改正")


def _due(reader: RowReader) -> date | None:
    return reader.day("problem_due", reader.sheet.year).last_on


def _category(reader: RowReader) -> None:
    row, sheet = reader.row, reader.sheet
    written = plain(reader.text("problem_category"))
    found = CATEGORIES.get(written) or CATEGORIES.get(written.removesuffix("问题"))
    if written and not found:
        sheet.warn(row, "problem_category", f"问题类别“{written}”不在选项内，按“其他”登记")
    row.values["problem_category"] = found or Problem.Category.OTHER
