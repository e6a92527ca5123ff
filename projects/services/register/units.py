"""Units (单位) in an institutional reform: a new name, one history."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from projects.models import Unit, UnitName, User
from projects.periods import day_words

from ..base.changing import changed, held
from ..base.guards import office_only, wrong_day


@transaction.atomic
def rename_unit(
    *, unit: Unit, name: str, on: date, document: str, short_name: str = "", by: User, now: datetime
) -> Unit:
    """Give a unit another name from a day on (单位更名); the old one stays in UnitName, so ledgers still match it.

    The unit's row, projects and hand-overs stay. Refuses: no name or no document, the same name, a name or former
    name of another unit, a day in the future or not after the last renaming. A unit may take its own former name back.
    """
    office_only(by, "登记单位更名")
    unit = held(unit)
    name, document, short_name = "".join(name.split()), document.strip(), "".join(short_name.split())
    errors = {}
    if not name:
        errors["name"] = "请填写新名称。"
    elif name == unit.name:
        errors["name"] = "新名称与现名相同，无需更名。"
    elif taken := _unit_called(name, unit):
        errors["name"] = f"“{name}”是{taken.name}的现名或曾用名，请核对。"
    if short_name and (taken := _unit_called(short_name, unit)):
        errors["short_name"] = f"“{short_name}”是{taken.name}的名称，请另拟简称。"
    if not document:
        errors["document"] = "请填写更名依据的文号。"
    last = unit.names.filter(until_on__isnull=False).order_by("-until_on").first()
    if why := wrong_day("更名日期", on, now):
        errors["on"] = why
    elif last is not None and on <= last.until_on + timedelta(days=1):
        errors["on"] = f"更名日期须晚于上一次更名（“{last.name}”用至{day_words(last.until_on)}）。"
    if errors:
        raise ValidationError(errors)
    UnitName.objects.update_or_create(
        name=unit.name,
        defaults={"unit": unit, "until_on": on - timedelta(days=1), "document": document},
    )
    if unit.short_name and unit.short_name != short_name:  # an alias by which ledgers go on calling it
        UnitName.objects.get_or_create(name=unit.short_name, defaults={"unit": unit, "document": document})
    with changed(unit, "单位更名", by=by, now=now, reason=document):
        unit.name, unit.short_name = name, short_name
    return unit


def _unit_called(name: str, unit: Unit) -> Unit | None:
    """Another unit that bears the name in full or in short, or bore it."""
    called = Q(name=name) | Q(short_name=name) | Q(names__name=name)
    return Unit.objects.exclude(pk=unit.pk).filter(called).first()
