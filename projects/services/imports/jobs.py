"""Imports as jobs (导入作业): an uploaded batch is read, confirmed by a person, written. Each step may run twice.

A step claims its batch (`claims`) and works only as long as the claim holds; the sweep takes up again what a dead
worker left, once. A person may cancel at any time before the end: nothing is written then.
"""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
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
from .claims import GIVEN_UP, Claim, ClaimLostError, claim, is_free, is_given_up
from .importing import ImportPlan, collector_paused, plan_import, result_of, write_plan
from .preview import published_rates
from .reader import UnreadableWorkbook, check_package
from .staging.sheets import Options

log = logging.getLogger(__name__)

State = ImportBatch.State
CANCELLABLE = UNFINISHED_STATES | {State.READY}
BY_COMMAND = ("made_by",)  # a batch that came by a command was uploaded by no person


def steps_of(batch: ImportBatch, user: User | None, today: date) -> Steps:
    """What may be done with a batch: confirm (确认导入), cancel (取消), revert (撤销导入), each by the office. No query.

    Taking back is refused as well where something newer depends on the batch; that is found out only by doing it.
    `user` is None for the command line, which only the administrator of the machine can reach.
    """
    return Steps(
        confirm=step(
            _stranger(user, "导入台账"),
            batch.state != State.READY and not_now("该批次不在待确认状态，请刷新页面后再看。"),
        ),
        cancel=step(
            _stranger(user, "取消导入"),
            batch.state not in CANCELLABLE
            and not_now(f"第{batch.pk}批的状态为“{batch.get_state_display()}”，不能取消。"),
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
    with _work(batch_id, State.READING, now) as mine:
        if mine is None:
            return
        batch = mine.batch
        mine.say(10, "正在读取工作簿")
        plan = _plan(batch, now, today)
        refusal = plan.decide(allow_warnings=True, allow_questions=True)
        state = State.REFUSED if refusal else State.READY if plan.changes else State.UNCHANGED
        result = outcome_of(plan, batch, state)
        if state == State.READY:
            mine.say(70, "正在测算指标变化")
            result["rates"] = published_rates(plan, batch=batch, now=now, today=today)
        _finish(mine, state, refusal, now, result=result)


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
        batch.state, batch.claimed_at, batch.claims = State.WRITING, None, 0
        batch.progress, batch.message = 0, "等待写入"


@transaction.atomic
def cancel_batch(*, batch: ImportBatch, by: User, now: datetime) -> None:
    """Leave a batch before it is written (取消导入): a worker at it stops at its next word, and nothing is written.

    Refuses: anyone but the office, a batch that has come to its end. Cancelled twice, it answers the first.
    """
    # a writer's rows point to the batch, and would keep an ordinary lock waiting until all is written
    batch = ImportBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
    if batch.state == State.CANCELLED:
        step(_stranger(by, "取消导入")).require()
        return
    steps_of(batch, by, timezone.localdate(now)).require("cancel")
    with changed(batch, "取消导入", by=by, now=now, unchecked=BY_COMMAND):
        batch.state, batch.message, batch.progress = State.CANCELLED, "已取消，未写入任何数据。", 100


@collector_paused()
def write_batch(batch_id: int, *, now: datetime, today: date) -> None:
    """Write a confirmed batch. The file is read and compared anew: the record may have moved since the preview."""
    with _work(batch_id, State.WRITING, now) as mine:
        if mine is None:
            return
        batch = mine.batch
        mine.say(20, "正在写入")
        with transaction.atomic():
            plan = _plan(batch, now, today)
            refusal = plan.decide(allow_warnings=True)
            written_at = None
            if not refusal and plan.changes:
                plan.changes.write(batch=batch, by=batch.made_by, now=now)
                written_at = now
            state = State.REFUSED if refusal else State.WRITTEN if plan.changes else State.UNCHANGED
            # the preview, with the rates it promised, stays the memory of what was confirmed
            result = {**batch.result, **outcome_of(plan, batch, state)}
            _finish(mine, state, refusal, now, result=result, written_at=written_at)


def unfinished_batches(now: datetime) -> Sequence[tuple[int, str]]:
    """Batches that wait for a worker, or whose worker died: (id, state), for the sweep. Those given up are ended."""
    waiting = Q(claimed_at__isnull=False) | Q(made_at__lt=now - timedelta(seconds=30))
    batches = ImportBatch.objects.filter(waiting, state__in=UNFINISHED_STATES).defer("result", "options")
    free = [batch for batch in batches if is_free(batch, now)]
    for batch in free:
        if is_given_up(batch):
            with suppress(ClaimLostError):
                _give_up(Claim(batch, now), now)
    return [(batch.pk, batch.state) for batch in free if not is_given_up(batch)]


def is_interrupted(batch: ImportBatch, now: datetime) -> bool:
    """Whether who was at the batch is dead, and the sweep has not come yet (处理中断)."""
    return batch.is_running and batch.claimed_at is not None and is_free(batch, now)


@contextmanager
def _work(batch_id: int, state: str, now: datetime) -> Iterator[Claim | None]:
    """A claim on the batch for as long as the block works on it; what breaks in the block is said on the batch."""
    found = claim(batch_id, state, now)
    if found is None:
        yield None
        return
    try:
        with found.beating():
            yield found
    except ClaimLostError as lost:
        log.info("%s", lost)
    except Exception as error:
        _fail(found, error)
        raise


def _stranger(user: User | None, what: str) -> Step | Literal[False]:
    return user is not None and not user.is_office and not_you(f"只有发改局统筹人员可以{what}。")


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


def _finish(mine: Claim, state: str, refusal: str, now: datetime, **values: Any) -> None:
    """Settle the batch and tell its uploader, who may have left the page."""
    mine.settle(state, refusal, **values)
    _tell(mine.batch, refusal, now)


@transaction.atomic
def _give_up(mine: Claim, now: datetime) -> None:
    mine.settle(State.FAILED, GIVEN_UP)
    _tell(mine.batch, GIVEN_UP, now)


def _fail(mine: Claim, error: Exception) -> None:
    busy = isinstance(error, DatabaseError)
    words = "数据库忙或数据已被他人改动，请重新上传。" if busy else "处理失败，请联系管理员查看日志。"
    with suppress(ClaimLostError):
        mine.settle(State.FAILED, words)


def _tell(batch: ImportBatch, words: str, now: datetime) -> None:
    if batch.made_by:
        label = batch.get_state_display()
        queue_notice(
            recipient=batch.made_by,
            key=f"import:{batch.pk}:{batch.state}",
            subject=f"台账导入：{batch.file_name[:80]}，{label}",
            body=f"第{batch.pk}批“{batch.file_name}”{label}。{words}",
            now=now,
            link=reverse("import_detail", args=[batch.pk]),
        )


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
