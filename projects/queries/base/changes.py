"""Audit records in words (变更记录): field names, from → to, with foreign keys named."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from projects.models import AuditRecord

EMPTY = "空"


@dataclass(frozen=True)
class Change:
    """One field of a change: its Chinese name, the value before and after in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangeEntry:
    """One audit record in words."""

    record: AuditRecord
    kind: str
    changes: list[Change]
    source: str

    @property
    def is_new(self) -> bool:
        """Whether the record is of a row being made: every value was empty before."""
        return bool(self.changes) and all(change.before == EMPTY for change in self.changes)

    @property
    def at(self) -> datetime:
        return self.record.at


def described(records: Iterable[AuditRecord]) -> list[ChangeEntry]:
    """Records in words; one query for each table that foreign keys point to, however many records.

    Give records with `by` and `imported_row__batch` selected.
    """
    records = list(records)
    names = _names_of_targets(records)
    return [
        ChangeEntry(
            record=record,
            kind=kind_words(record.model),
            changes=[
                _change(record.model, column, pair, names)
                for column, pair in record.changes.items()
                if _is_shown(record.model, column)
            ],
            source=_source(record),
        )
        for record in records
    ]


def is_blank(value: Any) -> bool:
    """Whether a value as JSON holds it says nothing (空)."""
    return value in (None, "", [], {})


def _model(name: str) -> type[models.Model] | None:
    try:
        return apps.get_model("projects", name)
    except LookupError:
        return None


def kind_words(name: str) -> str:
    """What a table's rows are called (节点、旬报); the name itself where the table is gone."""
    model = _model(name)
    return str(model._meta.verbose_name) if model else name


def _field(model_name: str, column: str) -> models.Field | None:
    model = _model(model_name)
    if model is None:
        return None
    for name in (column.removesuffix("_id"), column):
        try:
            found = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        return found if isinstance(found, models.Field) else None
    return None


def _is_shown(model_name: str, column: str) -> bool:
    """Not the row's number, nor columns that follow from others (the last day of a date as written)."""
    field = _field(model_name, column)
    return field is None or (field.editable and not field.primary_key)


def _names_of_targets(records: list[AuditRecord]) -> dict[tuple[type, Any], str]:
    """Texts of every row that a changed foreign key named, before or after."""
    wanted: dict[type, set] = defaultdict(set)
    for record in records:
        for column, pair in record.changes.items():
            field = _field(record.model, column)
            if field is not None and field.related_model is not None:
                wanted[field.related_model].update(key for key in pair if key is not None)
    return {
        (model, row.pk): str(row)
        for model, keys in wanted.items()
        for row in _with_parents(model).filter(pk__in=keys)
    }


def _with_parents(model: type[models.Model]) -> models.QuerySet:
    """Rows with the foreign keys their text is made of."""
    parents = {
        "Listing": ["project", "annual_list__kind"],
        "AnnualList": ["kind"],
        "DeliveryPlan": ["project"],
    }
    return model._default_manager.select_related(*parents.get(model.__name__, []))


def _change(model_name: str, column: str, pair: list, names: dict) -> Change:
    field = _field(model_name, column)
    label = str(field.verbose_name) if field is not None else column
    before, after = (_words(field, value, names) for value in pair)
    return Change(label=label, before=before, after=after)


def _words(field: models.Field | None, value: Any, names: dict) -> str:
    if is_blank(value):
        return EMPTY
    if field is not None and field.is_relation:
        return names.get((field.related_model, value), f"编号{value}")
    if isinstance(value, bool):
        return "是" if value else "否"
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateTimeField):
        return str(value)[:16].replace("T", " ")
    if isinstance(value, dict):
        return "；".join(f"{name}：{item}" for name, item in value.items())
    if isinstance(value, list):
        return "、".join(str(item) for item in value)
    return str(value)


def _source(record: AuditRecord) -> str:
    row = record.imported_row
    if row is None:
        return ""
    return f"{row.batch.file_name} {row}" if row.sheet else row.batch.file_name
