"""Reading a workbook (读取工作簿): bytes in, grids with merged cells filled out. Knows nothing of projects."""

import re
import zipfile
from dataclasses import dataclass, field
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_PACK_RATIO = 200  # a worksheet packs about 1:15; a zip bomb 1:1000
MAX_ENTRIES = 2000
MAX_ROWS, MAX_COLUMNS = 100_000, 500
ZIP_MAGIC, OLE_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode(
    "utf-16-le"
)  # what an xlsx with a password holds; calamine only calls it unknown

Cell = str | float | int | bool | object


class UnreadableWorkbook(ValueError):
    """The file cannot be taken as a workbook; the message says why and what to do, in Chinese."""


@dataclass
class Grid:
    """One sheet as a grid (工作表): `rows[0]` is row 1. Merged cells repeat the value of their first cell.

    `filled` holds the cells that only repeat another's value, `merges` the ranges, both 0-based;
    `broken` the cells whose formula failed or was never calculated, with the reason.
    """

    name: str
    rows: list[list[Cell]]
    merges: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    filled: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    is_hidden: bool = False


def column_letter(index: int) -> str:
    """0-based column as Excel names it: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_workbook(content: bytes) -> list[Grid]:
    """Every worksheet of a workbook, in its order. UnreadableWorkbook when the file is refused."""
    check_package(content)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        visible = {sheet.name: "Visible" in str(sheet.visible) for sheet in book.sheets_metadata}
        marks = _sheet_marks(content)
        return [_read_sheet(book, name, visible[name], marks.get(name)) for name in book.sheet_names]
    except UnreadableWorkbook:
        raise
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, KeyError) as error:
        raise UnreadableWorkbook(
            "文件已损坏或不是 Excel 工作簿，请用 Excel 或 WPS 打开后另存为 xlsx 再上传。"
        ) from error


def check_package(content: bytes) -> None:
    """Refuse by size, by magic bytes and by the zip directory, before anything is unpacked."""
    if len(content) > MAX_FILE_BYTES:
        raise UnreadableWorkbook(f"文件超过{MAX_FILE_BYTES // 1024 // 1024}MB，请拆分或删去图片后再上传。")
    if content.startswith(OLE_MAGIC):
        if ENCRYPTED in content:
            raise UnreadableWorkbook("文件已加密，请取消密码后另存再上传。")
        return
    if not content.startswith(ZIP_MAGIC):
        raise UnreadableWorkbook("不是 Excel 工作簿，请上传 xlsx 文件。")
    try:
        entries = zipfile.ZipFile(BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise UnreadableWorkbook("文件已损坏，请重新导出或另存为 xlsx 再上传。") from error
    if not any(entry.filename == "xl/workbook.xml" for entry in entries):
        raise UnreadableWorkbook("不是 Excel 工作簿，请上传 xlsx 文件。")
    unpacked = sum(entry.file_size for entry in entries)
    # small parts pack very well and harm nobody, so the ratio counts only for large ones
    bombs = [
        e for e in entries if e.file_size > 2**22 and e.file_size > MAX_PACK_RATIO * max(e.compress_size, 1)
    ]
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED_BYTES or bombs:
        raise UnreadableWorkbook("文件解压后过大，已拒绝读取；请只保留台账内容另存后再上传。")


def _read_sheet(book: CalamineWorkbook, name: str, visible: bool, marks: "_Marks | None") -> Grid:
    sheet = book.get_sheet_by_name(name)
    # calamine tells the last place, counted from 0
    height, width = sheet.total_height + 1, sheet.total_width + 1
    if height > MAX_ROWS or width > MAX_COLUMNS:
        raise UnreadableWorkbook(
            f"工作表“{name}”有{height}行、{width}列，超出可读范围；请删去空白行列后再上传。"
        )
    rows: list[list[Cell]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    grid = Grid(name, rows, is_hidden=not visible)
    for first, last in sheet.merged_cell_ranges or []:
        grid.merges.append((first, last))
        _fill(grid, first, last)
    if marks:
        grid.hidden_rows, grid.hidden_columns, grid.broken = marks.rows, marks.columns, marks.broken
    return grid


def _fill(grid: Grid, first: tuple[int, int], last: tuple[int, int]) -> None:
    height = len(grid.rows)
    if first[0] >= height or first[1] >= len(grid.rows[first[0]]):
        return
    value = grid.rows[first[0]][first[1]]
    for row in range(first[0], min(last[0], height - 1) + 1):
        for column in range(first[1], min(last[1], len(grid.rows[row]) - 1) + 1):
            if (row, column) != first:
                grid.rows[row][column] = value
                grid.filled.add((row, column))


# ---------------------------------------------------------------------------------------------------------
# What calamine does not tell: hidden rows and columns, formulas without a result. Read by pattern from the
# sheet's own XML, so that no parser ever expands an entity.


@dataclass
class _Marks:
    rows: list[int]
    columns: list[int]
    broken: dict[tuple[int, int], str]


_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_HIDDEN_ROW = re.compile(r'<row\s[^>]*?hidden="(?:1|true)"[^>]*>')
_HIDDEN_COLUMN = re.compile(r'<col\s[^>]*?hidden="(?:1|true)"[^>]*>')
_FAILED = re.compile(r'<c\s[^>]*?\bt="e"[^>]*>')
_FORMULA = re.compile(r"<c\s([^>]*)>\s*<f[^>]*?(?:/>|>[^<]*</f>)\s*(<v>[^<]|<is>)?")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")


def _sheet_marks(content: bytes) -> dict[str, _Marks]:
    if not content.startswith(ZIP_MAGIC):
        return {}
    package = zipfile.ZipFile(BytesIO(content))
    relations = _text(package, "xl/_rels/workbook.xml.rels")
    targets = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", relations):
        attributes = dict(_ATTRIBUTE.findall(tag))
        targets[attributes.get("Id")] = attributes.get("Target", "")
    found = {}
    for tag in _SHEET.findall(_text(package, "xl/workbook.xml")):
        attributes = dict(_ATTRIBUTE.findall(tag))
        target = targets.get(attributes.get("r:id"), "")
        path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        found[_unescape(attributes.get("name", ""))] = _marks(_text(package, path))
    return found


def _text(package: zipfile.ZipFile, path: str) -> str:
    try:
        return package.read(path).decode("utf-8", "replace")
    except KeyError:
        return ""


def _unescape(text: str) -> str:
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def _marks(xml: str) -> _Marks:
    rows = [int(dict(_ATTRIBUTE.findall(tag)).get("r", 0)) for tag in _HIDDEN_ROW.findall(xml)]
    columns: list[int] = []
    for tag in _HIDDEN_COLUMN.findall(xml):
        attributes = dict(_ATTRIBUTE.findall(tag))
        first, last = int(attributes["min"]) - 1, int(attributes["max"]) - 1
        columns += range(first, min(last, MAX_COLUMNS) + 1)
    broken: dict[tuple[int, int], str] = {}
    for found in _FORMULA.finditer(xml):
        if not found[2]:
            _mark(broken, found[1], "公式没有计算结果，请用 Excel 或 WPS 打开保存后再导入")
    for tag in _FAILED.findall(xml):
        _mark(broken, tag, "公式计算出错，请改正或改填数值后再导入")
    return _Marks([row for row in rows if row], columns, broken)


def _mark(broken: dict[tuple[int, int], str], tag: str, reason: str) -> None:
    place = _REFERENCE.fullmatch(dict(_ATTRIBUTE.findall(tag)).get("r", ""))
    if place:
        column = 0
        for letter in place[1]:
            column = column * 26 + ord(letter) - 64
        broken[(int(place[2]) - 1, column - 1)] = reason
