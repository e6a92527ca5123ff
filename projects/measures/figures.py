"""Figures per list and per group (指标计算): counts, sums and rates as of a day."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count as CountRows
from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from ..models import IndustryChain, ListingVersion, Official, Problem, Project, Unit
from ..money import Ratio, gap_points, gap_words, round_half_up
from ..queries.findings import milestones_driven
from ..rules import Light
from .baselines import TEN_DAY, Baseline, baseline_of
from .definitions import AMOUNTS, COUNTS, RATES
from .lights import light_counts
from .population import DIMENSIONS, UNASSIGNED, Scope

TOTAL_NAME = "合计"


@dataclass(frozen=True)
class FigureRow:
    """One row of figures: a list, a group of a dimension, or the total. Amounts in 万元, rates as Ratio."""

    list_name: str
    group: str
    group_id: int | None
    scope: Scope
    baseline: Baseline
    places: int
    values: dict[str, int | Decimal]
    lights: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, key: str) -> int | Decimal:
        return self.values[key]

    def ratio(self, key: str) -> Ratio:
        """The rate with its numerator and denominator, by the key of definitions.RATES."""
        rate = RATES[key]
        return Ratio(self.values[rate.numerator], self.values[rate.denominator])

    @property
    def investment_completion(self) -> Ratio:
        return self.ratio("investment_completion")

    @property
    def pro_rata_progress(self) -> Fraction:
        """序时进度 at the last closed step of the baseline."""
        return self.baseline.share(self.scope.cut_off, self.scope.year)

    @property
    def pro_rata_ratio(self) -> Ratio:
        return Ratio(*self.pro_rata_progress.as_integer_ratio())

    @property
    def start_rate_of_year(self) -> Ratio:
        return self.ratio("start_rate_of_year")

    @property
    def schedule_gap_points(self) -> Decimal | None:
        """与序时差距, from unrounded rates, in 个百分点."""
        return gap_points(self.investment_completion, self.pro_rata_progress, 1)

    def as_json(self) -> dict:
        """The row as contract.md §2 has it: counts as numbers, decimals as strings, null without denominator."""
        gap = self.schedule_gap_points
        rates = {key: _text(self.ratio(key).percent(self.places)) for key in RATES}
        counts = {key: self.values[key] for key in COUNTS if key in _CONTRACT_COUNTS}
        return {
            "list": self.list_name,
            "group": self.group,
            "projects": counts.pop("projects"),
            **{key: str(self.values[key]) for key in AMOUNTS},
            **rates,
            "pro_rata_progress": _text(self.pro_rata_ratio.percent(self.places)),
            "schedule_gap_points": _text(gap),
            "gap_words": None if gap is None else gap_words(gap),
            **counts,
            **{key: self.values[key] for key in FOLLOW_UP if key in self.values},
            "lights": {light.value: self.lights.get(light.value, 0) for light in Light},
        }


_CONTRACT_COUNTS = set(COUNTS) - {"not_started", "preparatory_stage", "construction_stage"}
FOLLOW_UP = ("milestones_due", "milestones_overdue", "problems_open")


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


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
    follow_up adds milestones, problems and lights. Ten queries at most, however many projects and groups.
    """
    annual_lists = list(scope.annual_lists())
    if by == "list":
        rows = scope.versions().annotate(group_id=F("listing__annual_list"))
        heads = [
            (item.pk, item.name, item.name, baseline or baseline_of(item), item) for item in annual_lists
        ]
        narrowed = {item.pk: _for_list(scope, item.pk) for item in annual_lists}
    else:
        only = annual_lists[0] if len(annual_lists) == 1 else None
        rows = scope.once().annotate(group_id=DIMENSIONS[by].group_of(scope.cut_off))
        common = baseline or (baseline_of(only) if only else TEN_DAY)
        list_name = only.name if only else "全部名单"
        heads = [(pk, list_name, label, common, only) for pk, label in _labels(by)]
        narrowed = {head[0]: scope.within(by, "" if head[0] is None else str(head[0])) for head in heads}
    values = _values(rows, scope, follow_up)
    lights = light_counts(rows, scope) if follow_up else {}
    return [
        FigureRow(
            list_name=list_name,
            group=label,
            group_id=pk,
            scope=narrowed[pk],
            baseline=rule,
            places=_places(places, annual_list),
            values=values[pk],
            lights=lights.get(pk, {}),
        )
        for pk, list_name, label, rule, annual_list in heads
        if by == "list" or pk in values
    ]


