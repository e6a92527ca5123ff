"""The unit of work of an import (变更集): what would be created or changed, and the writing of it all at once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import models

from projects.models import (
    AnnualList,
    AuditRecord,
    Belonging,
    CarryOver,
    DeliveryPlan,
    Handover,
    ImportBatch,
    ImportedRow,
    Indicator,
    IndicatorValue,
    IndustryChain,
    Lead,
    LeadStep,
    LedgerReading,
    Listing,
    ListingVersion,
    Milestone,
    Official,
    Problem,
    ProblemEntry,
    ProgressReport,
    Project,
    ProjectMember,
    Unit,
    User,
)

from ...base.records import differences, record_many, snapshot
from ...figures.year_amounts import hold_projects, rewrite_year_amounts
from ..staging.staged import SheetPlace

# What a row needs stands before it; a batch is taken back in the reverse order.
MODEL_ORDER: tuple[type[models.Model], ...] = (
    Unit,
    Official,
    IndustryChain,
    AnnualList,
    Project,
    Listing,
    ListingVersion,
    Handover,
    Belonging,
    ProjectMember,
    CarryOver,
    ProgressReport,
    LedgerReading,
    DeliveryPlan,
    Milestone,
    Problem,
    ProblemEntry,
    Indicator,
    IndicatorValue,
    Lead,
    LeadStep,
)
# what other rows of any project refer to: written first
SHARED = (Unit, Official, IndustryChain, AnnualList)
# what the figures of a list are computed from, with what it refers to
IN_FIGURES: tuple[type[models.Model], ...] = (
    *SHARED,
    Project,
    Listing,
    ListingVersion,
    CarryOver,
    ProgressReport,
    LedgerReading,
)
BATCH_SIZE = 500
REASON = "台账导入"


@dataclass
class PlannedChange:
    """One object that will be created (`before` is None) or changed, the first place that asked for it."""

    instance: models.Model
    place: SheetPlace
    project: Project | None
    before: dict[str, Any] | None = None
    fields: set[str] = field(default_factory=set)
    was: dict[str, str] = field(default_factory=dict)  # what each changed field said before, in words


class Changes:
    """Collects changes without touching the database; `write` stores them, with their memory, in bulk."""

    def __init__(self) -> None:
        self._by_object: dict[int, PlannedChange] = {}
        self.created_at: dict[SheetPlace, set[type]] = defaultdict(set)
        self.updated_at: set[SheetPlace] = set()

    def __bool__(self) -> bool:
        return bool(self._by_object)

    def __len__(self) -> int:
        return len(self._by_object)

    def __iter__(self) -> Iterator[PlannedChange]:
        return iter(self._by_object.values())

    def add(self, instance: models.Model, place: SheetPlace, project: Project | None = None) -> Any:
        """Plan a new object; answers it."""
        self._by_object[id(instance)] = PlannedChange(instance, place, project)
        self.created_at[place].add(type(instance))
        return instance

    def set(
        self, instance: models.Model, place: SheetPlace, project: Project | None = None, **values: Any
    ) -> bool:
        """Set attributes where they differ; whether anything did. A planned new object is simply completed."""
        differing = {name: value for name, value in values.items() if getattr(instance, name) != value}
        if not differing:
            return False
        change = self._by_object.get(id(instance))
        if change is None:
            change = PlannedChange(instance, place, project, before=snapshot(instance))
            self._by_object[id(instance)] = change
        for name, value in differing.items():
            change.was.setdefault(name, _words(instance, name))
            setattr(instance, name, value)
            change.fields.add(name)
        if change.before is not None or change.place != place:
            self.updated_at.add(place)
        return True

    def is_new(self, instance: models.Model) -> bool:
        change = self._by_object.get(id(instance))
        return change is not None and change.before is None

    def described(self, limit: int | None = 400) -> list[dict[str, Any]]:
        """Existing objects that would change, in words for the preview: place, object, field from → to."""
        lines: list[dict[str, Any]] = []
        for change in self._by_object.values():
            if limit is not None and len(lines) >= limit:
                break
            if change.before is None:
                continue
            for name in sorted(change.fields):
                column = change.instance._meta.get_field(name)
                if not isinstance(column, models.Field) or not column.editable:
                    continue
                lines.append(
                    {
                        "sheet": change.place.sheet,
                        "row": change.place.row,
                        "object": f"{change.project or change.instance}",
                        "kind": str(change.instance._meta.verbose_name),
                        "field": str(column.verbose_name),
                        "from": change.was[name],
                        "to": _words(change.instance, name),
                    }
                )
        return lines[:limit]

    def counted(self) -> dict[str, dict[str, int]]:
        """How many objects of each kind would be created and changed, under their Chinese names."""
        counts: dict[str, dict[str, int]] = {}
        for change in self._by_object.values():
            kind = str(type(change.instance)._meta.verbose_name)
            slot = counts.setdefault(kind, {"created": 0, "updated": 0})
            slot["created" if change.before is None else "updated"] += 1
        return counts

    def slices(self, most: int) -> list["Changes"]:
        """The changes in parts of about `most` objects, what belongs to a project in one part; what is shared first."""
        groups: dict[int, list[PlannedChange]] = defaultdict(list)
        shared, alone = [], []
        for change in self._by_object.values():
            if isinstance(change.instance, SHARED):
                shared.append(change)
            elif change.project is None:
                alone.append(change)
            else:
                groups[id(change.project)].append(change)
        alone.sort(key=lambda change: MODEL_ORDER.index(type(change.instance)))
        parts = [Changes()]
        for group in (*([change] for change in (*shared, *alone)), *groups.values()):
            if len(parts[-1]) >= most:
                parts.append(Changes())
            parts[-1]._by_object.update((id(change.instance), change) for change in group)
        return parts

    def store(self, models_wanted: Sequence[type[models.Model]] = MODEL_ORDER) -> None:
        """Store the objects of these tables and the year's amounts that follow. Call it in a transaction.

        A constant number of statements for each model and 500 rows.
        """
        grouped = self._grouped()
        reports = [change.instance for change in grouped.get(ProgressReport, [])]
        hold_projects(report.project_id for report in reports if report.project_id)
        for model in models_wanted:
            _store(model, grouped.get(model, []))
        rewrite_year_amounts((report.project_id, report.period_ends_on.year) for report in reports)

    def _grouped(self) -> dict[type[models.Model], list[Any]]:
        grouped: dict[type[models.Model], list[Any]] = defaultdict(list)
        for change in self._by_object.values():
            grouped[type(change.instance)].append(change)
        if strange := grouped.keys() - set(MODEL_ORDER):
            raise ValueError(f"no order for {strange}")
        if Project in grouped:  # a package before its parts
            grouped[Project].sort(key=lambda change: _depth(change.instance))
        return grouped

    def write(self, *, batch: ImportBatch, by: User | None, now: datetime) -> None:
        """Store everything, an ImportedRow and an audit record for each object. Call it in a transaction."""
        grouped = self._grouped()
        ordered = [change for model in MODEL_ORDER for change in grouped.get(model, [])]
        self.store()
        rows = [_imported_row(change, batch) for change in ordered]
        ImportedRow.objects.bulk_create(rows, batch_size=BATCH_SIZE)
        reason = f"{REASON}：{batch.file_name}"[:300]
        # the snapshot just stored serves the audit too: taking it again would cost a tenth of the import
        record_many(
            AuditRecord(
                at=now,
                by=by,
                action="导入新增" if change.before is None else "导入更新",
                project=change.project,
                model=row.model,
                object_id=row.object_id,
                object_text=str(change.instance)[:160],
                changes=differences(change.before, row.after),
                reason=reason,
                imported_row=row,
            )
            for change, row in zip(ordered, rows, strict=True)
        )


def _words(instance: models.Model, name: str) -> str:
    """A field's value in words: the label of a choice, the name of what a key points at, the columns kept aside."""
    value, column = getattr(instance, name), instance._meta.get_field(name)
    if value is None:
        return ""
    if isinstance(value, dict):
        return "；".join(f"{key}：{text}" for key, text in value.items())
    if not isinstance(column, models.Field) or not column.choices:
        return str(value)
    return str(dict(column.flatchoices).get(value, value))


