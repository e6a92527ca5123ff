"""What each figure means (口径): the one definition behind screen, chart, export, document, command and door.

Counts and sums of projects are taken over listing versions in force (population.Scope), counts of milestones and
problems over those of its projects; `select(day)` says which rows a figure counts, so that the number and the list it
opens cannot differ. The page 口径说明 is made from this module.
Source: docs/rules.md §5, after the High-tech Zone's press report of October 2023.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from django.db.models import F, Q

from ..models import Milestone, Problem, ProjectStage
from ..money import Ratio

PROJECT = "listing__project__"
DUE_SOON_DAYS = 30

# --- words that many definitions share: population (统计范围), rounding (进位), source (出处) --------------------

LISTED = "统计日在列项目，按名单规定的层级（打包、单体、分期）；合计中每个项目只计一次"
LISTED_NEW = "统计日在列项目中类别为新开工的；合计中每个项目只计一次"
DRIVEN = "在列项目统计日有效推进方案的节点；停工、暂缓、退库、办结的项目除外"
RAISED = "在列项目截至统计日提出的问题"
YEARLY = "本年度的每项主要指标，取统计日前最近一次数值"
WHOLE = "整数，不进位"
MONEY = "按万元精确到分位（2位小数）；以亿元显示时四舍五入，至多2位小数"
PERCENT = "原始数相除，末次四舍五入，1位小数（名单可定2位）；分母为0记“—”，超过100%照列"
POINTS = "未进位的比率相减，末次四舍五入，1位小数（名单可定2位）；为0记“持平”，无分母记“—”"
REPORT = "淄博高新区2023年10月通稿口径"
REPORT_AND_JIANGMEN = "淄博高新区2023年10月通稿口径；江门市10月通报同口径"
OFFICE = "本系统业务规则第5节，文件出处待发改局确认"
PLAN_RULES = "本系统业务规则第7节，文件出处待发改局确认"
ASSESSED = "被考核单位统计日或到期日在任的项目；停工、暂缓、退库的和经批准豁免的剔除，并列明原因"


class FigureGroup(StrEnum):
    """Sections of the page 口径说明, in its order."""

    PROJECTS = "项目数"
    INVESTMENT = "投资"
    RATES = "比率"
    PACE = "序时"
    MATTERS = "节点与问题"
    LIGHTS = "亮灯"
    INDICATORS = "主要指标"
    ASSESSMENT = "考核"


@dataclass(frozen=True)
class Definition:
    """What every figure says of itself; `key` is its name in the contract's JSON and in addresses."""

    key: str
    name: str
    meaning: str
    group: FigureGroup = field(default=FigureGroup.PROJECTS, kw_only=True)
    population: str = field(default=LISTED, kw_only=True)
    unit: str = field(default="个", kw_only=True)
    rounding: str = field(default=WHOLE, kw_only=True)
    source: str = field(default=REPORT, kw_only=True)
    check: str = field(default="", kw_only=True)

    @property
    def formula(self) -> str:
        """How it is taken, in one line (公式)."""
        return self.meaning


@dataclass(frozen=True)
class Count(Definition):
    """A number of projects (个): the rows of the population that `select(day)` picks."""

    condition: Callable[[date, str], Q]

    def select(self, day: date, project: str = PROJECT) -> Q:
        """Condition on a row of the population; `project` is the path to the facts of its project."""
        return self.condition(day, project)


@dataclass(frozen=True)
class Amount(Definition):
    """A sum over the whole population (万元) of one column of the annotated listing version."""

    column: str
    group: FigureGroup = field(default=FigureGroup.INVESTMENT, kw_only=True)
    unit: str = field(default="万元", kw_only=True)
    rounding: str = field(default=MONEY, kw_only=True)


@dataclass(frozen=True)
class Matter(Definition):
    """A number of milestones or problems: the rows of `subject` that `select(day)` picks."""

    subject: str
    select: Callable[[date], Q]
    group: FigureGroup = field(default=FigureGroup.MATTERS, kw_only=True)
    source: str = field(default=OFFICE, kw_only=True)


