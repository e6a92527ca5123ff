"""Units (单位) in an institutional reform: a new name, one history."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from projects.models import Unit, UnitName, User
from projects.periods import day_words

from ..base.changing import changed, held, refuse
from ..base.guards import LATER, office_only, wrong_day


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
    if not name:
        taken = "请填写新名称。"
    elif name == unit.name:
        taken = "新名称与现名相同，无需更名。"
    else:
        taken = _taken(name, unit, "“{}”是{}的现名或曾用名，请核对。")
    last = unit.names.filter(until_on__isnull=False).order_by("-until_on").first()
    wrong = wrong_day("更名日期", on, timezone.localdate(now), LATER)
    if not wrong and last and last.until_on and on <= last.until_on + timedelta(days=1):
        wrong = f"更名日期须晚于上一次更名（“{last.name}”用至{day_words(last.until_on)}）。"
    refuse(
        name=taken,
        short_name=short_name and _taken(short_name, unit, "“{}”是{}的名称，请另拟简称。"),
        document=not document and "请填写更名依据的文号。",
        on=wrong,
    )
    UnitName.objects.update_or_create(
        name=unit.name, defaults={"unit": unit, "until_on": on - timedelta(days=1), "document": document}
    )
    if unit.short_name and unit.short_name != short_name:  # an alias by which ledgers go on calling it
        UnitName.objects.get_or_create(name=unit.short_name, defaults={"unit": unit, "document": document})
    with changed(unit, "单位更名", by=by, now=now, reason=document):
        unit.name, unit.short_name = name, short_name
    return unit


def _taken(name: str, unit: Unit, words: str) -> str:
    """That another unit bears the name in full or in short, or bore it; "" when none does."""
    called = Q(name=name) | Q(short_name=name) | Q(names__name=name)
    other = Unit.objects.exclude(pk=unit.pk).filter(called).first()
    return words.format(name, other.name) if other else ""
