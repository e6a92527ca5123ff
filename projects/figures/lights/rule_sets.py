"""Which rule set judges which project on a day (适用规则): of those in force, the one of the narrower population."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Self

from ...models import LightRuleSet
from ...queries.lights.rule_sets import bands_of, in_force
from ...rules import DEFAULT_RULES, RuleSet


@dataclass(frozen=True)
class AppliedRules:
    """A rule set with the projects it applies to: `kinds` of lists (empty: all), a least plan of the year.

    `pk` is None for the default, which judges where nothing of the office's is in force.
    """

    rules: RuleSet
    pk: int | None = None
    kinds: frozenset[int] = frozenset()
    min_planned: Decimal = Decimal(0)
    effective_on: date = date.min

    @cached_property
    def is_general(self) -> bool:
        return not self.kinds and not self.min_planned

    def covers(self, kind: int | None, planned: Decimal) -> bool:
        """Whether a project of that kind of list (its highest of the year) and plan is of its population (适用范围)."""
        return (not self.kinds or kind in self.kinds) and planned >= self.min_planned

    @property
    def narrowness(self) -> tuple:
        """Sorts the narrower population after the wider, the later after the earlier (窄者优先、后者优先)."""
        limits = bool(self.kinds) + bool(self.min_planned)
        return limits, bool(self.kinds), -len(self.kinds), self.min_planned, self.effective_on, self.pk or 0


DEFAULT = AppliedRules(DEFAULT_RULES)


class RulesOfDay:
    """The rule sets of a day, each project finding its own. One tried out (试算) comes before all in force."""

    def __init__(self, in_force: Sequence[AppliedRules], tried: AppliedRules | None = None) -> None:
        ordered = sorted(in_force, key=lambda one: one.narrowness, reverse=True)
        self._ordered = [*([tried] if tried else []), *ordered, DEFAULT]
        general = next(number for number, one in enumerate(self._ordered) if one.is_general)
        del self._ordered[general + 1 :]  # nobody gets past one that covers all

    @classmethod
    def on(cls, day: date, tried: LightRuleSet | None = None, *, without: LightRuleSet | None = None) -> Self:
        """Those in force on the day, as if `without` were ended. Three queries, two more for one tried."""
        rows = LightRuleSet.objects.filter(effective_on__lte=day).prefetch_related("bands", "kinds")
        judging = [applied(row) for row in in_force(rows, day) if row != without]
        return cls(judging, applied(tried) if tried else None)

    @property
    def looks_back(self) -> int:
        """How many ten-day periods before the day the bands look at."""
        return max(one.rules.looks_back for one in self._ordered)

    def of(self, kind: int | None, planned: Decimal) -> AppliedRules:
        """The rule set of a project by its highest list of the year and its plan there."""
        for one in self._ordered:
            if one.is_general or one.covers(kind, planned):
                return one
        return DEFAULT


def applied(row: LightRuleSet) -> AppliedRules:
    """A stored rule set as it applies."""
    return AppliedRules(
        RuleSet(row.name, bands_of(row), row.red_needs),
        row.pk,
        frozenset(kind.pk for kind in row.kinds.all()),
        row.min_planned_investment,
        row.effective_on or date.min,
    )
