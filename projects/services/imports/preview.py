"""What an import would do to the published rates (预览指标): the write is rehearsed where nobody sees or waits for it."""

from datetime import date
from typing import Any

from projects.figures.figures import figure_rows
from projects.figures.population import Scope
from projects.models import YearAmounts

from .comparing.changes import IN_FIGURES
from .importing import ImportPlan
from .rehearsing import rehearsed_on

SHOWN = ("investment_completion", "start_rate_of_year", "start_rate_including_continuing", "statistics_rate")
NAMES = {
    "investment_completion": "投资完成率",
    "start_rate_of_year": "新开工项目开工率",
    "start_rate_including_continuing": "开工率（含续建）",
    "statistics_rate": "纳统率",
}


def published_rates(plan: ImportPlan, *, today: date) -> list[dict[str, Any]]:
    """Rates of the lists concerned before and after: [{"list", "rate", "before", "after", "changed"}].

    Writes nothing and holds no lock; call it last, the plan is spent afterwards.
    """
    years = {sheet.year for sheet in plan.sheets if sheet.list_name and sheet.year}
    years |= {sheet.year for sheet in plan.sheets if sheet.kind == "investment" and sheet.year}
    if not years:
        return []
    before = _rates(years, today)
    with rehearsed_on((*IN_FIGURES, YearAmounts)):
        plan.changes.store(IN_FIGURES)
        after = _rates(years, today)
    return [
        {
            "list": name,
            "rate": NAMES[key],
            "before": before.get((name, key), "—"),
            "after": words,
            "changed": before.get((name, key), "—") != words,
        }
        for (name, key), words in after.items()
    ]


def _rates(years: set[int], today: date) -> dict[tuple[str, str], str]:
    found = {}
    for year in sorted(years):
        for row in figure_rows(Scope(today, year), follow_up=False):
            for key in SHOWN:
                found[f"{year}年{row.list_name}", key] = row.ratio(key).words(row.places)
    return found
