"""The rates of the year's lists as documents print them (各名单推进情况): figures in words, one line a list."""

from typing import Any

from ..money import format_yi, gap_sentence
from .figures import FigureRow, figures_of
from .population import Scope


def printed_rates(scope: Scope) -> list[dict[str, Any]]:
    """A line for each list that has projects, and one of all together where there are several."""
    figures = figures_of(scope, follow_up=False)
    lines = [_printed(row) for row in figures.lists if row["projects"]]
    if len(figures.lists) > 1 and figures.total["projects"]:
        lines.append(_printed(figures.total))
    return lines


def _printed(row: FigureRow) -> dict[str, Any]:
    start_rates = {key: rate.words(row.places) for key, rate in row.start_rates.items()}
    return {
        "list": row.group,
        "projects": row["projects"],
        "started": row["started"],
        "start_rate": start_rates["start_rate_including_continuing"],
        "new_starts": row["new_starts"],
        "new_starts_started": row["new_starts_started"],
        "start_rate_of_year": start_rates["start_rate_of_year"],
        "start_rate_to_date": start_rates["start_rate_to_date"],
        "start_identity": row.start_identity.words if row["new_starts"] else "",
        "planned": format_yi(row["planned_investment"]),
        "invested": format_yi(row["invested_this_year"]),
        "completion": row.investment_completion.words(row.places),
        "pro_rata": row.pro_rata_ratio.words(row.places),
        "gap": gap_sentence(row.schedule_gap_points),
        "remark": row.remark,
    }


PRINTED = {
    "projects": "项目数",
    "started": "已开工",
    "start_rate": "开工率（含续建）",
    "new_starts": "新开工",
    "new_starts_started": "新开工已开工",
    "start_rate_of_year": "新开工开工率",
    "start_rate_to_date": "计划开工率",
    "planned": "计划投资（亿元）",
    "invested": "完成投资（亿元）",
    "completion": "投资完成率",
    "pro_rata": "序时进度",
    "gap": "与序时比",
}


def printed_difference(printed: list[dict], now: list[dict]) -> str:
    """The first difference between what a document prints and what it would print now, in words; "" for none.

    市级重大完成投资（亿元）由140变为140.2.
    """
    before, after = ({line["list"]: line for line in lines} for lines in (printed, now))
    for name in [*before, *(name for name in after if name not in before)]:
        if name not in before or name not in after:
            return f"{name}{'已不在' if name in before else '新列入'}统计范围"
        for key, words in PRINTED.items():
            if (was := before[name].get(key)) != (now_is := after[name][key]):
                return f"{name}{words}由{was}变为{now_is}"
    return ""
