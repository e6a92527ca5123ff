"""Reading one cell (单元格) into a value; what cannot be read becomes an error at its row and column."""

import re
from datetime import date
from decimal import Decimal

from projects.money import parse_amount
from projects.periods import LATEST, NO_DATE, OfficeDate, parse_office_date, parse_span_pair

from ...base.changing import sure
from ..reader import Grid, column_letter
from .headers import Column, Table, plain
from .staged import StagedRow, StagedSheet

LARGEST_AMOUNT = Decimal("10000000")  # 1,000亿元 a project: anything above is a slip, mostly of the unit
LONGEST_NAME = 120
# words about a project that neither name it nor anybody who answers for it
BESIDE_FIGURES = frozenset(
    {"note", "description", "address", "physical_progress", "chain", "problem_text", "demand"}
)
BLANK_MARKS = frozenset({"—", "-", "/", "——"})
STARTS = frozenset({"started", "planned_start"})
_BREAKS, _SPACES = re.compile(r"\s*[\r\n]+\s*"), re.compile(r"[ \t\u3000]+")
_LEADING_MARKS = re.compile(r"^[☆★*※△▲●○]+|[☆★*※△▲●○]+$")
_YES, _NO = re.compile(r"是|已.*|√|有|y(es)?"), re.compile(r"否|未.*|×|x|无|没有|不.*|n(o)?")


def text_of(value: object) -> str:
    """A cell as written, line breaks and doubled spaces folded; dates ISO, whole numbers without decimals."""
    if value is None or value == "":
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()[:10]
    text = str(value)
    if "\n" in text or "\r" in text:
        text = _BREAKS.sub("", text)
    if "  " in text or "\t" in text or "\u3000" in text:
        text = _SPACES.sub(" ", text)
    return text.strip()


def name_of(value: object) -> str:
    """A project's name (项目名称): no line breaks or spaces between Chinese characters, no ☆ mark."""
    text = text_of(value)
    text = re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", text)
    return _LEADING_MARKS.sub("", text).strip()


def match_key(text: str) -> str:
    """The form in which names are compared: half-width, without spaces, marks or case."""
    return _LEADING_MARKS.sub("", plain(text)).lower()


def people_of(value: object) -> list[str]:
    """Several people in one cell (、, comma, slash, semicolon, space); “张 三” is one name."""
    parts = [part for part in re.split(r"[、,，;；/\r\n]+", str(value or "")) if part.strip()]
    people: list[str] = []
    for part in parts:
        words = part.split()
        people += ["".join(words)] if all(len(word) == 1 for word in words) else words
    return people


