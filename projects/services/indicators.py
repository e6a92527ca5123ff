"""Values of the yearly indicators (指标进度) entered by the office, month by month."""

from calendar import monthrange
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from ..models import Indicator, IndicatorValue, User
from .guards import office_only
from .records import differences, record, snapshot


@transaction.atomic
def enter_value(
    *,
    indicator: Indicator,
    month: int,
    value: Decimal,
    city_total: Decimal | None = None,
    note: str = "",
    by: User,
    now: datetime,
) -> IndicatorValue:
    """Enter the cumulative value of a month of the indicator's year (登记指标进度), for the month's last day.

    Refuses: a month not over yet, a negative amount, more than the city's total, less than an earlier month or more
    than a later one without a reason, a changed value without a reason. The same entry twice answers the first.
    """
    office_only(by, "登记指标进度")
    Indicator.objects.select_for_update().get(pk=indicator.pk)
    last_on = date(indicator.year, month, monthrange(indicator.year, month)[1])
    note = note.strip()
    present = indicator.values.filter(as_of_on=last_on).first()
    before = snapshot(present) if present else None
    entry = present or IndicatorValue(indicator=indicator, as_of_on=last_on)
    entry.value, entry.city_total, entry.note = value, city_total, note
    if before and not differences(before, snapshot(entry)):
        return entry
    errors = _refusals(entry, before, timezone.localdate(now))
    if errors:
        raise ValidationError(errors)
    entry.made_by, entry.made_at = by, now
    entry.full_clean()
    entry.save()
    action = "更正指标进度" if before else "登记指标进度"
    record(action=action, instance=entry, by=by, now=now, before=before, reason=note)
    return entry


def _refusals(entry: IndicatorValue, before: dict | None, today: date) -> dict[str, str]:
    day, errors = entry.as_of_on, {}
    if day > today:
        errors["month"] = f"{day.month}月尚未结束，{day.month}月{day.day}日起才能登记。"
    for name, label in (("value", "累计完成"), ("city_total", "全市总量")):
        amount = getattr(entry, name)
        if amount is not None and amount < 0:
            errors[name] = f"{label}不能为负数。"
    if not errors and entry.city_total is not None and entry.city_total < entry.value:
        errors["city_total"] = "全市总量不能小于本区累计完成，请核对计量单位。"
    if errors or entry.note:
        return errors
    values = entry.indicator.values.exclude(pk=entry.pk)
    earlier = values.filter(as_of_on__lt=day).order_by("-as_of_on").first()
    later = values.filter(as_of_on__gt=day).order_by("as_of_on").first()
    if earlier and entry.value < earlier.value:
        errors["note"] = f"累计数小于{earlier.as_of_on.month}月的{earlier.value}，请说明原因。"
    elif later and entry.value > later.value:
        errors["note"] = f"累计数大于{later.as_of_on.month}月的{later.value}，请说明原因。"
    elif before and Decimal(before["value"]) != entry.value:
        errors["note"] = f"该月已登记{before['value']}，更正请说明原因。"
    return errors
