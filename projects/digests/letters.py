"""A notice as a letter (邮件): text, the full list as xlsx, the weekly report as docx."""

import hashlib
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from ..models import Notice
from ..workbooks import write_table

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOMAIN = "zibo-projects.invalid"  # names the letter, is no address
HEADS = {
    "project": "项目名称",
    "code": "项目代码",
    "kind": "类别",
    "title": "事项",
    "due_on": "应完成日期",
    "when": "期限",
    "step": "通知缘由",
    "why": "通知身份",
    "next": "下一步",
}


def message_id(notice: Notice) -> str:
    """The same for every try of the same notice, so that whoever receives it twice can drop one."""
    digest = hashlib.sha256(notice.key.encode()).hexdigest()[:40]
    return f"<{digest}@{_DOMAIN}>"


def build_letter(notice: Notice, attachments: Sequence[tuple[str, bytes, str]] = ()) -> EmailMessage:
    """The letter of a notice; its rows become an attached sheet. attachments: (file name, content, type)."""
    attached = list(attachments)
    if notice.rows:
        attached.append((f"{_plain(notice.subject)}.xlsx", rows_workbook(notice), XLSX))
    text = render_to_string(
        "letters/notice.txt",
        {
            "recipient": notice.recipient,
            "body": notice.body,
            "attached": [name for name, _, _ in attached],
            "link": f"{settings.SITE_URL}{notice.link or '/'}",
            "held_on": settings.TODAY,
        },
    )
    letter = EmailMessage(
        subject=" ".join(notice.subject.split()),
        body=text,
        to=[notice.recipient.email],
        headers={"Message-ID": message_id(notice), "Auto-Submitted": "auto-generated"},
    )
    for name, content, kind in attached:
        letter.attach(name, content, kind)
    return letter


def rows_workbook(notice: Notice) -> bytes:
    """The full list of a notice (清单) as a workbook; only the columns that its rows have."""
    keys = [key for key in HEADS if any(key in row for row in notice.rows)]
    out = BytesIO()
    rows = ([_cell(key, row.get(key)) for key in keys] for row in notice.rows)
    write_table(out, title="清单", heads=[HEADS[key] for key in keys], rows=rows)
    return out.getvalue()


def _cell(key: str, value: Any) -> Any:
    return date.fromisoformat(value) if key.endswith("_on") and value else value


def _plain(text: str) -> str:
    return "".join("-" if sign in '\\/:*?"<>|\r\n' else sign for sign in text)[:60]
