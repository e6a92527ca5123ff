"""Investment by month (投资调度): one cumulative amount per project and period column."""

from datetime import date

from projects.periods import TenDayPeriod

from .cells import RowReader
from .headers import Table, plain


def stage_row(reader: RowReader, table: Table, *, category: str | None, today: date, zone_code: str) -> None:
    """Read a row's amounts; a falling cumulative figure is asked about, not refused."""
    row, sheet = reader.row, reader.sheet
    row.values["name"] = reader.name()
    for name, limit in (("code", 40), ("developer", 120)):
        text = reader.text(name, limit)
        if text and name == "code":
            row.values["code"] = plain(text).upper()
    reader.amount("planned_investment", sheet.unit or "万元")
    for column in sorted(table.period_columns, key=lambda column: column.ends_on):
        amount = reader.amount_in(column, sheet.unit or "万元")
        if amount is None:
            continue
        row.raw[column.header] = f"{amount}"
        earlier = [day for day in row.amounts if day < column.ends_on and row.amounts[day] > amount]
        if earlier:
            sheet.warn(row, column.header, f"累计完成投资小于{sheet.period_columns[max(earlier)]}，请核对")
        row.amounts[column.ends_on] = amount


def counts_from(period_ends_on: date, as_of: date | None) -> date:
    """A period's figure counts from its last day; from the sheet's day when the sheet was made inside the period."""
    period = TenDayPeriod.ending_on(period_ends_on)
    return as_of if as_of and period.first_on <= as_of < period_ends_on else period_ends_on