def _imported_row(change: PlannedChange, batch: ImportBatch) -> ImportedRow:
    return ImportedRow(
        batch=batch,
        model=str(change.instance._meta.model_name),
        object_id=change.instance.pk,
        before=change.before,
        after=snapshot(change.instance),
        sheet=change.place.sheet[:60],
        row=change.place.row,
    )


def _depth(instance: models.Model) -> int:
    """How many packages stand above a project; nought for any other object."""
    depth, above = 0, instance.parent if isinstance(instance, Project) else None
    while above is not None and depth <= Project.DEEPEST:
        depth, above = depth + 1, above.parent
    return depth


def _store(model: type[models.Model], changes: list[PlannedChange]) -> None:
    created = [change.instance for change in changes if change.before is None]
    updated = [change for change in changes if change.before is not None]
    rows = model._default_manager
    for _, level in groupby(created, key=_depth):  # a package before its parts
        rows.bulk_create(list(level), batch_size=BATCH_SIZE)
    if not updated:
        return
    # one upsert of the columns touched: bulk_update needs ten times as long (docs/performance.md)
    names = {name for change in updated for name in change.fields}
    names |= {
        f"{name}_on" for name in names if any(f.name == f"{name}_on" for f in model._meta.concrete_fields)
    }
    names |= {"name_key"} if "name" in names and hasattr(model, "name_key") else set()
    kept: list[tuple[Any, datetime | None]] = [
        (change.instance, getattr(change.instance, "created_at", None)) for change in updated
    ]
    rows.bulk_create(
        [change.instance for change in updated],
        batch_size=BATCH_SIZE,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=sorted(names),
    )
    for instance, made_at in kept:  # auto_now_add fires in memory only; the column is not among those written
        if made_at:
            instance.created_at = made_at
