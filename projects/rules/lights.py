"""Lights (亮灯): a colour per dimension with the numbers and the rule that gave it, never set by hand."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ..money import gap_sentence


class Light(StrEnum):
    """A light; shape and word carry it where colour cannot."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    EXEMPT = "exempt"

    @property
    def shape(self) -> str:
        return {"green": "●", "yellow": "▲", "red": "■", "exempt": "◇"}[self]

    @property
    def words(self) -> str:
        return {"green": "正常", "yellow": "预警", "red": "滞后", "exempt": "豁免"}[self]


# Exempt is not green: it outranks green, so that a project with an exempted dimension never looks merely fine.
_SEVERITY = (Light.GREEN, Light.EXEMPT, Light.YELLOW, Light.RED)


def worst(lights: Iterable[Light]) -> Light:
    """The most serious light (从严); green when there is none to judge."""
    return max(lights, key=_SEVERITY.index, default=Light.GREEN)


class Dimension(StrEnum):
    """What is judged (亮灯维度)."""

    START = "start"
    PROGRESS = "progress"
    STATISTICS = "statistics"
    MILESTONE = "milestone"
    PROBLEM = "problem"
    REPORT = "report"

    @property
    def words(self) -> str:
        return {
            "start": "开工",
            "progress": "进度",
            "statistics": "纳统",
            "milestone": "节点",
            "problem": "问题",
            "report": "旬报",
        }[self]


@dataclass(frozen=True)
class LightReason:
    """The light of one dimension and the sentence that explains it; `noted` marks a green worth reading."""

    dimension: Dimension
    light: Light
    sentence: str
    noted: bool = False

    def exempt(self, *, why: str, until: date) -> "LightReason":
        """The same finding under an exemption (豁免) that is in force; it keeps what it would have been."""
        sentence = f"已豁免至{_day(until)}（{why}）；原为{self.light.words}：{self.sentence}"
        return LightReason(self.dimension, Light.EXEMPT, sentence, noted=True)


def project_light(reasons: Iterable[LightReason | None]) -> tuple[Light, tuple[LightReason, ...]]:
    """A project's light (项目亮灯), the worst of its dimensions, and the reasons worth reading, worst first.

    None stands for a dimension that does not apply. A plain green is left out of the reasons.
    """
    applicable = [reason for reason in reasons if reason]
    shown = [reason for reason in applicable if reason.light is not Light.GREEN or reason.noted]
    shown.sort(key=lambda reason: _SEVERITY.index(reason.light), reverse=True)
    return worst(reason.light for reason in applicable), tuple(shown)


