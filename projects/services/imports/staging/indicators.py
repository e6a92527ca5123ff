"""Indicators beside the projects (招商等指标): name, unit, target, the value so far, last year's, the city's total."""

from datetime import date
from decimal import Decimal, InvalidOperation

from ...base.changing import sure
from .cells import RowReader, text_of
from .headers import Column, Table, month_span_end, plain


def stage_row(reader: RowReader, table: Table, *, category: str | None, today: date, zone_code: str) -> None:
    """Read one indicator in its own unit; the value's day comes from its header (1—9月完成) or the sheet."""
    row, sheet = reader.row, reader.sheet
    reader.text("indicator_name", 80)
    reader.text("indicator_unit", 20)
    for name in ("indicator_target", "city_total", "indicator_last_year"):
        _number(reader, name)
    for column in table.columns:
        is_value = column.period or column.field in {"indicator_value", "invested_this_year"}
        if not is_value:
            continue
        day = (
            column.period.last_on
            if column.period
            else month_span_end(column.header, sure(sheet.year)) or sheet.as_of
        )
        if day is None:
            sheet.refuse(row, column.header, "看不出数值截至哪一天，请在表头写明，如 1—9月完成")
            continue
        value = _read(reader, column)
        if value is not None:
            row.amounts[day] = value
    if row.get("indicator_target") is None and row.get("indicator_last_year") is None:
        sheet.refuse(row, "indicator_target", "年度任务为空，请填写数字；没有任务的须有上年同期数")


def _number(reader: RowReader, name: str) -> None:
    column = reader.columns.get(name)
    if column:
        row_value = _read(reader, column)
        if row_value is not None:
            reader.row.values[name] = row_value


def _read(reader: RowReader, column: Column) -> Decimal | None:
    text = plain(text_of(reader.value(column))).replace(",", "").removesuffix("%")
    if not text or text in {"-", "—", "/"}:
        return None
    try:
        value = Decimal(text)
        if not value.is_finite() or abs(value) >= Decimal(10) ** 14:
            raise InvalidOperation
        return value.quantize(Decimal("0.01"))
    except InvalidOperation:
        reader.refuse(column, f"“{text}”不是数字，请改正")
        return None
