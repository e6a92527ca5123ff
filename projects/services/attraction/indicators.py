"""Values of the yearly indicators (指标进度) entered by the office, month by month."""

from calendar import monthrange
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from projects.models import Indicator, IndicatorValue, User

from ..base.changing import added, changed, held, refuse
from ..base.guards import office_only


@transaction.atomic
def enter_value(
    *,
    indicator: Indicator,
    month: int,
    value: Decimal,
    city_total: Decimal | None = None,
    last_year: Decimal | None = None,
    note: str = "",
    by: User,
    now: datetime,
) -> IndicatorValue:
    """Enter the cumulative value of a month of the indicator's year (登记指标进度), for the month's last day.

    Refuses: a month not over yet, a negative amount, more than the city's total, less than an earlier month or more
    than a later one without a reason, a changed value without a reason. The same entry twice answers the first.
    """
    office_only(by, "登记指标进度")
    held(indicator)
    last_on = date(indicator.year, month, monthrange(indicator.year, month)[1])
    note = note.strip()
    present = indicator.values.filter(as_of_on=last_on).first()
    told = {"value": value, "city_total": city_total, "last_year": last_year, "note": note}
    if present and all(getattr(present, name) == one for name, one in told.items()):
        return present
    said = {**told, "made_by": by, "made_at": now}
    entry = IndicatorValue(indicator=indicator, as_of_on=last_on, **said)
    refuse(**_refusals(entry, present, timezone.localdate(now)))
    if present is None:
        return added(entry, "登记指标进度", by=by, now=now, reason=note)
    with changed(present, "更正指标进度", by=by, now=now, reason=note):
        for name, one in said.items():
            setattr(present, name, one)
    return present


def _refusals(entry: IndicatorValue, present: IndicatorValue | None, today: date) -> dict[str, str]:
    day, errors = entry.as_of_on, {}
    if day > today:
        errors["month"] = f"{day.month}月尚未结束，{day.month}月{day.day}日起才能登记。"
    for name, label in (("value", "累计完成"), ("last_year", "上年同期"), ("city_total", "全市总量")):
        amount = getattr(entry, name)
        if amount is not None and amount < 0:
            errors[name] = f"{label}不能为负数。"
    if not errors and entry.city_total is not None and entry.city_total < entry.value:
        errors["city_total"] = "全市总量不能小于本区累计完成，请核对计量单位。"
    if errors or entry.note:
        return errors
    values = entry.indicator.values
    earlier = values.filter(as_of_on__lt=day).order_by("-as_of_on").first()
    later = values.filter(as_of_on__gt=day).order_by("as_of_on").first()
    if earlier and entry.value < earlier.value:
        errors["note"] = f"累计数小于{earlier.as_of_on.month}月的{earlier.value}，请说明原因。"
    elif later and entry.value > later.value:
        errors["note"] = f"累计数大于{later.as_of_on.month}月的{later.value}，请说明原因。"
    elif present and present.value != entry.value:
        errors["note"] = f"该月已登记{present.value}，更正请说明原因。"
    return errors
