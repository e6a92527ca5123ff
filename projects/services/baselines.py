"""Baselines as data (序时基线): curves of the office, the plan of a list, and which of them a list follows."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db import transaction

from ..measures.baselines import BUILT_IN_NAMES
from ..models import AnnualList, BaselineCurve, User
from ..money import round_half_up
from ..rules import Curve
from .guards import office_only
from .records import record, snapshot

Points = Sequence[tuple[int, int, Decimal]]
SHARE_PLACES = 8  # an amount of a hundred thousand million is still exact to the cent


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
    office_only(by, "维护序时基线")
    if curve is not None:
        curve = BaselineCurve.objects.select_for_update().get(pk=curve.pk)
        if users := list(curve.annuallist_set.select_related("kind")):
            lists = "、".join(str(one) for one in users)
            raise ValidationError(f"“{curve}”正由{lists}使用，不能直接修改，请换一个名称另存为新基线。")
    if name in BUILT_IN_NAMES or name in BUILT_IN_NAMES.values():
        raise ValidationError({"name": f"“{name}”是内置口径的名称，请换一个名称。"})
    try:
        Curve(points=tuple((month, day, Fraction(share)) for month, day, share in points), joined=is_joined)
    except ValueError as error:
        words = str(error) if "序时基线" in str(error) else "时点中有不存在的日期"
        raise ValidationError(f"{words}。") from error
    before = snapshot(curve) if curve else None
    curve = curve or BaselineCurve(annual_list=annual_list)
    curve.name, curve.is_joined, curve.source = name, is_joined, source
    curve.points = [[month, day, f"{share:f}"] for month, day, share in points]
    curve.full_clean()
    curve.save()
    record(action="修改序时基线" if before else "新增序时基线", instance=curve, by=by, now=now, before=before)
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
    office_only(by, "维护序时基线")
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
    annual_list = (
        AnnualList.objects.select_for_update(of=("self",)).select_related("kind").get(pk=annual_list.pk)
    )
    before = snapshot(annual_list)
    annual_list.baseline, annual_list.curve = baseline, curve
    if snapshot(annual_list) == before:
        return annual_list
    annual_list.save(update_fields=["baseline", "curve"])
    record(action="选定序时口径", instance=annual_list, by=by, now=now, before=before)
    return annual_list
