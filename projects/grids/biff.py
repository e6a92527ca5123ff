"""The records of an xls or et (BIFF 记录) walked once: what calamine does not tell, and what it must not be given.

Source: [MS-XLS] Excel Binary File Format, §2.4 records; BIFF5 and BIFF8 agree in those that are read here.
"""

import struct
from collections.abc import Iterator

from .formats import DAMAGED, ENCRYPTED
from .grid import FAILED, UNCALCULATED, Place, UnreadableWorkbook
from .marks import MAX_COLUMNS, Marks

BOF, EOF, FILEPASS, BOUNDSHEET, DATEMODE = 0x809, 0x0A, 0x2F, 0x85, 0x22
ROW, COLINFO, MERGEDCELLS = 0x208, 0x7D, 0xE5
FORMULA, BOOLERR, MULRK = 0x06, 0x205, 0xBD
STRING = 0x207  # the text of the formula before it
BESIDE_FORMULA = frozenset({0x4BC, 0x221, 0x236})  # SHRFMLA, ARRAY, TABLE: may stand between the two
VALUES = frozenset({0x203, 0x27E, 0x204, 0xFD, 0xD6})  # NUMBER, RK, LABEL, LABELSST, RSTRING
BIFF8 = 0x600
WORKSHEET = 0

Records = Iterator[tuple[int, bytes]]


def records(stream: bytes, start: int) -> Records:
    """(kind, body) of each record from `start` to the end of its substream, substreams within it included."""
    depth = 0
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<2H", stream, start)
        body = stream[start + 4 : start + 4 + length]
        if len(body) < length:
            break
        yield kind, body
        depth += (kind == BOF) - (kind == EOF)
        if depth <= 0:
            return
        start += 4 + length
    raise UnreadableWorkbook(DAMAGED)


def walk(stream: bytes) -> tuple[list[Marks], bool]:
    """The marks of each worksheet in its order, and whether days count from 1904."""
    try:
        sheets, counts_from_1904 = [], False
        is_biff8 = True
        for kind, body in records(stream, 0):
            if kind == BOF:
                is_biff8 = struct.unpack_from("<H", body)[0] == BIFF8
            elif kind == FILEPASS:
                raise UnreadableWorkbook(ENCRYPTED)
            elif kind == DATEMODE:
                counts_from_1904 = body[0] == 1
            elif kind == BOUNDSHEET and body[5] == WORKSHEET:
                start, hidden = struct.unpack_from("<IB", body)
                sheets.append((Marks(_name(body, is_biff8), bool(hidden & 3)), start))
        for marks, start in sheets:
            _walk_sheet(marks, records(stream, start))
    except (struct.error, IndexError) as error:
        raise UnreadableWorkbook(DAMAGED) from error
    return [marks for marks, _ in sheets], counts_from_1904


def _name(body: bytes, is_biff8: bool) -> str:
    length = body[6]
    if not is_biff8:
        return body[7 : 7 + length].decode("gb18030", "replace")
    if body[7] & 1:
        return body[8 : 8 + 2 * length].decode("utf-16-le", "replace")
    return body[8 : 8 + length].decode("latin-1")


def _walk_sheet(marks: Marks, found: Records) -> None:
    depth = 0  # charts within the sheet have substreams of their own, with records of the same numbers
    owed: Place | None = None  # a formula that says its result is a text, and the text has not come
    for kind, body in found:
        depth += (kind == BOF) - (kind == EOF)
        if depth != 1:
            continue
        if owed and kind not in BESIDE_FORMULA:
            if kind != STRING:
                marks.broken[owed] = UNCALCULATED
            owed = None
        if kind == FORMULA:
            owed = _formula(marks, body)
        elif kind in VALUES:
            marks.reach(*struct.unpack_from("<2H", body))
        elif kind in _OTHERS:
            _OTHERS[kind](marks, body)
    if owed:
        marks.broken[owed] = UNCALCULATED


def _row(marks: Marks, body: bytes) -> None:
    if body[12] & 0x20:
        marks.hidden_rows.append(struct.unpack_from("<H", body)[0] + 1)


def _columns(marks: Marks, body: bytes) -> None:
    first, last, _, _, flags = struct.unpack_from("<5H", body)
    if flags & 1:
        marks.hidden_columns += range(first, min(last, MAX_COLUMNS) + 1)


def _merges(marks: Marks, body: bytes) -> None:
    for n in range(struct.unpack_from("<H", body)[0]):
        top, bottom, left, right = struct.unpack_from("<4H", body, 2 + 8 * n)
        marks.merges.append(((top, left), (bottom, right)))


def _boolean_or_error(marks: Marks, body: bytes) -> None:
    row, column = struct.unpack_from("<2H", body)
    marks.reach(row, column)
    if body[7]:
        marks.broken[row, column] = FAILED


def _formula(marks: Marks, body: bytes) -> Place | None:
    """A formula's place, when the text of its result must follow.

    A result that is no number says so in its last two bytes, and in the first its kind: 0 a text, 1 a truth, 2 an
    error, 3 the empty text.
    """
    row, column = struct.unpack_from("<2H", body)
    marks.reach(row, column)
    if body[12:14] != b"\xff\xff":
        return None
    if body[6] == 2:
        marks.broken[row, column] = FAILED
    return (row, column) if body[6] == 0 else None


def _many_numbers(marks: Marks, body: bytes) -> None:
    row, first = struct.unpack_from("<2H", body)
    for n in range((len(body) - 6) // 6):
        marks.reach(row, first + n)


_OTHERS = {
    ROW: _row,
    COLINFO: _columns,
    MERGEDCELLS: _merges,
    BOOLERR: _boolean_or_error,
    MULRK: _many_numbers,
}
