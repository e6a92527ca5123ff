"""The chain of a report's rounds (报送轮次) in words: who, when, why, and what changed since the round before."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from projects.models import ProgressReport, ReportRound
from projects.money import format_wan

from ..base.changes import EMPTY, Change

LABELS = {
    "invested_this_year": "本年累计完成投资（万元）",
    "invested_to_date": "自开工累计完成投资（万元）",
    "physical_progress": "形象进度",
    "work_done": "本旬进展",
    "next_steps": "下步计划",
    "started_on": "实际开工日期",
    "completed_on": "竣工日期",
    "in_production_on": "投产日期",
    "photos": "现场照片",
    "overrule_reason": "情况说明",
}
AMOUNTS = frozenset({"invested_this_year", "invested_to_date"})
# what a reviewer points at: the dates of fact are one thing to mend
MEND_WORDS = {
    "invested_this_year": "本年累计完成投资",
    "invested_to_date": "自开工累计完成投资",
    "physical_progress": "形象进度",
    "work_done": "本旬进展",
    "next_steps": "下步计划",
    "reported_facts": "开竣工、投产日期",
    "photos": "现场照片",
}


@dataclass(frozen=True)
class RoundStep:
    """One round with what changed since the one before; `is_compared` says whether there was one."""

    round: ReportRound
    changes: tuple[Change, ...]
    is_compared: bool

    @property
    def to_mend(self) -> list[str]:
        return mend_words(self.round.to_mend)


def mend_words(names: Iterable[str]) -> list[str]:
    return [words for name, words in MEND_WORDS.items() if name in names]


def chain_of(report: ProgressReport) -> list[RoundStep]:
    """Every round of a report, the latest first. One query."""
    rounds = list(
        report.rounds.select_related("submitted_by", "passed_by", "confirmed_by", "returned_by").order_by(
            "number"
        )
    )
    steps = [RoundStep(rounds[0], (), False)] if rounds else []
    steps += [RoundStep(later, changes_between(earlier, later), True) for earlier, later in pairwise(rounds)]
    return steps[::-1]


def changes_between(before: ReportRound, after: ReportRound) -> tuple[Change, ...]:
    """What the later round says otherwise, field by field; what either round does not know is not compared."""
    old, new = _said(before), _said(after)
    return tuple(
        Change(label, _words(name, old[name]), _words(name, new[name]))
        for name, label in LABELS.items()
        if name in old and name in new and old[name] != new[name]
    )


def _said(kept: ReportRound) -> dict[str, Any]:
    content = dict(kept.content)
    facts = content.pop("reported_facts", None) or {}
    return content | {name: facts.get(name) for name in _FACTS} | {"overrule_reason": kept.overrule_reason}


_FACTS = ("started_on", "completed_on", "in_production_on")


def _words(name: str, value: Any) -> str:
    if value in (None, "", []):
        return EMPTY
    if name in AMOUNTS:
        return format_wan(Decimal(value))
    return "、".join(value) if isinstance(value, list) else str(value)
