"""Rule sets to start from (亮灯规则预设): what three cities published, our own dimensions beside each."""

from decimal import Decimal
from typing import NamedTuple

from .light_bands import Band, LightGauge
from .light_rules import RuleSet
from .lights import Light


class Preset(NamedTuple):
    """A rule set with its source and the projects it is meant for (适用范围)."""

    rules: RuleSet
    source: str
    min_planned_investment: Decimal = Decimal(0)


def _rising(gauge: LightGauge, yellow: int, red: int) -> tuple[Band, Band]:
    """Yellow from one count on, red from another."""
    return (
        Band(gauge, Light.YELLOW, low=Decimal(yellow), high=Decimal(red)),
        Band(gauge, Light.RED, low=Decimal(red)),
    )


def _share(yellow: int, red: int) -> tuple[Band, Band]:
    """Yellow below one percentage of 序时, red below another."""
    return (
        Band(LightGauge.SHARE_OF_PRO_RATA, Light.YELLOW, low=Decimal(red), high=Decimal(yellow)),
        Band(LightGauge.SHARE_OF_PRO_RATA, Light.RED, high=Decimal(red)),
    )


OWN = (
    *_rising(LightGauge.MILESTONE_DAYS, 1, 15),
    *_rising(LightGauge.PROBLEM_DAYS, 1, 7),
    *_rising(LightGauge.PERIODS_MISSING, 1, 2),
)
YINCHUAN_2025 = RuleSet(
    "银川市2025年",
    (
        *_rising(LightGauge.MONTHS_DUE, 1, 3),
        Band(LightGauge.POINTS_BEHIND, Light.YELLOW, low=Decimal(10), high=Decimal(30), high_closed=True),
        Band(LightGauge.POINTS_BEHIND, Light.RED, low=Decimal(30), low_closed=False),
        *_rising(LightGauge.MONTHS_UNREGISTERED, 1, 2),
        *OWN,
    ),
)
WUHAN_2022 = RuleSet("武汉市2022年", (*_share(80, 60), *OWN))
# behind by up to half of 序时 is half of it done or more
SANYA_2022 = RuleSet("三亚市2022年", (*_share(100, 50), *OWN))

OWN_WORDS = "节点、问题、旬报维度为本区自定"
PRESETS = {
    "yinchuan_2025": Preset(YINCHUAN_2025, f"参照银川市2025年做法；{OWN_WORDS}"),
    "wuhan_2022": Preset(WUHAN_2022, f"参照武汉市2022年做法；{OWN_WORDS}"),
    "sanya_2022": Preset(SANYA_2022, f"参照三亚市2022年做法；{OWN_WORDS}", Decimal(1000)),
}
# The rule set while the office has put none in force.
DEFAULT_RULES = YINCHUAN_2025
