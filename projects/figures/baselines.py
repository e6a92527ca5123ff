"""Pro-rata baselines (序时口径): a built-in rule, a named curve, a list's own plan, or each project's own plan."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from ..models import AnnualList, BaselineCurve, ListingVersion, PeriodTarget, Project, TargetPlan
from ..models.lists.listings import BUILT_IN_BASELINES
from ..money import round_half_up
from ..periods import TenDayPeriod
from ..rules import Curve, pro_rata


@dataclass(frozen=True)
class Baseline:
    """A baseline by name; `rule` is what rules.pro_rata takes.

    With `by_project` (各项目自定计划) a project's share is that of its own split, and `share` is only what a project
    without one follows: a group's 序时 is Σ expected ÷ Σ planned then, see `expected_by_cell`.
    """

    name: str
    rule: "str | Curve" = "ten_day"
    by_project: bool = False

    def share(self, day: date, year: int) -> Fraction:
        return pro_rata(day, year, self.rule)

    def shares(self, year: int) -> list[Fraction]:
        """Cumulative shares at the ends of the year's 36 periods."""
        return [self.share(period.last_on, year) for period in TenDayPeriod.of_year(year)]

    @property
    def label(self) -> str:
        """Its name in words: 按旬."""
        return BUILT_IN_NAMES.get(self.name, self.name)


BUILT_IN_NAMES = dict(BUILT_IN_BASELINES)
TEN_DAY = Baseline("ten_day")
OWN_PLAN = Baseline("own_plan", by_project=True)
# where each comes from, for those whose row does not say it
SOURCES = {
    "ten_day": "默认口径：全年36旬均分，每旬末计入，10月末为83.3%。",
    "month": "全年12个月均分，每月末计入（月度通报常用）。",
    "half_month": "每月15日和月末各计半个月，8月15日为7.5/12＝62.5%（云浮市）。",
    "day": "按当年已过天数占全年天数计算。",
    "own_plan": "各项目目标分解截至当日的合计÷年度计划；未手工分解的项目按所在名单的基线。",
    "按季度阶梯（20/50/75/100）": "三亚市2022年：一季度末20%、二季度末50%、三季度末75%、年末100%。",
    "前快后稳（每月10%）": "广东省2022年：每月10%，10月末完成全年计划。",
}


def baseline_of(annual_list: AnnualList) -> Baseline:
    """The baseline of an annual list: each project's own plan where it says so, else its curve, else its built-in rule.

    A list of own plans may have a curve as well: projects without a split follow it.
    """
    curve = curve_baseline(annual_list.curve) if annual_list.curve is not None else None
    if annual_list.baseline == OWN_PLAN.name:
        return Baseline(OWN_PLAN.name, curve.rule if curve else TEN_DAY.rule, by_project=True)
    return curve or built_in(annual_list.baseline)


def built_in(name: str) -> Baseline:
    """A baseline of BUILT_IN_BASELINES by its name."""
    return OWN_PLAN if name == OWN_PLAN.name else Baseline(name, name)


def curve_baseline(curve: BaselineCurve) -> Baseline:
    """A named curve (BaselineCurve row) as a baseline."""
    points = tuple((month, day, Fraction(share)) for month, day, share in curve.points)
    return Baseline(curve.name, Curve(points=points, joined=curve.is_joined))


def baselines_of_year(year: int) -> dict[int, Baseline]:
    """{annual list id: baseline} of a year's lists. One query."""
    lists = AnnualList.objects.filter(year=year).select_related("curve")
    return {annual_list.pk: baseline_of(annual_list) for annual_list in lists}


def common_baseline(baselines: Iterable[Baseline]) -> Baseline:
    """What a total over lists follows: the baseline they share, else by ten-day period."""
    found = set(baselines)
    if found and all(one.by_project for one in found):
        return OWN_PLAN
    return found.pop() if len(found) == 1 else TEN_DAY


def own_plan_lists(baselines: dict[int, Baseline]) -> list[int]:
    """The lists that go by their projects' own plans."""
    return [pk for pk, baseline in baselines.items() if baseline.by_project]


# --- each project's own plan (各项目自定计划) ------------------------------------------------------------


def splits_of(day: date, listing: str) -> QuerySet[TargetPlan]:
    """The hand split in force on the day of the queried row's listing; `listing` is the path to it."""
    return TargetPlan.objects.in_force(day).filter(listing=OuterRef(listing)).order_by()


def split_amount(day: date, until: date, listing: str) -> Subquery:
    """Σ targets of the split in force on the day, of the periods ended by `until`; None without any such."""
    targets = PeriodTarget.objects.filter(
        plan__in=TargetPlan.objects.in_force(day).filter(listing=OuterRef(OuterRef(listing))).order_by(),
        period_ends_on__lte=until,
    )
    sums = targets.order_by().values("plan__listing").annotate(amount=Sum("amount")).values("amount")
    return Subquery(sums)


def expected_by_cell(rows: QuerySet[Any], keys: Sequence[str], day: date, year: int) -> dict[tuple, Fraction]:
    """{values of keys: 序时应完成 in 万元} of listing versions, each by its project's own plan. Two queries.

    The first of `keys` names the annual list: a project without a split follows the baseline of its list, which for a
    list of own plans is its curve, else ten-day.
    """
    shares = {pk: baseline.share(day, year) for pk, baseline in baselines_of_year(year).items()}
    cells = (
        rows.annotate(is_split=Exists(splits_of(day, "listing")), split_due=split_amount(day, day, "listing"))
        .values(*keys)
        .annotate(by_hand=Sum("split_due"), rest=Sum("planned_investment", filter=Q(is_split=False)))
    )
    found = {}
    for cell in cells:
        place = tuple(cell[key] for key in keys)
        by_hand, rest = (round_half_up(cell[name] or 0, 2) for name in ("by_hand", "rest"))
        found[place] = Fraction(by_hand) + Fraction(rest) * shares[place[0]]
    return found


def own_plan_shares(
    projects: QuerySet[Project], day: date, baselines: dict[int, Baseline]
) -> dict[tuple[int, int], Fraction]:
    """{(project id, annual list id): 序时 share of the plan} of projects split by hand, on lists of own plans.

    Whoever is not in it follows Baseline.share of its list. One query, none where no list goes by own plans.
    """
    own = own_plan_lists(baselines)
    if not own:
        return {}
    rows = (
        ListingVersion.objects.in_force(day)
        .filter(Exists(splits_of(day, "listing")), listing__annual_list__in=own)
        .filter(listing__project__in=projects, planned_investment__gt=0)
        .order_by()
        .annotate(due=split_amount(day, day, "listing"))
        .values_list("listing__project", "listing__annual_list", "planned_investment", "due")
    )
    return {
        (project, annual_list): Fraction(round_half_up(due or 0, 2)) / Fraction(planned)
        for project, annual_list, planned, due in rows
    }


def listing_share(version: ListingVersion, day: date) -> Fraction | None:
    """序时进度 of one listing on the day; None where its own plan has nothing to divide by."""
    baseline = baseline_of(version.listing.annual_list)
    if not baseline.by_project:
        return baseline.share(day, day.year)
    split = TargetPlan.objects.in_force(day).filter(listing=version.listing_id).first()
    if split is None:
        return baseline.share(day, day.year)
    due = split.targets.filter(period_ends_on__lte=day).aggregate(due=Sum(F("amount")))["due"]
    planned = version.planned_investment
    return Fraction(round_half_up(due or Decimal(0), 2)) / Fraction(planned) if planned else None