def figure_total(
    scope: Scope, *, baseline: Baseline | None = None, places: int | None = None, follow_up: bool = True
) -> FigureRow:
    """Figures over all lists of the scope with each project once (全部名单合计)."""
    annual_lists = list(scope.annual_lists())
    only = annual_lists[0] if len(annual_lists) == 1 else None
    rows = scope.once().annotate(group_id=F("listing__annual_list__year"))
    return FigureRow(
        list_name=only.name if only else "全部名单",
        group=TOTAL_NAME,
        group_id=None,
        scope=scope,
        baseline=baseline or (baseline_of(only) if only else TEN_DAY),
        places=_places(places, only),
        values=_values(rows, scope, follow_up)[scope.year],
        lights=light_counts(rows, scope).get(scope.year, {}) if follow_up else {},
    )


def _for_list(scope: Scope, list_id: int) -> Scope:
    return replace(scope, lists=(list_id,))


def _places(given: int | None, annual_list) -> int:
    if given is not None:
        return given
    return annual_list.kind.rate_places if annual_list else 1


def _labels(by: str) -> list[tuple[int | None, str]]:
    """Groups of a dimension in office order, ending with 未明确."""
    model = {"sponsor": Official, "industry_chain": IndustryChain}.get(by, Unit)
    return [*model.objects.values_list("pk", DIMENSIONS[by].label), (None, UNASSIGNED)]


def _values(rows: QuerySet[ListingVersion], scope: Scope, follow_up: bool) -> dict:
    """{group_id: {figure key: number}}; a group without rows answers zeros."""
    day = scope.cut_off
    aggregates = {key: CountRows("pk", filter=count.select(day)) for key, count in COUNTS.items()}
    aggregates |= {key: Sum(amount.column) for key, amount in AMOUNTS.items()}
    if follow_up:
        rows = rows.annotate(**{f"{key}_count": query for key, query in _follow_up_counts(day).items()})
        aggregates |= {key: Sum(f"{key}_count") for key in FOLLOW_UP}
    zeros = {key: 0 for key in COUNTS} | {key: Decimal("0.00") for key in AMOUNTS}
    if follow_up:
        zeros |= {key: 0 for key in FOLLOW_UP}
    found = defaultdict(lambda: dict(zeros))
    for row in (
        rows.order_by().values("group_id").annotate(**{f"n_{key}": agg for key, agg in aggregates.items()})
    ):
        # SQLite adds amounts as floats and forgets their places
        amounts = {key: round_half_up(row[f"n_{key}"] or 0, 2) for key in AMOUNTS}
        found[row["group_id"]] = {key: row[f"n_{key}"] or 0 for key in aggregates} | amounts
    return found


def _follow_up_counts(day: date) -> dict:
    """Milestones and problems of a listing version's project as correlated counts."""

    def count(rows, project):
        per_project = rows.order_by().values(project).annotate(n=CountRows("pk")).values("n")
        return Coalesce(Subquery(per_project[:1], output_field=IntegerField()), 0)

    milestones = milestones_driven(day, Project.objects.all()).filter(
        plan__project=OuterRef("listing__project")
    )
    problems = Problem.objects.filter(project=OuterRef("listing__project"))
    return {
        "milestones_due": count(milestones.due_by(day), "plan__project"),
        "milestones_overdue": count(milestones.overdue(day), "plan__project"),
        "problems_open": count(problems.open(day), "project"),
    }
