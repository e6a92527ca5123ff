"""Imports as jobs (导入作业): an uploaded batch is read, confirmed by a person, written. Each step may run twice.

A step claims its batch (`claims`) and works only as long as the claim holds; the sweep takes up again what a dead
worker left, once. A person may cancel at any time before the end: nothing is written then.
"""

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from projects.models import UNFINISHED_STATES, ImportBatch, ListKind, User

from ..base.changing import added, changed, held, refuse
from ..base.notices import queue_notice
from ..base.steps import step
from .agreed import has_moved, moved_since, signature_of
from .claims import GIVEN_UP, Claim, ClaimLostError, claim, is_free, is_given_up
from .importing import ImportPlan, collector_paused, plan_import, result_of
from .preview import published_rates
from .reader import UnreadableWorkbook, check_package
from .revert import undo_rows
from .staging.sheets import Options
from .steps import BY_COMMAND, steps_of, stranger
from .writing import MovedMeanwhileError, mark, write_in_slices

log = logging.getLogger(__name__)

State = ImportBatch.State
ATTEMPTS = 3  # plans made anew while others keep changing what they build on


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def options_of(batch: ImportBatch) -> Options:
    """What was said of a batch: at its upload, and in answers and corrections since."""
    saved = batch.options
    return Options(
        saved.get("year"),
        saved.get("list"),
        tuple(saved.get("sheets") or ()),
        saved.get("unit"),
        dict(batch.answers.values_list("question", "answer")),
        saved.get("sender") or "",
        {(cell.sheet, cell.row, cell.column): cell.value for cell in batch.corrections.all()},
    )


@transaction.atomic
def upload_batch(
    *, content: bytes, file_name: str, options: dict[str, Any], by: User, now: datetime
) -> ImportBatch:
    """Keep an uploaded workbook as a batch to be read (上传台账).

    Refuses: anyone but the office, files that are no workbook or too large, unknown lists.
    """
    step(stranger(by, "导入台账")).require()
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
        plan = _plan(mine, now, today)
        refusal = plan.decide(allow_warnings=True, allow_questions=True)
        state = State.REFUSED if refusal else State.READY if plan.changes else State.UNCHANGED
        _finish(mine, state, refusal, now, **_shown(mine, plan, state, today))


def _shown(mine: Claim, plan: ImportPlan, state: str, today: date) -> dict[str, Any]:
    """What the batch keeps of a plan: who sent it, what a person is shown, its signature. The plan is spent then."""
    signature = signature_of(plan)
    result = outcome_of(plan, mine.batch, state)
    if state == State.READY:
        mine.say(90, "正在测算指标变化")
        result["rates"] = published_rates(plan, today=today)
    return {"sender": plan.sender, "plan": signature, "result": result}


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
        batch.confirmed_by, batch.confirmed_at = by, now


@transaction.atomic
def cancel_batch(*, batch: ImportBatch, by: User, now: datetime) -> None:
    """Leave a batch before it is written (取消导入): a worker at it stops at its next word, and nothing is written.

    Refuses: anyone but the office, a batch that has come to its end. Cancelled twice, it answers the first.
    """
    # a writer's rows point to the batch, and would keep an ordinary lock waiting until all is written
    batch = ImportBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
    if batch.state == State.CANCELLED:
        step(stranger(by, "取消导入")).require()
        return
    steps_of(batch, by, timezone.localdate(now)).require("cancel")
    with changed(batch, "取消导入", by=by, now=now, unchecked=BY_COMMAND):
        batch.state, batch.message, batch.progress = State.CANCELLED, "已取消，未写入任何数据。", 100


@collector_paused()
def write_batch(batch_id: int, *, now: datetime, today: date) -> None:
    """Write a confirmed batch. The file is read and compared anew; what differs from the plan confirmed goes back."""
    with _work(batch_id, State.WRITING, now) as mine:
        if mine is None:
            return
        _undo(mine.batch, now)  # what a worker left that died between two slices
        for _ in range(ATTEMPTS):
            if _written(mine, now, today):
                return
        _bring_back(mine, _plan(mine, now, today), now, today)


