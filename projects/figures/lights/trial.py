"""Trying a rule set out (试算): its lights on a day beside those of the rules in force, for the projects it applies to.

And the other way round: the lights without a set that is to be ended (停用).
"""

from collections import Counter
from dataclasses import dataclass

from ...models import LightRuleSet
from ...rules import Light
from ..population import Scope
from .judging import LightsOfDay, ProjectLight
from .rule_sets import AppliedRules, RulesOfDay, applied

Move = tuple[Light, Light]
COLUMNS = (Light.GREEN, Light.YELLOW, Light.RED, Light.EXEMPT)


@dataclass(frozen=True)
class Compared:
    """One project under both (前后对照)."""

    before: ProjectLight
    after: ProjectLight


class LightTrial:
    """What would change (启用后的变化): the light of each project of the set's population, now and under the set.

    `moves` is {project id: (light now, light under the set)}, for the projects on the lists of the day's year that the
    viewer of `scope` may see. Constant queries, however many projects. With `ends` it is the projects that the set
    judges, now and without it; one still to come is taken as if its first day were here, by the facts of the day.
    """

    def __init__(self, rule_set: LightRuleSet, scope: Scope, *, ends: bool = False) -> None:
        day, self._trial, self._ends = scope.cut_off, applied(rule_set), ends
        if ends:
            ruled_on = max(day, self._trial.effective_on)
            self._now, self._then = RulesOfDay.on(ruled_on), RulesOfDay.on(ruled_on, without=rule_set)
        else:
            self._now, self._then = RulesOfDay.on(day), RulesOfDay.on(day, rule_set)
        back = max(self._now.looks_back, self._then.looks_back)
        self._day = LightsOfDay(scope.listed(), day, looks_back=back)
        listed = scope.once().values_list("listing__project", flat=True)
        self.moves: dict[int, Move] = {
            pk: (self._day.colour(pk, self._now), self._day.colour(pk, self._then))
            for pk in listed
            if pk in self._day.facts and self._covers(pk)
        }
        self.counts = Counter(self.moves.values())

    def _covers(self, pk: int) -> bool:
        facts = self._day.facts[pk]
        if self._ends:
            return self._now.of(facts.kind, facts.planned).pk == self._trial.pk
        return self._trial.covers(facts.kind, facts.planned)

    @property
    def heirs(self) -> list[tuple[AppliedRules, int]]:
        """(rule set, how many projects) that would judge them then, the most first (改按规则)."""
        judged = (self._day.facts[pk] for pk in self.moves)
        found = Counter(self._then.of(facts.kind, facts.planned) for facts in judged)
        return found.most_common()

    def compared(self, pk: int) -> Compared:
        """Both lights of one project with their sentences; no query."""
        return Compared(self._day.explained(pk, self._now), self._day.explained(pk, self._then))

    def picked(self, was: str = "", will: str = "", *, changed: bool = False) -> list[int]:
        """Ids of the projects that go from one light to another; "" is any, `changed` leaves out what stays."""
        return [
            pk
            for pk, (before, after) in self.moves.items()
            if was in ("", before) and will in ("", after) and not (changed and before is after)
        ]

    @property
    def changed(self) -> int:
        return sum(number for (before, after), number in self.counts.items() if before is not after)

    @property
    def changes(self) -> list[tuple[Light, Light, int]]:
        """(from, to, how many) of what changes, the most first."""
        found = [(*move, number) for move, number in self.counts.items() if move[0] is not move[1]]
        return sorted(found, key=lambda one: (-one[2], COLUMNS.index(one[0]), COLUMNS.index(one[1])))

    def before(self, light: Light) -> int:
        return sum(number for (was, _will), number in self.counts.items() if was is light)

    def after(self, light: Light) -> int:
        return sum(number for (_was, will), number in self.counts.items() if will is light)

    @property
    def sentence(self) -> str:
        """启用后12个项目亮灯有变化：8个由正常变预警，4个由预警变滞后."""
        verb = "停用" if self._ends else "启用"
        if not self.changed:
            return f"{verb}后没有项目的亮灯变化"
        parts = "，".join(f"{number}个由{was.words}变{will.words}" for was, will, number in self.changes)
        return f"{verb}后{self.changed}个项目亮灯有变化：{parts}"
