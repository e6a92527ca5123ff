"""The lines of a table (表体各行) with all that says what a row is: ordinal, label, own cells, amounts, merging."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from projects.money import parse_amount

from ...reader import Grid
from ..cells import text_of
from ..headers import Column, Table, plain

AMOUNT_FIELDS = (
    "total_investment",
    "carry_over",
    "planned_investment",
    "invested_this_year",
    "invested_to_date",
    "agreed_investment",
)
# ordinals by their style: 一、 （一） A、 1 1.1 （1） ①
CHINESE, BRACKETED, LETTER, NUMBER, DOTTED, PAREN, CIRCLE = "一", "（一）", "A", "1", "1.1", "（1）", "①"
HEADING_STYLES = frozenset({CHINESE, BRACKETED, LETTER})
_NUMERALS = "一二三四五六七八九十百"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_STYLES = (
    (CHINESE, re.compile(rf"第?(?P<n>[{_NUMERALS}]+)(?:[、.,:]|部分[:、]?|$)")),
    (BRACKETED, re.compile(rf"\((?P<n>[{_NUMERALS}]+)\)[、.,]?")),
    (LETTER, re.compile(r"\(?(?P<n>[A-Z]|[IVX]{2,4})(?:[、.)]+|$)")),
    (DOTTED, re.compile(r"(?P<n>\d{1,4}(?:[.-]\d{1,3})+)(?:[、.]|$|(?=[^\d.%万亿千百兆吨米公平年月至~-]))")),
    (PAREN, re.compile(r"\(?(?P<n>\d{1,3})\)[、.]?")),
    (NUMBER, re.compile(r"(?P<n>\d{1,5})(?:[、.,](?!\d)|$)")),
)
NOTHING = frozenset({"", "-", "—", "——", "/", "0"})
_COUNT = re.compile(r"\(?(?:共计?|合计)?(\d+)(?:个|项)(?:项目)?\)?")
_COUNTS_ONLY = re.compile(r"[\d.,%]+(?:个|项)?|[-—–/\\]+")


@dataclass(frozen=True)
class Ordinal:
    """The number before a row (序号): its style and its places, (1, 2) for 1.2."""

    style: str
    path: tuple[int, ...]
    written: str


def ordinal_of(value: object) -> tuple[Ordinal | None, str]:
    """The ordinal that a cell is or begins with, and what follows it."""
    written = text_of(value)
    if written[:1] and written[0] in _CIRCLED:
        return Ordinal(CIRCLE, (_CIRCLED.index(written[0]) + 1,), written[0]), plain(written[1:]).lstrip(
            "、."
        )
    text = plain(value)
    for style, pattern in _STYLES:
        if found := pattern.match(text):
            return Ordinal(style, _places(style, found["n"]), found[0]), text[found.end() :]
    return None, text


def _places(style: str, written: str) -> tuple[int, ...]:
    if style in (CHINESE, BRACKETED):
        tens, _, ones = written.rpartition("十")
        ten = (_NUMERALS.find(tens) + 1 or 1) * 10 if "十" in written else 0
        return (ten + (_NUMERALS.find(ones) + 1 if ones else 0),)
    if style == LETTER:
        return (ord(written[0]) - 64, len(written))
    return tuple(int(part) for part in re.split(r"[.-]", written))


@dataclass
class SheetLine:
    """One row beneath the header. `label` names it without its ordinal."""

    index: int
    texts: list[str]
    label: str
    ordinal: Ordinal | None
    in_name_column: bool
    own: bool  # a cell is filled that only a project fills
    numbered_in_name: bool  # the ordinal stands before the name, in its cell
    spread: bool  # one merged text over most of the table
    amounts_of: Callable[["SheetLine"], dict[str | date, Decimal]] = field(repr=False)

    @property
    def number(self) -> int:
        """The sheet's own row number."""
        return self.index + 1

    @cached_property
    def filled(self) -> list[str]:
        return list(dict.fromkeys(text for text in self.texts if text))

    @cached_property
    def amounts(self) -> dict[str | date, Decimal]:
        """The amounts in 万元 by field or by the period's last day; unreadable ones are left out."""
        return self.amounts_of(self)

    @property
    def style(self) -> str:
        return self.ordinal.style if self.ordinal else ""

    @cached_property
    def declared(self) -> int | None:
        """The count a heading declares: 新开工项目（32个）."""
        found = _COUNT.search(self.label)
        return int(found[1]) if found else None

    @cached_property
    def heading(self) -> str:
        """The label without its count and the amounts that stand behind it: 新开工项目（32个，总投资5亿元）."""
        found = _COUNT.search(self.label)
        return self.label[: found.start()].rstrip("(:,、共计") if found else self.label.rstrip(":")


