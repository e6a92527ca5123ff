"""One sheet as a grid (工作表), and why a file is not taken."""

from dataclasses import dataclass, field

Cell = str | float | int | bool | object
Place = tuple[int, int]  # row and column, both from 0
DAYS_OF_1904 = 1462  # what a serial day of a workbook in the 1904 system lacks

UNCALCULATED = "公式没有计算结果，请用 Excel 或 WPS 打开保存后再导入"
FAILED = "公式计算出错，请改正或改填数值后再导入"


class UnreadableWorkbook(ValueError):
    """The file cannot be taken as a workbook; the message says why and what to do, in Chinese."""


@dataclass
class Grid:
    """One sheet as a grid (工作表): `rows[0]` is row 1. Merged cells repeat the value of their first cell.

    `filled` holds the cells that only repeat another's value, `merges` the ranges, both 0-based;
    `broken` the cells whose formula failed or was never calculated, with the reason. `hidden_rows` count from 1,
    `hidden_columns` from 0. `added_days` is what a plain serial number lacks before it is read as a day: 0, or 1,462
    in a workbook of the 1904 system (cells in a date format are days already). `remarks` are sentences to be shown
    with the sheet: macros that were left out, links to other files.
    """

    name: str
    rows: list[list[Cell]]
    merges: list[tuple[Place, Place]] = field(default_factory=list)
    filled: set[Place] = field(default_factory=set)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    broken: dict[Place, str] = field(default_factory=dict)
    is_hidden: bool = False
    added_days: int = 0
    remarks: list[str] = field(default_factory=list)

    def fill_merges(self) -> None:
        """Let every cell of a merged range repeat the range's first value."""
        for first, last in self.merges:
            self._fill(first, last)

    def _fill(self, first: Place, last: Place) -> None:
        height = len(self.rows)
        if first[0] >= height or first[1] >= len(self.rows[first[0]]):
            return
        value = self.rows[first[0]][first[1]]
        for row in range(first[0], min(last[0], height - 1) + 1):
            for column in range(first[1], min(last[1], len(self.rows[row]) - 1) + 1):
                if (row, column) != first:
                    self.rows[row][column] = value
                    self.filled.add((row, column))


def column_letter(index: int) -> str:
    """0-based column as Excel names it: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def place_name(place: Place) -> str:
    """A cell as Excel names it: (0, 2) → C1."""
    return f"{column_letter(place[1])}{place[0] + 1}"
