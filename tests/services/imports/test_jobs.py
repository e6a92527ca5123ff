"""Imports as jobs (导入作业): who may, what fails, and what the sweep takes up again."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError

from projects import tasks
from projects.models import AuditRecord, ImportBatch, Project, Role
from projects.services.imports import (
    confirm_batch,
    import_file,
    jobs,
    read_batch,
    unfinished_batches,
    upload_batch,
    write_batch,
)
from projects.services.imports.claims import STALE
from projects.services.imports.comparing.changes import Changes
from projects.services.imports.staging.sheets import Options
from tests.factories import NOW, TODAY, make_user
from tests.workbooks_for_import import ledger, row

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("media")]
State = ImportBatch.State
LATER = NOW + dt.timedelta(minutes=1)


def uploaded(by, content: bytes | None = None, **options) -> ImportBatch:
    return upload_batch(
        content=content or ledger([row()]), file_name="台账.xlsx", options=options, by=by, now=NOW
    )


def ready(by) -> ImportBatch:
    batch = uploaded(by)
    read_batch(batch.pk, now=NOW, today=TODAY)
    batch.refresh_from_db()
    assert batch.state == State.READY
    return batch


def confirmed(by) -> ImportBatch:
    batch = ready(by)
    confirm_batch(batch=batch, accept_warnings=True, by=by, now=NOW)
    return batch


# --- who may ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OFFICE])
def test_the_office_alone_uploads(role):
    with pytest.raises(PermissionDenied, match="只有发改局统筹人员可以导入台账"):
        uploaded(make_user(role))
    assert not ImportBatch.objects.exists()


def test_the_office_alone_confirms(office):
    batch = ready(office)
    with pytest.raises(PermissionDenied, match="只有发改局统筹人员可以导入台账"):
        confirm_batch(batch=batch, accept_warnings=True, by=make_user(Role.ADMINISTRATOR), now=NOW)
    batch.refresh_from_db()
    assert batch.state == State.READY


def test_an_upload_for_a_list_nobody_knows_is_refused(office):
    with pytest.raises(ValidationError, match="没有名单“县级重大”") as refusal:
        uploaded(office, list="县级重大")
    assert list(refusal.value.message_dict) == ["list"]
    assert uploaded(office, list="市级重大").options == {"list": "市级重大"}


def test_what_is_no_workbook_is_refused_before_it_is_kept(office):
    with pytest.raises(ValidationError, match="不是 Excel 工作簿"):
        uploaded(office, b"%PDF-1.7")
    assert not ImportBatch.objects.exists()


def test_a_batch_that_does_not_wait_cannot_be_confirmed(office):
    batch = uploaded(office)
    with pytest.raises(ValidationError, match="该批次不在待确认状态，请刷新页面后再看"):
        confirm_batch(batch=batch, accept_warnings=True, by=office, now=NOW)
    assert not AuditRecord.objects.filter(action="确认导入").exists()


# --- what fails -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (DatabaseError("locked"), "数据库忙或数据已被他人改动，请重新上传。"),
        (RuntimeError("whatever"), "处理失败，请联系管理员查看日志。"),
    ],
)
def test_a_reading_that_breaks_is_said_on_the_batch_and_in_the_log(office, monkeypatch, error, words):
    def broken(**kwargs):
        raise error

    batch = uploaded(office)
    monkeypatch.setattr(jobs, "plan_import", broken)
    with pytest.raises(type(error), match=str(error)):
        read_batch(batch.pk, now=NOW, today=TODAY)
    batch.refresh_from_db()
    assert (batch.state, batch.message, batch.progress) == (State.FAILED, words, 100)


@pytest.mark.parametrize("error", [DatabaseError("locked"), RuntimeError("whatever")])
def test_a_writing_that_breaks_writes_nothing(office, monkeypatch, error):
    write = Changes.write

    def broken(self, **options):
        write(self, **options)
        raise error

    batch = confirmed(office)
    monkeypatch.setattr(Changes, "write", broken)
    with pytest.raises(type(error), match=str(error)):
        write_batch(batch.pk, now=NOW, today=TODAY)
    batch.refresh_from_db()
    assert (batch.state, batch.written_at) == (State.FAILED, None)
    assert batch.message in {"数据库忙或数据已被他人改动，请重新上传。", "处理失败，请联系管理员查看日志。"}
    assert not Project.objects.exists() and not batch.rows.exists()


def test_a_record_that_moved_since_the_preview_refuses_the_writing(office):
    batch = confirmed(office)
    batch.refresh_from_db()
    batch.file.save("台账.xlsx", ContentFile(ledger([row(项目名称=None)])))
    write_batch(batch.pk, now=NOW, today=TODAY)
    batch.refresh_from_db()
    assert batch.state == State.REFUSED
    assert "处错误，未写入任何数据" in batch.message
    assert not Project.objects.exists()


def test_a_command_that_breaks_leaves_no_file_behind(tmp_path, monkeypatch):
    def broken(self, **options):
        raise RuntimeError("whatever")

    monkeypatch.setattr(Changes, "write", broken)
    with pytest.raises(RuntimeError, match="whatever"):
        import_file(
            content=ledger([row()]), file_name="台账.xlsx", options=Options(), by=None, now=NOW, today=TODAY
        )
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert not ImportBatch.objects.exists()


# --- the workers ------------------------------------------------------------------------------------------


def test_the_tasks_read_and_write_a_batch(office):
    batch = uploaded(office)
    tasks.read_import(batch.pk)
    batch.refresh_from_db()
    assert batch.state == State.READY
    confirm_batch(batch=batch, accept_warnings=True, by=office, now=NOW)
    tasks.write_import(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, Project.objects.count()) == (State.WRITTEN, 1)
    tasks.write_import(batch.pk)  # the message may come twice
    assert Project.objects.count() == 1


@pytest.fixture
def queued(monkeypatch) -> list[tuple[str, int]]:
    """What the sweep hands to the broker: (task, batch)."""
    sent = []
    for task in (tasks.read_import, tasks.write_import):
        name = task.name.rsplit(".")[-1]
        monkeypatch.setattr(task, "delay", lambda pk, name=name: sent.append((name, pk)))
    return sent


def test_the_sweep_queues_what_waits_and_what_a_dead_worker_left(office, queued, monkeypatch):
    monkeypatch.setattr(tasks.clock, "now", lambda: LATER)
    reading, writing, dead, at_work, just_made = (uploaded(office) for _ in range(5))
    rows = ImportBatch.objects
    rows.filter(pk=writing.pk).update(state=State.WRITING)
    rows.filter(pk=dead.pk).update(claimed_at=LATER - STALE - dt.timedelta(seconds=1))
    rows.filter(pk=at_work.pk).update(claimed_at=LATER - STALE)
    rows.filter(pk=just_made.pk).update(made_at=LATER)
    for state in set(State) - set(jobs.UNFINISHED_STATES):
        rows.filter(pk=uploaded(office).pk).update(state=state)
    tasks.resume_jobs()
    assert sorted(queued) == [
        ("read_import", reading.pk),
        ("read_import", dead.pk),
        ("write_import", writing.pk),
    ]


def test_a_batch_taken_up_again_is_claimed_by_one_worker(office):
    batch = uploaded(office)
    ImportBatch.objects.filter(pk=batch.pk).update(claimed_at=NOW)
    read_batch(batch.pk, now=NOW + STALE, today=TODAY)
    batch.refresh_from_db()
    assert batch.state == State.READING, "the first worker is still at it"
    late = NOW + STALE + dt.timedelta(seconds=1)
    assert unfinished_batches(late) == [(batch.pk, State.READING)]
    read_batch(batch.pk, now=late, today=TODAY)
    batch.refresh_from_db()
    assert batch.state == State.READY
