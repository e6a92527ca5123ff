"""Questions (待答问题): a guess that would touch a published figure waits for a person, once per word and file.

The reading goes on with the likely answer, so that a preview shows everything at once; nothing is written while a
question stands unanswered (docs/contract.md §2).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

AS_OF, YEAR, UNIT, LIST, LISTED_FROM = "as_of", "year", "unit", "list", "listed_from"
COLUMN, CATEGORY, ROW, DATE, PEOPLE, UNITS = "column", "category", "row", "date", "people", "units"
ANY_DAY = frozenset({AS_OF, LISTED_FROM})  # answered by any day, the choices are the days met
OF_A_SHEET = frozenset({AS_OF, YEAR, UNIT, LIST, LISTED_FROM})
OF_ONE_FILE = frozenset({AS_OF, YEAR, LIST, LISTED_FROM, ROW})  # another file of the sender may mean another


@dataclass(frozen=True)
class Question:
    """One question: what was met, what it may mean, what it most likely means, and the answer given, if any."""

    kind: str
    met: str
    text: str
    choices: tuple[str, ...]
    likely: str
    sheet: str
    row: int | None = None
    column: str = ""
    answer: str | None = None

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.met}"

    def as_json(self) -> dict[str, Any]:
        """The question in the contract's words."""
        return {
            "id": self.id,
            "kind": self.kind,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "value": self.met,
            "text": self.text,
            "choices": list(self.choices),
            "likely": self.likely,
            "answer": self.answer,
        }


@dataclass(frozen=True)
class Answers:
    """What is known beforehand: `given` for this file by id or sheet!id, else `remembered` of this sender."""

    given: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)

    def of(self, sheet: str, kind: str, met: str) -> str | None:
        """The answer to what was met; a day, a year, a unit or a list may be answered without naming it (as_of:)."""
        key = f"{kind}:{met}"
        for asked in [key, f"{kind}:"] if kind in OF_A_SHEET else [key]:
            for found in (self._given.get(_folded(f"{sheet}!{asked}")), self._given.get(_folded(asked))):
                if found is not None:
                    return found
        return None if kind in OF_ONE_FILE else self.remembered.get(key)

    @cached_property
    def _given(self) -> dict[str, str]:
        return {_folded(key): answer for key, answer in self.given.items()}


def _folded(key: str) -> str:
    """A key as it is compared: a cell of several lines may be named with its breaks or with 、 in their place."""
    return re.sub(r"[、,，]?\s*[\r\n]+\s*", "、", key)


def is_answer(kind: str, answer: str, choices: Sequence[str]) -> bool:
    """Whether an answer can be taken: one of the choices, or a day where a day is asked for."""
    if answer in choices:
        return True
    if kind not in ANY_DAY:
        return False
    try:
        date.fromisoformat(answer)
    except ValueError:
        return False
    return True
