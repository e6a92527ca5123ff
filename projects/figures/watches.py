"""What each stage is watched for (分阶段关注): 前期 抓对接、保开工, 在建 抓进度、保节点, 竣工 抓配套、保投用.

A matter picks rows of the population, so that a count on the overview and the ledger it opens cannot differ.
Source: docs/rules.md §2, after the High-tech Zone's press report of October 2023.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Case, Count, DecimalField, Exists, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThanOrEqual

from ..models import Milestone, PlotItem, Project, ProjectStage
from ..models.fields import MoneyField
from ..periods import last_of_month
from ..queries.alerts.findings import milestones_driven, milestones_in_force, not_driven_on
from .baselines import baselines_of_year, own_plan_lists, split_amount, splits_of
from .definitions import COUNTS
from .population import Scope

FAR_BEHIND = Fraction(-10, 100)  # 10 个百分点 belong to it
_EXACT = DecimalField(max_digits=40, decimal_places=2)


@dataclass(frozen=True)
class WatchedStage:
    """A column of the overview (阶段); `key` is the figure that counts it."""

    key: str
    name: str
    task: str


STAGES = (
    WatchedStage("preparatory_stage", "前期", "抓对接、保开工"),
    WatchedStage("construction_stage", "在建", "抓进度、保节点"),
    WatchedStage("completed", "竣工", "抓配套、保投用"),
)


@dataclass(frozen=True)
class Watch:
    """A matter watched in a stage (关注事项); `picks` is its condition on a row of scope.once()."""

    key: str
    stage: str
    name: str
    meaning: str
    picks: Callable[[Scope], Q]

    def condition(self, scope: Scope) -> Q:
        return COUNTS[self.stage].select(scope.cut_off) & self.picks(scope)


def _due_this_month(scope: Scope) -> Q:
    day = scope.cut_off
    return Q(
        category=ProjectStage.NEW_START,
        planned_start_on__gte=day.replace(day=1),
        planned_start_on__lte=last_of_month(day.year, day.month),
    )


def _papers_open(scope: Scope) -> Q:
    """前期 milestones of the plan in force not achieved, or land items not settled; a plan of another stage is not meant."""
    day = scope.cut_off
    steps = milestones_in_force(day, scope.listed()).open(day).filter(stage=Milestone.Stage.PREPARATORY)
    land = PlotItem.objects.live().exclude(pk__in=PlotItem.objects.settled().order_by().values("pk"))
    return Q(listing__project__in=steps.order_by().values("plan__project")) | Q(
        listing__project__in=land.order_by().values("plot__project")
    )


def _milestones_overdue(scope: Scope) -> Q:
    day = scope.cut_off
    late = milestones_driven(day, scope.listed()).overdue(day).order_by()
    return Q(listing__project__in=late.values("plan__project"))


def _far_behind(scope: Scope) -> Q:
    """invested / planned − 序时 ≤ −10 points, in whole numbers: 序时 is a fraction that no decimal holds.

    Of a project with a plan of its own 序时 is what that plan has due.
    """
    day, baselines = scope.cut_off, baselines_of_year(scope.year)
    limits = {pk: baseline.share(day, scope.year) + FAR_BEHIND for pk, baseline in baselines.items()}

    def of_list(number: str) -> Case:
        whens = (
            When(listing__annual_list=pk, then=Value(Decimal(getattr(limit, number))))
            for pk, limit in limits.items()
        )
        return Case(*whens, default=Value(Decimal(0)), output_field=_EXACT)

    done, least = F("invested") * of_list("denominator"), F("planned_investment") * of_list("numerator")
    behind = Q(LessThanOrEqual(done, least))
    if own := own_plan_lists(baselines):
        by_hand = Q(listing__annual_list__in=own) & Q(Exists(splits_of(day, "listing")))
        due = Coalesce(split_amount(day, day, "listing"), Value(Decimal(0)), output_field=MoneyField())
        tenth = ExpressionWrapper(F("planned_investment") * Value(Decimal("0.1")), output_field=_EXACT)
        behind = (by_hand & Q(LessThanOrEqual(F("invested") + tenth, due))) | (~by_hand & behind)
    return Q(planned_investment__gt=0) & behind


def _stopped(scope: Scope) -> Q:
    held = not_driven_on(scope.cut_off)
    states = {Project.State.SUSPENDED, Project.State.POSTPONED}
    # no project is 0: without it an empty list would make Django answer the other counts with 0, unasked
    return Q(listing__project__in=[0, *(pk for pk, state in held.items() if state in states)])


def _not_in_production(scope: Scope) -> Q:
    return ~COUNTS["in_production"].select(scope.cut_off)


def _not_in_statistics(scope: Scope) -> Q:
    return ~COUNTS["entered_statistics"].select(scope.cut_off)


WATCHES = {
    watch.key: watch
    for watch in (
        Watch("due_this_month", "preparatory_stage", "本月应开工", "新开工项目计划开工时间在本月、尚未开工", _due_this_month),
        Watch("start_missed", "preparatory_stage", "已到期未开工", "新开工项目计划开工时间已到、尚未开工",
              lambda scope: COUNTS["missed_starts"].select(scope.cut_off)),
        Watch("papers_open", "preparatory_stage", "手续未办结", "推进方案的前期节点或用地事项尚未办结", _papers_open),
        Watch("milestone_overdue", "construction_stage", "有逾期节点", "在执行推进方案有逾期未办结的节点", _milestones_overdue),
        Watch("far_behind", "construction_stage", "低于序时10个百分点以上", "投资完成率低于序时进度10个百分点及以上", _far_behind),
        Watch("stopped", "construction_stage", "停工、暂缓", "统计日处于停工或暂缓状态", _stopped),
        Watch("not_in_production", "completed", "未投产", "已竣工、统计日尚未投产", _not_in_production),
        Watch("not_in_statistics", "completed", "未纳统", "已竣工、统计日尚未纳统", _not_in_statistics),
    )
}  # fmt: skip


def watch_counts(scope: Scope) -> dict[str, int]:
    """{watch: number of projects of the population}; four queries, however many projects."""
    counted = {f"n_{key}": Count("pk", filter=watch.condition(scope)) for key, watch in WATCHES.items()}
    found = scope.once().order_by().aggregate(**counted)
    return {key: found[f"n_{key}"] for key in WATCHES}


def watched(scope: Scope, key: str) -> list[int]:
    """The ids of the projects a matter counts: what its door opens.

    Ids, for nested into the ledger's own questions the condition is deeper than SQLite can read.
    """
    rows = scope.once().filter(WATCHES[key].condition(scope)).order_by()
    return list(rows.values_list("listing__project", flat=True))
