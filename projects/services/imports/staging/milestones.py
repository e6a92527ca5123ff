"""Milestone plans (节点计划): one milestone a row, the project's name merged over its rows."""

from datetime import date

from projects.models import Milestone

from .cells import RowReader, fact_day
from .headers import Table, plain
from .responsible import unit_in

STAGES = {
    "前期": Milestone.Stage.PREPARATORY,
    "在建": Milestone.Stage.CONSTRUCTION,
    "建设": Milestone.Stage.CONSTRUCTION,
    "施工": Milestone.Stage.CONSTRUCTION,
    "竣工": Milestone.Stage.COMPLETION,
    "投产": Milestone.Stage.COMPLETION,
}


def stage_row(reader: RowReader, table: Table, *, category: str | None, today: date, zone_code: str) -> None:
    """Read one milestone; without a name, a stage or a due date it cannot be followed and is refused."""
    row, sheet = reader.row, reader.sheet
    row.values["name"] = reader.name()
    if code := reader.text("code", 40):
        row.values["code"] = plain(code).upper()
    reader.text("developer", 120)
    if not reader.text("milestone_name", 80):
        sheet.refuse(row, "milestone_name", "节点名称为空，请补填")
    written = plain(reader.text("milestone_stage") or reader.text("category"))
    stage = next((value for word, value in STAGES.items() if written.startswith(word)), None)
    row.values["stage"] = stage
    if stage is None and "milestone_stage" in reader.columns:
        sheet.refuse(row, "milestone_stage", "阶段无法识别，请填写前期、在建或竣工")
    row.values["stage"] = stage or Milestone.Stage.CONSTRUCTION
    unit_in(reader, "lead_department")
    reader.text("note", 200)
    due = reader.day("due", sheet.year)
    if not due.is_known and not any(message.row == row.number for message in sheet.errors):
        sheet.refuse(row, "due", "计划完成时间为空或不是日期，请写作 2023-10-24 或 2023年10月底前")
    achieved = fact_day(reader.day("achieved", sheet.year), today)
    if achieved:
        row.values["achieved_on"] = achieved
        if achieved > today:
            sheet.refuse(row, "achieved", "实际完成时间晚于今天，请核对后改正")
