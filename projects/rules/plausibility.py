"""Plausibility (合理性校验): what a reporter is asked before a report goes in, and the office before a row does.

Nothing here corrects a figure. A hard error is refused; everything else is a question in words, which a
person may overrule with a reason.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ..money import Ratio, format_wan, format_yi
from ..periods import NO_DATE, OfficeDate, TenDayPeriod

JUMP_SHARE = Decimal("0.30")  # of the year's plan, in one period
STALLED_PERIODS = 6  # two months without progress
ROUNDING = Decimal(1)  # 万元: what senders lose by rounding their own sums
COMPLETION_BOUNDS = (Decimal("0.01"), Decimal(3))
LARGEST_TOTAL_IN_YI = Decimal(50_000_000)  # 5000亿元 for one project: the sheet is in 万元
SMALLEST_TOTAL_IN_WAN = Decimal(100)  # 100万元 for a major project: the sheet is in 亿元
ZERO = Decimal(0)

# GB/T 40058-2021: YYMM-region-industry-type-serial and check; until 2020 the first four digits were the year.
PROJECT_CODE = re.compile(r"\d{4}-\d{6}-\d{2}-\d{2}-\d{6}")
_CODE_BEGINS = re.compile(r"20(?:1[4-9]|20)|\d{2}(?:0[1-9]|1[0-2])")

_WORKS = re.compile(r"桩基|基础施工|基础完工|主体|封顶|设备(?:安装|调试)|装修|装饰|竣工|试生产|投产")


def check_project_code(code: str, home_region: str = "3703") -> str | None:
    """What is odd about a 项目代码, in one sentence; None when it looks right or is empty."""
    code = code.strip()
    if not code:
        return None
    if not (PROJECT_CODE.fullmatch(code) and _CODE_BEGINS.match(code)):
        return f"项目代码“{code}”格式不符，应如 2103-370371-04-02-100074"
    if not code[5:].startswith(home_region):
        return f"项目代码“{code}”的行政区划为{code[5:11]}，不属于本市（{home_region}），请核对"
    return None


# ---------------------------------------------------------------------------------------------------------
# A ten-day report at entry (旬报填报提示)


@dataclass(frozen=True)
class ReportFacts:
    """What a report says, as plain values; amounts in 万元, cumulative; None not filled."""

    period: TenDayPeriod
    invested_this_year: Decimal | None = None
    invested_to_date: Decimal | None = None
    physical_progress: str = ""
    work_done: str = ""


@dataclass(frozen=True)
class EntryIssue:
    """Something to mend or to explain: a stable code, the field it belongs to, the sentence."""

    code: str
    field: str
    message: str


def report_errors(facts: ReportFacts) -> list[EntryIssue]:
    """What cannot be handed in at all: negative amounts."""
    return [
        EntryIssue("negative", field, f"{name}不能为负数，请更正后报送。")
        for field, name in AMOUNT_NAMES.items()
        if (getattr(facts, field) or ZERO) < 0
    ]


def report_warnings(
    facts: ReportFacts,
    previous: ReportFacts | None,
    plan: Decimal | None,
    total_investment: Decimal | None,
    started_on: date | None,
    *,
    two_months_ago: ReportFacts | None = None,
    completed_on: date | None = None,
) -> list[EntryIssue]:
    """What the reporter is asked to check, and may overrule with a reason.

    `previous` is the last report before this period, of whatever year: amounts of the year begin anew in
    January. When periods were missed, the jump is shared among them. `two_months_ago` is the last report that lies
    STALLED_PERIODS or more back: a project under construction that stands where it stood then may have stopped.
    """
    issues = _falls(facts, previous)
    issues += _too_much(facts, previous, plan, total_investment)
    if not started_on:
        if (facts.invested_this_year or ZERO) > 0:
            issues.append(
                EntryIssue(
                    "not_started",
                    "invested_this_year",
                    "项目未登记开工，已填报完成投资，请核对或补登开工时间。",
                )
            )
        if _WORKS.search(facts.physical_progress):
            issues.append(
                EntryIssue(
                    "not_started",
                    "physical_progress",
                    "项目未登记开工，形象进度已在施工，请核对或补登开工时间。",
                )
            )
    issues += _same_again(facts, previous)
    if started_on and not completed_on and previous and two_months_ago:
        issues += _stalled(facts, previous, two_months_ago)
    return issues


AMOUNT_NAMES = {"invested_this_year": "本年累计完成投资", "invested_to_date": "自开工累计完成投资"}


def _falls(facts: ReportFacts, previous: ReportFacts | None) -> list[EntryIssue]:
    issues = []
    for field, name in AMOUNT_NAMES.items():
        same_count = previous and (field == "invested_to_date" or previous.period.year == facts.period.year)
        before, now = same_count and getattr(previous, field), getattr(facts, field)
        if before and now is not None and now < before:
            message = f"{name}由{format_wan(before)}万元降为{format_wan(now)}万元，如属更正请说明原因。"
            issues.append(EntryIssue("falls", field, message))
    return issues


def _same_again(facts: ReportFacts, previous: ReportFacts | None) -> list[EntryIssue]:
    """What was copied from the last report (雷同): words, or words and amount alike."""
    if previous is None:
        return []
    issues = []
    for field, name in (("physical_progress", "形象进度"), ("work_done", "本旬进展")):
        text = getattr(facts, field).strip()
        if not text or text != getattr(previous, field).strip():
            continue
        if field == "physical_progress" and _stands(facts, previous):
            message = "形象进度和累计完成投资均与上次填报相同（雷同），请核对是否有新进展。"
        else:
            message = f"{name}与上次填报完全相同，请核对是否有新进展。"
        issues.append(EntryIssue("same_text", field, message))
    return issues


def _stalled(facts: ReportFacts, previous: ReportFacts, two_months_ago: ReportFacts) -> list[EntryIssue]:
    """No progress in money for two months on a project under construction (疑似停工)."""
    if not (_stands(facts, previous) and _stands(facts, two_months_ago)):
        return []
    since = two_months_ago.period
    year = f"{since.year}年" if since.year != facts.period.year else ""
    message = f"自{year}{since.words}以来累计完成投资没有变化，已满两个月，疑似停工，请核对或说明原因。"
    return [EntryIssue("stalled", "invested_this_year", message)]


def _stands(facts: ReportFacts, earlier: ReportFacts) -> bool:
    """Whether nothing was invested since: by the year's amount within a year, else by the amount to date."""
    field = "invested_this_year" if earlier.period.year == facts.period.year else "invested_to_date"
    return getattr(facts, field) is not None and getattr(facts, field) == getattr(earlier, field)


