"""Imports as jobs (导入作业): an uploaded batch is read, confirmed by a person, written. Each step may run twice.

A step claims its batch by a conditional update and goes on only if one row changed; a claim older than
STALE belongs to a worker that died, and the sweep takes the batch up again.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from projects.models import UNFINISHED_STATES, ImportBatch, ListKind, User

from ..base.changing import added, changed, held, refuse
from ..base.notices import queue_notice
from ..base.steps import Step, Steps, not_now, not_you, step
from .importing import ImportPlan, collector_paused, plan_import, result_of, write_plan
from .preview import published_rates
from .reader import UnreadableWorkbook, check_package
from .staging.sheets import Options

STALE = timedelta(minutes=20)  # above the longest task, so that a claim still at work is never taken
State = ImportBatch.State
BY_COMMAND = ("made_by",)  # a batch that came by a command was uploaded by no person


def steps_of(batch: ImportBatch, user: User | None, today: date) -> Steps:
    """What may be done with a batch: confirm (确认导入), revert (撤销导入), each by the office. No query.

    Taking back is refused as well where something newer depends on the batch; that is found out only by doing it.
    `user` is None for the command line, which only the administrator of the machine can reach.
    """
    return Steps(
        confirm=step(
            _stranger(user, "导入台账"),
            batch.state != State.READY and not_now("该批次不在待确认状态，请刷新页面后再看。"),
        ),
        revert=step(
            _stranger(user, "撤销导入"),
            not batch.is_written
            and not_now(f"第{batch.pk}批的状态为“{batch.get_state_display()}”，不能撤销。"),
        ),
    )


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def options_of(batch: ImportBatch) -> Options:
    saved = batch.options
    return Options(saved.get("year"), saved.get("list"), tuple(saved.get("sheets") or ()), saved.get("unit"))


@transaction.atomic
def upload_batch(
    *, content: bytes, file_name: str, options: dict[str, Any], by: User, now: datetime
) -> ImportBatch:
    """Keep an uploaded workbook as a batch to be read (上传台账).

    Refuses: anyone but the office, files that are no workbook or too large, unknown lists.
    """
    step(_stranger(by, "导入台账")).require()
    try:
        check_package(content)
    except UnreadableWorkbook as error:
        raise ValidationError({"file": str(error)}) from error
    if options.get("list") and not ListKind.objects.filter(name=options["list"]).exists():
        refuse(list=f"没有名单“{options['list']}”。")
    batch = ImportBatch(
        file_name=file_name[-160:], sha256=sha256_of(content), options=options, made_by=by, made_at=now
    )
    batch.file.save(f"{batch.sha256[:16]}.xlsx", ContentFile(content), save=False)
    return added(batch, "上传台账", by=by, now=now)


@collector_paused()
def read_batch(batch_id: int, *, now: datetime, today: date) -> None:
    """Read and compare a batch that waits to be read; the outcome waits in `result` for a person."""
    batch = _claim(batch_id, State.READING, now)
    if batch is None:
        return
    _say(batch, 10, "正在读取工作簿")
    try:
        plan = _plan(batch, now, today)
        refusal = plan.decide(allow_warnings=True, allow_questions=True)
        state = State.REFUSED if refusal else State.READY if plan.changes else State.UNCHANGED
        batch.result = outcome_of(plan, batch, state)
        if state == State.READY:
            _say(batch, 70, "正在测算指标变化")
            batch.result["rates"] = published_rates(plan, batch=batch, now=now, today=today)
        _finish(batch, state, refusal, now)
    except Exception as error:
        _fail(batch, error)
        raise


@transaction.atomic
def confirm_batch(*, batch: ImportBatch, accept_warnings: bool, by: User, now: datetime) -> None:
    """Let a batch be written (确认导入). Refuses: anyone but the office, open questions, another state."""
    batch = held(batch)
    steps_of(batch, by, timezone.localdate(now)).require("confirm")
    if batch.result.get("to_confirm") and not accept_warnings:
        words = "有提示需要确认，请核对后勾选“以上提示已核对”再导入。"
        refuse(accept_warnings=words)
    if waiting := [q for q in batch.result.get("questions", []) if q["answer"] is None]:
        refuse(accept_warnings=f"有{len(waiting)}个问题待回答，请先作答。首个：{waiting[0]['text']}")
    with changed(batch, "确认导入", by=by, now=now, unchecked=BY_COMMAND):
        batch.state, batch.claimed_at = State.WRITING, None
        batch.progress, batch.message = 0, "等待写入"


@collector_paused()
def write_batch(batch_id: int, *, now: datetime, today: date) -> None:
    """Write a confirmed batch. The file is read and compared anew: the record may have moved since the preview."""
    batch = _claim(batch_id, State.WRITING, now)
    if batch is None:
        return
    _say(batch, 20, "正在写入")
    try:
        with transaction.atomic():
            plan = _plan(batch, now, today)
            refusal = plan.decide(allow_warnings=True)
            if not refusal and plan.changes:
                plan.changes.write(batch=batch, by=batch.made_by, now=now)
                batch.written_at = now
            state = State.REFUSED if refusal else State.WRITTEN if plan.changes else State.UNCHANGED
            # the preview, with the rates it promised, stays the memory of what was confirmed
            batch.result = {**batch.result, **outcome_of(plan, batch, state)}
            _finish(batch, state, refusal, now)
    except Exception as error:
        _fail(batch, error)
        raise


def unfinished_batches(now: datetime) -> Sequence[tuple[int, str]]:
    """Batches that wait for a worker, or whose worker died: (id, state), for the sweep."""
    waiting = Q(claimed_at__isnull=True, made_at__lt=now - timedelta(seconds=30)) | Q(
        claimed_at__lt=now - STALE
    )
    return list(ImportBatch.objects.filter(waiting, state__in=UNFINISHED_STATES).values_list("pk", "state"))


def _stranger(user: User | None, what: str) -> Step | Literal[False]:
    return user is not None and not user.is_office and not_you(f"只有发改局统筹人员可以{what}。")


def _claim(batch_id: int, state: str, now: datetime) -> ImportBatch | None:
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - STALE)
    claimed = ImportBatch.objects.filter(free, pk=batch_id, state=state).update(claimed_at=now)
    return ImportBatch.objects.select_related("made_by").get(pk=batch_id) if claimed else None


def _say(batch: ImportBatch, progress: int, message: str) -> None:
    ImportBatch.objects.filter(pk=batch.pk).update(progress=progress, message=message)


def _plan(batch: ImportBatch, now: datetime, today: date) -> ImportPlan:
    with batch.file.open("rb") as file:
        content = file.read()
    return plan_import(
        content=content,
        file_name=batch.file_name,
        options=options_of(batch),
        by=batch.made_by,
        now=now,
        today=today,
    )


def outcome_of(plan: ImportPlan, batch: ImportBatch, state: str) -> dict[str, Any]:
    """What the page shows of a plan: the contract's result, the questions, counts and changes in words."""
    written = state == State.WRITTEN
    return {
        **result_of(
            plan,
            file_name=batch.file_name,
            sha256=batch.sha256,
            written=written,
            batch=batch.pk if written else None,
        ),
        "to_confirm": plan.to_confirm if plan.changes else 0,
        "asked": [
            {"sheet": sheet.name, **message.as_json()}
            for sheet in plan.sheets
            for message in sheet.warnings
            if message.must_confirm
        ],
        "counted": plan.changes.counted(),
        "changes": plan.changes.described(),
    }


