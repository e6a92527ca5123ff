"""Investment leads (签约在谈): one lead a row, in the stage it reached on the day given."""

from datetime import date

from projects.models import Lead, LeadStage

from .cells import RowReader, fact_day
from .headers import Table, plain

ORIGINS = {
    **{label: value for value, label in Lead.Origin.choices},
    "省内": Lead.Origin.IN_PROVINCE,
    "本市": Lead.Origin.IN_CITY,
    "外资": Lead.Origin.ABROAD,
}
STAGES = {
    "在谈": LeadStage.TALKING,
    "洽谈": LeadStage.TALKING,
    "签约": LeadStage.SIGNED,
    "落地": LeadStage.LANDED,
    "终止": LeadStage.ENDED,
}
_BEFORE = ("已", "正在", "在")


def stage_row(reader: RowReader, table: Table, *, category: str | None, today: date, zone_code: str) -> None:
    """Read one lead; name, investor, origin, stage, day, amount and unit are all needed."""
    row, sheet = reader.row, reader.sheet
    row.values["lead_name"] = reader.name()
    row.values.pop("name", None)  # no reference to a project on record
    for name, limit in (("investor", 120), ("lead_department", 80)):
        if not reader.text(name, limit):
            _refuse(reader, name, "请补填")
    reader.text("chain", 60)
    reader.text("progress", 200)
    origin = ORIGINS.get(plain(reader.text("origin")))
    if origin is None:
        _refuse(reader, "origin", "请填写市内、市外省内、省外或境外")
    written = plain(reader.text("lead_stage"))
    stage = STAGES.get(written) or next(
        (STAGES[rest] for word in _BEFORE if (rest := written.removeprefix(word)) in STAGES), None
    )
    if stage is None:
        _refuse(reader, "lead_stage", "请填写在谈、签约、落地或终止")
    field = "agreed_investment" if "agreed_investment" in reader.columns else "total_investment"
    amount = reader.amount(field, sheet.unit or "万元")
    if not amount:
        _refuse(reader, field, "请填写大于零的金额")
    day = fact_day(reader.day("lead_on", sheet.year), today)
    if day is None or day > today:
        _refuse(reader, "lead_on", "请填写不晚于今天的日期，如 2023-07-16")
    row.values |= {"origin": origin, "lead_stage": stage, "agreed_investment": amount, "lead_on": day}


def _refuse(reader: RowReader, name: str, demand: str) -> None:
    """Refuse a cell in words, or the column that is not there."""
    column = reader.columns.get(name)
    if column is None:
        reader.sheet.refuse(reader.row, LACKING[name], f"表中没有“{LACKING[name]}”列，{demand}")
        return
    written = reader.row.raw.get(name, "")
    reader.refuse(column, f"{column.header}{f'“{written}”无法识别' if written else '为空'}，{demand}")


LACKING = {
    "investor": "投资方",
    "lead_department": "责任单位",
    "origin": "资金来源地",
    "lead_stage": "项目状态",
    "total_investment": "约定总投资",
    "lead_on": "洽谈/签约时间",
}
