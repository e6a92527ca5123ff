"""What was read of a ledger's row, in the contract's words (docs/contract.md §2): before anything is matched."""

from datetime import date
from decimal import Decimal
from typing import Any

from projects.models import Project, ProjectStage
from projects.periods import OfficeDate

from .columns import AMOUNTS
from .staged import StagedRow, StagedSheet

TEXTS = (
    "name",
    "code",
    "number",
    "developer",
    "chain",
    "description",
    "address",
    "sponsor",
    "sponsor_post",
    "lead_department",
    "host_district",
    "physical_progress",
    "parent",
)
NAMES = ("other_sponsors", "helpers", "service_officers")
FACTS = ("started_on", "completed_on", "in_production_on", "full_production_on", "entered_statistics_on")


def projects_read(sheet: StagedSheet, today: date) -> list[dict[str, Any]]:
    """Every project row of a ledger: one key per field, amounts in 万元 as text, days as ISO dates, null where blank."""
    return [_project(sheet, row, today) for row in sheet.rows]


def _project(sheet: StagedSheet, row: StagedRow, today: date) -> dict[str, Any]:
    invested, as_of = _invested(sheet, row, today)
    said: dict[str, Any] = {"row": row.number}
    said |= {name: row.get(name) if row.get(name) not in ("", None) else None for name in TEXTS}
    said |= {name: _amount(row.get(name)) for name in AMOUNTS}
    said["invested_this_year"] = _amount(invested)
    said["category"] = ProjectStage(row.get("category")).label if row.get("category") else None
    said["nature"] = Project.Nature(row.get("nature")).label if row.get("nature") else None
    said["planned_start"] = _written(row.get("planned_start"))
    said["planned_finish"] = _written(row.get("planned_completion"))
    said |= {name: row.get(name).isoformat() if row.get(name) else None for name in FACTS}
    said["in_statistics"] = row.get("in_statistics")
    said |= {name: list(row.get(name) or ()) for name in NAMES}
    said["extra"] = row.extra
    said["as_of"] = as_of.isoformat() if as_of else None
    return said


def _invested(sheet: StagedSheet, row: StagedRow, today: date) -> tuple[Decimal | None, date | None]:
    """This year's amount and its day: of the column that names none the sheet's, else the latest period's by then."""
    if row.get("invested_this_year") is not None or not row.amounts:
        return row.get("invested_this_year"), row.get("figure_as_of") or sheet.as_of
    by = sheet.as_of or today
    day = max((day for day in row.amounts if day <= by), default=min(row.amounts))
    return row.amounts[day], min(day, sheet.as_of) if sheet.as_of else day


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _written(value: OfficeDate | None) -> str | None:
    return value.text or None if value else None