def _finish(batch: ImportBatch, state: str, refusal: str, now: datetime) -> None:
    """Settle the batch and tell its uploader, who may have left the page."""
    batch.state, batch.progress, batch.message = state, 100, refusal[:300]
    batch.save()
    if batch.made_by:
        label = batch.get_state_display()
        queue_notice(
            recipient=batch.made_by,
            key=f"import:{batch.pk}:{state}",
            subject=f"台账导入：{batch.file_name[:80]}，{label}",
            body=f"第{batch.pk}批“{batch.file_name}”{label}。{refusal}",
            now=now,
            link=reverse("import_detail", args=[batch.pk]),
        )


def _fail(batch: ImportBatch, error: Exception) -> None:
    message = (
        "数据库忙或数据已被他人改动，请重新上传。"
        if isinstance(error, DatabaseError)
        else "处理失败，请联系管理员查看日志。"
    )
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.FAILED, message=message, progress=100)


@collector_paused()
def import_file(
    *,
    content: bytes,
    file_name: str,
    options: Options,
    allow_warnings: bool = False,
    dry_run: bool = False,
    by: User | None,
    now: datetime,
    today: date,
) -> tuple[dict[str, Any], str]:
    """Import a workbook in one go, for commands: (result in the contract's words, why it was refused or "").

    One transaction: either everything and its batch is written, or nothing.
    """
    digest = sha256_of(content)
    batch = None
    try:
        with transaction.atomic():
            plan = plan_import(
                content=content, file_name=file_name, options=options, by=by, now=now, today=today
            )
            refusal = plan.decide(allow_warnings=allow_warnings)
            if plan.changes and not refusal and not dry_run:
                batch = ImportBatch(file_name=file_name[-160:], sha256=digest, made_by=by, made_at=now)
                batch.options = {
                    "year": options.year,
                    "list": options.list_name,
                    "sheets": list(options.sheets),
                    "unit": options.unit,
                }
                batch.file.save(f"{digest[:16]}.xlsx", ContentFile(content), save=False)
                batch.save()
                write_plan(plan=plan, batch=batch, by=by, now=now)
                batch.result = outcome_of(plan, batch, State.WRITTEN)
                batch.save(update_fields=["result"])
                return result_of(plan, file_name=file_name, sha256=digest, written=True, batch=batch.pk), ""
    except Exception:
        if batch is not None and batch.file:
            batch.file.delete(save=False)
        raise
    told = result_of(
        plan,
        file_name=file_name,
        sha256=digest,
        written=False,
        batch=None,
        tried_on=today if dry_run else None,
    )
    return told, refusal
