"""What was confirmed is what is written (确认即所写): the plan of changes as a signature, and what moved since.

A preview keeps a digest for each row of the file that changes anything. The plan that is about to be written is compared
with it; anything that differs goes back to the person, and nothing is written.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db import models

from projects.models import User
from projects.rules import PROJECT_CODE

from ..base.records import UNRECORDED, plain, stored
from .comparing.changes import PlannedChange
from .importing import ImportPlan
from .staging.staged import SheetPlace

SHOWN = 100  # lines of what moved
# follow from the order of the writing, not from what anybody confirmed
OF_THE_ORDER = frozenset({"position"})


def signature_of(plan: ImportPlan) -> dict[str, Any]:
    """{"digest", "rows": {sheet!row: digest of what it changes}, "asked": [what needs the tick]}, for the batch."""
    rows: dict[str, list[str]] = defaultdict(list)
    for change in plan.changes:
        rows[_at(change.place)].append(_told(change))
    digests = {place: _digest(sorted(told)) for place, told in sorted(rows.items())}
    asked = sorted(
        _digest([sheet.name, str(message.row), message.message])
        for sheet in plan.sheets
        for message in sheet.warnings
        if message.must_confirm
    )
    return {"digest": _digest([digests, asked]), "rows": digests, "asked": asked}


def has_moved(confirmed: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether a plan changes anything that was not confirmed, leaves out what was, or asks what was not asked."""
    return confirmed.get("rows") != now["rows"] or not set(now["asked"]) <= set(confirmed.get("asked", ()))


def moved_since(
    confirmed: Mapping[str, Any], shown: list[dict[str, Any]], plan: ImportPlan, now: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """What moved since the preview, in words: [{sheet, row, object, kind, field, shown: {from, to}, now: {from, to}}].

    `shown` are the lines of the preview. A row whose change has become another stands with both, at most SHOWN lines.
    """
    before, after = confirmed.get("rows", {}), now["rows"]
    places = {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
    lines: dict[tuple, dict[str, Any]] = {}
    for key, told in (("shown", shown), ("now", plan.changes.described(limit=None))):
        for line in told:
            if f"{line['sheet']}!{line['row']}" in places:
                about = (line["sheet"], line["row"], line["object"], line["kind"], line["field"])
                lines.setdefault(about, {})[key] = {"from": line["from"], "to": line["to"]}
    names = ("sheet", "row", "object", "kind", "field")
    found = [
        {**dict(zip(names, about, strict=True)), "shown": both.get("shown"), "now": both.get("now")}
        for about, both in lines.items()
        if both.get("shown") != both.get("now")
    ]
    return found[:SHOWN]


def _at(place: SheetPlace) -> str:
    return f"{place.sheet}!{place.row}"


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def _told(change: PlannedChange) -> str:
    """One object's change: which object, and each field from → to; of a new object each field that is filled."""
    instance, before = change.instance, change.before
    name = str(instance._meta.model_name)
    if before is not None:
        told = {
            field.attname: [before.get(field.attname), _value(field, instance)]
            for field in _fields(type(instance))
            if before.get(field.attname) != _value(field, instance)
        }
        return json.dumps([name, instance.pk, told], ensure_ascii=False, sort_keys=True)
    new = {field.attname: value for field in _fields(type(instance)) if (value := _value(field, instance))}
    if not PROJECT_CODE.fullmatch(str(new.get("code", ""))):
        new.pop("code", None)  # a number of our own: the next free one, whichever that is by then
    return json.dumps([name, new], ensure_ascii=False, sort_keys=True)


def _value(field: models.Field, instance: models.Model) -> Any:
    return plain(stored(field, field.value_from_object(instance)))


@cache
def _fields(model: type[models.Model]) -> tuple[models.Field, ...]:
    """The columns that say something: without the key, moments, people who did it, and what is derived."""
    left_out = UNRECORDED | OF_THE_ORDER | getattr(model, "DERIVED", frozenset())
    return tuple(
        field
        for field in model._meta.concrete_fields
        if not field.primary_key
        and field.attname not in left_out
        and not isinstance(field, models.DateTimeField)
        and not (isinstance(field, models.ForeignKey) and field.related_model is User)
    )
