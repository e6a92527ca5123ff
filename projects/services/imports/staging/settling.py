"""Settling the columns (定列): what the cells say of a header in doubt, and the question where they do not decide.

A column that touches a published figure is never guessed in silence: which amount it holds, planned or actual dates.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from projects.money import parse_amount
from projects.periods import OfficeDate, parse_office_date

from ..reader import Grid
from .classes import core_of, holds_classes, known_class, nature_of
from .columns import AMOUNTS, BY_NAME, KEEP, label_of
from .headers import Column, Table
from .meaning import ANSWER, ARITHMETIC, SIMILAR, Words, amount_said, meaning_of, plain
from .questions import COLUMN, DATE
from .staged import INVESTMENT, LEDGER, StagedSheet

LOOKED_AT = 500  # rows that decide what a column holds
SAMPLES = 3
PLANNED, ACTUAL = "计划", "实际"
TWINS = {"started": "planned_start", "completed": "planned_completion"}
# what a column of another kind of sheet is in a ledger
IN_LEDGER = {"progress": "physical_progress", "indicator_target": "planned_investment"}
IN_LEDGER["indicator_value"] = "invested_this_year"


def settle_columns(sheet: StagedSheet, table: Table, grid: Grid, today: date) -> None:
    """Decide the columns in doubt from their cells, asking where a figure hangs on it; once a sheet."""
    settling = _Settling(sheet, table, grid, today)
    if sheet.kind == LEDGER:
        settling.read_as_ledger()
        settling.classes()
    if sheet.kind in (LEDGER, INVESTMENT):
        settling.amounts()
    if sheet.kind == LEDGER:
        settling.dates()
    sheet.columns = [settling.shown(column) for column in table.columns]


class _Settling:
    def __init__(self, sheet: StagedSheet, table: Table, grid: Grid, today: date) -> None:
        self.sheet, self.table, self.today = sheet, table, today
        name = table.by_field().get("name")
        below = grid.rows[table.last_row + 1 :]
        self.rows = [
            row for row in below if name is None or (name.index < len(row) and plain(row[name.index]))
        ]
        self.rows = self.rows[:LOOKED_AT]

    def cells(self, column: Column) -> Iterator[Any]:
        """The filled cells of a column."""
        for row in self.rows:
            if column.index < len(row) and plain(row[column.index]):
                yield row[column.index]

    def shown(self, column: Column) -> dict[str, Any]:
        """The column for the mapping screen."""
        name = column.field or (f"{column.period.code}" if column.period else "")
        label = (
            f"{column.period.words}累计完成投资" if column.period else label_of(column.field) if name else ""
        )
        samples = [plain(cell) for _, cell in zip(range(SAMPLES), self.cells(column), strict=False)]
        return {
            "index": column.index,
            "head": column.header,
            "header": " | ".join(column.path) or column.header,
            "field": column.field,
            "label": label,
            "why": column.why if name else "",
            "samples": samples,
        }

    def claimed(self, name: str) -> bool:
        return name in self.table.by_field()

    # -----------------------------------------------------------------------------------------------------
    # a ledger's own words

    def read_as_ledger(self) -> None:
        """What a header means in a ledger, where it means something else in another kind of sheet."""
        words = Words(self.table.own, LEDGER)
        for column in list(self.table.columns):
            if (
                column.why == ANSWER
                or column.period
                or (column.field and LEDGER in BY_NAME[column.field].kinds)
            ):
                continue
            name = IN_LEDGER.get(column.field, "")
            found = meaning_of(list(column.path), self.table.year, words)
            if name in AMOUNTS and not self._is_money(column):
                name = ""
            if name and not self.claimed(name):
                self.table.settle(column, name, SIMILAR, in_doubt=name in AMOUNTS and not column.unit)
            elif found.field and not column.field and not column.in_doubt and not self.claimed(found.field):
                self.table.settle(column, found.field, found.why)
            elif column.field:
                self.table.settle(column, KEEP, "")

    # -----------------------------------------------------------------------------------------------------
    # classes

    def classes(self) -> None:
        """The column that holds classes is the one whose cells do, whatever its header: 项目类型=产业 is kept aside."""
        columns = self.table.by_field()
        category, nature = columns.get("category"), columns.get("nature")
        if category and category.why != ANSWER and any(self.cells(category)):
            words = [plain(cell) for cell in self.cells(category)]
            if not holds_classes(words):
                natures = all(nature_of(word) for word in words)
                known = any(known_class(word) for word in words)
                if not known:
                    self.table.settle(category, "nature" if natures and not nature else KEEP, SIMILAR)
                    self.table.doubled = [other for other in self.table.doubled if other.field != "category"]
                    category = None
        if category is None:
            self._find_classes(nature)
        self._new_is_a_class()

    def _find_classes(self, nature: Column | None) -> None:
        """建设性质, or a column nobody claimed, that holds 续建 or 新开工 in every second cell."""
        for column in ([nature] if nature else []) + self.table.unmapped:
            words = [plain(cell) for cell in self.cells(column)]
            known = {word for word in words if known_class(word)}
            if self._read_alone(column) not in ("category", "nature"):  # 在建 may be the state of the works
                known = {word for word in known if core_of(word) != "在建"}
            if (
                column.why != ANSWER
                and known
                and holds_classes(set(words) - {"新建"})
                and len(words) * 2 >= len(self.rows)
            ):
                self.table.settle(column, "category", SIMILAR)
                return

    def _read_alone(self, column: Column) -> str:
        """The field of a header, whichever column has it."""
        return meaning_of(list(column.path), self.table.year, Words(self.table.own)).field

    def _new_is_a_class(self) -> None:
        """新建 beside 续建 is the class 新开工, beside 扩建 the nature."""
        category = self.table.by_field().get("category")
        words = {plain(cell) for cell in self.cells(category)} if category else set()
        self.table.new_is_class = any(known_class(word) for word in words)

    # -----------------------------------------------------------------------------------------------------
    # amounts

    def amounts(self) -> None:
        """Ask which amount a column holds whose header leaves it open, where it holds amounts and nothing else."""
        self._numbers_nobody_claimed()
        for column in [column for column in self.table.columns if column.in_doubt]:
            if not self._is_money(column):
                if column.why != ANSWER and any(self.cells(column)):
                    self.table.settle(column, KEEP, "")
                continue
            likely = self._likely(column)
            form, said = column.answer(self.sheet.name, self.sheet.answers) or (column.forms[0], "")
            choices = [likely, *(name for name in (*AMOUNTS, "current_amount", KEEP) if name != likely)]
            if said in BY_NAME and said not in choices:
                choices.append(said)
            name = self.sheet.ask(
                COLUMN,
                form,
                f"“{' | '.join(column.path)}”一列是什么金额？按数值和其他列推断为“{label_of(likely)}”。",
                choices=choices,
                likely=likely,
                column=column.header,
            )
            why = ANSWER if name == said else ARITHMETIC
            taken = self.table.by_field().get(name)
            if taken and taken.index != column.index:
                self.table.settle(taken, KEEP, "")
            self.table.settle(column, name, why)

    def _numbers_nobody_claimed(self) -> None:
        """本年计划 over nothing but numbers is an amount too, in doubt."""
        for column in list(self.table.unmapped):
            said = amount_said(list(column.path), self.table.year)
            if said.field and not column.why and not column.in_doubt and self._is_money(column):
                name = KEEP if self.claimed(said.field) else said.field
                self.table.settle(column, name, SIMILAR, in_doubt=True)

    def _is_money(self, column: Column) -> bool:
        found = False
        for cell in self.cells(column):
            try:
                found |= parse_amount(cell, column.unit or "万元") is not None
            except ValueError:
                return False
        return found

    def _amount(self, column: Column | None, row: list) -> Decimal | None:
        if column is None or column.index >= len(row):
            return None
        try:
            return parse_amount(row[column.index], column.unit or self.sheet.unit or "万元")
        except ValueError:
            return None

    def _likely(self, column: Column) -> str:
        """The amount that a column most likely holds, judged by its header and by the columns beside it."""
        others = {name: found for name, found in self.table.by_field().items() if found.index != column.index}
        has_year = "invested_this_year" in others or any(c.period for c in self.table.columns)
        guess = column.field or self._read_alone(column)
        if guess == "invested_this_year":
            if has_year:
                return KEEP if "invested_to_date" in others else "invested_to_date"
            if "invested_to_date" in others:
                return "invested_this_year"
            return "invested_to_date" if self._runs_over(column, others) else "invested_this_year"
        return guess if guess and guess not in others else KEEP

    def _runs_over(self, column: Column, others: dict[str, Column]) -> bool:
        """Whether amounts look like those since the start: above what was carried over, or well above the plan."""
        above, below = 0, 0
        for row in self.rows:
            done = self._amount(column, row)
            if not done:
                continue
            carried = self._amount(others.get("carry_over"), row)
            planned = self._amount(others.get("planned_investment"), row)
            if carried:
                above, below = above + (done >= carried), below + (done < carried)
            elif planned:
                above, below = (
                    above + (done > planned * Decimal("1.3")),
                    below + (done <= planned * Decimal("1.3")),
                )
        return above > below

    # -----------------------------------------------------------------------------------------------------
    # dates

    def dates(self) -> None:
        """开工时间, 竣工时间: planned or actual, by the columns beside them, the days themselves, or a question."""
        for column in [column for column in self.table.columns if column.ambiguous_date]:
            self._date(column)

    def _date(self, column: Column) -> None:
        doubled = next((other for other in self.table.doubled if other.index == column.index), None)
        fact = doubled.field if doubled else column.field
        twin = TWINS[fact]
        if doubled:  # 开工时间 beside 实际开工时间 is the plan
            self.table.settle(column, KEEP if self.claimed(twin) else twin, SIMILAR)
            return
        if self.claimed(twin) or self.claimed("planned_span"):
            self.table.settle(column, fact, column.why)
            return
        as_of = self.sheet.as_of or self.today
        days = [day for cell in self.cells(column) if (day := _day(cell, self.sheet.year)).is_known]
        coming = [day for day in days if day.first_on and day.first_on > as_of]
        if not days or len(coming) == len(days):
            self.table.settle(column, twin if days else fact, ARITHMETIC)
            return
        reports = self.claimed("invested_this_year") or any(c.period for c in self.table.columns)
        likely = PLANNED if coming or not reports else ACTUAL
        said = self.sheet.ask(
            DATE,
            column.forms[0],
            f"“{column.header}”一列填的是计划时间，还是实际时间？实际时间计入开工、竣工情况。",
            choices=(likely, ACTUAL if likely == PLANNED else PLANNED),
            likely=likely,
            column=column.header,
        )
        self.table.settle(column, twin if said == PLANNED else fact, column.why)


def _day(cell: Any, year: int | None) -> OfficeDate:
    try:
        return parse_office_date(cell, year=year)
    except ValueError:
        return parse_office_date(None)