@dataclass(frozen=True)
class Thresholds:
    """A rule set (亮灯规则). The defaults are 银川市 2025 for start, progress and statistics, and our own beside.

    A count of days, months or periods has come when it equals the threshold. Progress is judged on the gap
    as it is printed, so that the sentence never contradicts the colour. Each dimension answers twice: `start` is the
    light alone, for counting many projects; `start_light` is the same light with the sentence why.
    """

    start_red_months: int = 3
    progress_yellow_points: Decimal = Decimal(10)
    progress_red_points: Decimal = Decimal(30)
    statistics_yellow_months: int = 1
    statistics_red_months: int = 2
    milestone_yellow_days: int = 1
    milestone_red_days: int = 15
    problem_yellow_days: int = 1
    problem_red_days: int = 7
    report_yellow_periods: int = 1
    report_red_periods: int = 2

    def start(self, planned_start_on: date | None, started_on: date | None, as_of: date) -> Light | None:
        """开工: yellow from the month the start is due in, red in the third month running without a start.

        `planned_start_on` is the last day of the planned span. None when no start is planned.
        """
        if planned_start_on is None:
            return None
        months = _months_due(planned_start_on, as_of)
        if months < 1 or (started_on and started_on <= as_of):
            return Light.GREEN
        return Light.RED if months >= self.start_red_months else Light.YELLOW

    def start_light(
        self, planned_start_on: date | None, started_on: date | None, as_of: date
    ) -> LightReason | None:
        """The light of `start` and why."""
        light = self.start(planned_start_on, started_on, as_of)
        if light is None:
            return None
        planned = f"计划{_day(planned_start_on)}前开工"
        if started_on and started_on <= as_of:
            late = (started_on - planned_start_on).days
            sentence = f"已于{_day(started_on)}开工" + (f"，晚于计划{late}天" if late > 0 else "")
            return LightReason(Dimension.START, light, sentence, noted=late > 0)
        if light is Light.GREEN:
            return LightReason(Dimension.START, light, planned)
        months = _months_due(planned_start_on, as_of)
        if light is Light.RED:
            rule = f"连续{self.start_red_months}个月应开工未开工亮红灯"
            return LightReason(Dimension.START, light, f"{planned}，连续{months}个月未开工（{rule}）")
        rule = "到期当月未开工亮黄灯"
        state = "本月到期尚未开工" if months == 1 else f"连续{months}个月未开工"
        return LightReason(Dimension.START, light, f"{planned}，{state}（{rule}）")

    def progress(self, gap_points: Decimal | None) -> Light | None:
        """进度: by 个百分点 behind 序时; both ends of the yellow band are in it. None when there is no rate."""
        if gap_points is None:
            return None
        if gap_points >= 0 or -gap_points < self.progress_yellow_points:
            return Light.GREEN
        return Light.YELLOW if -gap_points <= self.progress_red_points else Light.RED

    def progress_light(self, gap_points: Decimal | None) -> LightReason | None:
        """The light of `progress` and why; less than the yellow threshold behind is green with a note."""
        light = self.progress(gap_points)
        if light is None:
            return None
        sentence = f"投资完成率{gap_sentence(gap_points)}"
        if gap_points >= 0:
            return LightReason(Dimension.PROGRESS, light, sentence)
        low, high = self.progress_yellow_points, self.progress_red_points
        rule = {
            Light.GREEN: f"不足{low}个百分点，提示",
            Light.YELLOW: f"{low}至{high}个百分点亮黄灯",
            Light.RED: f"超过{high}个百分点亮红灯",
        }[light]
        return LightReason(Dimension.PROGRESS, light, f"{sentence}（{rule}）", noted=light is Light.GREEN)

    def statistics(self, started_on: date | None, entered_on: date | None, as_of: date) -> Light | None:
        """纳统: the entry is missing so many full months after the start. None before the start."""
        if started_on is None or started_on > as_of:
            return None
        if entered_on and entered_on <= as_of:
            return Light.GREEN
        for light, months in (
            (Light.RED, self.statistics_red_months),
            (Light.YELLOW, self.statistics_yellow_months),
        ):
            if as_of > _months_after(started_on, months):
                return light
        return Light.GREEN

    def statistics_light(
        self, started_on: date | None, entered_on: date | None, as_of: date
    ) -> LightReason | None:
        """The light of `statistics` and why."""
        light = self.statistics(started_on, entered_on, as_of)
        if light is None:
            return None
        if entered_on and entered_on <= as_of:
            return LightReason(Dimension.STATISTICS, light, f"已于{_day(entered_on)}纳统")
        sentence = f"{_day(started_on)}开工，尚未纳统"
        if light is Light.GREEN:
            return LightReason(Dimension.STATISTICS, light, sentence)
        red = light is Light.RED
        months = self.statistics_red_months if red else self.statistics_yellow_months
        rule = f"开工满{months}个月未纳统亮{'红' if red else '黄'}灯"
        return LightReason(Dimension.STATISTICS, light, f"{sentence}（{rule}）")

    def milestone(self, days_overdue: int | None) -> Light | None:
        """节点: by the days the latest milestone is overdue. None without milestones."""
        return _by_count(days_overdue, self.milestone_yellow_days, self.milestone_red_days)

    def milestone_light(self, days_overdue: int | None, name: str = "") -> LightReason | None:
        """The light of `milestone` and why; `name` is that milestone."""
        subject = f"节点“{name}”" if name else "节点"
        return _counted(
            Dimension.MILESTONE, days_overdue, self.milestone_yellow_days, self.milestone_red_days,
            "节点均未逾期", f"{subject}逾期{{}}天", "逾期{}天及以上",
        )  # fmt: skip

    def problem(self, days_overdue: int | None) -> Light | None:
        """问题: by the days the worst open problem is past its limit. None without open problems."""
        return _by_count(days_overdue, self.problem_yellow_days, self.problem_red_days)

    def problem_light(self, days_overdue: int | None) -> LightReason | None:
        """The light of `problem` and why."""
        return _counted(
            Dimension.PROBLEM, days_overdue, self.problem_yellow_days, self.problem_red_days,
            "问题均在办理时限内", "问题超办理时限{}天", "超时限{}天及以上",
        )  # fmt: skip

    def report(self, missing_running: int | None) -> Light | None:
        """旬报: by the periods missing in a row up to now. None when no report is owed."""
        return _by_count(missing_running, self.report_yellow_periods, self.report_red_periods)

    def report_light(self, missing_running: int | None) -> LightReason | None:
        """The light of `report` and why."""
        return _counted(
            Dimension.REPORT, missing_running, self.report_yellow_periods, self.report_red_periods,
            "旬报按期报送", "连续{}旬未报旬报", "连续{}旬及以上未报",
        )  # fmt: skip


# The rule set in force while the office has set none of its own.
DEFAULT_THRESHOLDS = Thresholds()
start_light = DEFAULT_THRESHOLDS.start_light
progress_light = DEFAULT_THRESHOLDS.progress_light
statistics_light = DEFAULT_THRESHOLDS.statistics_light
milestone_light = DEFAULT_THRESHOLDS.milestone_light
problem_light = DEFAULT_THRESHOLDS.problem_light
report_light = DEFAULT_THRESHOLDS.report_light


def _by_count(count: int | None, yellow: int, red: int) -> Light | None:
    if count is None:
        return None
    if count < yellow:
        return Light.GREEN
    return Light.RED if count >= red else Light.YELLOW


def _counted(
    dimension: Dimension, count: int | None, yellow: int, red: int, fine: str, sentence: str, rule: str
) -> LightReason | None:
    light = _by_count(count, yellow, red)
    if light is None:
        return None
    if light is Light.GREEN:
        return LightReason(dimension, light, fine)
    limit, colour = (red, "红") if light is Light.RED else (yellow, "黄")
    return LightReason(dimension, light, f"{sentence.format(count)}（{rule.format(limit)}亮{colour}灯）")


def _months_due(planned_on: date, as_of: date) -> int:
    """Which month running the planned day is due in: 1 in its own month, 0 or less before."""
    return (as_of.year - planned_on.year) * 12 + as_of.month - planned_on.month + 1


def _months_after(day: date, months: int) -> date:
    """The same day so many months later, or the month's last when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
