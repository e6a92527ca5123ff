"""Taking a batch back (撤销导入): only while nothing newer depends on what it wrote.

Removing the rows of a mistaken import is the one exception to “nothing is deleted”. The batch, its
ImportedRows and every audit record stay as its memory.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError
from django.db.models.deletion import Collector, RestrictedError
from django.utils import timezone

from projects.models import AuditRecord, ImportBatch, ImportedRow, ProgressReport, Project, User
from projects.models.spans import Span

from ..base.changing import changed, held, sure
from ..base.records import plain, record_many, snapshot
from ..figures.year_amounts import hold_projects, rewrite_year_amounts
from .comparing.changes import BATCH_SIZE, MODEL_ORDER
from .steps import BY_COMMAND, steps_of

MODELS: dict[str, type[models.Model]] = {str(model._meta.model_name): model for model in MODEL_ORDER}
NAMED = 5
# kept by the database or by the clock, not by a person
IGNORED_COLUMNS = frozenset({"created_at"})


@transaction.atomic
def revert_batch(*, batch: ImportBatch, by: User | None, now: datetime) -> dict[str, int]:
    """Undo a written batch: {"deleted": n, "restored": n}.

    Refuses: a batch that was not written, objects changed since, objects other records depend on.
    `by` is None for the command line, which only the administrator of the machine can reach.
    """
    locked = held(batch)
    steps_of(locked, by, timezone.localdate(now)).require("revert")
    deleted, restored = undo_rows(locked, by, now)
    with changed(locked, "撤销导入", by=by, now=now, unchecked=BY_COMMAND):
        locked.state, locked.reverted_at = ImportBatch.State.REVERTED, now
        locked.message = f"已撤销：删除{deleted}条，恢复{restored}条"
    batch.refresh_from_db()
    return {"deleted": deleted, "restored": restored}


@transaction.atomic
def undo_rows(batch: ImportBatch, by: User | None, now: datetime) -> tuple[int, int]:
    """Take back what a batch has written so far, as one act: (rows deleted, rows restored). Refuses as revert_batch."""
    rows: dict[str, list[ImportedRow]] = defaultdict(list)
    for row in batch.rows.filter(taken_back=False):
        rows[row.model].append(row)
    objects = {name: _current(MODELS[name], own) for name, own in rows.items()}
    _refuse_newer(rows, objects)
    everything = (instance for found in objects.values() for instance in found.values())
    reports = [instance for instance in everything if isinstance(instance, ProgressReport)]
    hold_projects(report.project_id for report in reports)
    deleted = restored = 0
    for name, model in reversed(MODELS.items()):
        own = rows.get(name, [])
        restored += _restore(model, [row for row in own if row.before is not None], objects, by, now)
    for name, model in reversed(MODELS.items()):
        own = rows.get(name, [])
        deleted += _remove(model, [row for row in own if row.before is None], objects, by, now)
    rewrite_year_amounts((report.project_id, report.period_ends_on.year) for report in reports)
    batch.rows.update(taken_back=True)
    return deleted, restored


def _current(model: type[models.Model], rows: list[ImportedRow]) -> dict[int, models.Model]:
    found: dict[int, models.Model] = {}
    ids = [row.object_id for row in rows]
    for start in range(0, len(ids), BATCH_SIZE):
        found |= model._default_manager.in_bulk(ids[start : start + BATCH_SIZE])
    return found


def _same(instance: models.Model, then: dict[str, Any]) -> bool:
    """Whether an object still is as the batch left it; columns added to or taken from the table do not count.

    Values are compared as values: the database answers 0.00 for 0, and moments in UTC.
    """
    return all(
        _value(column, then[column.attname]) == column.value_from_object(instance)
        for column in instance._meta.concrete_fields
        if column.attname in then and column.attname not in IGNORED_COLUMNS
    )


def _value(column: models.Field, written: Any) -> Any:
    target = column.target_field if isinstance(column, models.ForeignKey) else column
    return written if isinstance(target, models.JSONField) else target.to_python(written)


def _refuse_newer(rows: dict[str, list[ImportedRow]], objects: dict[str, dict[int, models.Model]]) -> None:
    changed = []
    for name, own in rows.items():
        for row in own:
            instance = objects[name].get(row.object_id)
            if instance is None or not _same(instance, row.after):
                label = MODELS[name]._meta.verbose_name
                changed.append(f"{label}“{instance if instance is not None else '已删除'}”（{row}）")
    if changed:
        shown = "、".join(changed[:NAMED]) + (f"等{len(changed)}条" if len(changed) > NAMED else "")
        raise ValidationError(f"导入之后已有改动，不能撤销：{shown}。请改用更正或重新导入。")


def _restore(
    model: type[models.Model], rows: list[ImportedRow], objects: dict, by: User | None, now: datetime
) -> int:
    entries = []
    for row in rows:
        instance = objects[row.model][row.object_id]
        was, before = snapshot(instance), sure(row.before)
        for column in model._meta.concrete_fields:
            if column.attname in before and column.attname not in IGNORED_COLUMNS:
                setattr(instance, column.attname, _value(column, before[column.attname]))
        instance.save()
        entries.append(_record(instance, row, was, snapshot(instance), by, now))
    record_many(entries)
    return len(rows)


def _remove(
    model: type[models.Model], rows: list[ImportedRow], objects: dict, by: User | None, now: datetime
) -> int:
    instances = [objects[row.model][row.object_id] for row in rows]
    if not instances:
        return 0
    entries = [
        _record(instance, row, snapshot(instance), {}, by, now)
        for instance, row in zip(instances, rows, strict=True)
    ]
    ids = [instance.pk for instance in instances]
    if model is Project:
        # the memory of a removed project stays, under its name; only the link goes
        for start in range(0, len(ids), BATCH_SIZE):
            AuditRecord.objects.filter(project__in=ids[start : start + BATCH_SIZE]).update(project=None)
            # a part must not hold the package that goes with it
            Project.objects.filter(pk__in=ids[start : start + BATCH_SIZE]).update(parent=None)
    try:
        for start in range(0, len(ids), BATCH_SIZE):
            kept = model._default_manager
            collector = Collector(using=kept.db)
            collector.collect(kept.filter(pk__in=ids[start : start + BATCH_SIZE]))
            collector.delete()
        if issubclass(
            model, Span
        ):  # the collector passes by what `delete` does: who stood before holds again
            model.respan({instance.span_key for instance in instances if isinstance(instance, Span)})
    except (ProtectedError, RestrictedError) as error:
        dependents = list(
            error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
        )
        shown = "、".join(f"{item._meta.verbose_name}“{item}”" for item in dependents[:NAMED])
        text = f"已有后续数据引用本批导入的{model._meta.verbose_name}，不能撤销：{shown}。"
        raise ValidationError(text) from error
    record_many(entries)
    return len(instances)


def _record(
    instance: models.Model, row: ImportedRow, was: dict, becomes: dict, by: User | None, now: datetime
) -> AuditRecord:
    names = was.keys() if not becomes else [name for name in was if was[name] != becomes.get(name)]
    return AuditRecord(
        at=now,
        by=by,
        action="撤销导入",
        model=str(instance._meta.model_name),
        object_id=row.object_id,
        object_text=str(instance)[:160],
        changes={
            name: (was[name], plain(becomes.get(name))) for name in names if was[name] not in (None, "")
        },
        reason=f"撤销第{row.batch_id}批导入",
        imported_row=row,
    )
