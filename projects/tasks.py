"""Background work (后台任务): each task is a sweep over what stands in the database and may run twice.

Arguments are ids and ISO dates only; a task asks the clock itself when it gets no day.
"""

import datetime as dt
import logging
from typing import Any

from celery import shared_task
from django.core.mail import get_connection
from django.utils import timezone

from . import clock
from .digests.letters import DOCX, build_letter
from .digests.weekly import weekly_content
from .digests.weekly_files import docx_of, file_name
from .models import Heartbeat, ImportBatch, Notice, WeeklyReport
from .periods import Week
from .queries.base.calendar import working_calendar
from .services import imports as excel_import
from .services.alerts import reminders
from .services.alerts import scanning as alerts
from .services.base import notices
from .services.lights import records as light_records
from .services.weekly import issues as bulletins

log = logging.getLogger(__name__)

LETTERS_A_SWEEP = 200  # the next minute takes the rest


@shared_task
def heartbeat() -> None:
    """心跳: the timetable has run and a worker has worked. Real time, even when TODAY holds the clock."""
    for name in ("beat", "worker"):
        Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": timezone.now()})


def _day_to_run(day: str | None) -> dt.date | None:
    """The day given by hand, whatever day it is; else today, and nothing on a day off: for what runs on working days."""
    if day:
        return dt.date.fromisoformat(day)
    today = clock.today()
    return today if working_calendar().is_working(today) else None


@shared_task
def scan_alerts(day: str | None = None) -> None:
    """预警扫描; by the timetable only on working days (a day given by hand is always scanned)."""
    if (as_of := _day_to_run(day)) is None:
        return
    result = alerts.scan_alerts(as_of=as_of, now=clock.now())
    log.info("scan_alerts %s: %s", as_of, result.as_json())


@shared_task
def record_lights(day: str | None = None) -> None:
    """记录亮灯: the lights of the ten-day periods whose reporting window has closed since the last run."""
    as_of = dt.date.fromisoformat(day) if day else clock.today()
    for done in light_records.record_lights(as_of=as_of, now=clock.now()):
        log.info("record_lights %s: %s projects", done.period.code, done.projects)


@shared_task
def weekly_report(week: str | None = None) -> None:
    """逾期周报: the draft of the week that ended, on the first working day after it (or later, when missed).

    Runs every day and does nothing once the week has its report; the office signs and sends it.
    """
    today = clock.today()
    wanted = Week.parse(week) if week else Week.containing(today).previous()
    if week is None:
        due_on = working_calendar().next_working(wanted.next().first_on)
        if today < due_on or WeeklyReport.objects.filter(year=wanted.year, week=wanted.number).exists():
            return
    report = bulletins.keep_draft(week=wanted, content=weekly_content(wanted).as_dict(), now=clock.now())
    if not report.is_frozen:
        bulletins.announce_draft(report=report, now=clock.now())


@shared_task
def remind_reports_due(day: str | None = None) -> None:
    """旬报催报: before and after the end of a ten-day period, each reporter once a period; working days only."""
    if as_of := _day_to_run(day):
        reminders.remind_reports_due(as_of=as_of, now=clock.now())


@shared_task
def remind_exemptions_ending(day: str | None = None) -> None:
    """豁免到期提醒: before the last day of an exemption from lights, its asker once a step; working days only."""
    if as_of := _day_to_run(day):
        reminders.remind_exemptions_ending(as_of=as_of, now=clock.now())


@shared_task
def deliver_notices() -> int:
    """待发消息: claim, send, mark sent, one letter at a time; answers how many left.

    Between sending and marking a worker may be killed. The letter is then taken over and sent again under the
    same Message-ID, which the file backend refuses to write twice and a mail server can drop (services.notices).
    """
    sent = 0
    waiting = notices.waiting_notices(timezone.now()).values_list("pk", flat=True)[:LETTERS_A_SWEEP]
    for pk in list(waiting):
        notice = notices.claim_notice(pk=pk, now=timezone.now())
        if notice is None:
            continue
        try:
            _send(notice)
        except Exception as error:  # noqa: BLE001 - whatever went wrong is kept on the row, and the other letters go on
            log.warning("notice %s not sent: %s", pk, error)
            notices.mark_failed(notice=notice, error=f"{type(error).__name__}: {error}", now=timezone.now())
        else:
            notices.mark_sent(notice=notice, now=timezone.now())
            sent += 1
    return sent


def _send(notice: Notice) -> None:
    report = notice.weekly_report
    whole = (
        report is not None and notice.recipient.sees_all_projects
    )  # who lost that sight since gets no paper
    papers = [(file_name(report, "docx"), docx_of(report), DOCX)] if report and whole else []
    letter = build_letter(notice, papers)
    letter.connection = get_connection()
    if not letter.send():
        raise RuntimeError("邮件服务器未接收")


@shared_task
def read_import(batch_id: int) -> None:
    """读取导入文件: read and compare an uploaded batch."""
    excel_import.read_batch(batch_id, now=clock.now(), today=clock.today())


@shared_task
def write_import(batch_id: int) -> None:
    """写入导入批次: write a confirmed batch."""
    excel_import.write_batch(batch_id, now=clock.now(), today=clock.today())


@shared_task
def resume_jobs() -> None:
    """未完成的导入: queue again the batches whose message was lost or whose worker died."""
    steps: dict[str, Any] = {ImportBatch.State.READING: read_import, ImportBatch.State.WRITING: write_import}
    for batch_id, state in excel_import.unfinished_batches(clock.now()):
        steps[state].delay(batch_id)
