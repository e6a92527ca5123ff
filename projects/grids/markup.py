"""The XML of an xlsx walked once by a parser (工作表标记): what calamine does not tell, and what it must not be given.

Elements are told by their local names, whatever their prefix, as calamine does. A document type is refused, so no
entity is ever expanded. Each part is handed to expat whole: its buffer never grows over one long token.
"""

from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat

from .formats import DAMAGED
from .grid import FAILED, UNCALCULATED, Place, UnreadableWorkbook
from .marks import MAX_COLUMNS, Marks

Attributes = dict[str, str]
TRUE = frozenset({"1", "true"})
KNOWN_ERRORS = frozenset(
    {
        "#DIV/0!",
        "#N/A",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#REF!",
        "#VALUE!",
        "#GETTING_DATA",
    }  # calamine fails on others
)
ANY_ERROR = b"#VALUE!"
WORKSHEET = "/worksheet"


class _Names(dict[str, str]):
    """Local names by the names as written."""

    def __missing__(self, written: str) -> str:
        self[written] = local = written.rpartition(":")[2]
        return local


class _Columns(dict[str, int]):
    """0-based columns by their letters."""

    def __missing__(self, letters: str) -> int:
        if not (0 < len(letters) <= 3 and letters.isascii() and letters.isalpha()):
            raise UnreadableWorkbook(DAMAGED)
        column = 0
        for letter in letters.upper():
            column = column * 26 + ord(letter) - 64
        self[letters] = column - 1
        return column - 1


COLUMNS = _Columns()


def walk(
    xml: bytes, start: Callable[[str, Attributes], None], parser: expat.XMLParserType | None = None
) -> None:
    """Call `start(local name, attributes)` for each element. UnreadableWorkbook when the XML is not well-formed."""
    parser = parser or expat.ParserCreate()
    names = _Names()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda name, attributes: start(names[name], attributes)
    try:
        parser.Parse(xml, True)
    except UnreadableWorkbook:
        raise
    except (expat.ExpatError, ValueError) as error:
        raise UnreadableWorkbook(DAMAGED) from error


def _refuse_doctype(*_: object) -> None:
    raise UnreadableWorkbook(DAMAGED)


def place_of(reference: str) -> Place:
    """A cell by its reference, $ signs aside: C12 → (11, 2)."""
    reference = reference.replace("$", "")
    letters = reference.rstrip("0123456789")
    digits = reference[len(letters) :]
    if not 0 < len(digits) <= 7:
        raise UnreadableWorkbook(DAMAGED)
    return int(digits) - 1, COLUMNS[letters]


# --- the workbook -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ListedSheet:
    """A worksheet as the workbook lists it."""

    name: str
    path: str
    is_hidden: bool


