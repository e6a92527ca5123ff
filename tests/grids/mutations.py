"""Workbooks spoilt by chance (随机损坏的工作簿), the same ones for the same seed: in the container, the XML or the records.

`python -m tests.grids.mutations FIRST COUNT` reads them under the limits of the reading process and prints what came of
each; it fails where one is neither read nor refused.
"""

import random
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from io import BytesIO

from projects.grids.__main__ import limit_itself
from projects.grids.book import read
from projects.grids.compound import Compound
from projects.grids.grid import UnreadableWorkbook
from tests.grids.hostile import (
    cell,
    compound,
    formula,
    label,
    number,
    packed,
    record,
    result,
    sheet,
    xls,
    xlsx,
)
from tests.workbooks_for_import import ledger, rows

EXTREMES = (0, 1, 2**15, 2**16 - 1, 2**20, 2**31 - 1, 2**32 - 1)
ODD_TEXTS = (
    "",
    "-1",
    "0",
    "99999999999",
    "XFD1048576",
    "A0",
    "&#0;",
    "&a;",
    "<c>",
    "\u202e",
    "1e999",
    "#SPILL!",
    "NaN",
)


def seeds() -> list[bytes]:
    """Sound workbooks of each kind, with something of everything."""
    body = "".join(
        f'<row r="{n}" hidden="1">{cell(f"A{n}", "甲")}<c r="B{n}"><f>A1</f><v>{n}</v></c>'
        f'<c r="C{n}" t="e"><v>#REF!</v></c></row>'
        for n in range(1, 6)
    )
    merges = '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="A4:C4"/></mergeCells>'
    columns = '<cols><col min="2" max="3" hidden="1"/></cols>'
    old = label(0, 0, "项目名称") + number(1, 0, 1.5) + formula(1, 1, result(0)) + record(0x207, b"\1\0\0A")
    old += record(0xE5, b"\1\0" + bytes(8)) + record(0xBD, b"\2\0\0\0" + bytes(12) + b"\1\0")
    return [
        ledger(rows(3)),
        xlsx(sheet(body, after=merges, before=columns), sheet("")),
        xls(old, old, hidden=[1]),
    ]


def mutated(which: int) -> bytes:
    """The spoilt workbook of this number."""
    chance = random.Random(which)
    content = chance.choice(SEEDS)
    if chance.random() < 0.4:
        return _spoilt(content, chance)
    return _spoilt_parts(content, chance) if content.startswith(b"PK") else _spoilt_records(content, chance)


def _spoilt_parts(content: bytes, chance: random.Random) -> bytes:
    package = zipfile.ZipFile(BytesIO(content))
    parts = {name: package.read(name) for name in package.namelist()}
    name = chance.choice(sorted(parts))
    how: Callable = chance.choice((_spoilt, _other_attribute, _other_attribute, _without_a_tag, _tag_twice))
    return packed({**parts, name: how(parts[name], chance)})


def _spoilt_records(content: bytes, chance: random.Random) -> bytes:
    return compound({"Workbook": _spoilt(Compound(content).workbook(), chance)})


def _spoilt(content: bytes, chance: random.Random) -> bytes:
    """Bytes flipped, numbers made extreme, a piece cut out or repeated."""
    spoilt = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(max(1, len(spoilt)))
        length = chance.choice((1, 2, 4))
        how = chance.randrange(4)
        if how == 0:
            spoilt[place : place + 1] = bytes([chance.randrange(256)])
        elif how == 1:
            value = chance.choice(EXTREMES) % 2 ** (8 * length)
            spoilt[place : place + length] = value.to_bytes(length, "little")
        elif how == 2:
            del spoilt[place : place + chance.randint(1, 200)]
        else:
            spoilt[place:place] = spoilt[place : place + chance.randint(1, 200)]
    return bytes(spoilt)


def _other_attribute(content: bytes, chance: random.Random) -> bytes:
    return _other(content, rb'(?<=")[^"<]*(?=")|(?<=>)[^<]+(?=<)', chance.choice(ODD_TEXTS).encode(), chance)


def _without_a_tag(content: bytes, chance: random.Random) -> bytes:
    return _other(content, rb"<[^>]+>", b"", chance)


def _tag_twice(content: bytes, chance: random.Random) -> bytes:
    return _other(content, rb"<[^>]+>", None, chance)


def _other(content: bytes, pattern: bytes, instead: bytes | None, chance: random.Random) -> bytes:
    found = list(re.finditer(pattern, content))
    if not found:
        return content
    match = chance.choice(found)
    return content[: match.start()] + (match[0] * 2 if instead is None else instead) + content[match.end() :]


SEEDS = seeds()


def main(first: int, count: int) -> None:
    limit_itself()
    outcomes: Counter[str] = Counter()
    for which in range(first, first + count):
        print(which, flush=True, file=sys.stderr)
        try:
            for grid in read(mutated(which)):
                grid.fill_merges()
            outcomes["read"] += 1
        except UnreadableWorkbook as refusal:
            outcomes[str(refusal)[:12]] += 1
    print(dict(outcomes))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
