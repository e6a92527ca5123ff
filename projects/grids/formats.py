"""What a file is (文件类型), by its content and never by its name; what is no workbook is refused in words."""

import re

from .grid import UnreadableWorkbook

MAX_FILE_BYTES = 20 * 1024 * 1024
ZIP_MAGIC, OLE_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAVE_AGAIN = "请用 WPS 或 Excel 打开后另存为 xlsx 再上传。"
NO_WORKBOOK = "不是 Excel 工作簿，请上传 xlsx、xls 或 et 文件。"
DAMAGED = "文件已损坏或不是 Excel 工作簿，请用 Excel 或 WPS 打开后另存为 xlsx 再上传。"
KILLED = (
    "文件过大或结构异常，读取时超出内存或时间限制，已停止；"
    "请把要导入的工作表复制到新建的工作簿，另存为 xlsx 后再上传，或拆分成几个文件。"
)
ENCRYPTED = "文件已加密，请取消密码后另存再上传。"

_LOOKED_AT = 4096
_FORMATS = (  # a pattern over the first characters in lower case, and what such a file is
    (re.compile(r"%pdf-"), "这是 PDF 文件，不是 Excel 工作簿；请上传原来的 xlsx、xls 或 et 文件。"),
    (re.compile(r"mime-version:"), f"这是网页（MHTML）格式的文件，只是扩展名为 xls；{SAVE_AGAIN}"),
    (
        re.compile(r"(?s).*urn:schemas-microsoft-com:office:spreadsheet(?!.*<html)"),
        f"这是 XML 表格（2003）格式的文件；{SAVE_AGAIN}",
    ),
    (
        re.compile(
            r"(?s)\s*(?:<\?xml[^>]*>|<!--.{0,2000}?-->|\s)*<(?:!doctype html|html|head|meta|body|table|style)"
        ),
        f"这是网页（HTML）格式的文件，只是扩展名为 xls；{SAVE_AGAIN}",
    ),
    (re.compile(r"[^\x00-\x08\x0e-\x1f<]*[,\t;]"), f"这是文本（CSV）格式的文件；{SAVE_AGAIN}"),
)


def is_package(content: bytes) -> bool:
    """Whether the file is a zip package (xlsx); else it is a compound file (xls, et). Refuses everything else."""
    if not content:
        raise UnreadableWorkbook("文件是空的（0字节），请重新导出为 xlsx 后再上传。")
    if len(content) > MAX_FILE_BYTES:
        raise UnreadableWorkbook(too_large())
    if content.startswith(OLE_MAGIC):
        return False
    if content.startswith(ZIP_MAGIC):
        return True
    raise UnreadableWorkbook(_sentence(content[:_LOOKED_AT]))


def too_large() -> str:
    """The sentence for a file above the bound, for those who know its size before they read it."""
    return f"文件超过{MAX_FILE_BYTES // 1024 // 1024}MB，请拆分或删去图片后再上传。"


def _sentence(start: bytes) -> str:
    text = _decoded(start).lstrip("\ufeff").lower()
    return next((words for pattern, words in _FORMATS if pattern.match(text)), NO_WORKBOOK)


def _decoded(start: bytes) -> str:
    """The first characters of a text file as Chinese offices save them; of any other file whatever comes."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start.decode("utf-16", "replace")
    try:
        return start.decode("utf-8")
    except UnicodeDecodeError:
        return start.decode("gb18030", "replace")