def sheets_of(workbook: bytes, relations: bytes) -> tuple[list[ListedSheet], bool]:
    """The worksheets in their order, and whether days count from 1904. Chart sheets are left out."""
    targets: dict[str, str] = {}
    sheets: list[ListedSheet] = []
    epochs = []

    def relation(name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith(WORKSHEET):
            targets[attributes.get("Id", "")] = _path(attributes.get("Target", ""))

    def listed(name: str, attributes: Attributes) -> None:
        if name == "workbookPr":
            epochs.append(attributes.get("date1904") in TRUE)
        elif name == "sheet":
            key = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            if key in targets:
                hidden = attributes.get("state", "visible") != "visible"
                sheets.append(ListedSheet(attributes.get("name", ""), targets[key], hidden))

    walk(relations, relation)
    walk(workbook, listed)
    return sheets, any(epochs)


def _path(target: str) -> str:
    target = target.replace("\\", "/")
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


# --- a sheet ----------------------------------------------------------------------------------------------


class SheetWalk:
    """One worksheet's XML walked once: its marks, and the errors that calamine does not know, as byte ranges."""

    def __init__(self, name: str, is_hidden: bool):
        self.marks = Marks(name, is_hidden)
        self.unknown: list[tuple[int, int]] = []
        self._row, self._digits, self._column = -1, "", -1
        self._in_cell = self._is_formula = self._has_value = False
        self._kind: str | None = None
        self._written: list[str] = []
        self._written_at = 0
        self._others = {
            "row": self._on_row,
            "f": self._on_formula,
            "is": self._on_inline,
            "col": self._on_columns,
            "mergeCell": self._on_merge,
        }

    def read(self, xml: bytes) -> bytes:
        """Walk the sheet; answers its XML with unknown errors in known words, the same object when there are none."""
        self._parser = expat.ParserCreate()
        walk(xml, self._on, self._parser)
        self._leave_cell()
        if not self.unknown:
            return xml
        pieces, end = [], 0
        for first, last in self.unknown:
            pieces += [xml[end:first], ANY_ERROR]
            end = last
        return b"".join([*pieces, xml[end:]])

    def _on(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._on_cell(attributes)
        elif name == "v":
            self._on_value()
        elif name in self._others:
            self._others[name](attributes)
        elif name != "t":
            self._leave_cell()

    def _on_row(self, attributes: Attributes) -> None:
        self._leave_cell()
        written = attributes.get("r")
        self._row = _number(written) - 1 if written else self._row + 1
        self._digits, self._column = str(self._row + 1), -1
        if attributes.get("hidden") in TRUE:
            self.marks.hidden_rows.append(self._row + 1)

    def _on_cell(self, attributes: Attributes) -> None:
        if self._in_cell:
            self._leave_cell()
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            self._column = COLUMNS[letters]
            if reference[len(letters) :] != self._digits:
                self._row, self._column = place_of(reference)
                self._digits = str(self._row + 1)
        self._kind = attributes.get("t")
        self._in_cell, self._is_formula, self._has_value = True, False, False

    def _on_value(self) -> None:
        if not self._in_cell:
            return
        self._has_value = True
        self.marks.reach(self._row, self._column)
        if self._is_formula or self._kind == "e":
            self._written, self._written_at = [], -1
            self._parser.CharacterDataHandler = self._on_text
            self._parser.EndElementHandler = self._on_end

    def _on_text(self, text: str) -> None:
        if self._written_at < 0:
            self._written_at = self._parser.CurrentByteIndex
        self._written.append(text)

    def _on_end(self, _: str) -> None:
        """The value of a formula or an error has ended."""
        self._parser.CharacterDataHandler = self._parser.EndElementHandler = None
        text = "".join(self._written)
        if self._kind == "e":
            self.marks.broken[self._row, self._column] = FAILED
            if text not in KNOWN_ERRORS and self._written_at >= 0:
                self.unknown.append((self._written_at, self._parser.CurrentByteIndex))
        elif not text.strip() and self._kind != "str":  # a formula's empty text is a result
            self.marks.broken[self._row, self._column] = UNCALCULATED

    def _on_formula(self, _: Attributes) -> None:
        self._is_formula = self._in_cell

    def _on_inline(self, _: Attributes) -> None:
        if self._in_cell:
            self._has_value = True
            self.marks.reach(self._row, self._column)

    def _leave_cell(self) -> None:
        if self._in_cell and self._is_formula and not self._has_value:
            self.marks.reach(self._row, self._column)
            self.marks.broken[self._row, self._column] = UNCALCULATED
        self._in_cell = False

    def _on_columns(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in TRUE:
            first, last = _number(attributes.get("min")) - 1, _number(attributes.get("max")) - 1
            self.marks.hidden_columns += range(first, min(last, MAX_COLUMNS) + 1)

    def _on_merge(self, attributes: Attributes) -> None:
        self._leave_cell()
        first, _, last = attributes.get("ref", "").partition(":")
        if last:
            self.marks.merges.append((place_of(first), place_of(last)))


def _number(written: str | None) -> int:
    """A row or column as the file counts it, from 1."""
    if (
        written
        and len(written) <= 8
        and written.isascii()
        and written.isdigit()
        and 0 < int(written) <= 2**20
    ):
        return int(written)
    raise UnreadableWorkbook(DAMAGED)