class RowReader:
    """Reads the cells of one row by field; errors go to the sheet. Blank cells leave the field out."""

    def __init__(self, sheet: StagedSheet, grid: Grid, table: Table, index: int, row: StagedRow):
        self.sheet, self.grid, self.index, self.row = sheet, grid, index, row
        self.columns = table.by_field()
        self.cells = grid.rows[index]

    def value(self, column: Column | None) -> object:
        """The cell's value; a failed formula is an error and counts as blank."""
        if column is None or column.index >= len(self.cells):
            return ""
        value = self.cells[column.index]
        reason = self.grid.broken.get((self.index, column.index))
        if (reason and value in ("", None, 0, 0.0)) or (reason and "出错" in reason):
            self._broken(column, reason)
            return ""
        return value

    def _broken(self, column: Column, reason: str) -> None:
        """A formula that failed is an error, but beside the figures: a remark is no reason to refuse a file."""
        place = f"{column_letter(column.index)}{self.index + 1}单元格"
        if column.field in BESIDE_FIGURES:
            self.sheet.warn(self.row, column.field, f"{place}公式出错或没有结果，按空白读取")
        else:
            self.refuse(column, f"{place}{reason}")

    def refuse(self, column: Column | None, message: str) -> None:
        column = sure(column)
        self.row.raw.setdefault(column.field or column.header, text_of(self.cells[column.index]))
        self.sheet.heads.setdefault(column.field or column.header, column.header)
        self.sheet.refuse(self.row, column.field or column.header, message)

    def _cell(self, name: str) -> tuple[Column | None, object]:
        column = self.columns.get(name)
        value = self.value(column)
        if column and text_of(value):
            self.row.raw[name] = text_of(value)
        return column, value

    def text(self, name: str, limit: int = 0) -> str:
        column, value = self._cell(name)
        text = text_of(value)
        if column and limit and len(text) > limit:
            self.refuse(column, f"“{column.header}”超过{limit}字，请精简后再导入")
            return ""
        if text and text not in BLANK_MARKS:
            self.row.values[name] = text
            return text
        return ""

    def name(self) -> str:
        """The project's name, 120 signs at most without the marks before it."""
        column, value = self._cell("name")
        found = name_of(value)
        if found in BLANK_MARKS:
            return ""
        if column and len(found) > LONGEST_NAME:
            self.refuse(column, f"“{column.header}”超过{LONGEST_NAME}字，请精简后再导入")
            return ""
        return found

    def amount(self, name: str, unit: str) -> Decimal | None:
        column, value = self._cell(name)
        amount = self._amount(column, value, unit)
        if amount is not None:
            self.row.values[name] = amount
        return amount

    def amount_in(self, column: Column, unit: str) -> Decimal | None:
        """An amount by its column, for the columns of periods."""
        return self._amount(column, self.value(column), unit)

    def _amount(self, column: Column | None, value: object, unit: str) -> Decimal | None:
        if column is None or value in ("", None):
            return None
        if (self.index, column.index) in self.grid.filled:
            self.refuse(column, "金额单元格被合并在多行，分不清各项目金额，请取消合并后逐行填写")
            return None
        try:
            amount = parse_amount(value, column.unit or unit)
        except ValueError as error:
            self.refuse(column, str(error))
            return None
        if amount is not None and not 0 <= amount <= LARGEST_AMOUNT:
            self.refuse(column, "金额不能为负数，也不能超过1000亿元，请核对后改正")
            return None
        return amount

    def day(self, name: str, year: int | None) -> OfficeDate:
        """A date at office precision, of a start and a finish the one asked for; unreadable words are an error."""
        column, value = self._cell(name)
        if (
            self.grid.added_days and isinstance(value, int | float) and value > LATEST.year
        ):  # no year: a serial day
            value += self.grid.added_days
        try:
            found = parse_office_date(value if value != "" else None, year=year)
        except ValueError as error:
            pair = _both_ends(value)
            if pair is None:
                self.refuse(column, str(error))
                return NO_DATE
            found = pair[name not in STARTS]
        if found.text:
            self.row.values[name] = found
        return found

    def span(self, name: str) -> tuple[OfficeDate, OfficeDate]:
        """Start and finish of one cell; what is none (24个月) is kept with the row as it is written."""
        column, value = self._cell(name)
        try:
            return parse_span_pair(value if value != "" else None)
        except ValueError:
            self.row.extra[f"{sure(column).header}说明"] = text_of(value)
            return NO_DATE, NO_DATE

    def yes_or_no(self, name: str) -> bool | None:
        """是/否 and their kin; None when blank. Other words are an error."""
        column, value = self._cell(name)
        text = plain(value).lower()
        if not text or text in {"-", "—", "/"}:
            return None
        if _NO.fullmatch(text):
            self.row.values[name] = False
            return False
        if _YES.fullmatch(text):
            self.row.values[name] = True
            return True
        self.refuse(column, "请填写“是”或“否”")
        return None


def _both_ends(value: object) -> tuple[OfficeDate, OfficeDate] | None:
    """2023年6月-2024年 in a column of one date."""
    try:
        return parse_span_pair(value)
    except ValueError:
        return None


def fact_day(written: OfficeDate, as_of: date) -> date | None:
    """The day of a fact written at office precision: the last day of its span, but not after the sheet's day."""
    if not written.is_known:
        return None
    first_on, last_on = sure(written.first_on), sure(written.last_on)
    return min(last_on, as_of) if first_on <= as_of else last_on