@dataclass(frozen=True)
class Rate(Definition):
    """A rate (%): sum over sum of two figures, rounded once, half up; none without a denominator."""

    numerator: str
    denominator: str
    group: FigureGroup = field(default=FigureGroup.RATES, kw_only=True)
    unit: str = field(default="%", kw_only=True)
    rounding: str = field(default=PERCENT, kw_only=True)

    @property
    def formula(self) -> str:
        return f"{FIGURES[self.numerator].name} ÷ {FIGURES[self.denominator].name}"

    def ratio(self, values: Mapping[str, int | Decimal | None]) -> Ratio:
        """The rate of figures by their keys; none where one of them is not known."""
        above, below = values[self.numerator], values[self.denominator]
        return Ratio(0, 0) if above is None or below is None else Ratio(above, below)

    @staticmethod
    def over(numerator: int | Decimal | None, denominator: int | Decimal | None) -> Ratio:
        """The rate of one row (one project, one indicator), where what is missing counts as nothing."""
        return Ratio(numerator or 0, denominator or 0)


@dataclass(frozen=True)
class Derived(Definition):
    """A figure that is no count, sum or rate of rows: 序时, gaps, lights, slips; `taken_by` names the function."""

    taken_by: str = field(kw_only=True)


# --- conditions on a row of the population ------------------------------------------------------------------


def _by(column: str) -> Callable[[date, str], Q]:
    """A fact of the project dated up to the day."""
    return lambda day, project: Q(**{f"{project}{column}__lte": day})


_started, _in_production = map(_by, ("started_on", "in_production_on"))


def _statistics_undated(day: date, project: str) -> Q:
    """Said to be in the register by a ledger of the day or before, without saying since when (日期待补)."""
    undated = Q(**{f"{project}entered_statistics_on__isnull": True})
    return undated & _by("statistics_stated_on")(day, project)


def _entered_statistics(day: date, project: str) -> Q:
    return _by("entered_statistics_on")(day, project) | _statistics_undated(day, project)


def _year_before(day: date) -> date:
    """The last day of the year before the day's: what was done by then is no task of this year."""
    return date(day.year - 1, 12, 31)


def _new_start(day: date, project: str) -> Q:
    return Q(category=ProjectStage.NEW_START)


def _due_to_start(day: date, project: str) -> Q:
    """新开工 whose planned start, the last day of its span, has come."""
    return _new_start(day, project) & Q(planned_start_on__lte=day)


def _new_start_started(day: date, project: str) -> Q:
    return _new_start(day, project) & _started(day, project)


def _completed(day: date, project: str) -> Q:
    """Production counts as completion, whether or not a completion date was entered."""
    return _by("completed_on")(day, project) | _in_production(day, project)


def _missed(day: date, project: str) -> Q:
    return _due_to_start(day, project) & ~_started(day, project)


def _early(day: date, project: str) -> Q:
    """Started although the planned start had not come (or no date was planned)."""
    return _new_start_started(day, project) & (Q(planned_start_on__gt=day) | Q(planned_start_on__isnull=True))


def _due_this_year(done: Callable[[date, str], Q]) -> Callable[[date, str], Q]:
    """To be done by the end of the day's year by the list, and not done before it: what is left over stays due."""
    return lambda day, project: (
        Q(planned_completion_on__lte=date(day.year, 12, 31)) & ~done(_year_before(day), project)
    )


def _done_this_year(done: Callable[[date, str], Q]) -> Callable[[date, str], Q]:
    return lambda day, project: done(day, project) & ~done(_year_before(day), project)


# --- numbers of projects ------------------------------------------------------------------------------------

