"""The values an import passes on (暂存): messages with their place, staged rows, staged sheets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .columns import label_of
from .kinds import (
    INDICATORS,
    INVESTMENT,
    LEADS,
    LEDGER,
    MILESTONES,
    OFFICIALS,
    PLACES,
    PROBLEMS,
    UNITS,
    UNRECOGNISED,
)
from .questions import Answers, Question, is_answer

ASK = "，如确认无误请加 --allow-warnings 或在页面勾选确认"

KIND_WORDS = {
    LEDGER: "台账",
    MILESTONES: "节点计划",
    INVESTMENT: "投资调度",
    PROBLEMS: "问题清单",
    INDICATORS: "指标",
    LEADS: "招商项目",
    OFFICIALS: "领导名册",
    UNITS: "单位名册",
    PLACES: "项目位置",
    UNRECOGNISED: "未识别",
}


@dataclass(frozen=True)
class SheetPlace:
    """Where something was read (出处): the sheet and its own row number; `left` tells tables side by side apart."""

    sheet: str
    row: int | None
    left: int = 0


@dataclass(frozen=True)
class Message:
    """One finding on a row (提示或错误). `must_confirm`: the import waits until somebody confirms it."""

    row: int | None
    column: str
    value: str
    message: str
    must_confirm: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "value": self.value, "message": self.message}


@dataclass
class StagedRow:
    """One data row as plain values by field name; an absent field was empty. `heads` maps fields to headers."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    amounts: dict[date, Any] = field(default_factory=dict)  # period or as-of day → cumulative amount
    extra: dict[str, str] = field(default_factory=dict)
    left: int = 0  # the first column of its table, where several stand side by side

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)


@dataclass
class StagedSheet:
    """One sheet read and checked, before anything is compared with the database."""

    name: str
    kind: str
    title: str = ""
    list_name: str | None = None
    year: int | None = None
    unit: str | None = None
    as_of: date | None = None
    header_rows: list[int] = field(default_factory=list)
    heads: dict[str, str] = field(default_factory=dict)  # field → the header as written
    rows: list[StagedRow] = field(default_factory=list)
    ignored: list[dict[str, Any]] = field(default_factory=list)
    declared: list[dict[str, Any]] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)
    errors: list[Message] = field(default_factory=list)
    period_columns: dict[date, str] = field(default_factory=dict)
    marks_uncounted: bool = False  # a ※ before a name keeps the row out of the totals
    known_names: frozenset[str] = (
        frozenset()
    )  # of leaders and units on record, each one name whatever stands in it
    answers: Answers = field(default_factory=Answers)
    questions: dict[str, Question] = field(default_factory=dict)  # by id: each word is asked once
    columns: list[dict[str, Any]] = field(default_factory=list)  # each column, as what it was read and why
    row_kinds: list[dict[str, Any]] = field(default_factory=list)  # rows that are no plain project, and why
    found_headers: list[str] = field(default_factory=list)  # of a sheet that was not recognised
    missing: list[str] = field(default_factory=list)  # what reading it would need
    unread: str = ""  # the sentence for it
    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def at(self, row: StagedRow) -> SheetPlace:
        return SheetPlace(self.name, row.number, row.left)

    def head(self, name: str) -> str:
        return self.heads.get(name, "")

    def called(self, name: str) -> str:
        """A column by the header it has in this sheet, else by its Chinese name."""
        return self.heads.get(name) or label_of(name)

    def warn(self, row: StagedRow | int | None, name: str, message: str, *, ask: bool = False) -> None:
        """Note something that does not stop the import; with `ask` it waits for a confirmation."""
        self.warnings.append(self._message(row, name, message + ASK if ask else message, ask))

    def ask(
        self,
        kind: str,
        met: str,
        text: str,
        *,
        choices: Sequence[str],
        likely: str,
        row: StagedRow | int | None = None,
        column: str = "",
    ) -> str:
        """Ask what a word of the sheet means, once; what the reading goes on with: the answer, else the likely one."""
        answer = self.answers.of(self.name, kind, met)
        if answer is not None and not is_answer(kind, answer, choices):
            text, answer = f"{text}所答“{answer}”不在可选答案之内，请重新选择。", None
        number = row.number if isinstance(row, StagedRow) else row
        asked = Question(kind, met, text, tuple(choices), likely, self.name, number, column, answer)
        return self.questions.setdefault(asked.id, asked).answer or likely

    def refuse(self, row: StagedRow | int | None, name: str, message: str) -> None:
        """Note an error: nothing of the file will be written. A cell is refused once, for the first reason found."""
        found = self._message(row, name, message, False)
        if found.row is None or all(
            (e.row, e.column) != (found.row, found.column) for e in self.errors[-20:]
        ):
            self.errors.append(found)

    def _message(self, row: StagedRow | int | None, name: str, text: str, ask: bool) -> Message:
        if isinstance(row, StagedRow):
            return Message(row.number, self.called(name), row.raw.get(name, ""), text, ask)
        return Message(row, self.called(name), "", text, ask)

    def messages(self) -> Iterator[Message]:
        yield from self.warnings
        yield from self.errors

    def as_json(self) -> dict[str, Any]:
        """The sheet in the contract's words (docs/contract.md §2)."""
        return {
            "sheet": self.name,
            "kind": self.kind,
            "list": self.list_name,
            "year": self.year,
            "unit": self.unit,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "header_rows": self.header_rows,
            "rows": len(self.rows),
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "ignored": self.ignored,
            "declared": self.declared,
            "unmapped_columns": self.unmapped,
            "warnings": [message.as_json() for message in self.warnings],
            "errors": [message.as_json() for message in self.errors],
            "questions": [question.as_json() for question in self.questions.values()],
            "columns": self.columns,
            "row_kinds": self.row_kinds,
            **self._unread_as_json(),
        }

    def _unread_as_json(self) -> dict[str, Any]:
        if self.kind != UNRECOGNISED:
            return {}
        return {"found_headers": self.found_headers, "missing": self.missing, "reason": self.unread}

    def join(self, other: "StagedSheet") -> None:
        """Take in another table of the same sheet."""
        for name in (
            *("rows", "ignored", "declared", "warnings", "errors", "columns", "row_kinds"),
            *("header_rows", "unmapped"),
        ):
            own = getattr(self, name)
            once = name in ("header_rows", "unmapped", "warnings")
            own += [item for item in getattr(other, name) if not once or item not in own]
        self.heads = {**other.heads, **self.heads}
        self.period_columns = {**other.period_columns, **self.period_columns}
        self.questions = {**other.questions, **self.questions}
        self.marks_uncounted |= other.marks_uncounted