def _too_much(
    facts: ReportFacts, previous: ReportFacts | None, plan: Decimal | None, total_investment: Decimal | None
) -> list[EntryIssue]:
    issues = []
    this_year, to_date = facts.invested_this_year, facts.invested_to_date
    if this_year is not None and plan:
        before, periods = ZERO, facts.period.index
        if previous and previous.period.year == facts.period.year:
            before, periods = previous.invested_this_year or ZERO, periods - previous.period.index
        share = Ratio(this_year - before, plan * max(periods, 1))
        if share.value is not None and share.value > JUMP_SHARE:
            message = f"较上次新增{format_wan(this_year - before)}万元，平均每旬为年度计划的{share.words()}，超过30%，请核对金额和单位。"
            issues.append(EntryIssue("jump", "invested_this_year", message))
    if to_date is not None and total_investment and to_date > total_investment:
        message = (
            f"自开工累计{format_wan(to_date)}万元，超过总投资{format_wan(total_investment)}万元，请核对。"
        )
        issues.append(EntryIssue("exceeds_total", "invested_to_date", message))
    if to_date is not None and this_year is not None and to_date < this_year:
        message = f"自开工累计{format_wan(to_date)}万元，小于本年累计{format_wan(this_year)}万元，请核对。"
        issues.append(EntryIssue("below_this_year", "invested_to_date", message))
    return issues


# ---------------------------------------------------------------------------------------------------------
# A row of a sheet (台账导入校验)


class Level(StrEnum):
    """How much stands in the way: refused, asked before it goes in, or only said."""

    ERROR = "error"
    ASK = "ask"
    NOTE = "note"


@dataclass(frozen=True)
class RowFacts:
    """A row of a sheet as plain values; amounts already in 万元, `unit` is the one the sheet was written in.

    `says_started` is what the row says of the start in words (已开工 True, 未开工 False, nothing None).
    """

    project_code: str = ""
    unit: str = "万元"
    total_investment: Decimal | None = None
    planned_investment: Decimal | None = None
    carried_over: Decimal | None = None
    invested_this_year: Decimal | None = None
    invested_to_date: Decimal | None = None
    says_started: bool | None = None
    started: OfficeDate = NO_DATE
    planned_start: OfficeDate = NO_DATE
    planned_finish: OfficeDate = NO_DATE