COUNTS = {
    count.key: count
    for count in (
        Count("projects", "项目数", "统计日在列的项目", lambda day, project: Q(),
              check="省级重点14个、市级重大86个、技改86个"),
        Count("started", "已开工", "实际开工日期不晚于统计日", _started),
        Count("not_started", "未开工", "统计日尚无实际开工日期", lambda day, project: ~_started(day, project)),
        Count("new_starts", "新开工项目", "名单中项目类别为新开工", _new_start),
        Count("new_starts_started", "新开工项目已开工", "新开工项目中统计日前已开工", _new_start_started,
              population=LISTED_NEW),
        Count("new_starts_due", "应开工", "新开工项目中计划开工时间（时段末日）不晚于统计日", _due_to_start,
              population=LISTED_NEW),
        Count("missed_starts", "未按期开工", "应开工而统计日尚未开工", _missed, population=LISTED_NEW),
        Count("early_starts", "提前开工", "计划开工时间未到（或未定）而已开工", _early, population=LISTED_NEW),
        Count("completed", "已竣工", "竣工或投产日期不晚于统计日（投产即视为竣工）", _completed),
        Count("completed_this_year", "本年已竣工", "本年1月1日至统计日竣工或投产，含计划在以后年度而提前竣工的",
              _done_this_year(_completed), source=OFFICE),
        Count("completion_due", "本年应竣工",
              "计划竣工时间（时段末日）不晚于本年12月31日且上年末尚未竣工，含以前年度结转", _due_this_year(_completed),
              source=OFFICE),
        Count("in_production", "已投产", "投产日期不晚于统计日", _in_production, check="全区已投产15个"),
        Count("in_production_this_year", "本年已投产", "本年1月1日至统计日投产，含提前投产的",
              _done_this_year(_in_production), source=OFFICE),
        Count("production_due", "本年应投产",
              "计划竣工时间（时段末日）不晚于本年12月31日且上年末尚未投产（名单不另列计划投产时间）",
              _due_this_year(_in_production), source=OFFICE),
        Count("entered_statistics", "已纳统", "纳入统计库日期不晚于统计日，或截止统计日的台账载明已纳统",
              _entered_statistics),
        Count("statistics_undated", "纳统日期待补", "台账“是否纳统”填“是”、尚无纳统日期，自台账截止日起计入已纳统",
              _statistics_undated, source=OFFICE),
        Count("preparatory_stage", "前期阶段", "统计日尚未开工、未竣工",
              lambda day, project: ~_started(day, project) & ~_completed(day, project)),
        Count("construction_stage", "在建阶段", "已开工、未竣工",
              lambda day, project: _started(day, project) & ~_completed(day, project)),
    )
}  # fmt: skip

# --- investment ---------------------------------------------------------------------------------------------

AMOUNTS = {
    amount.key: amount
    for amount in (
        Amount("total_investment", "总投资", "Σ 统计日有效名单版本所载总投资（未载明的按项目台账）", "total",
               check="省级重点171.2亿元、市级重大1195亿元"),
        Amount("planned_investment", "年度计划投资", "Σ 统计日有效名单版本的年度计划投资", "planned_investment"),
        Amount("invested_this_year", "本年累计完成投资", "Σ 各项目统计日前最近一期已确认旬报的本年累计；尚无旬报的不计为0，记“—”", "invested",
               check="省级重点41.8亿元、市级重大140亿元"),
    )
}  # fmt: skip

# --- milestones and problems of the population's projects -----------------------------------------------------


def _milestones_due(day: date) -> Q:
    return Q(due_on__lte=day)


def _milestones_soon(day: date) -> Q:
    return Milestone.objects.is_open(day) & Q(due_on__range=(day, day + timedelta(days=DUE_SOON_DAYS)))


MATTERS = {
    matter.key: matter
    for matter in (
        Matter("milestones_due", "应完成节点", "计划完成日不晚于统计日的节点", "milestone", _milestones_due,
               population=DRIVEN),
        Matter("milestones_done", "应完成节点已完成", "应完成节点中统计日前已办结", "milestone",
               lambda day: _milestones_due(day) & Q(achieved_on__lte=day), population=DRIVEN),
        Matter("milestones_on_time", "按期完成节点", "应完成节点中办结日期不晚于计划完成日", "milestone",
               lambda day: _milestones_due(day) & Q(achieved_on__lte=F("due_on")), population=DRIVEN),
        Matter("milestones_overdue", "逾期节点", "计划完成日早于统计日而未办结（当日到期不算逾期）", "milestone",
               lambda day: Milestone.objects.is_overdue(day), population=DRIVEN),
        Matter("milestones_soon", f"{DUE_SOON_DAYS}天内到期节点", f"未办结、统计日起{DUE_SOON_DAYS}天内到期",
               "milestone", _milestones_soon, population=DRIVEN),
        Matter("problems_raised", "提出问题", "提出日期不晚于统计日", "problem",
               lambda day: Problem.objects.is_raised(day), population=RAISED),
        Matter("problems_settled", "已办结问题", "销号日期不晚于统计日", "problem",
               lambda day: Problem.objects.is_settled(day), population=RAISED),
        Matter("problems_open", "未办结问题", "统计日尚未销号", "problem",
               lambda day: Problem.objects.is_open(day), population=RAISED),
        Matter("problems_overdue", "逾期问题", "未办结且办理时限早于统计日", "problem",
               lambda day: Problem.objects.is_open(day) & Q(due_on__lt=day), population=RAISED),
    )
}  # fmt: skip

# those that a row of figures carries; what falls due later is asked by the lists alone
FOLLOW_UP = tuple(key for key in MATTERS if key != "milestones_soon")

