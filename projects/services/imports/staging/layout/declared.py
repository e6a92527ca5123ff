"""Totals that a sheet declares (写明的合计): counts and sums of its groups and totals, checked against the rows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from projects.money import parse_amount

from ..staged import StagedRow, StagedSheet
from .rows import PART, Row

_COUNT = re.compile(r"共(?:计)?(\d+)(?:个|项)")
_TOTAL_AMOUNT = re.compile(r"总投资(?:额)?(?:约)?([\d.,]+)(亿元|万元)")

Amounts = Mapping[str | date, Decimal]


@dataclass
class DeclaredCount:
    """A data row as it counts: what it is, and its values."""

    row: Row
    staged: StagedRow

    @property
    def is_top(self) -> bool:
        """A part counts with its package."""
        return self.row.kind != PART


@dataclass
class Declared:
    """A count and sums as written, and the places of the data rows that they may be over, the likeliest first."""

    number: int
    text: str
    count: int | None
    sums: Amounts
    spans: list[tuple[int, int | None]] = field(default_factory=lambda: [(0, None)])


def stated_in(text: str, number: int) -> Declared | None:
    """Totals stated in words: “共86个，总投资1195亿元”."""
    count, amount = _COUNT.search(text), _TOTAL_AMOUNT.search(text)
    if not count:
        return None
    declared = parse_amount(amount[1] + amount[2]) if amount else None
    sums: dict[str | date, Decimal] = {} if declared is None else {"total_investment": declared}
    return Declared(number, text, int(count[1]), sums)


def check_declared(
    sheet: StagedSheet, declared: Sequence[Declared], data: Sequence[DeclaredCount], tolerance: Decimal
) -> None:
    """Compare each declaration with the rows it is over: the first of its spans that fits, else the likeliest."""
    counted = [row for row in data if not (sheet.marks_uncounted and "※" in row.staged.raw.get("name", ""))]
    places = {id(row): place for place, row in enumerate(data)}
    for said in declared:
        fits = [
            [row for row in counted if first <= places[id(row)] < (len(data) if last is None else last)]
            for first, last in said.spans
        ]
        rows = next((rows for rows in fits if _fits(said, rows, tolerance)), fits[0])
        _compare(sheet, said, rows, tolerance)


def _fits(said: Declared, rows: Sequence[DeclaredCount], tolerance: Decimal) -> bool:
    if said.count is not None and said.count not in _counts(rows):
        return False
    return not _apart(said, rows, tolerance) and bool(rows)


def _counts(rows: Sequence[DeclaredCount]) -> tuple[int, int]:
    """The rows as projects, packages once; as single ones, the parts in place of their package."""
    return sum(row.is_top for row in rows), sum(not row.row.parts for row in rows)


def _sum(rows: Sequence[DeclaredCount], key: str | date) -> Decimal:
    found = Decimal(0)
    for row in rows:
        if row.is_top:
            found += (row.staged.get(key) if isinstance(key, str) else row.staged.amounts.get(key)) or 0
    return found


def _apart(said: Declared, rows: Sequence[DeclaredCount], tolerance: Decimal) -> dict[str | date, Decimal]:
    """The sums of the rows that differ from what is declared. A total written in 亿元 is rounded by its writer."""
    allowed = max(tolerance, Decimal(100)) if "亿元" in said.text else tolerance
    sums = {key: _sum(rows, key) for key in said.sums}
    return {key: parsed for key, parsed in sums.items() if abs(parsed - said.sums[key]) > allowed}


def _compare(sheet: StagedSheet, said: Declared, rows: Sequence[DeclaredCount], tolerance: Decimal) -> None:
    if said.count is not None:
        tops, singles = _counts(rows)
        count = singles if said.count == singles else tops
        sheet.declared.append(
            {"row": said.number, "text": said.text, "declared": said.count, "parsed": count}
        )
        if said.count != count:
            text = f"“{said.text}”写明{said.count}个，实际读到{count}个，请核对"
            sheet.warn(said.number, "", text, ask=True)
    for key, parsed in _apart(said, rows, tolerance).items():
        head = sheet.called(key) if isinstance(key, str) else sheet.period_columns[key]
        text = f"“{said.text}”的“{head}”为{said.sums[key]}万元，各行相加为{parsed}万元，请核对"
        sheet.warn(said.number, head, text, ask=True)
