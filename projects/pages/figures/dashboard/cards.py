"""What the total is told by (合计): its further rates, and its projects by light."""

from dataclasses import dataclass

from projects.figures.definitions import MATTER_RATES, RATES, Rate
from projects.figures.figures import FigureRow
from projects.money import Ratio
from projects.rules import Light

from ...base.scope import doors


@dataclass(frozen=True)
class RateLine:
    """A rate of the total with both its figures, each a door (比率及分子分母)."""

    rate: Rate
    ratio: Ratio
    done: int
    done_href: str
    of: int
    of_href: str


def completion_rates(row: FigureRow) -> list[RateLine]:
    """竣工率, 投产率, 纳统率, 节点按期率 and 问题办结率; what no publication freezes is left out of one."""
    links = doors(row.scope)
    rates = [RATES[key] for key in ("completion_rate", "production_rate", "statistics_rate")]
    rates += [rate for rate in MATTER_RATES.values() if rate.denominator in row.values]
    return [
        RateLine(rate, row.ratio(rate.key), row[rate.numerator], links[rate.numerator],
                 row[rate.denominator], links[rate.denominator])
        for rate in rates
    ]  # fmt: skip


def light_counts(row: FigureRow) -> list[tuple[Light, int]]:
    """How many projects show each light, red first; exempt only where there is any."""
    counts = [
        (light, row.lights.get(light.value, 0))
        for light in (Light.RED, Light.YELLOW, Light.GREEN, Light.EXEMPT)
    ]
    return [(light, n) for light, n in counts if n or light is not Light.EXEMPT]
