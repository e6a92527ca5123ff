"""The year's investment period by period (投资走势) in 亿元, as chart and as table."""

from typing import Any

from projects.figures.baselines import TEN_DAY
from projects.figures.figures import FigureRow
from projects.figures.population import Scope
from projects.figures.year.trend import investment_trend

JOINED_SHARE = 10  # a tenth of the projects reporting for the first time is a jump worth a word
HUNDRED_MILLION = 10_000  # 万元


def trend(scope: Scope, total: FigureRow) -> dict[str, Any]:
    """The year's cumulative investment in 亿元, by period, as chart and as table."""
    points = investment_trend(scope, total.baseline, planned=total["planned_investment"])
    plan = total["planned_investment"]
    first = next((point for point in points if point.invested is not None), None)
    return {
        "joined": [
            (point.period.words, point.joined)
            for point in points
            if point is not first and point.joined * JOINED_SHARE >= total["projects"] > 0
        ],
        "chart": {
            "labels": [point.period.words for point in points],
            "actual": [
                None if point.invested is None else float(point.invested / HUNDRED_MILLION)
                for point in points
            ],
            "plan": [float(point.planned / HUNDRED_MILLION) for point in points],
            "unit": "亿元",
            "actual_name": "累计完成投资",
            "plan_name": "序时计划" if total.baseline == TEN_DAY else f"计划（{total.baseline.label}）",
        },
        "heads": ["旬", "累计完成（亿元）", "序时计划（亿元）", "投资完成率"],
        "rows": [
            [
                point.period.words,
                f"{point.invested / HUNDRED_MILLION:.2f}",
                f"{point.planned / HUNDRED_MILLION:.2f}",
                point.completion(plan).words(),
            ]
            for point in points
            if point.invested is not None
        ],
    }
