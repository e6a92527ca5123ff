"""What is no workbook (不是工作簿的文件), or no longer one, is refused in words that say what it is and what to do."""

import struct
import zlib

import pytest

from projects.grids import formats, package
from projects.grids.book import check, read
from projects.grids.formats import DAMAGED, ENCRYPTED
from projects.grids.grid import UnreadableWorkbook
from tests.grids.hostile import ONE, bof, compound, forged, packed, record, sheet, xls, xlsx


def parts(**more: bytes) -> bytes:
    return packed({"xl/workbook.xml": "<workbook/>", **more})


def refusal(content: bytes, by=read) -> str:
    with pytest.raises(UnreadableWorkbook) as refused:
        by(content)
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "words"),
    {
        "empty": (b"", "文件是空的（0字节），请重新导出为 xlsx 后再上传。"),
        "pdf": (b"%PDF-1.7", "这是 PDF 文件"),
        "picture": (b"\x89PNG\r\n\x1a\n" + bytes(20), "不是 Excel 工作簿，请上传 xlsx、xls 或 et 文件。"),
        "html": (b"<html><table><tr><td>1</td></tr></table>", "这是网页（HTML）格式的文件"),
        "html in GBK": ("\n<!-- 导出 -->\n<TABLE><tr><td>项目".encode("gbk"), "这是网页（HTML）格式的文件"),
        "html of Excel": (
            b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>',
            "这是网页（HTML）格式的文件",
        ),
        "mhtml": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "这是网页（MHTML）格式的文件"),
        "xml of 2003": (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "这是 XML 表格（2003）格式的文件",
        ),
        "csv": ("\ufeff序号,项目名称\n1,甲".encode(), "这是文本（CSV）格式的文件"),
        "csv in GBK": ("序号,项目名称\n1,甲".encode("gbk"), "这是文本（CSV）格式的文件"),
        "text in UTF-16": ("序号\t项目名称".encode("utf-16"), "这是文本（CSV）格式的文件"),
        "half a zip": (formats.ZIP_MAGIC + b"half of it", "文件已损坏，请重新导出"),
        "no workbook": (packed({"a.txt": "甲"}), "不是 Excel 工作簿，请上传 xlsx、xls 或 et 文件。"),
        "xlsb": (packed({"xl/workbook.bin": b""}), "这是 xlsb（二进制）格式的工作簿"),
        "ods": (packed({"content.xml": b""}), "这是 ods 格式的表格"),
        "docx": (packed({"word/document.xml": b""}), "这是 Word 文档"),
        "zip bomb": (parts(bomb=bytes(2**22 + 1)), "文件解压后过大，已拒绝读取"),
        "doc": (compound({"WordDocument": b"1"}), DAMAGED),
        "xlsx with a password": (compound({"EncryptionInfo": b"1", "EncryptedPackage": b"1"}), ENCRYPTED),
        "half a compound file": (xls(b"")[:700], DAMAGED),
    }.values(),
)
def test_a_file_of_another_kind_is_named_before_anything_is_unpacked(content, words):
    assert refusal(content, by=check).startswith(words)
    assert refusal(content).startswith(words)


def test_a_file_above_the_bound_is_refused_by_its_length():
    assert refusal(bytes(formats.MAX_FILE_BYTES + 1), by=check) == "文件超过20MB，请拆分或删去图片后再上传。"


def test_a_package_of_too_many_parts_is_refused_before_and_after_they_are_counted(monkeypatch):
    many = parts(**{f"part{n}": b"" for n in range(package.MAX_ENTRIES)})
    assert refusal(many, by=check).startswith("文件解压后过大")
    monkeypatch.setattr(package, "MAX_DIRECTORY_BYTES", 200_000 // 2)
    monkeypatch.setattr(package.zipfile, "ZipFile", None)  # it would read them all
    assert refusal(many, by=check).startswith("文件解压后过大")


def test_a_large_part_that_packs_as_sheets_do_is_no_bomb():
    check(parts(small=bytes(2**22)))


@pytest.mark.parametrize("declared", [1, 2**20])
def test_a_directory_that_lies_about_a_size_is_found_out(declared):
    assert read(xlsx(ONE))
    assert refusal(forged(xlsx(ONE), "xl/worksheets/sheet1.xml", declared)) == DAMAGED


def test_a_part_larger_than_it_says_stops_at_the_bound(monkeypatch):
    monkeypatch.setattr(package, "MAX_PART_BYTES", 10_000)
    monkeypatch.setattr(package, "SMALL_PART", 1)
    bomb = xlsx(sheet(" " * 3_000_000))
    assert refusal(forged(bomb, "xl/worksheets/sheet1.xml", 100)).startswith("文件解压后过大")


@pytest.mark.parametrize(
    "content",
    {
        "no parts": parts(),
        "not well-formed": xlsx("<worksheet><sheetData>"),
        "no sheet": xlsx(ONE).replace(b"sheet1.xml", b"sheet9.xml"),
        "a wrong sum": xlsx(ONE).replace(struct.pack("<I", zlib.crc32(ONE.encode())), bytes(4)),
        "entities": xlsx('<!DOCTYPE w [<!ENTITY a "甲">]>' + ONE.replace("甲", "&a;")),
        "a document type": xlsx("<!DOCTYPE worksheet>" + ONE),
        "no place": xlsx(sheet('<row r="1"><c r="A"><v>1</v></c></row>')),
        "no column": xlsx(sheet('<row r="1"><c r="ABCD1"><v>1</v></c></row>')),
        "no row": xlsx(sheet('<row r="0"><c><v>1</v></c></row>')),
        "an encoding nobody knows": xlsx('<?xml version="1.0" encoding="klingon"?>' + ONE),
        "records that end early": xls(record(0x203, bytes(3))),
        "a sheet outside the file": compound(
            {"Workbook": bof(5) + record(0x85, b"\0\0\0\7\0\0\1\0A") + record(0x0A)}
        ),
    }.values(),
)
def test_a_damaged_workbook_says_how_it_is_saved_anew(content):
    assert refusal(content) == DAMAGED


def test_a_workbook_of_records_with_a_password_is_told_from_a_damaged_one():
    assert refusal(xls(b"", globals_=record(0x2F, bytes(6)))) == ENCRYPTED


def test_two_sheets_of_one_name_are_refused_by_it():
    assert refusal(xlsx(ONE, ONE, names=["台账", "台账"])).startswith("有两张同名的工作表“台账”")
