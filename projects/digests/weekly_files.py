"""The files of a kept weekly report (docx 与 xlsx), always from its stored content."""

import datetime as dt

from django.utils import timezone

from ..models import WeeklyReport
from .content import Content, content_from
from .weekly_docx import weekly_docx
from .weekly_xlsx import weekly_xlsx


def content_of(report: WeeklyReport) -> Content:
    return content_from(report.content)


def docx_of(report: WeeklyReport) -> bytes:
    """The paper, dated by its signature; a draft by the day it was made, after the week's end at the earliest."""
    day = timezone.localdate(report.signed_at or max(report.made_at, _week_over(report)))
    return weekly_docx(content_of(report), dated_on=day, is_draft=not report.is_frozen)


def _week_over(report: WeeklyReport) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(report.period.next().first_on, dt.time(8)))


def xlsx_of(report: WeeklyReport) -> bytes:
    return weekly_xlsx(content_of(report))


def file_name(report: WeeklyReport, extension: str) -> str:
    return f"逾期周报{report.year}年第{report.number}期.{extension}"


def weekly_files(report: WeeklyReport) -> list[tuple[str, bytes]]:
    """(name, content) of both files."""
    return [(file_name(report, "docx"), docx_of(report)), (file_name(report, "xlsx"), xlsx_of(report))]
