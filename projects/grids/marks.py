"""What a walk over one sheet finds (读表所见), whatever its format, and the bounds it must keep."""

from dataclasses import dataclass, field

from .grid import Place, UnreadableWorkbook, place_name

MAX_ROWS, MAX_COLUMNS = 100_000, 500
MAX_AREA = 2_000_000  # cells of all used rectangles of a workbook, empty ones included: what a grid holds
MAX_CELLS = 1_000_000  # cells with content of a workbook; 10,000 projects of 30 columns are 300,000
MAX_FILLED = 200_000  # cells that merged ranges fill
MAX_BROKEN = 100_000


@dataclass
class Marks:
    """One sheet as its records stand: where content is, what is hidden, which formulas have no result.

    `far` is the last cell with content by row and by column, both from 0, (-1, -1) in an empty sheet; `merges` are as
    the file says, in any number and place.
    """

    name: str
    is_hidden: bool = False
    cells: int = 0
    bottom: int = -1
    right: int = -1
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    broken: dict[Place, str] = field(default_factory=dict)
    merges: list[tuple[Place, Place]] = field(default_factory=list)

    def reach(self, row: int, column: int) -> None:
        """A cell with content stands here."""
        self.cells += 1
        if row > self.bottom:
            self.bottom = row
        if column > self.right:
            self.right = column

    @property
    def area(self) -> int:
        return (self.bottom + 1) * (self.right + 1)


def keep_bounds(sheets: list[Marks]) -> None:
    """Refuse, in words that name sheet and cell, what would cost more than any ledger does."""
    for marks in sheets:
        _keep_size(marks)
        _keep_merges(marks)
        if len(marks.broken) > MAX_BROKEN:
            raise UnreadableWorkbook(
                f"工作表“{marks.name}”有{len(marks.broken)}个公式没有结果；请用 Excel 或 WPS 打开保存后再上传。"
            )
    if sum(marks.area for marks in sheets) > MAX_AREA or sum(marks.cells for marks in sheets) > MAX_CELLS:
        raise UnreadableWorkbook(
            "各工作表内容合计过多，超出可读范围；请只保留要导入的工作表，或拆分后再上传。"
        )


def _keep_size(marks: Marks) -> None:
    height, width = marks.bottom + 1, marks.right + 1
    if height > MAX_ROWS or width > MAX_COLUMNS:
        corner = place_name((marks.bottom, marks.right))
        raise UnreadableWorkbook(
            f"工作表“{marks.name}”有{height}行、{width}列（直到{corner}），超出可读范围；"
            "请删去台账以外远处单元格的内容，或删去空白行列后再上传。"
        )
    if marks.area > MAX_AREA or marks.cells > MAX_CELLS:
        raise UnreadableWorkbook(
            f"工作表“{marks.name}”有{height}行、{width}列，超出可读范围；请删去空白行列或拆分后再上传。"
        )


def _keep_merges(marks: Marks) -> None:
    """Ranges that keep apart never cover more than the sheet; whoever covers more laid them over each other."""
    covered = 0
    for (top, left), (bottom, right) in marks.merges:
        high = min(bottom, marks.bottom) - top + 1
        wide = min(right, marks.right) - left + 1
        if high > 0 and wide > 0:
            covered += high * wide
    if covered > marks.area:
        raise UnreadableWorkbook(f"工作表“{marks.name}”的合并单元格互相重叠；请取消合并后另存再上传。")
    if covered > MAX_FILLED:
        raise UnreadableWorkbook(f"工作表“{marks.name}”合并的单元格过多；请取消整片的合并后另存再上传。")