# --- rates --------------------------------------------------------------------------------------------------

RATES = {
    rate.key: rate
    for rate in (
        Rate("investment_completion", "投资完成率", "先求和再相除，不取各项目完成率的平均",
             "invested_this_year", "planned_investment", source=REPORT_AND_JIANGMEN,
             check="市级重大140亿元÷169.9亿元＝82.4%；江门629.0÷647.4＝97.2%"),
        Rate("start_rate_including_continuing", "开工率（含续建）", "全部在列项目中已开工的比重",
             "started", "projects", check="省级重点14÷14＝100%；技改84÷86＝97.67%（2位小数）"),
        Rate("start_rate_of_year", "新开工开工率", "全年新开工任务中已开工的比重", "new_starts_started", "new_starts",
             population=LISTED_NEW, source=REPORT_AND_JIANGMEN,
             check="市级重大30÷32＝93.8%；江门206÷255＝80.8%"),
        Rate("start_rate_to_date", "计划开工率", "截至统计日应开工的完成情况；提前开工计入分子，可超过100%",
             "new_starts_started", "new_starts_due", population=LISTED_NEW),
        Rate("completion_rate", "竣工率", "本年应竣工任务的完成情况；提前竣工计入分子，可超过100%",
             "completed_this_year", "completion_due", source=OFFICE),
        Rate("production_rate", "投产率", "本年应投产任务的完成情况；提前投产计入分子，可超过100%",
             "in_production_this_year", "production_due", source=OFFICE),
        Rate("statistics_rate", "纳统率", "已开工项目中纳入统计库的比重", "entered_statistics", "started",
             source=OFFICE),
    )
}  # fmt: skip
START_RATES = ("start_rate_of_year", "start_rate_to_date", "start_rate_including_continuing")

MATTER_RATES = {
    rate.key: rate
    for rate in (
        Rate("milestone_on_time_rate", "节点按期率", "迟办的不因补办而计为按期；计划日期以有效方案为准",
             "milestones_on_time", "milestones_due", group=FigureGroup.MATTERS, population=DRIVEN, source=OFFICE),
        Rate("problem_settlement_rate", "问题办结率", "核验销号才算办结，重新办理的退回未办结",
             "problems_settled", "problems_raised", group=FigureGroup.MATTERS, population=RAISED, source=OFFICE),
    )
}  # fmt: skip

# --- indicators and punctuality: counted beside the lists -----------------------------------------------------

INDICATOR_RATES = {
    rate.key: rate
    for rate in (
        Rate("indicator_completion", "指标完成率", "累计完成数占全年任务的比重",
             "indicator_value", "indicator_target", group=FigureGroup.INDICATORS, population=YEARLY,
             check="省外到位资金124.6÷128.06亿元＝97.3%；过亿元项目64÷70＝91.4%"),
        Rate("indicator_share_of_city", "占全市比重", "本区累计完成数占全市同期数的比重",
             "indicator_value", "indicator_city_total", group=FigureGroup.INDICATORS, population=YEARLY,
             rounding="四舍五入到一位小数，末位为零的不写；未填全市数记“—”",
             check="省外到位资金124.6÷519.2亿元＝24%；市级重点技改项目86÷500＝17.2%"),
        Rate("indicator_growth", "同比增长", "累计完成数比上年同期增加的比例；减少为负数",
             "indicator_increase", "indicator_last_year", group=FigureGroup.INDICATORS, population=YEARLY,
             rounding="四舍五入到两位小数；未填上年同期数记“—”", check="市级重点技改项目（86−70）÷70＝22.86%"),
    )
}  # fmt: skip
REPORT_RATE = Rate(
    "report_on_time_rate", "旬报按期率", "按首次报送时间对照本期报送期限判定；台账导入的不计",
    "reports_on_time", "reports_due", group=FigureGroup.ASSESSMENT, population=ASSESSED, source=OFFICE,
)  # fmt: skip

