"""What each figure means (口径): the one definition behind screen, chart, export, document, command and door.

Counts and sums are taken over listing versions in force (population.Scope); `select(day)` says which rows of the
population a figure counts, so that the number and the list it opens cannot differ.
Source: domain.md §5, after the High-tech Zone's press report of October 2023.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from ..models import ProjectStage

PROJECT = "listing__project__"


@dataclass(frozen=True)
class Count:
    """A number of projects (个): the rows of the population that `select(day)` picks."""

    key: str
    name: str
    meaning: str
    condition: Callable[[date, str], Q]
    unit: str = "个"

    def select(self, day: date, project: str = PROJECT) -> Q:
        """Condition on a row of the population; `project` is the path to the facts of its project."""
        return self.condition(day, project)


@dataclass(frozen=True)
class Amount:
    """A sum over the whole population (万元) of one column of the annotated listing version."""

    key: str
    name: str
    meaning: str
    column: str
    of_project: bool = False
    unit: str = "万元"

    def path(self, project: str = PROJECT) -> str:
        """The column summed; `project` is the path to the facts of its project."""
        return f"{project}{self.column}" if self.of_project else self.column


@dataclass(frozen=True)
class Rate:
    """A rate (%): sum over sum of two figures, rounded once, half up; none without a denominator."""

    key: str
    name: str
    numerator: str
    denominator: str

    @property
    def meaning(self) -> str:
        return f"{NAMES[self.numerator]} ÷ {NAMES[self.denominator]}"


def _started(day: date, project: str) -> Q:
    return Q(**{f"{project}started_on__lte": day})


def _new_start(day: date, project: str) -> Q:
    return Q(category=ProjectStage.NEW_START)


def _due_to_start(day: date, project: str) -> Q:
    """新开工 whose planned start, the last day of its span, has come."""
    return _new_start(day, project) & Q(planned_start_on__lte=day)


def _new_start_started(day: date, project: str) -> Q:
    return _new_start(day, project) & _started(day, project)


def _completed(day: date, project: str) -> Q:
    """Production counts as completion, whether or not a completion date was entered."""
    return Q(**{f"{project}completed_on__lte": day}) | _in_production(day, project)


def _in_production(day: date, project: str) -> Q:
    return Q(**{f"{project}in_production_on__lte": day})


def _missed(day: date, project: str) -> Q:
    return _due_to_start(day, project) & ~_started(day, project)


def _early(day: date, project: str) -> Q:
    """Started although the planned start had not come (or no date was planned)."""
    return _new_start_started(day, project) & (Q(planned_start_on__gt=day) | Q(planned_start_on__isnull=True))


def _entered_statistics(day: date, project: str) -> Q:
    return Q(**{f"{project}entered_statistics_on__lte": day})


COUNTS = {
    count.key: count
    for count in (
        Count("projects", "项目数", "统计日在列的项目", lambda day, project: Q()),
        Count("started", "已开工", "实际开工日期不晚于统计日", _started),
        Count(
            "not_started", "未开工", "统计日尚无实际开工日期", lambda day, project: ~_started(day, project)
        ),
        Count("new_starts", "新开工项目", "名单中项目类别为新开工", _new_start),
        Count(
            "new_starts_started",
            "新开工项目已开工",
            "新开工项目中统计日前已开工",
            _new_start_started,
        ),
        Count("new_starts_due", "应开工", "新开工项目中计划开工时间（时段末日）不晚于统计日", _due_to_start),
        Count("missed_starts", "未按期开工", "应开工而统计日尚未开工", _missed),
        Count("early_starts", "提前开工", "计划开工时间未到而已开工", _early),
        Count("completed", "已竣工", "竣工或投产日期不晚于统计日", _completed),
        Count("in_production", "已投产", "投产日期不晚于统计日", _in_production),
        Count(
            "entered_statistics",
            "已纳统",
            "纳入统计库日期不晚于统计日",
            _entered_statistics,
        ),
        Count(
            "preparatory_stage",
            "前期阶段",
            "统计日尚未开工",
            lambda day, project: ~_started(day, project) & ~_completed(day, project),
        ),
        Count(
            "construction_stage",
            "在建阶段",
            "已开工、未竣工",
            lambda day, project: _started(day, project) & ~_completed(day, project),
        ),
    )
}

AMOUNTS = {
    amount.key: amount
    for amount in (
        Amount("total_investment", "总投资", "在列项目总投资之和", "total_investment", of_project=True),
        Amount(
            "planned_investment", "年度计划投资", "统计日有效名单版本的计划投资之和", "planned_investment"
        ),
        Amount(
            "invested_this_year",
            "本年累计完成投资",
            "各项目统计日前最近一期已确认旬报的本年累计之和",
            "invested",
        ),
    )
}

RATES = {
    rate.key: rate
    for rate in (
        Rate("investment_completion", "投资完成率", "invested_this_year", "planned_investment"),
        Rate("start_rate_including_continuing", "开工率（含续建）", "started", "projects"),
        Rate("start_rate_of_year", "新开工开工率", "new_starts_started", "new_starts"),
        Rate("start_rate_to_date", "计划开工率", "new_starts_started", "new_starts_due"),
        Rate("statistics_rate", "纳统率", "entered_statistics", "started"),
    )
}

NAMES = {key: figure.name for group in (COUNTS, AMOUNTS) for key, figure in group.items()}
