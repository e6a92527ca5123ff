"""Figures per list and per group (指标计算): counts, sums and rates as of a day."""

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..models import IndustryChain, Official, Unit
from ..money import Ratio, gap_points, gap_sentence, gap_words
from ..rules import Light
from ..rules.ranking import SILENT
from .baselines import Baseline
from .cells import EXPECTED, INVESTED, PLANNED_TOLD, Cells, Numbers
from .definitions import AMOUNTS, MATTER_RATES, RATES, START_RATES
from .population import DIMENSIONS, UNASSIGNED, Scope
from .published import baselines_for

TOTAL_NAME = "合计"
COMPLETION = "investment_completion"

# what docs/contract.md §2 prints of a row, in its words: no figure joins or leaves without a new version of the contract
CONTRACT_RATES = (
    "investment_completion start_rate_including_continuing start_rate_of_year start_rate_to_date statistics_rate"
).split()
CONTRACT_COUNTS = (
    "started new_starts new_starts_started new_starts_due missed_starts early_starts completed in_production"
    " entered_statistics"
).split()
CONTRACT_MATTERS = "milestones_due milestones_overdue problems_open".split()


@dataclass(frozen=True)
class StartIdentity:
    """开工勾稽关系: 应开工 − 未按期开工 ＋ 提前开工 ＝ 已开工, over the 新开工 of one population."""

    due: int
    missed: int
    early: int
    started: int

    @property
    def holds(self) -> bool:
        return self.due - self.missed + self.early == self.started

    @property
    def words(self) -> str:
        return f"应开工{self.due}个 − 未按期开工{self.missed}个 ＋ 提前开工{self.early}个 ＝ 已开工{self.started}个"


@dataclass(frozen=True)
class FigureRow:
    """One row of figures: a list, a group of a dimension, or the total. Amounts in 万元, rates as Ratio.

    Where none of its projects has reported, what is invested is None and there is neither completion nor gap. Lists
    without any report that a total or a group holds are left out of its completion, and named in `leaves_out`.
    """

    list_name: str
    group: str
    group_id: int | None
    scope: Scope
    baseline: Baseline
    places: int
    values: Numbers
    lights: dict[str, int] = field(default_factory=dict)
    leaves_out: tuple[str, ...] = ()

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def ratio(self, key: str) -> Ratio:
        """The rate with its numerator and denominator, by the key of definitions.RATES or MATTER_RATES."""
        if key == COMPLETION:
            return RATES[key].ratio(self.values | {"planned_investment": self.values[PLANNED_TOLD]})
        return (RATES.get(key) or MATTER_RATES[key]).ratio(self.values)

    @property
    def is_silent(self) -> bool:
        """Whether none of its projects has reported: what is done is not known (尚无旬报)."""
        return self.values[INVESTED] is None

    @property
    def remark(self) -> str:
        """What keeps the amount, completion and gap from being misread; "" where all lists have reports."""
        if self.is_silent:
            return SILENT
        return f"不含尚无旬报的{'、'.join(self.leaves_out)}" if self.leaves_out else ""

    @property
    def gap_told(self) -> str:
        """快于序时4.6个百分点, —（尚无旬报）, 快于序时4.6个百分点（不含尚无旬报的技改）."""
        words = gap_sentence(self.schedule_gap_points)
        return f"{words}（{self.remark}）" if self.remark else words

    @property
    def investment_completion(self) -> Ratio:
        return self.ratio(COMPLETION)

    @property
    def pro_rata_progress(self) -> Fraction | None:
        """序时进度 at the last closed step of the baseline; None by own plans where nothing is planned."""
        return self.pro_rata_ratio.value

    @property
    def pro_rata_ratio(self) -> Ratio:
        if self.baseline.by_project:
            return Ratio(self.values[EXPECTED], self.values[PLANNED_TOLD])
        return Ratio.exact(self.baseline.share(self.scope.cut_off, self.scope.year))

    @property
    def start_rate_of_year(self) -> Ratio:
        return self.ratio("start_rate_of_year")

    @property
    def start_rates(self) -> dict[str, Ratio]:
        """The three start rates, to be shown side by side with `start_identity`."""
        return {key: self.ratio(key) for key in START_RATES}

    @property
    def start_identity(self) -> StartIdentity:
        keys = ("new_starts_due", "missed_starts", "early_starts", "new_starts_started")
        return StartIdentity(*(self.values[key] for key in keys))

    @property
    def schedule_gap_points(self) -> Decimal | None:
        """与序时差距, from unrounded rates, in 个百分点, with the list's places."""
        return gap_points(self.investment_completion, self.pro_rata_progress, self.places)

    def as_json(self) -> dict:
        """The row as docs/contract.md §2 has it: counts as numbers, decimals as strings, null for what there is not."""
        gap = self.schedule_gap_points
        return {
            "list": self.list_name,
            "group": self.group,
            "projects": self.values["projects"],
            **{key: _text(self.values[key]) for key in AMOUNTS},
            **{key: _text(self.ratio(key).percent(self.places)) for key in CONTRACT_RATES},
            "pro_rata_progress": _text(self.pro_rata_ratio.percent(self.places)),
            "schedule_gap_points": _text(gap),
            "gap_words": None if gap is None else gap_words(gap),
            **{key: self.values[key] for key in CONTRACT_COUNTS},
            **{key: self.values[key] for key in CONTRACT_MATTERS if key in self.values},
            "lights": {light.value: self.lights.get(light.value, 0) for light in Light},
            **({"leaves_out": list(self.leaves_out)} if self.leaves_out else {}),
        }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


