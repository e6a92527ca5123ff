"""The audit record (操作记录): the one way a change is remembered."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from projects.models import AuditRecord, ImportedRow, Project, User
from projects.money import round_half_up
from projects.queries.base.changes import is_blank

Changes = dict[str, tuple[Any, Any]]
# never kept: a password's hash; what follows from other columns
UNRECORDED = frozenset({"password", "last_login", "name_key", "search_text"})


def snapshot(instance: models.Model) -> dict[str, Any]:
    """Concrete field values of a row as JSON-safe values, keyed by column name (外键存编号)."""
    left_out = UNRECORDED | getattr(instance, "DERIVED", frozenset())
    return {
        field.attname: plain(stored(field, field.value_from_object(instance)))
        for field in instance._meta.concrete_fields
        if field.attname not in left_out
    }


def stored(field: models.Field, value: Any) -> Any:
    """A value as its column keeps it: 1000 and 1000.00 are one amount, so they are no change."""
    if isinstance(field, models.DecimalField) and isinstance(value, Decimal | int):
        return round_half_up(value, field.decimal_places)
    return value


def plain(value: Any) -> Any:
    """A value as JSON holds it: dates ISO, decimals as strings, files by name."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, models.fields.files.FieldFile):
        return value.name
    return value


def differences(before: dict[str, Any] | None, after: dict[str, Any]) -> Changes:
    """Columns whose value differs, as {column: (from, to)}; a new row differs in every filled column."""
    old = before or {}
    return {
        name: (old.get(name), value)
        for name, value in after.items()
        if old.get(name) != value and not (before is None and is_blank(value))
    }


def build_record(
    *,
    action: str,
    instance: models.Model,
    by: User | None,
    now: datetime,
    before: dict[str, Any] | None = None,
    project: Project | None = None,
    reason: str = "",
    imported_row: ImportedRow | None = None,
) -> AuditRecord:
    """An unsaved audit record of a saved row: `before` is its `snapshot()` from before the change, None when new."""
    return AuditRecord(
        at=now,
        by=by,
        action=action,
        project=project
        or (instance if isinstance(instance, Project) else getattr(instance, "project", None)),
        model=str(instance._meta.model_name),
        object_id=instance.pk,
        object_text=str(instance)[:160],
        changes=differences(before, snapshot(instance)),
        reason=reason[:300],
        imported_row=imported_row,
    )


def record(**kwargs: Any) -> AuditRecord:
    """Write one audit record; arguments as for build_record. Call it in the transaction of the change."""
    entry = build_record(**kwargs)
    entry.save()
    return entry


def record_many(entries: Iterable[AuditRecord]) -> None:
    """Write many audit records at once, for imports."""
    AuditRecord.objects.bulk_create(entries, batch_size=500)
