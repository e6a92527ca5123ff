"""Workbooks written byte by byte (手写的工作簿): small, odd, broken or hostile, as no library would write them."""

import struct
import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO

from projects.grids.formats import OLE_MAGIC

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def cell(place: str, text: str) -> str:
    """An inline text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet(body: str, *, after: str = "", before: str = "") -> str:
    """A worksheet around the rows given."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{body}</sheetData>{after}</worksheet>'


ONE = sheet(f'<row r="1">{cell("A1", "甲")}</row>')


def xlsx(
    *sheets: str | bytes,
    names: Iterable[str] = (),
    states: Mapping[int, str] | None = None,
    properties: str = "",
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A package of these worksheets' XML; further parts by their names."""
    named = [*names, *(f"表{n}" for n in range(len(list(names)) + 1, len(sheets) + 1))]
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{(states or {}).get(n, "visible")}" r:id="r{n}"/>'
        for n, name in enumerate(named, 1)
    )
    related = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    workbook = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>{listed}</sheets></workbook>'
    root = f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    content: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{root}</Relationships>',
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{related}</Relationships>',
        **{f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheets, 1)},
        **(parts or {}),
    }
    return packed(content)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def forged(content: bytes, name: str, declared: int) -> bytes:
    """The package with one part that says, in both its headers, to unpack to another size than it does."""
    entry = zipfile.ZipFile(BytesIO(content)).getinfo(name)
    said = struct.pack("<3I", entry.CRC, entry.compress_size, entry.file_size)
    return content.replace(said, said[:8] + struct.pack("<I", declared))


def far_corners() -> bytes:
    """Two cells that a dense grid of 17 billion lies between."""
    return xlsx(
        sheet(f'<row r="1">{cell("A1", "甲")}</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    )


# --- compound files ---------------------------------------------------------------------------------------

FREE, END = 0xFFFFFFFF, 0xFFFFFFFE


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of these streams, each in sectors of its own (none in the mini stream)."""
    sectors: list[bytes] = []
    table: list[int] = []
    starts = {}
    for name, content in streams.items():
        padded = content.ljust(max(4096, -(-len(content) // 512) * 512), b"\0") if content else b""
        starts[name] = (len(sectors) if content else END, len(padded))
        own = [padded[at : at + 512] for at in range(0, len(padded), 512)]
        sectors += own
        table += [len(table) + 1 + n for n in range(len(own) - 1)] + [END] if own else []
    entries = _entry("Root Entry", 5, END, 0, FREE, 1 if streams else FREE)
    for place, (name, (first, size)) in enumerate(starts.items(), 1):
        entries += _entry(name, 2, first, size, place + 1 if place < len(streams) else FREE, FREE)
    directory = entries.ljust(-(-len(entries) // 512) * 512, b"\0")
    first_directory, count = len(sectors), len(directory) // 512
    table += [*(len(table) + 1 + n for n in range(count - 1)), END]
    fat_sectors = -(-(len(table) + 2) // 128)
    fat_at = len(table)
    table += [0xFFFFFFFD] * fat_sectors
    table += [FREE] * (fat_sectors * 128 - len(table))
    head = OLE_MAGIC + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, fat_sectors, first_directory, 0, 4096, END, 0, END, 0)
    places = [fat_at + n for n in range(fat_sectors)]
    head += struct.pack("<109I", *places, *[FREE] * (109 - len(places)))
    return head + b"".join(sectors) + directory + struct.pack(f"<{len(table)}I", *table)


def _entry(name: str, kind: int, first: int, size: int, after: int, child: int) -> bytes:
    text = name.encode("utf-16-le")
    entry = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1)
    return entry + struct.pack("<3I", FREE, after, child) + bytes(36) + struct.pack("<IQ", first, size)


# --- records of an xls ------------------------------------------------------------------------------------


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(body)) + body


def bof(kind: int) -> bytes:
    return record(0x809, struct.pack("<4H2I", 0x600, kind, 0, 0, 0, 0))


def number(row: int, column: int, value: float) -> bytes:
    return record(0x203, struct.pack("<3Hd", row, column, 0, value))


def label(row: int, column: int, text: str) -> bytes:
    return record(0x204, struct.pack("<4HB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def formula(row: int, column: int, result: bytes) -> bytes:
    """A formula =1 with the eight bytes of its result."""
    return record(
        0x06, struct.pack("<3H", row, column, 0) + result + struct.pack("<HIH", 0, 0, 3) + b"\x1e\x01\x00"
    )


def result(kind: int, value: int = 0) -> bytes:
    """A result that is no number: 0 a text to follow, 2 an error, 3 the empty text."""
    return bytes([kind, 0, value, 0, 0, 0, 0xFF, 0xFF])


def xls(
    *sheets: bytes,
    hidden: Iterable[int] = (),
    globals_: bytes = b"",
    streams: Mapping[str, bytes] | None = None,
) -> bytes:
    """A workbook of these sheets' records, in a compound file."""
    names = [f"表{n}".encode("utf-16-le") for n in range(1, len(sheets) + 1)]
    length = len(bof(5)) + len(globals_) + len(record(0x0A)) + sum(4 + 8 + len(name) for name in names)
    stream, bodies = bof(5) + globals_, b""
    for place, (name, body) in enumerate(zip(names, sheets, strict=True)):
        start = length + len(bodies)
        stream += record(
            0x85, struct.pack("<IBBBB", start, int(place in hidden), 0, len(name) // 2, 1) + name
        )
        bodies += bof(0x10) + body + record(0x0A)
    return compound({"Workbook": stream + record(0x0A) + bodies, **(streams or {})})
