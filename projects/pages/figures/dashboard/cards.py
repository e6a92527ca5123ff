"""The cards of the lists (名单卡): both rates, what they are made of, the gap to 序时."""

from dataclasses import dataclass

from projects.figures.definitions import MATTER_RATES, RATES, Rate
from projects.figures.figures import FigureRow
from projects.money import Ratio, gap_sentence
from projects.pages.base.scope import doors
from projects.rules import Light
from projects.templatetags.show import gap_tone


def list_card(row: FigureRow) -> dict:
    """Context of components/rate_card.html for one list."""
    links = doors(row.scope)
    gap = row.schedule_gap_points
    return {
        "name": row.list_name,
        "year": row.scope.year,
        "href": links["projects"],
        "projects": row["projects"],
        "start": row.ratio("start_rate_of_year"),
        "start_label": RATES["start_rate_of_year"].name,
        "start_key": "start_rate_of_year",
        "started_key": "new_starts_started",
        "started": row["new_starts_started"],
        "of": row["new_starts"],
        "of_key": "new_starts",
        "completion": row.investment_completion,
        "invested": row["invested_this_year"],
        "planned": row["planned_investment"],
        "pro_rata": row.pro_rata_ratio,
        "gap_words": gap_sentence(gap),
        "gap_tone": gap_tone(gap),
        "places": row.places,
        "row": row,
        "doors": links,
        "links": links
        | {
            "start_rate": links["new_starts"],
            "started": links["new_starts_started"],
            "of": links["new_starts"],
            "investment_completion": links["projects"],
        },
    }


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