@dataclass(frozen=True)
class Figures:
    """Figures of one population read once: its total, a row per list, a row per group of a dimension.

    `colours` are the lights of the projects ever listed, with follow_up: they need not be asked again.
    """

    total: FigureRow
    lists: list[FigureRow]
    groups: list[FigureRow]
    colours: dict[int, Light] = field(default_factory=dict)


def figure_rows(
    scope: Scope,
    *,
    by: str = "list",
    baseline: Baseline | None = None,
    places: int | None = None,
    follow_up: bool = True,
) -> list[FigureRow]:
    """Figures of each list (by="list") or of each group of a dimension (挂包领导、推进部门、属地、产业链).

    By a dimension every project counts once over the lists of the scope, so the rows add up to `figure_total`.
    """
    dimension = "" if by == "list" else by
    found = figures_of(scope, by=dimension, baseline=baseline, places=places, follow_up=follow_up)
    return found.groups if dimension else found.lists


def figure_total(
    scope: Scope, *, baseline: Baseline | None = None, places: int | None = None, follow_up: bool = True
) -> FigureRow:
    """Figures over all lists of the scope with each project once (全部名单合计)."""
    return figures_of(scope, baseline=baseline, places=places, follow_up=follow_up).total


def figures_of(
    scope: Scope,
    *,
    by: str = "",
    baseline: Baseline | None = None,
    places: int | None = None,
    follow_up: bool = True,
) -> Figures:
    """Total, lists and the groups of a dimension (by="" for none) from one reading of the population.

    follow_up adds milestones, problems and lights; as published the lights are those published, and there is nothing
    to follow up. Seventeen queries at most, however many projects and groups.
    """
    annual_lists = list(scope.annual_lists())
    only = annual_lists[0] if len(annual_lists) == 1 else None
    rules, common = baselines_for(scope, annual_lists)
    if baseline is not None:
        rules, common = dict.fromkeys(rules, baseline), baseline
    name = only.name if only else "全部名单"
    own_plan = any(rule.by_project for rule in (common, *rules.values()))
    cells = Cells(scope, by, follow_up, own_plan)

    def row(
        list_name: str,
        group: str,
        pk: int | None,
        narrowed: Scope,
        rule: Baseline,
        annual_list: Any,
        cell: tuple[Numbers, Counter[Light]],
        silent: frozenset[int] = frozenset(),
    ) -> FigureRow:
        values, counted = cell
        lights = {light.value: n for light, n in counted.items()}
        left_out = tuple(item.name for item in annual_lists if item.pk in silent)
        return FigureRow(
            list_name, group, pk, narrowed, rule, _places(places, annual_list), values, lights, left_out
        )

    groups = group_labels(by) if by else []
    return Figures(
        row(name, TOTAL_NAME, None, scope, common, only, cells.total(), cells.silent_of_total()),
        [
            row(item.name, item.name, item.pk, _for_list(scope, item.pk), rules[item.pk], item,
                cells.of_list(item.pk))
            for item in annual_lists
        ],
        [
            row(name, label, pk, scope.within(by, "" if pk is None else str(pk)), common, only,
                cells.of_group(pk), cells.silent_of_group(pk))
            for pk, label in groups
            if cells.has_group(pk)
        ],
        cells.colours,
    )  # fmt: skip


def _for_list(scope: Scope, list_id: int) -> Scope:
    return replace(scope, lists=(list_id,))


def _places(given: int | None, annual_list: Any) -> int:
    if given is not None:
        return given
    return annual_list.places if annual_list else 1


def group_labels(by: str) -> list[tuple[int | None, str]]:
    """Groups of a dimension in office order, ending with 未明确."""
    models: dict[str, type[Official | IndustryChain | Unit]]
    models = {"sponsor": Official, "industry_chain": IndustryChain}
    model = models.get(by, Unit)
    return [*model.objects.values_list("pk", DIMENSIONS[by].label), (None, UNASSIGNED)]
