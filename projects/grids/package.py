"""The zip package of an xlsx (压缩包): its directory checked, its parts unpacked within bounds that no directory can lie about."""

import re
import struct
import zipfile
import zlib
from io import BytesIO

from .formats import DAMAGED, SAVE_AGAIN
from .grid import UnreadableWorkbook

MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_PART_BYTES = 96 * 1024 * 1024  # one part in memory; 1,000,000 cells are some 60 MB of XML
MAX_PACK_RATIO = 200  # a worksheet packs about 1:15; a zip bomb 1:1000
SMALL_PART = 2**22  # small parts pack very well and harm nobody, so the ratio counts only for larger ones
MAX_ENTRIES = 2000
MAX_DIRECTORY_BYTES = 2**20
WORKBOOK, SHARED_STRINGS, STYLES = "xl/workbook.xml", "xl/sharedstrings.xml", "xl/styles.xml"
TOO_LARGE = "文件解压后过大，已拒绝读取；请只保留台账内容另存后再上传。"
CUT = "文件已损坏，请重新导出或另存为 xlsx 再上传。"

# what zipfile raises over a directory or a part that makes no sense
SPOILT = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,
    OSError,
    ValueError,
    LookupError,
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["'][^>]*\?>""")
_TAIL = re.compile(r"^\s*<\?xml[^>]*\?>")
_END_OF_DIRECTORY = b"PK\x05\x06"
_OTHERS = (  # a part that only such a package holds, and what it is
    ("xl/workbook.bin", f"这是 xlsb（二进制）格式的工作簿；{SAVE_AGAIN}"),
    ("content.xml", f"这是 ods 格式的表格；{SAVE_AGAIN}"),
    ("word/document.xml", "这是 Word 文档，不是 Excel 工作簿；请上传 xlsx、xls 或 et 文件。"),
    ("ofd.xml", "这是 OFD 版式文件，不是 Excel 工作簿；请上传原来的 xlsx、xls 或 et 文件。"),
)


class Package:
    """An xlsx as its parts, by name in lower case. UnreadableWorkbook at the first thing that is wrong with it."""

    def __init__(self, content: bytes):
        _check_directory_size(content)
        self.content = content
        try:
            self.zip = zipfile.ZipFile(BytesIO(content))
        except SPOILT as error:
            raise UnreadableWorkbook(CUT) from error
        entries = self.zip.infolist()
        self.entries = {entry.filename.replace("\\", "/").lower(): entry for entry in entries}
        if WORKBOOK not in self.entries:
            raise UnreadableWorkbook(self._what_else())
        if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED_BYTES:
            raise UnreadableWorkbook(TOO_LARGE)
        if any(_is_bomb(entry, entry.file_size) for entry in entries):
            raise UnreadableWorkbook(TOO_LARGE)
        if len(self.entries) < len(entries):
            raise UnreadableWorkbook(DAMAGED)
        if any(entry.flag_bits & 1 for entry in entries):
            raise UnreadableWorkbook("文件的压缩包带有密码，请取消密码后另存为 xlsx 再上传。")
        self.unpacked = 0
        self.mended: dict[str, bytes] = {}

    @property
    def has_macros(self) -> bool:
        return any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in self.entries)

    @property
    def has_links(self) -> bool:
        return any(name.startswith("xl/externallinks/") for name in self.entries)

    def part(self, name: str) -> bytes:
        """A part's bytes in UTF-8, b"" when it is missing; what is larger than bound or directory say is refused."""
        entry = self.entries.get(name.lower())
        if entry is None:
            return b""
        content = self._unpack(entry)
        if (text := _in_utf8(content)) is not None:
            content = self.mended[name.lower()] = text
        return content

    def _unpack(self, entry: zipfile.ZipInfo) -> bytes:
        declared, entry.file_size = entry.file_size, 2 * MAX_PART_BYTES  # the stream ends where it ends
        try:
            with self.zip.open(entry) as stream:
                content = stream.read(MAX_PART_BYTES + 1)
        except SPOILT as error:
            raise UnreadableWorkbook(DAMAGED) from error
        finally:
            entry.file_size = declared
        self.unpacked += len(content)
        if (
            len(content) > MAX_PART_BYTES
            or self.unpacked > MAX_UNPACKED_BYTES
            or _is_bomb(entry, len(content))
        ):
            raise UnreadableWorkbook(TOO_LARGE)
        if len(content) != declared:
            raise UnreadableWorkbook(DAMAGED)
        return content

    def _what_else(self) -> str:
        words = (words for name, words in _OTHERS if name in self.entries)
        return next(words, "不是 Excel 工作簿，请上传 xlsx、xls 或 et 文件。")

    def repacked(self) -> bytes:
        """The package anew with its mended parts, and only what holds values."""
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, entry in self.entries.items():
                if name.endswith((".xml", ".rels")) and not name.startswith(
                    ("docprops/", "xl/drawings/", "xl/charts/")
                ):
                    archive.writestr(entry.filename, self.mended.get(name) or self.zip.read(entry))
        return out.getvalue()


def _is_bomb(entry: zipfile.ZipInfo, size: int) -> bool:
    return size > SMALL_PART and size > MAX_PACK_RATIO * max(entry.compress_size, 1)


def _check_directory_size(content: bytes) -> None:
    """A directory of millions of entries costs hundreds of megabytes before its entries can be counted."""
    place = content.rfind(_END_OF_DIRECTORY)
    if place < 0 or len(content) < place + 22:
        raise UnreadableWorkbook(CUT)
    if int.from_bytes(content[place + 12 : place + 16], "little") > MAX_DIRECTORY_BYTES:
        raise UnreadableWorkbook(TOO_LARGE)


def _in_utf8(content: bytes) -> bytes | None:
    """A part written in another encoding anew in UTF-8, which is all that calamine reads; None when it is UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        found = _DECLARED.match(content[:200].removeprefix(b"\xef\xbb\xbf"))
        encoding = found[1].decode("ascii") if found else "utf-8"
        if encoding.lower().replace("_", "-") in {"utf-8", "utf8", "us-ascii", "ascii"}:
            return None
    try:
        text = content.decode(encoding)
    except (LookupError, UnicodeDecodeError) as error:
        raise UnreadableWorkbook(DAMAGED) from error
    return _TAIL.sub('<?xml version="1.0" encoding="UTF-8"?>', text).encode("utf-8", "replace")
