"""What the pages of a batch show (批次页面的内容): everything ready-made, the templates only lay it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from projects import clock
from projects.models import CellCorrection, ImportBatch
from projects.services import imports as service
from projects.services.base.steps import Steps
from projects.services.imports.staging.columns import BY_NAME
from projects.services.imports.staging.staged import ASK, KIND_WORDS

from .forms import ROW_WORDS, AnswersForm, ColumnsForm, ConfirmForm

SHOWN_MESSAGES = 200
SHOWN_ROWS = 60  # rows that are no plain project
WHY_WORDS = {
    "dictionary": "表头对照",
    "alias": "本单位登记的表头",
    "answer": "按回答",
    "similar": "按近似表头",
    "arithmetic": "按数值推断",
}
State = ImportBatch.State


def without_flag(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Messages as a page says them: the tick stands beneath, nobody here types a flag."""
    return [{**row, "message": row["message"].removesuffix(ASK)} for row in rows]


@dataclass(frozen=True)
class Progress:
    """The progress line of a batch."""

    progress_url: str
    done: int
    total: int
    words: str
    finished: bool


@dataclass(frozen=True)
class BatchShown:
    """A batch as it was read: its sheets, what became of it, what may be done with it."""

    batch: ImportBatch
    steps: Steps
    note: dict[str, str] | None
    sheets: list[dict[str, Any]]
    unread: list[dict[str, Any]]
    errors: int
    tells_changes: bool
    corrections: QuerySet[CellCorrection]


@dataclass(frozen=True)
class BatchAsks:
    """What a batch asks before it is written: questions, warnings to look at, the tick."""

    asked: list[dict[str, Any]]
    waiting: int
    may_confirm: bool
    form: ConfirmForm | None
    answers: AnswersForm | None


def progress_of(batch: ImportBatch) -> Progress:
    words = batch.message or batch.file_name
    if service.is_interrupted(batch, clock.now()):
        words = "处理进程中断，一分钟内由后台重新处理"
    return Progress(
        progress_url=reverse("import_progress", args=[batch.pk]),
        done=batch.progress,
        total=100 if batch.progress else 0,
        words=f"{batch.get_state_display()}：{words}",
        finished=not batch.is_running,
    )


def note_of(batch: ImportBatch) -> dict[str, str] | None:
    """What became of a batch, in words and tone."""
    notes = {
        State.REFUSED: ("error", batch.message),
        State.FAILED: ("error", batch.message),
        State.UNCHANGED: ("info", "与系统数据一致，没有需要写入的内容。"),
        State.CANCELLED: ("info", batch.message),
        State.REVERTED: ("warning", batch.message),
        State.WRITTEN: ("success", "已写入。"),
        State.READY: ("warning", batch.message),
    }
    tone, text = notes.get(State(batch.state), ("", ""))
    return {"tone": tone, "text": text} if text else None


def sheets_of(batch: ImportBatch) -> list[dict[str, Any]]:
    """Each sheet as it was read: its kind, headers, messages, rows that are no plain project, columns to look at."""
    return [_sheet(sheet, number) for number, sheet in enumerate(batch.result.get("sheets", []))]


def _sheet(sheet: Mapping[str, Any], number: int) -> dict[str, Any]:
    return {**sheet, **_head(sheet, number), **_body(sheet)}


def _head(sheet: Mapping[str, Any], number: int) -> dict[str, Any]:
    """What kind of sheet it is and how its headers were read."""
    is_read = sheet["kind"] != "unrecognised"
    return {
        "number": number,
        "is_read": is_read,
        "kind": KIND_WORDS[sheet["kind"]],
        "headers": "、".join(map(str, sheet["header_rows"])),
        "missing_words": "、".join(_label(name) for name in sheet.get("missing", ())),
        "columns_words": _columns_words(sheet.get("columns", [])) if is_read else "指定各列含义",
    }


def _body(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """Its messages, and the rows that are no plain project."""
    return {
        "shown_warnings": without_flag(sheet["warnings"][:SHOWN_MESSAGES]),
        "shown_errors": sheet["errors"][:SHOWN_MESSAGES],
        "skipped": _skipped(sheet.get("ignored", [])),
        "row_kinds": [
            {**row, "kind": ROW_WORDS.get(row["kind"], row["kind"])}
            for row in sheet.get("row_kinds", [])[:SHOWN_ROWS]
        ],
    }


def _columns_words(columns: Sequence[Mapping[str, Any]]) -> str:
    read = sum(bool(column["label"]) for column in columns)
    return f"已识别{read}列" + (f"，其他{len(columns) - read}列" if read < len(columns) else "")


def _label(name: str) -> str:
    return BY_NAME[name].label if name in BY_NAME else name


def _skipped(ignored: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Skipped rows by their reason: [{"why", "rows"}]."""
    rows: dict[str, list[str]] = {}
    for item in ignored:
        rows.setdefault(item["why"], []).append(str(item["row"]))
    return [
        {"why": why, "rows": "、".join(found[:20]) + (f"等{len(found)}行" if len(found) > 20 else "")}
        for why, found in rows.items()
    ]


def columns_of(batch: ImportBatch, number: int) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
    """(the sheet, its columns) to be mapped; of a sheet that was not recognised the headers it seems to have."""
    sheets = batch.result.get("sheets", [])
    if not 0 <= number < len(sheets):
        return None
    sheet = sheets[number]
    return sheet, sheet.get("columns") or _seeming(batch.result.get("tops", {}).get(sheet["sheet"], []))


def _seeming(top: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """The columns under the row of the top that looks most like a header: the most different short texts."""
    if not top:
        return []
    header = max(
        top, key=lambda row: len({text for text in row if 0 < len(text) <= 20 and not _is_number(text)})
    )
    found = {text.replace(" ", ""): index for index, text in reversed(list(enumerate(header))) if text}
    return [
        {"index": index, "head": text, "header": text, "field": "", "label": "", "why": ""}
        for text, index in sorted(found.items(), key=lambda item: item[1])
    ]


def _is_number(text: str) -> bool:
    return text.replace(".", "").replace(",", "").isdigit()


def grid_of(batch: ImportBatch, sheet: Mapping[str, Any], form: ColumnsForm) -> dict[str, Any]:
    """The sheet as it is under what each column is read as: {"heads": [...], "rows": [...]}."""
    fields, remembered = form.fields_of_columns(), batch.result.get("remembered", {})
    top = batch.result.get("tops", {}).get(sheet["sheet"], [])
    width = max([index + 1 for index in fields] + [len(row) for row in top], default=0)
    by_index = {column["index"]: column for column in form.columns}
    heads = []
    for index in range(width):
        column = by_index.get(index, {})
        since = remembered.get(f"column:{column.get('header')}", "")
        why = (
            f"沿用{since}的回答"
            if since and column.get("why") == "answer"
            else WHY_WORDS.get(column.get("why", ""), "")
        )
        heads.append({"column": column, "field": fields.get(index), "why": why})
    rows = [
        {
            "number": number,
            "is_header": number in sheet["header_rows"],
            "cells": [*row, *[""] * (width - len(row))],
        }
        for number, row in enumerate(top, start=1)
    ]
    return {"heads": heads, "rows": rows}
