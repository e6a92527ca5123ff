"""What a line of an adjustment may say (名单调整明细): judged against what the list last said of the project."""

from typing import Any

from projects.models import ListAdjustmentLine, ListingVersion, ProjectStage
from projects.periods import day_words
from projects.queries.lists.versions import date_words, settled

Change = ListAdjustmentLine.Change


def line_refusals(line: ListAdjustmentLine, last: ListingVersion | None) -> dict[str, str]:
    """{field: words} of what does not fit, empty when all does; `last` is the project's latest version in the list.

    Refuses: 调入 of what stands in the list or without category and plan, every other change of what does not stand
    in it, an effective date that is not after the latest version, a finish before the start, and a change that is
    none or another than it is called.
    """
    errors: dict[str, str] = {}
    effective_on = line.adjustment.effective_on
    listed = last is not None and last.change != ListingVersion.Change.REMOVED
    if last is not None and effective_on <= last.effective_on:
        words = f"该项目已有{day_words(last.effective_on)}起生效的版本，本次调整的生效日期须晚于该日。"
        return {"change": words}
    if line.change == Change.ADDED and listed:
        return {"change": "该项目已在名单内，不能调入；请改用调增、调减或类别变更。"}
    if line.change != Change.ADDED and not listed:
        return {"change": f"该项目不在名单内，不能{line.get_change_display()}；请改用调入。"}
    if line.change == Change.ADDED:
        if not line.category:
            errors["category"] = "调入项目须填写项目类别。"
        if line.planned_investment is None:
            errors["planned_investment"] = "调入项目须填写年度计划投资。"
    elif line.change != Change.REMOVED and last is not None:
        errors |= _not_what_it_is_called(line, last)
    if line.change != Change.REMOVED and _finishes_before_start(settled(line, last)):
        errors["planned_completion"] = "计划竣工时间不能早于计划开工时间。"
    return errors


def _not_what_it_is_called(line: ListAdjustmentLine, last: ListingVersion) -> dict[str, str]:
    after = settled(line, last)
    plan, before = after["planned_investment"], last.planned_investment
    if line.change == Change.RECLASSIFIED:
        same_dates = all(
            date_words(after[name]) == date_words(getattr(last, name))
            for name in ("planned_start", "planned_completion")
        )
        if same_dates and after["category"] == last.category:
            return {"category": "类别和计划时间都没有变化；只改年度计划投资，请用调增或调减。"}
        return {}
    if after["category"] != last.category:
        label = ProjectStage(last.category).label
        return {"category": f"项目类别原为“{label}”，改变类别请用类别变更。"}
    if line.change == Change.RAISED and plan <= before:
        return {"planned_investment": f"调增后的年度计划投资须大于原计划 {before:,.2f} 万元。"}
    if line.change == Change.LOWERED and plan >= before:
        return {"planned_investment": f"调减后的年度计划投资须小于原计划 {before:,.2f} 万元。"}
    return {}


def _finishes_before_start(values: dict[str, Any]) -> bool:
    version = ListingVersion(
        planned_start=values["planned_start"], planned_completion=values["planned_completion"]
    )
    return version.planned_completion_span.ends_before(version.planned_start_span)
