"""A batch in a worker's hands (领取批次): who may take it up, when it is given up, and what ends the work at it."""

import datetime as dt
import os
import subprocess
import sys

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import AuditRecord, ImportBatch, Notice, Project, Role
from projects.services.imports import (
    cancel_batch,
    claims,
    confirm_batch,
    is_interrupted,
    jobs,
    read_batch,
    unfinished_batches,
    write_batch,
)
from projects.services.imports.claims import LONGEST, MOST_CLAIMS, STALE, ClaimLostError, claim
from tests.factories import NOW, TODAY, make_user
from tests.services.imports.test_jobs import State, confirmed, ready, uploaded

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("media")]
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def dead_process() -> int:
    """The number of a process of this machine that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def stand(batch: ImportBatch, **values) -> ImportBatch:
    ImportBatch.objects.filter(pk=batch.pk).update(**values)
    batch.refresh_from_db()
    return batch


# --- dead or alive ----------------------------------------------------------------------------------------


def test_a_dead_process_of_this_machine_is_noticed_at_once(office, dead_process):
    batch = stand(
        uploaded(office), claimed_at=NOW, claimed_by=f"{claims._machine()}/{dead_process}", claims=1
    )
    assert is_interrupted(batch, NOW)
    assert unfinished_batches(NOW) == [(batch.pk, State.READING)]


def test_a_running_process_of_this_machine_keeps_its_batch_without_a_beat(office):
    batch = stand(uploaded(office), claimed_at=NOW, claimed_by=f"{claims._machine()}/{os.getpid()}", claims=1)
    assert not is_interrupted(batch, NOW + LONGEST)
    assert is_interrupted(batch, NOW + LONGEST + SECOND)


def test_of_another_machine_the_beats_alone_are_heard(office):
    batch = stand(uploaded(office), claimed_at=NOW, claimed_by="elsewhere/1/7", claims=1)
    assert claim(batch.pk, State.READING, NOW + STALE) is None
    assert unfinished_batches(NOW + STALE) == []
    assert claim(batch.pk, State.READING, NOW + STALE + SECOND).batch.claims == 2


def test_a_batch_is_ended_in_words_after_two_claims_in_vain(office, dead_process):
    batch = stand(
        uploaded(office), claimed_at=NOW, claimed_by=f"{claims._machine()}/{dead_process}", claims=MOST_CLAIMS
    )
    assert claim(batch.pk, State.READING, NOW) is None
    assert unfinished_batches(NOW) == []
    batch.refresh_from_db()
    assert (batch.state, batch.message) == (State.FAILED, claims.GIVEN_UP)
    assert Notice.objects.filter(recipient=office, subject__endswith="处理失败").exists()


def test_reading_and_writing_are_counted_apart(office, dead_process):
    batch = ready(office)
    assert batch.claims == 1
    confirm_batch(batch=batch, accept_warnings=True, by=office, now=NOW)
    batch.refresh_from_db()
    assert (batch.claims, batch.claimed_at) == (0, None)


# --- taken over -------------------------------------------------------------------------------------------


def test_who_was_taken_over_writes_nothing_more(office):
    batch = uploaded(office)
    first = claim(batch.pk, State.READING, NOW)
    stand(batch, claimed_by="elsewhere/1/7")
    second = claim(batch.pk, State.READING, NOW + STALE + SECOND)
    with pytest.raises(ClaimLostError):
        first.say(50, "先到者")
    second.say(60, "后到者")
    assert ImportBatch.objects.get().message == "后到者"


def test_a_writing_that_was_taken_over_is_rolled_back(office, monkeypatch):
    batch = confirmed(office)
    finish = jobs._finish

    def taken_over(mine, *args, **values):
        stand(batch, claims=mine.batch.claims + 1)
        finish(mine, *args, **values)

    monkeypatch.setattr(jobs, "_finish", taken_over)
    write_batch(batch.pk, now=NOW, today=TODAY)
    assert not Project.objects.exists() and not batch.rows.exists()
    assert ImportBatch.objects.get().state == State.WRITING


# --- cancelled --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [uploaded, ready, confirmed])
def test_a_batch_is_cancelled_at_any_time_before_its_end(office, make):
    batch = make(office)
    cancel_batch(batch=batch, by=office, now=NOW)
    cancel_batch(batch=batch, by=office, now=NOW)
    read_batch(batch.pk, now=NOW, today=TODAY)
    write_batch(batch.pk, now=NOW, today=TODAY)
    batch.refresh_from_db()
    assert (batch.state, batch.message) == (State.CANCELLED, "已取消，未写入任何数据。")
    assert not Project.objects.exists()
    assert AuditRecord.objects.filter(action="取消导入").count() == 1


def test_a_batch_cancelled_while_it_is_written_is_not_written(office, monkeypatch):
    batch = confirmed(office)
    plan = jobs._plan

    def cancelled_meanwhile(*args):
        stand(batch, state=State.CANCELLED)
        return plan(*args)

    monkeypatch.setattr(jobs, "_plan", cancelled_meanwhile)
    write_batch(batch.pk, now=NOW, today=TODAY)
    assert not Project.objects.exists() and not batch.rows.exists()
    assert not Notice.objects.filter(subject__endswith="已写入").exists()


def test_what_is_written_is_not_cancelled_and_others_cancel_nothing(office):
    batch = confirmed(office)
    with pytest.raises(PermissionDenied, match="只有发改局统筹人员可以取消导入"):
        cancel_batch(batch=batch, by=make_user(Role.ADMINISTRATOR), now=NOW)
    write_batch(batch.pk, now=NOW, today=TODAY)
    with pytest.raises(ValidationError, match="状态为“已写入”，不能取消"):
        cancel_batch(batch=batch, by=office, now=NOW)
