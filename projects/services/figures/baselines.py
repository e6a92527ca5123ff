"""Baselines as data (序时基线): curves of the office, the plan of a list, and which of them a list follows."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.figures.baselines import BUILT_IN_NAMES
from projects.models import AnnualList, BaselineCurve, User
from projects.money import round_half_up
from projects.rules import Curve

from ..base.changing import changed, held, refuse
from ..base.guards import not_office, office_only
from ..base.steps import Steps, not_now, step

Points = Sequence[tuple[int, int, Decimal]]
WORK = "维护序时基线"
SHARE_PLACES = 8  # an amount of a hundred thousand million is still exact to the cent


def steps_of(
    curve: BaselineCurve, user: User, today: date, *, followers: Sequence[AnnualList] | None = None
) -> Steps:
    """What may be done with a curve: change (修改). `followers` are its lists, where they are known; else one query."""
    if followers is None:
        followers = list(curve.annuallist_set.select_related("kind"))
    lists = "、".join(str(one) for one in followers)
    in_use = f"“{curve}”正由{lists}使用，不能直接修改，请换一个名称另存为新基线。"
    return Steps(change=step(not_office(user, WORK), bool(lists) and not_now(in_use)))


@transaction.atomic
def save_curve(
    *,
    curve: BaselineCurve | None = None,
    name: str,
    points: Points,
    is_joined: bool,
    source: str,
    annual_list: AnnualList | None = None,
    by: User,
    now: datetime,
) -> BaselineCurve:
    """Add a curve, or change one that no list follows (新增、修改序时基线); points are (month, day, cumulative share).

    Refuses: a curve in use, since it would change figures of the past: it is saved under a new name and then chosen;
    points out of order or not ending at 100 %; the name of another curve or of a built-in baseline.
    """
    office_only(by, WORK)
    if curve is not None:
        curve = held(curve)
        steps_of(curve, by, timezone.localdate(now)).require("change")
    if name in BUILT_IN_NAMES or name in BUILT_IN_NAMES.values():
        refuse(name=f"“{name}”是内置口径的名称，请换一个名称。")
    try:
        Curve(points=tuple((month, day, Fraction(share)) for month, day, share in points), joined=is_joined)
    except ValueError as error:
        words = str(error) if "序时基线" in str(error) else "时点中有不存在的日期"
        raise ValidationError(f"{words}。") from error
    action = "修改序时基线" if curve else "新增序时基线"
    with changed(curve or BaselineCurve(annual_list=annual_list), action, by=by, now=now) as curve:
        curve.name, curve.is_joined, curve.source = name, is_joined, source
        curve.points = [[month, day, f"{share:f}"] for month, day, share in points]
    return curve


def list_plan(
    *,
    annual_list: AnnualList,
    cumulative: Sequence[tuple[int, int, Decimal]],
    source: str,
    by: User,
    now: datetime,
) -> BaselineCurve:
    """A list's own plan (名单自定计划) from cumulative amounts or percentages by (month, day); the last is the whole.

    A new curve each time, not yet followed by the list: `choose_baseline` sets it. Refuses sums that fall, and none.
    """
    office_only(by, WORK)
    amounts = [amount for _month, _day, amount in cumulative]
    if not amounts or amounts[-1] <= 0:
        raise ValidationError("请填写各期末的累计数，末期累计应大于零。")
    if amounts != sorted(amounts) or amounts[0] < 0:
        raise ValidationError("各期末的累计数应逐期递增或持平。")
    whole = Fraction(amounts[-1])
    points = [
        (month, day, round_half_up(Fraction(amount) / whole, SHARE_PLACES))
        for month, day, amount in cumulative
    ]
    earlier = annual_list.own_curves.count()
    name = f"{annual_list}自定计划" + (f"（第{earlier + 1}版）" if earlier else "")
    return save_curve(
        name=name, points=points, is_joined=False, source=source, annual_list=annual_list, by=by, now=now
    )


@transaction.atomic
def choose_baseline(
    *, annual_list: AnnualList, baseline: str, curve: BaselineCurve | None, by: User, now: datetime
) -> AnnualList:
    """Set what a list's 序时 follows (选定序时口径): a curve, or a built-in baseline by its name.

    Under own_plan the curve stays as what projects without a split follow. Refuses the own plan of another list.
    The same choice again changes nothing.
    """
    office_only(by, "选定名单的序时口径")
    if baseline not in BUILT_IN_NAMES:
        raise ValueError(f"unknown baseline {baseline!r}")
    if curve is not None and curve.annual_list_id not in (None, annual_list.pk):
        raise ValidationError(f"“{curve}”是其他名单的自定计划，不能用于{annual_list}。")
    annual_list = held(annual_list, "kind")
    if (annual_list.baseline, annual_list.curve_id) == (baseline, curve and curve.pk):
        return annual_list
    with changed(annual_list, "选定序时口径", by=by, now=now):
        annual_list.baseline, annual_list.curve = baseline, curve
    return annual_list