def _written(mine: Claim, now: datetime, today: date) -> bool:
    """Plan, and write if it is the plan confirmed; whether the batch is settled, one way or another."""
    batch, since = mine.batch, mark()
    plan = _plan(mine, now, today)
    refusal = plan.decide(allow_warnings=True, allow_questions=True)
    if refusal or not plan.changes:
        state = State.REFUSED if refusal else State.UNCHANGED
        _finish(mine, state, refusal, now, **_shown(mine, plan, state, today))
        return True
    if plan.unanswered or has_moved(batch.plan, signature_of(plan)):
        _bring_back(mine, plan, now, today)
        return True
    # the preview, with the rates it promised, stays the memory of what was confirmed
    result = {**batch.result, **outcome_of(plan, batch, State.WRITTEN)}
    try:
        write_in_slices(
            changes=plan.changes,
            batch=batch,
            by=batch.confirmed_by or batch.made_by,
            now=now,
            since=since,
            begin=lambda done, of: mine.say(50 + 50 * done // of, f"正在写入，第{done}条，共{of}条"),
            finish=lambda: _finish(mine, State.WRITTEN, "", now, result=result, written_at=now),
        )
    except MovedMeanwhileError:
        return False
    return True


def _bring_back(mine: Claim, plan: ImportPlan, now: datetime, today: date) -> None:
    """Nothing is written: the batch waits for a person again, beside what moved since the preview (待确认)."""
    batch = mine.batch
    moved = moved_since(batch.plan, batch.result.get("changes", []), plan, signature_of(plan))
    values = _shown(mine, plan, State.READY, today)
    values["result"]["moved"] = moved
    words = "自预览以来数据有变动，尚未写入。请核对变动后重新确认。"
    _finish(mine, State.READY, words, now, about=values["plan"]["digest"], **values)


def _undo(batch: ImportBatch, now: datetime) -> None:
    """Take back what was written of a batch that did not come to its end."""
    if batch.rows.filter(taken_back=False).exists():
        undo_rows(batch, batch.confirmed_by or batch.made_by, now)


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


def _plan(mine: Claim, now: datetime, today: date) -> ImportPlan:
    batch = mine.batch
    with batch.file.open("rb") as file:
        content = file.read()
    return plan_import(
        content=content,
        file_name=batch.file_name,
        options=options_of(batch),
        by=batch.confirmed_by or batch.made_by,
        now=now,
        today=today,
        tell=mine.say,
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
        "sender": plan.sender,
        "remembered": _remembered_on(plan, options_of(batch).answers),
        "tops": plan.tops,
    }


def _remembered_on(plan: ImportPlan, given: Mapping[str, str]) -> dict[str, str]:
    """The questions answered by what the sender answered before: id → the day of that answer."""
    return {
        question: kept.on.isoformat()
        for question, kept in plan.remembered.items()
        if not any(answered.rpartition("!")[2] == question for answered in given)
    }


def _finish(mine: Claim, state: str, refusal: str, now: datetime, about: str = "", **values: Any) -> None:
    """Settle the batch and tell who waits for it, who may have left the page; `about` makes it another notice."""
    mine.settle(state, refusal, **values)
    _tell(mine.batch, refusal, now, about)


@transaction.atomic
def _give_up(mine: Claim, now: datetime) -> None:
    mine.settle(State.FAILED, GIVEN_UP)
    _undo(mine.batch, now)
    _tell(mine.batch, GIVEN_UP, now)


def _fail(mine: Claim, error: Exception) -> None:
    busy = isinstance(error, DatabaseError)
    words = "数据库忙或数据已被他人改动，请重新上传。" if busy else "处理失败，请联系管理员查看日志。"
    with suppress(ClaimLostError):
        mine.settle(State.FAILED, words)


def _tell(batch: ImportBatch, words: str, now: datetime, about: str = "") -> None:
    if waiting := batch.confirmed_by or batch.made_by:
        label = batch.get_state_display()
        queue_notice(
            recipient=waiting,
            key=f"import:{batch.pk}:{batch.state}:{about}".rstrip(":"),
            subject=f"台账导入：{batch.file_name[:80]}，{label}",
            body=f"第{batch.pk}批“{batch.file_name}”{label}。{words}",
            now=now,
            link=reverse("import_detail", args=[batch.pk]),
        )