DERIVED = {
    figure.key: figure
    for figure in (
        Derived("start_identity", "开工勾稽关系", "应开工 − 未按期开工 ＋ 提前开工 ＝ 新开工项目已开工",
                group=FigureGroup.RATES, population=LISTED_NEW, taken_by="figures.FigureRow.start_identity"),
        Derived("pro_rata_progress", "序时进度", "名单序时口径在统计日前最近一个已结束时段的累计比例；默认按旬（全年36旬）",
                group=FigureGroup.PACE, unit="%", rounding=PERCENT, source="淄博高新区2023年10月通稿口径；口径可按名单和年度另定",
                check="10个月结束＝83.33%；半月口径（云浮）8月15日＝7.5÷12＝62.5%", taken_by="baselines.Baseline.share"),
        Derived("schedule_gap_points", "与序时差距", "投资完成率 − 序时进度；正数为快于，负数为慢于，进位后为0为持平",
                group=FigureGroup.PACE, unit="个百分点", rounding=POINTS, source=REPORT_AND_JIANGMEN,
                check="江门629.0÷647.4−10÷12＝快于13.8个百分点", taken_by="money.gap_points"),
        Derived("slip_days", "较基线滞后", "Σ 各节点（办结日，未办结的取计划日与统计日中较晚者）− 首个批准方案的日期；提前的不抵扣",
                group=FigureGroup.MATTERS, population=DRIVEN, unit="天（并列工作日）", source=PLAN_RULES,
                taken_by="slips.slips_by_unit"),
        Derived("lights", "亮灯项目数", "各项目取各维度中最差的一灯，豁免单列，四色相加等于项目数", group=FigureGroup.LIGHTS,
                source="执行的亮灯规则（默认银川2025口径）", taken_by="lights.judging.colours_for"),
        Derived("indicator_value", "指标累计完成数", "统计日前最近一次登记的累计数", group=FigureGroup.INDICATORS,
                population=YEARLY, unit="随指标", rounding="按登记数，不进位", taken_by="indicators.indicator_cards"),
        Derived("indicator_target", "指标全年任务", "年度任务数", group=FigureGroup.INDICATORS, population=YEARLY,
                unit="随指标", rounding="按登记数，不进位", taken_by="indicators.indicator_cards"),
        Derived("indicator_increase", "指标同比增加数", "累计完成数 − 上年同期数", group=FigureGroup.INDICATORS,
                population=YEARLY, unit="随指标", rounding="按登记数，不进位", taken_by="indicators.indicator_cards"),
        Derived("indicator_last_year", "指标上年同期数", "与累计完成数同日登记的上年同期数", group=FigureGroup.INDICATORS,
                population=YEARLY, unit="随指标", rounding="按登记数，不进位", taken_by="indicators.indicator_cards"),
        Derived("indicator_city_total", "全市同期数", "与累计完成数同日登记的全市数", group=FigureGroup.INDICATORS,
                population=YEARLY, unit="随指标", rounding="按登记数，不进位", taken_by="indicators.indicator_cards"),
        Derived("reports_due", "应报旬报", "考核期内到报送期限的旬报；投产后和台账导入的不计", group=FigureGroup.ASSESSMENT,
                population=ASSESSED, unit="期", source=OFFICE, taken_by="assessment.assessed.assessed_figures"),
        Derived("reports_on_time", "按期报送旬报", "应报旬报中首次报送未过期限（含重新开放期间）", group=FigureGroup.ASSESSMENT,
                population=ASSESSED, unit="期", source=OFFICE, taken_by="assessment.assessed.assessed_figures"),
        Derived("visits_owed", "应走访", "挂包领导每月每个项目应走访次数之和", group=FigureGroup.ASSESSMENT,
                population="有挂包领导、正常推进且未投产的项目", unit="次", source="本系统业务规则第9节，次数由发改局设定",
                taken_by="queries.problems.visits.sponsor_visits"),
        Derived("visits_made", "已走访", "当月挂包领导本人带队、已确认的走访，每个项目至多计应走访次数", group=FigureGroup.ASSESSMENT,
                population="同“应走访”", unit="次", source="本系统业务规则第9节", taken_by="queries.problems.visits.sponsor_visits"),
        Derived("assessed_figures", "考核所用比率", "投资完成率、与序时差距、开工率、纳统率、节点按期率、问题办结率用上列同一定义，"
                "节点只取考核期内到期的，并按考核规则剔除", group=FigureGroup.ASSESSMENT, population=ASSESSED, unit="%、个百分点",
                rounding="得分计算用未进位的数值", source="执行的考核方案", taken_by="assessment.assessed.assessed_figures"),
    )
}  # fmt: skip

# every definition by its key, in the order of the page
FIGURES: dict[str, Definition] = {
    **COUNTS,
    **AMOUNTS,
    **RATES,
    **MATTERS,
    **MATTER_RATES,
    **INDICATOR_RATES,
    REPORT_RATE.key: REPORT_RATE,
    **DERIVED,
}