class Lines:
    """The filled rows of a table, in their order, and what is usual among them."""

    def __init__(self, grid: Grid, table: Table, name_field: str, unit: str, rows: Iterable[int]) -> None:
        self.grid, self.table, self.unit = grid, table, unit
        self.columns = table.by_field()
        self.name = self.columns[name_field]
        self.number = self.columns.get("number")
        self._own = [
            column.index
            for column in table.columns
            if column.field
            and column.field not in {name_field, "number", "completion_rate", "note", *AMOUNT_FIELDS}
        ]
        self._money = [column for column in table.columns if column.field in AMOUNT_FIELDS or column.period]
        self._width = {column.index for column in table.columns}
        self.all = [line for index in rows if (line := self._line(index))]

    def __iter__(self) -> Iterator[SheetLine]:
        return iter(self.all)

    def _line(self, index: int) -> SheetLine | None:
        cells = self.grid.rows[index]
        texts = [text_of(cell) for cell in cells]
        filled = list(dict.fromkeys(text for text in texts if text))
        if not filled:
            return None
        name = texts[self.name.index] if self.name.index < len(texts) else ""
        number = cells[self.number.index] if self.number and self.number.index < len(cells) else ""
        ordinal, rest = ordinal_of(number) if number not in (None, "") else (None, "")
        numbered_in_name = False
        if ordinal and rest:  # 一、新开工项目 stands in the column of numbers
            label, in_name_column = rest, False
        elif name and plain(name) != plain(number):
            label, in_name_column = plain(name), True
            if ordinal is None:
                ordinal, label = self._in_name(name, number)
                numbered_in_name = ordinal is not None
        else:
            others = [text for text in filled if plain(text) != (ordinal.written if ordinal else None)]
            label, in_name_column = plain(others[0]) if others else "", False
            if ordinal is None:
                ordinal, label = ordinal_of(label)
        return SheetLine(
            index,
            texts,
            label,
            ordinal,
            in_name_column,
            self._has_own(texts, label, ordinal),
            numbered_in_name,
            self._is_spread(index, texts),
            self._amounts,
        )

    def _in_name(self, name: str, number: object) -> tuple[Ordinal | None, str]:
        """An ordinal written before the name, where no number stands in a column of its own."""
        found, rest = ordinal_of(name)
        return (found, rest) if found and rest and plain(number) == "" else (None, plain(name))

    def _has_own(self, texts: Sequence[str], label: str, ordinal: Ordinal | None) -> bool:
        """Whether a cell says something of a project; a merged label, a dash and a bare count do not."""
        whole = {label, f"{ordinal.written}{label}" if ordinal else label}
        for index in self._own:
            text = texts[index] if index < len(texts) else ""
            if text and text not in NOTHING and not _COUNTS_ONLY.fullmatch(text) and plain(text) not in whole:
                return True
        return False

    def _is_spread(self, index: int, texts: Sequence[str]) -> bool:
        filled = self.grid.filled
        spread = sum((index, column) in filled for column in self._width)
        return spread * 2 >= len(self._width) and len({text for text in texts if text}) <= 2

    def _amounts(self, line: SheetLine) -> dict[str | date, Decimal]:
        found: dict[str | date, Decimal] = {}
        for column in self._money:
            amount = self._amount(line, column)
            if amount is not None:
                found[column.field or column.ends_on] = amount
        return found

    def _amount(self, line: SheetLine, column: Column) -> Decimal | None:
        cells = self.grid.rows[line.index]
        value = cells[column.index] if column.index < len(cells) else ""
        if value in (None, "") or (line.index, column.index) in self.grid.filled:
            return None
        try:
            return parse_amount(value, column.unit or self.unit)
        except ValueError:
            return None

    @cached_property
    def has_own(self) -> bool:
        """Whether projects of this table usually fill more than name and amounts."""
        numbered = [line for line in self.all if self.style and line.style == self.style] or self.all
        return sum(line.own for line in numbered) * 2 >= len(numbered)

    @cached_property
    def has_amounts(self) -> bool:
        return bool(self._money)

    @cached_property
    def style(self) -> str:
        """The style of ordinal that projects carry, "" for none: that of the first, for parts may be more than packages."""
        lines = [line for line in self.all if line.own] or self.all
        counted = Counter(line.style for line in lines if line.style)
        if sum(counted.values()) * 4 < len(lines) or not counted:
            return ""
        first = next(line.style for line in lines if line.style)
        return counted.most_common(1)[0][0] if first in HEADING_STYLES else first

    @cached_property
    def tolerance(self) -> Decimal:
        """How far a sum may be from its parts: amounts in 亿元 are rounded by their writers."""
        units = {column.unit or self.unit for column in self._money}
        return Decimal(1) if units <= {"万元", "元", "千元"} else Decimal(100)
