"""Ranking (排名): places that equal results share, and what is told apart for having little or nothing to judge."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
FEW_PROJECTS = 2  # one or two projects: every single one makes the rate jump
NO_TASK = "无任务"
SILENT = "尚无旬报"
FEW_WORDS = "项目数少，仅供参考"


def places(results: Mapping[Key, Any], *, largest_first: bool = True) -> dict[Key, int]:
    """{key: place} of comparable results: equal ones share a place and the next is skipped (1、1、3)."""
    place_of: dict[Any, int] = {}
    for number, result in enumerate(sorted(results.values(), reverse=largest_first), 1):
        place_of.setdefault(result, number)
    return {key: place_of[result] for key, result in results.items()}


@dataclass(frozen=True)
class RankingEntry(Generic[Key]):
    """Who is to be ranked: how many projects its result judges, and the result (None where nothing is due).

    `is_silent`: nothing has been reported that it could be judged by, which is not the same as nothing done.
    """

    key: Key
    projects: int
    result: Decimal | int | None
    is_silent: bool = False

    @property
    def remark(self) -> str:
        """无任务, 尚无旬报, the mark of one or two projects, or nothing."""
        if self.is_silent:
            return SILENT
        if not self.projects or self.result is None:
            return NO_TASK
        return FEW_WORDS if self.projects <= FEW_PROJECTS else ""


@dataclass(frozen=True)
class RankingPlace(Generic[Key]):
    """A line of a ranking; `place` is None for those told apart."""

    key: Key
    place: int | None
    remark: str


def rank(
    entries: Iterable[RankingEntry[Key]], *, largest_first: bool = True, with_few: bool = True
) -> list[RankingPlace[Key]]:
    """The entries by place, those of one place as they came; then those with few projects, then 尚无旬报 and 无任务, unplaced.

    with_few ranks the few among the others (marked all the same).
    """
    entries = list(entries)
    taking_part = {
        entry.key: entry.result
        for entry in entries
        if entry.remark == "" or (with_few and entry.remark == FEW_WORDS)
    }
    found = places(taking_part, largest_first=largest_first)
    lines = [RankingPlace(entry.key, found.get(entry.key), entry.remark) for entry in entries]
    last = ("", FEW_WORDS, SILENT, NO_TASK)
    return sorted(lines, key=lambda line: (line.place is None, line.place or 0, last.index(line.remark)))
