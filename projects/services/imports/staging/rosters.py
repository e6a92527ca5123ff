"""Rosters (名册): leaders in protocol order, units in their own, each with phones; places of projects (项目位置)."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from projects.models import LATITUDES, LONGITUDES, PLACE_RULE, Unit

from .cells import RowReader, name_of, text_of
from .headers import Table, plain

UNIT_KINDS = {
    "推进部门": Unit.Kind.DEPARTMENT,
    "牵头部门": Unit.Kind.DEPARTMENT,
    "部门": Unit.Kind.DEPARTMENT,
    "属地": Unit.Kind.DISTRICT,
    "属地保障": Unit.Kind.DISTRICT,
    "镇办": Unit.Kind.DISTRICT,
    "其他": Unit.Kind.OTHER,
    "其他单位": Unit.Kind.OTHER,
    "协办单位": Unit.Kind.OTHER,
}
LONGEST_PHONE = 40
SIX_PLACES = Decimal("0.000001")


def stage_official(
    reader: RowReader, table: Table, *, category: str | None, today: date, zone_code: str
) -> None:
    """Read one leader; the order of the rows is the protocol's."""
    reader.row.values["official_name"] = name_of(reader.text("official_name", 40))
    reader.text("sponsor_post", 60)
    for name in ("phone", "mobile"):
        reader.text(name, LONGEST_PHONE)


def stage_unit(reader: RowReader, table: Table, *, category: str | None, today: date, zone_code: str) -> None:
    """Read one unit; without a kind a new one counts as a department."""
    reader.row.values["unit_name"] = name_of(reader.text("unit_name", 80))
    written = plain(reader.text("unit_kind"))
    kind = UNIT_KINDS.get(written)
    if written and kind is None:
        reader.refuse(reader.columns["unit_kind"], "类别无法识别，请填写推进部门、属地或其他单位")
    reader.row.values["unit_kind"] = kind
    for name in ("contact", "phone"):
        reader.text(name, LONGEST_PHONE)


def stage_place(
    reader: RowReader, table: Table, *, category: str | None, today: date, zone_code: str
) -> None:
    """Read where one project stands: its address, its coordinates in degrees, both or none of them."""
    row, sheet = reader.row, reader.sheet
    row.values["name"] = reader.name()
    if code := reader.text("code", 40):
        row.values["code"] = plain(code).upper()
    reader.text("developer", 120)
    reader.text("address", 160)
    found = {
        name: _degrees(reader, name, *limits)
        for name, limits in (("longitude", LONGITUDES), ("latitude", LATITUDES))
    }
    given = [name for name, value in found.items() if value is not None]
    if len(given) == 1 and not any(error.row == row.number for error in sheet.errors):
        (lacking,) = found.keys() - set(given)
        sheet.refuse(row, lacking, PLACE_RULE)
    row.values |= found


def _degrees(reader: RowReader, name: str, least: Decimal, most: Decimal) -> Decimal | None:
    column = reader.columns[name]
    text = plain(text_of(reader.value(column))).removesuffix("°")
    if not text or text in {"-", "—", "/"}:
        return None
    try:
        value = Decimal(text).quantize(SIX_PLACES, ROUND_HALF_UP)
    except InvalidOperation:
        reader.refuse(
            column, f"“{text}”不是以度计的小数，请写作 {'118.019693' if most > 90 else '36.788947'}"
        )
        return None
    if not least <= value <= most:
        reader.refuse(column, f"{column.header}应在{least}至{most}度之间，请核对是否与另一列填反")
        return None
    return value