@dataclass(frozen=True)
class RowIssue:
    """A finding on a row: its level, the RowFacts field it belongs to, the sentence."""

    level: Level
    column: str
    message: str


def row_issues(row: RowFacts, home_region: str = "3703") -> list[RowIssue]:
    """Everything odd about one row (docs/rules.md §13), worst first. None compares with nothing."""
    issues = [*_amount_issues(row), *_unit_issues(row), *_date_issues(row)]
    if odd := check_project_code(row.project_code, home_region):
        issues.append(RowIssue(Level.NOTE, "project_code", odd))
    return sorted(issues, key=lambda issue: list(Level).index(issue.level))


def _amount_issues(row: RowFacts) -> list[RowIssue]:
    issues = []
    for column in ROW_AMOUNTS:
        amount = getattr(row, column)
        if amount is not None and amount < 0:
            issues.append(
                RowIssue(Level.ERROR, column, f"{ROW_AMOUNTS[column]}为负数（{format_wan(amount)}万元）")
            )
    total, plan, to_date = row.total_investment, row.planned_investment, row.invested_to_date
    carried, this_year = row.carried_over, row.invested_this_year
    if carried is not None and this_year is not None and to_date is not None:
        summed = carried + this_year
        if abs(summed - to_date) > ROUNDING:
            message = (
                f"以前年度累计加本年累计为{format_wan(summed)}万元，与自开工累计{format_wan(to_date)}万元不符"
            )
            issues.append(RowIssue(Level.ASK, "invested_to_date", message))
    done = to_date
    if done is None and carried is not None:
        done = carried + (this_year or ZERO)
    if total and done is not None and done > total:
        message = f"累计完成投资{format_wan(done)}万元，超过总投资{format_wan(total)}万元"
        issues.append(RowIssue(Level.ASK, "invested_to_date", message))
    if total and plan is not None and plan > total:
        message = f"年度计划投资{format_wan(plan)}万元，超过总投资{format_wan(total)}万元"
        issues.append(RowIssue(Level.ASK, "planned_investment", message))
    return issues


ROW_AMOUNTS = {
    "total_investment": "总投资",
    "planned_investment": "年度计划投资",
    "carried_over": "以前年度累计完成投资",
    "invested_this_year": "本年累计完成投资",
    "invested_to_date": "自开工累计完成投资",
}


def _unit_issues(row: RowFacts) -> list[RowIssue]:
    """Amounts that look like a slip between 万元 and 亿元 (疑似单位有误)."""
    issues = []
    total, done = row.total_investment, row.invested_this_year
    if row.unit == "亿元" and total is not None and total > LARGEST_TOTAL_IN_YI:
        message = f"总投资{format_yi(total)}亿元，疑似单位应为万元"
        issues.append(RowIssue(Level.ASK, "total_investment", message))
    if row.unit == "万元" and total is not None and 0 < total < SMALLEST_TOTAL_IN_WAN:
        message = f"总投资仅{format_wan(total)}万元，疑似单位应为亿元"
        issues.append(RowIssue(Level.ASK, "total_investment", message))
    if row.planned_investment and row.planned_investment > 0 and done and done > 0:
        completion = Ratio(done, row.planned_investment)
        lowest, highest = COMPLETION_BOUNDS
        if completion.value is not None and not lowest <= completion.value <= highest:
            message = f"投资完成率为{completion.words(2)}，疑似本年累计与年度计划的单位不一致"
            issues.append(RowIssue(Level.ASK, "invested_this_year", message))
    return issues


def _date_issues(row: RowFacts) -> list[RowIssue]:
    issues = []
    start, finish = row.planned_start, row.planned_finish
    # Only what no reading of the two spans allows is refused: 2023年6月 to 2023年 is in order.
    if finish.ends_before(start):
        message = f"计划竣工时间（{finish.words}）早于计划开工时间（{start.words}）"
        issues.append(RowIssue(Level.ERROR, "planned_finish", message))
    if row.says_started is False and (row.invested_this_year or ZERO) > 0:
        message = f"注明未开工，本年已完成投资{format_wan(row.invested_this_year)}万元"
        issues.append(RowIssue(Level.ASK, "invested_this_year", message))
    if row.says_started and not row.started.is_known:
        issues.append(RowIssue(Level.ASK, "started", "注明已开工，未填实际开工时间"))
    return issues
