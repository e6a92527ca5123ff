"""A workbook from its bytes (读出工作簿): checked, walked, then its values read by calamine."""

import zipfile
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from . import biff
from .compound import Compound
from .formats import DAMAGED, KILLED, is_package
from .grid import DAYS_OF_1904, Cell, Grid, UnreadableWorkbook
from .marks import Marks, keep_bounds
from .markup import SheetWalk, sheets_of
from .package import SHARED_STRINGS, STYLES, WORKBOOK, Package
from .texts import Texts

MACROS = "文件含有宏，宏没有运行，只读取单元格内容"
LINKS = "文件引用了其他工作簿，按文件内保存的数值读取，请确认是最新数值"
RELATIONS = "xl/_rels/workbook.xml.rels"


def check(content: bytes) -> None:
    """Refuse by size, kind, directory and password, before anything is unpacked. Cheap, for whoever takes a file in."""
    if is_package(content):
        Package(content)
    else:
        Compound(content).workbook()


def read(content: bytes) -> list[Grid]:
    """Every worksheet in its order; merged ranges are not yet filled. UnreadableWorkbook when the file is refused.

    Run it in a process with limits: the checks bound what is read, the process what nobody foresaw.
    """
    if is_package(content):
        content, sheets, counts_from_1904, remarks = _walk_package(Package(content))
    else:
        compound = Compound(content)
        sheets, counts_from_1904 = biff.walk(compound.workbook())
        remarks = [MACROS] if compound.has_macros else []
    _refuse_twins(sheets)
    keep_bounds(sheets)
    try:
        rows = _values(content, sheets)
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, KeyError, IndexError) as error:
        raise UnreadableWorkbook(DAMAGED) from error
    except BaseException as panic:  # calamine's own, which are no Exception: over records it does not understand, or without memory
        if type(panic).__name__ != "PanicException":
            raise
        raise UnreadableWorkbook(KILLED) from panic
    return [
        Grid(
            name=marks.name,
            rows=rows[place],
            merges=marks.merges,
            hidden_rows=marks.hidden_rows,
            hidden_columns=marks.hidden_columns,
            broken=marks.broken,
            is_hidden=marks.is_hidden,
            added_days=DAYS_OF_1904 if counts_from_1904 else 0,
            remarks=remarks,
        )
        for place, marks in enumerate(sheets)
    ]


def _walk_package(package: Package) -> tuple[bytes, list[Marks], bool, list[str]]:
    listed, counts_from_1904 = sheets_of(package.part(WORKBOOK), package.part(RELATIONS))
    found: dict[str, Marks] = {}
    sheets = []
    for sheet in listed:
        walked = SheetWalk(sheet.name, sheet.is_hidden)
        xml = package.part(sheet.path)
        if not xml:
            raise UnreadableWorkbook(DAMAGED)
        if (mended := walked.read(xml)) is not xml:
            package.mended[sheet.path.lower()] = mended
        found[sheet.path] = walked.marks
        sheets.append(walked.marks)
    for name in (SHARED_STRINGS, STYLES):
        package.part(name)
    said = ((package.has_macros, MACROS), (package.has_links, LINKS))
    content = package.repacked() if package.mended else package.content
    return content, sheets, counts_from_1904, [words for holds, words in said if holds]


def _refuse_twins(sheets: list[Marks]) -> None:
    names = [marks.name.lower() for marks in sheets]
    for marks in sheets:
        if names.count(marks.name.lower()) > 1:
            raise UnreadableWorkbook(f"有两张同名的工作表“{marks.name}”，请改名后另存再上传。")


def _values(content: bytes, sheets: list[Marks]) -> list[list[list[Cell]]]:
    """The clean values of each sheet from A1 on."""
    texts = Texts()
    found: list[list[list[Cell]]] = []
    with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
        names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        if len(names) != len(sheets):
            raise UnreadableWorkbook(DAMAGED)
        for name in names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            found.append([[texts[v] if type(v) is str else v for v in row] for row in rows])
    return found
