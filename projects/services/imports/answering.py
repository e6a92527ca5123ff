"""Answers as data (回答): given for one batch, kept for the sender's next file, changed and taken back, never deleted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from projects.models import CellCorrection, ImportAnswer, ImportBatch, SenderAnswer, User

from ..base.changing import added, changed, held, refuse
from ..base.steps import Step, not_now, step
from .staging.columns import BY_NAME, KEEP
from .staging.questions import COLUMN, OF_ONE_FILE, is_answer
from .steps import BY_COMMAND, steps_of, stranger

State = ImportBatch.State


@dataclass(frozen=True)
class Mended:
    """A cell as a person reads it (更正): `row` counts from 1, `column` from 0."""

    sheet: str
    row: int
    column: int
    value: str
    header: str = ""
    was: str = ""


@transaction.atomic
def answer_batch(
    *,
    batch: ImportBatch,
    answers: Mapping[str, str],
    mended: Iterable[Mended] = (),
    remember: bool = True,
    by: User,
    now: datetime,
) -> ImportBatch:
    """Keep answers and mended cells with a batch, remember what its sender will mean again, let it be read anew.

    Refuses: anyone but the office, a batch that is at work or written, an answer that is none of the choices.
    """
    batch = held(batch)
    steps_of(batch, by, timezone.localdate(now)).require("answer")
    mended = list(mended)
    if not answers and not mended:
        refuse(answers="没有新的回答或更正。")
    choices = {question["id"]: question for question in batch.result.get("questions", [])}
    for question, answer in answers.items():
        refuse(answers=_wrong(question, answer, choices))
    for question, answer in answers.items():
        _keep_answer(batch, question, answer, by, now)
        kind, met = _parted(question)
        if remember and batch.sender and kind not in OF_ONE_FILE and len(met) <= SENDERS_WORD:
            remember_answer(sender=batch.sender, kind=kind, met=met, answer=answer, by=by, now=now)
    for cell in mended:
        _keep_correction(batch, cell, by, now)
    return _read_again(batch, "回答导入问题", by, now)


@transaction.atomic
def read_again(*, batch: ImportBatch, by: User, now: datetime) -> ImportBatch:
    """Let a batch be read anew as it is (重新读取). Refuses: anyone but the office, a batch at work or written."""
    batch = held(batch)
    steps_of(batch, by, timezone.localdate(now)).require("answer")
    return _read_again(batch, "重新读取台账", by, now)


def _read_again(batch: ImportBatch, action: str, by: User, now: datetime) -> ImportBatch:
    with changed(batch, action, by=by, now=now, unchecked=BY_COMMAND):
        batch.state, batch.claimed_at, batch.claims = State.READING, None, 0
        batch.progress, batch.message = 0, "等待读取"
    return batch


SENDERS_WORD = SenderAnswer._meta.get_field("met").max_length or 0


def _parted(question: str) -> tuple[str, str]:
    """(kind, what was met) of a question's id; the sheet before it is left out."""
    kind, _, met = question.partition(":")
    return kind.rpartition("!")[2], met


def _wrong(question: str, answer: str, asked: Mapping[str, dict[str, Any]]) -> str:
    """Why an answer cannot be taken; empty when it can. A header is answered by any field, asked or not."""
    kind, met = _parted(question)
    if kind == COLUMN and (answer in BY_NAME or answer == KEEP):
        return "" if len(question) <= QUESTION_LENGTH else f"表头“{met[:20]}…”过长，请在原表中改短后再上传。"
    found = asked.get(f"{kind}:{met}")
    if found is None:
        return f"本批没有“{met or kind}”这个问题，请刷新页面后再答。"
    if not is_answer(kind, answer, found["choices"]):
        return f"“{met or found['text']}”的回答“{answer}”不在可选答案之内，请重新选择。"
    return ""


QUESTION_LENGTH = ImportAnswer._meta.get_field("question").max_length or 0


def _keep_answer(batch: ImportBatch, question: str, answer: str, by: User, now: datetime) -> None:
    kept = ImportAnswer.objects.filter(batch=batch, question=question).first()
    if kept is None:
        added(
            ImportAnswer(batch=batch, question=question, answer=answer, made_by=by, made_at=now),
            "回答导入问题",
            by=by,
            now=now,
        )
    elif kept.answer != answer:
        with changed(kept, "回答导入问题", by=by, now=now):
            kept.answer, kept.made_by, kept.made_at = answer, by, now


def _keep_correction(batch: ImportBatch, cell: Mended, by: User, now: datetime) -> None:
    place = {"sheet": cell.sheet, "row": cell.row, "column": cell.column}
    kept = CellCorrection.objects.filter(batch=batch, **place).first()
    if kept is None:
        kept = CellCorrection(batch=batch, **place, header=cell.header[:160], was=cell.was[:300])
    elif kept.value == cell.value:
        return
    with changed(kept, "更正单元格", by=by, now=now):
        kept.value, kept.made_by, kept.made_at = cell.value, by, now


# ---------------------------------------------------------------------------------------------------------
# The sender's answers


@dataclass(frozen=True)
class Remembered:
    """What a sender's earlier answer says, and since when."""

    answer: str
    on: date


def remembered_of(sender: str) -> dict[str, Remembered]:
    """The answers that hold for a sender, by the id of their question. One query."""
    if not sender:
        return {}
    held_answers = SenderAnswer.objects.filter(sender=sender, taken_back_at__isnull=True)
    return {kept.question: Remembered(kept.answer, timezone.localdate(kept.made_at)) for kept in held_answers}


@transaction.atomic
def remember_answer(
    *, sender: str, kind: str, met: str, answer: str, by: User, now: datetime
) -> SenderAnswer:
    """Keep an answer for the sender's next file; an earlier one is taken back, the same one stays as it is."""
    rows = SenderAnswer.objects.select_for_update().filter(sender=sender, kind=kind, met=met)
    kept = rows.filter(taken_back_at__isnull=True).first()
    if kept and kept.answer == answer:
        return kept
    if kept:
        _take_back(kept, by, now)
    new = SenderAnswer(sender=sender, kind=kind, met=met, answer=answer, made_by=by, made_at=now)
    return added(new, "沿用回答", by=by, now=now)


@transaction.atomic
def take_back_answer(*, answer: SenderAnswer, by: User, now: datetime) -> SenderAnswer:
    """No longer use an answer (停用). Refuses: anyone but the office, one that was taken back."""
    answer = held(answer)
    answer_steps(answer, by).require()
    _take_back(answer, by, now)
    return answer


@transaction.atomic
def change_answer(*, answer: SenderAnswer, to: str, by: User, now: datetime) -> SenderAnswer:
    """Answer otherwise from now on (改答): the old one is taken back. Refuses as taking back does, and an unknown field."""
    answer = held(answer)
    answer_steps(answer, by).require()
    refuse(to=not to.strip() and "请填写回答。")
    refuse(to=answer.kind == COLUMN and to not in BY_NAME and to != KEEP and "没有这个字段，请从列表中选择。")
    return remember_answer(
        sender=answer.sender, kind=answer.kind, met=answer.met, answer=to.strip(), by=by, now=now
    )


def answer_steps(answer: SenderAnswer, user: User) -> Step:
    """Whether an answer may be changed or taken back by this person."""
    return step(stranger(user, "管理沿用的回答"), not answer.holds and not_now("该回答已停用。"))


def _take_back(answer: SenderAnswer, by: User, now: datetime) -> None:
    with changed(answer, "停用回答", by=by, now=now):
        answer.taken_back_by, answer.taken_back_at = by, now
