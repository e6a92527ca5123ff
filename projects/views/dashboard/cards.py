"""The cards of the lists (名单卡): both rates, what they are made of, the gap to 序时."""

from projects.measures.definitions import RATES
from projects.measures.figures import FigureRow
from projects.money import gap_sentence
from projects.rules import Light
from projects.templatetags.show import gap_tone

from ..scope import doors


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
        "to_date": row.ratio("start_rate_to_date"),
        "including": row.ratio("start_rate_including_continuing"),
        "doors": links,
        "links": links
        | {
            "start_rate": links["new_starts"],
            "started": links["new_starts_started"],
            "of": links["new_starts"],
            "investment_completion": links["projects"],
        },
    }


def light_counts(row: FigureRow) -> list[tuple[Light, int]]:
    """How many projects show each light, red first; exempt only where there is any."""
    counts = [
        (light, row.lights.get(light.value, 0))
        for light in (Light.RED, Light.YELLOW, Light.GREEN, Light.EXEMPT)
    ]
    return [(light, n) for light, n in counts if n or light is not Light.EXEMPT]
