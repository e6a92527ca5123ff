"""What was changed on one project (变更记录): single changes, and imports folded by batch so that they drown nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max

from projects.models import ImportBatch, Project

from ..base.changes import ChangeEntry, described, kind_words

MOST_CHANGES = 60  # changed rows of imports that are shown in words; new rows stand on the page themselves
CHANGED = "导入更新"


@dataclass(frozen=True)
class Fold:
    """The rows of one import batch with one action (导入新增、导入更新、撤销导入)."""

    batch: ImportBatch
    action: str
    at: datetime
    counts: list[tuple[str, int]]
    entries: list[ChangeEntry]

    @property
    def words(self) -> str:
        """“节点11项、旬报10项”, the most numerous first."""
        return "、".join(f"{kind}{number}项" for kind, number in self.counts)


def project_history(project: Project, *, number: int) -> list[ChangeEntry | Fold]:
    """The latest `number` events of a project, newest first. Constant queries, however many rows were imported."""
    records = project.audit_records.select_related("by", "imported_row__batch")
    single = described(records.filter(imported_row__isnull=True)[:number])
    events: list[ChangeEntry | Fold] = [*single, *_folds(project, number)]
    return sorted(events, key=lambda event: event.at, reverse=True)[:number]


def _folds(project: Project, number: int) -> list[Fold]:
    imported = project.audit_records.filter(imported_row__isnull=False)
    rows = (
        imported.order_by()
        .values("imported_row__batch", "action", "model")
        .annotate(number=Count("pk"), last_at=Max("at"))
    )
    groups: dict[tuple[int, str], list[Any]] = {}
    for row in rows:
        groups.setdefault((row["imported_row__batch"], row["action"]), []).append(row)
    at = {key: max(row["last_at"] for row in found) for key, found in groups.items()}
    shown = sorted(groups, key=lambda key: at[key], reverse=True)[:number]
    batches = ImportBatch.objects.select_related("made_by").in_bulk({batch for batch, _action in shown})
    changed = imported.filter(action=CHANGED, imported_row__batch__in=batches)
    entries: dict[int, list[ChangeEntry]] = {}
    for entry in described(changed.select_related("by", "imported_row__batch")[:MOST_CHANGES]):
        if entry.record.imported_row is not None:
            entries.setdefault(entry.record.imported_row.batch_id, []).append(entry)
    return [
        Fold(
            batch=batches[batch],
            action=action,
            at=at[batch, action],
            counts=sorted(
                ((kind_words(row["model"]), row["number"]) for row in groups[batch, action]),
                key=lambda count: -count[1],
            ),
            entries=entries.get(batch, []) if action == CHANGED else [],
        )
        for batch, action in shown
    ]
