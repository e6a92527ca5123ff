"""Tasks are sweeps that may run twice; the outbox delivers each letter once, tries again, and gives up visibly."""

import datetime as dt
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from projects import clock, tasks
from projects.digests.letters import message_id
from projects.models import Alert, Heartbeat, Notice, User
from projects.services.alerts import reminders
from projects.services.base import notices
from projects.services.base.notices import claim_notice, queue_notice, waiting_notices
from tests.factories import NOW, make_plan, make_project, make_report, make_unit, make_user
from zibo_projects.mailbox import OneFileEachBackend

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ROWS = [{"project": "=HYPERLINK(1)", "code": "1", "title": "节点", "due_on": "2023-10-11", "next": "办结"}]


@pytest.fixture
def letter() -> Notice:
    queue_notice(
        recipient=make_user("office"), key="k1", subject="提醒：逾期1项", body="正文", rows=ROWS, now=NOW
    )
    return Notice.objects.get(channel="email")


def test_a_message_is_in_app_at_once_and_a_letter_waits(letter):
    in_app = Notice.objects.get(channel="in_app")
    assert (in_app.state, letter.state) == ("sent", "queued")
    assert not queue_notice(recipient=letter.recipient, key="k1", subject="再", body="再", now=NOW)
    assert Notice.objects.count() == 2


def test_delivery_sends_once_and_says_so(letter, mailoutbox):
    assert tasks.deliver_notices() == 1
    assert tasks.deliver_notices() == 0
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, len(mailoutbox)) == ("sent", 1, 1)
    sent = mailoutbox[0]
    assert sent.extra_headers["Message-ID"] == message_id(letter)
    assert sent.subject == "提醒：逾期1项" and "正文" in sent.body
    name, content, _ = sent.attachments[0]
    assert name == "提醒：逾期1项.xlsx"
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=HYPERLINK(1)", "s"), "never a formula"


def test_only_one_of_two_workers_gets_a_letter(letter):
    now = timezone.now()
    assert claim_notice(pk=letter.pk, now=now) is not None
    assert claim_notice(pk=letter.pk, now=now) is None


def test_a_claim_left_behind_is_taken_over_and_the_late_worker_cannot_mark(letter):
    first = claim_notice(pk=letter.pk, now=timezone.now() - dt.timedelta(minutes=11))
    second = claim_notice(pk=letter.pk, now=timezone.now())
    assert second is not None and second.attempts == 2
    notices.mark_sent(notice=first, now=timezone.now())
    letter.refresh_from_db()
    assert letter.state == "sending", "the claim belongs to the second worker"


def test_a_letter_that_fails_waits_longer_each_time_and_is_given_up(letter, settings):
    settings.EMAIL_BACKEND = "tests.test_tasks.RefusingBackend"
    waits = []
    for _ in range(notices.ATTEMPTS_MAX):
        Notice.objects.filter(pk=letter.pk).update(not_before_at=None)
        now = timezone.now()
        assert tasks.deliver_notices() == 0
        letter.refresh_from_db()
        if letter.not_before_at:
            waits.append(round((letter.not_before_at - now).total_seconds() / 60))
    assert waits == [1, 5, 30, 120]
    assert (letter.state, letter.attempts) == ("given_up", 5)
    assert "拒收" in letter.last_error
    assert not waiting_notices(timezone.now() + dt.timedelta(days=9)).exists()


def test_one_refused_letter_does_not_hold_up_the_others(letter, mailoutbox):
    User.objects.filter(pk=letter.recipient_id).update(email="")
    queue_notice(recipient=make_user("office"), key="k2", subject="二", body="二", now=NOW)
    assert tasks.deliver_notices() == 1
    assert {n.key: n.state for n in Notice.objects.filter(channel="email")} == {
        "k1:email": "failed",
        "k2:email": "sent",
    }


class RefusingBackend:
    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        raise OSError("拒收")


def test_the_file_mailbox_never_writes_a_letter_twice(tmp_path: Path):
    box = OneFileEachBackend(file_path=tmp_path)
    letter = EmailMessage("题", "文", to=["a@example.invalid"], headers={"Message-ID": "<one@x.invalid>"})
    box.send_messages([letter])
    box.send_messages([letter])
    files = list(tmp_path.iterdir())
    assert [file.name for file in files] == ["one_x.invalid.eml"]
    assert message_from_bytes(files[0].read_bytes(), policy=policy.default)["Subject"] == "题"


def test_the_heartbeat_shows_both_processes():
    tasks.heartbeat()
    tasks.heartbeat()
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"beat", "worker"}


@pytest.mark.parametrize(("today", "scanned"), [("2023-10-14", False), ("2023-10-07", True)])
def test_the_daily_scan_passes_over_days_that_are_no_working_days(settings, today, scanned):
    # 14 October 2023 was a plain Saturday, 7 October a Saturday worked in exchange (调休)
    settings.TODAY = dt.date.fromisoformat(today)
    make_plan(make_project(reports_from_on=dt.date(2024, 1, 1)), "2023-08-01")
    tasks.scan_alerts()
    assert Alert.objects.exists() is scanned


def test_reporters_are_reminded_once_a_period_of_what_they_owe():
    unit = make_unit()
    reporter = make_user("reporter", unit=unit)
    owed, done = (make_project(lead_department=unit) for _ in range(2))
    make_report(done, "2023-10-2")

    def remind(day: str) -> int:
        return reminders.remind_reports_due(as_of=dt.date.fromisoformat(day), now=clock.now())

    assert remind("2023-10-17") == 0, "two days before the end of the period, not three"
    assert remind("2023-10-18") == 1
    assert remind("2023-10-20") == 0
    notice = Notice.objects.get(channel="in_app")
    assert notice.recipient == reporter
    assert [row["code"] for row in notice.rows] == [owed.code]
