"""Rule sets of lights to read (亮灯规则): how each stands on a day, whom it applies to, its bands in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from projects.models import LightRuleSet
from projects.money import format_wan
from projects.rules import Band, Light, LightDimension, LightGauge


class RuleState(StrEnum):
    """How a rule set stands (规则状态)."""

    IN_FORCE = "in_force"
    ENDING = "ending"  # in force still, the day of its end known
    AHEAD = "ahead"
    DRAFT = "draft"
    FORMER = "former"
    REPEALED = "repealed"

    @property
    def words(self) -> str:
        return {
            "in_force": "执行中",
            "ending": "将停用",
            "ahead": "待执行",
            "draft": "草案",
            "former": "已被替代",
            "repealed": "已停用",
        }[self]

    @property
    def tone(self) -> str:
        """The colour of its tag, never said by it alone."""
        tones = {"in_force": "blue", "ending": "blue", "ahead": "waiting", "draft": "waiting"}
        return tones.get(self, "")


@dataclass(frozen=True)
class StoredRules:
    """A rule set as it stands on a day."""

    rule_set: LightRuleSet
    state: RuleState

    @property
    def population(self) -> str:
        """Whom it applies to, in words (适用范围)."""
        return population_words(self.rule_set)


def stored_rules(day: date) -> list[StoredRules]:
    """All rule sets: in force first, then ahead, drafts, former, ended. Four queries."""
    rows = LightRuleSet.objects.select_related("made_by", "enforced_by").prefetch_related("kinds", "bands")
    sets = list(rows)
    judging = {row.pk for row in in_force(sets, day)}
    found = [StoredRules(row, _state(row, day, judging)) for row in sets]
    return sorted(found, key=lambda one: list(RuleState).index(one.state))


def _state(row: LightRuleSet, day: date, judging: set[int]) -> RuleState:
    if row.effective_on is None:
        return RuleState.DRAFT
    if row.effective_on > day:
        return RuleState.AHEAD
    if row.pk in judging:
        return RuleState.ENDING if row.repealed_on else RuleState.IN_FORCE
    return RuleState.REPEALED if row.is_repealed(day) else RuleState.FORMER


def in_force(rows: Iterable[LightRuleSet], day: date) -> list[LightRuleSet]:
    """Those of the rows that judge on the day (执行中): of each population the latest begun, unless it was ended.

    What it had replaced does not come back with its end. No query where `kinds` is read already.
    """
    begun = [row for row in rows if row.effective_on and row.effective_on <= day]
    latest = {whom(row): row for row in sorted(begun, key=lambda row: (row.effective_on, row.pk))}
    return [row for row in latest.values() if not row.is_repealed(day)]


def whom(row: LightRuleSet) -> tuple:
    """The population as a value, equal for sets that replace each other (适用范围相同)."""
    return frozenset(kind.pk for kind in row.kinds.all()), row.min_planned_investment


def population_words(rule_set: LightRuleSet) -> str:
    """全部项目; 省级重点、市级重大名单中年度计划投资1,000万元及以上的项目."""
    kinds = "、".join(kind.name for kind in rule_set.kinds.all())
    least = rule_set.min_planned_investment
    if not kinds and not least:
        return "全部项目"
    plan = f"年度计划投资{format_wan(least)}万元及以上的" if least else ""
    return f"{kinds}名单中{plan}项目" if kinds else f"{plan}项目"


@dataclass(frozen=True)
class GaugeBands:
    """The bands of a gauge (各指标的档), the milder first."""

    gauge: LightGauge
    yellow: tuple[Band, ...]
    red: tuple[Band, ...]

    @property
    def all(self) -> tuple[Band, ...]:
        return *self.yellow, *self.red


def by_gauge(bands: Sequence[Band]) -> list[GaugeBands]:
    """The gauges that are judged, in the order of their dimensions; one without bands is left out."""

    def of(gauge: LightGauge, light: Light) -> tuple[Band, ...]:
        found = [band for band in bands if band.gauge is gauge and band.light is light]
        return tuple(sorted(found, key=lambda band: (band.mild or 0, band.running)))

    gauges = sorted(LightGauge, key=lambda one: list(LightDimension).index(one.dimension))
    found = [GaugeBands(one, of(one, Light.YELLOW), of(one, Light.RED)) for one in gauges]
    return [one for one in found if one.all]


def unjudged(bands: Sequence[Band]) -> list[LightDimension]:
    """The dimensions the rule set says nothing of (不评定的维度)."""
    judged = {band.gauge.dimension for band in bands}
    return [dimension for dimension in LightDimension if dimension not in judged]


def bands_of(rule_set: LightRuleSet) -> tuple[Band, ...]:
    """The stored bands of a rule set as the rules take them."""
    return tuple(
        Band(
            LightGauge(row.gauge), Light(row.light), row.low, row.high, row.low_closed, row.high_closed, row.running
        )
        for row in rule_set.bands.all()
    )  # fmt: skip
