"""The compound file of an xls or et (复合文件): its streams by name, read sector by sector within the file's own length.

Source: [MS-CFB] Compound File Binary File Format, §2.2 header, §2.3 FAT, §2.4 mini FAT, §2.6 directory.
"""

import struct
from collections.abc import Iterator

from .formats import DAMAGED, ENCRYPTED
from .grid import UnreadableWorkbook

HEADER, ENTRY = 512, 128
LAST_SECTOR = 0xFFFFFFFA  # above it stand marks: free, end of chain
MINI_CUTOFF = 4096
STREAMS = ("workbook", "book")  # of Excel 97 and later, of Excel 5
ENCRYPTED_STREAM = "encryptedpackage"


class Compound:
    """The streams of a compound file by their names in lower case."""

    def __init__(self, content: bytes):
        self.content = content
        try:
            self._read_header()
            self._read_directory()
        except (struct.error, IndexError) as error:
            raise UnreadableWorkbook(DAMAGED) from error

    def _read_header(self) -> None:
        shift, mini_shift = struct.unpack_from("<2H", self.content, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise UnreadableWorkbook(DAMAGED)
        self.size, self.mini_size = 1 << shift, 1 << mini_shift
        count, self.first_directory = struct.unpack_from("<2I", self.content, 44)
        first_mini, _, first_more, more = struct.unpack_from("<4I", self.content, 60)
        places = list(struct.unpack_from("<109I", self.content, 76))
        for _ in range(min(more, len(self.content) // self.size)):
            if first_more >= LAST_SECTOR:
                break
            *own, first_more = self._numbers(first_more)
            places += own
        self.table: list[int] = []
        for place in places[:count]:
            if place < LAST_SECTOR:
                self.table += self._numbers(place)
        self.mini_table = [n for sector in self._chain(first_mini, self.table) for n in self._numbers(sector)]

    def _read_directory(self) -> None:
        directory = b"".join(self._sector(n) for n in self._chain(self.first_directory, self.table))
        self.entries: dict[str, tuple[int, int]] = {}
        self.mini_stream = b""
        for start in range(0, len(directory) - ENTRY + 1, ENTRY):
            length, kind = struct.unpack_from("<HB", directory, start + 64)
            first, size = struct.unpack_from("<2I", directory, start + 116)
            name = (
                directory[start : start + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").lower()
            )
            if kind == 5:
                self.mini_stream = b"".join(self._sector(n) for n in self._chain(first, self.table))
            elif kind in (1, 2):
                self.entries.setdefault(name, (first, size))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        if start >= len(self.content):
            raise UnreadableWorkbook(DAMAGED)
        return self.content[start : start + self.size]

    def _numbers(self, sector: int) -> tuple[int, ...]:
        return struct.unpack(f"<{self.size // 4}I", self._sector(sector))

    @staticmethod
    def _chain(first: int, table: list[int]) -> Iterator[int]:
        """The sectors of a stream; a chain that bites its tail is refused."""
        for _ in range(len(table) + 1):
            if first >= LAST_SECTOR:
                return
            yield first
            if first >= len(table):
                break
            first = table[first]
        raise UnreadableWorkbook(DAMAGED)

    def stream(self, name: str) -> bytes:
        """A stream's bytes. UnreadableWorkbook where it leaves the file."""
        first, size = self.entries[name]
        if size >= MINI_CUTOFF:
            whole = b"".join(self._sector(n) for n in self._chain(first, self.table))
        else:
            step = self.mini_size
            chain = self._chain(first, self.mini_table)
            whole = b"".join(self.mini_stream[n * step : (n + 1) * step] for n in chain)
        return whole[:size]

    @property
    def has_macros(self) -> bool:
        return "_vba_project_cur" in self.entries or "_vba_project" in self.entries

    def workbook(self) -> bytes:
        """The stream of records. Refuses a workbook with a password, and what holds no workbook at all."""
        if ENCRYPTED_STREAM in self.entries:
            raise UnreadableWorkbook(ENCRYPTED)
        name = next((name for name in STREAMS if name in self.entries), None)
        if name is None:
            raise UnreadableWorkbook(DAMAGED)
        return self.stream(name)
