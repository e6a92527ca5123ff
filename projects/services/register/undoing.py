"""Undoing a change from the history (撤销更改): the values before it are set back, as a change of its own.

Only plain facts can be set back one by one. What a verb did (a state, a hand-over, a confirmation) has its own way back,
which keeps what hangs on it in order.
"""

from collections.abc import Mapping
from datetime import datetime

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from projects.models import AuditRecord, Project, User
from projects.queries.base.changes import is_blank

from ..base.changing import changed, held, required, sure
from ..base.guards import not_office
from ..base.records import snapshot
from ..base.steps import Step, Steps, not_now, step
from .projects import FACTS, refuse_production_out_of_order
from .search import search_text_for

# the plain facts of each table, by column; whatever else a record changed has a verb of its own
UNDOABLE: Mapping[str, frozenset[str]] = {
    "project": frozenset(
        {
            *("name", "developer", "description", "address", "nature", "total_investment"),
            *FACTS,
            *("longitude", "latitude", "extra"),
        }
    ),
    "listing": frozenset({"number"}),
    "carryover": frozenset({"amount"}),
    "official": frozenset({"name", "post", "phone", "mobile", "position"}),
    "unit": frozenset({"short_name", "contact", "phone", "position"}),
    "permit": frozenset({"number", "issued_on", "valid_until_on", "issued_by"}),
    "problem": frozenset({"text", "category", "demand"}),
    "lead": frozenset({"name", "investor", "origin", "agreed_investment", "notes"}),
    "plot": frozenset({"name", "area", "address"}),
}


def is_plain(entry: AuditRecord) -> bool:
    """Whether a record changed plain facts alone, from something, so that undoing it can be offered. No query."""
    return (
        bool(entry.changes)
        and entry.changes.keys() <= UNDOABLE.get(entry.model, frozenset())
        and any(not is_blank(before) for before, _after in entry.changes.values())
    )


def steps_of(entry: AuditRecord, user: User) -> Steps:
    """What may be done with a record of the history: undo it (撤销), by the office. One query, for the row as it is.

    Refused where a record made the row, changed what has its own verb, or where the row has changed since.
    """
    return Steps(undo=step(not_office(user, "撤销更改"), _why_not(entry)))


@transaction.atomic
def undo_change(*, entry: AuditRecord, reason: str, by: User, now: datetime) -> models.Model:
    """Set the values back that a record of the history changed (撤销更改); the row, saved.

    Refuses: anyone but the office, no reason, what steps_of refuses, values that no longer fit the row.
    """
    row = _row_of(entry)
    row = row and held(row)
    steps_of(entry, by).require("undo")  # who, before whether the row is still there
    row = sure(row)
    reason = required(reason, "撤销原因", most=300)
    columns = {field.attname: field for field in row._meta.concrete_fields if field.attname in entry.changes}
    others = {field.name for field in row._meta.fields} - UNDOABLE[entry.model]
    words = f"{reason}（撤销{timezone.localdate(entry.at)}的“{entry.action}”）"
    with changed(row, "撤销更改", by=by, now=now, reason=words, unchecked=others):
        for name, field in columns.items():
            setattr(row, name, field.to_python(entry.changes[name][0]))
        if isinstance(row, Project):
            refuse_production_out_of_order(row)
            row.search_text = search_text_for(row)
    return row


def _why_not(entry: AuditRecord) -> Step:
    lawful = UNDOABLE.get(entry.model, frozenset())
    row = _row_of(entry)
    if row is None or not entry.changes:
        return not_now("该记录没有可以撤销的更改。")
    if entry.changes.keys() - lawful:
        return not_now("该操作涉及状态、责任或办理环节，请用对应的办理功能更正。")
    if _is_making(entry):
        return not_now("这是登记时的内容，不能撤销；需要改动的请直接更正。")
    present = snapshot(row)
    newer = [name for name, (_before, after) in entry.changes.items() if present.get(name) != after]
    if newer:
        names = {field.attname: str(field.verbose_name) for field in row._meta.concrete_fields}
        labels = "、".join(names[name] for name in newer)
        return not_now(f"此后又改过{labels}，不能直接撤销；请先撤销较晚的更改。")
    return Step()


def _is_making(entry: AuditRecord) -> bool:
    """Whether the record is of the row being made: the first of its row, from nothing."""
    earlier = AuditRecord.objects.filter(model=entry.model, object_id=entry.object_id, pk__lt=entry.pk)
    return all(is_blank(before) for before, _after in entry.changes.values()) and not earlier.exists()


def _row_of(entry: AuditRecord) -> models.Model | None:
    if entry.model not in UNDOABLE:
        return None
    return apps.get_model("projects", entry.model)._default_manager.filter(pk=entry.object_id).first()
