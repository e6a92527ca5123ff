"""Writing a plan in slices (分段写入) that are one act: the last slice makes the batch written, a failure takes all back.

Each slice is a transaction of its own, so that nobody waits longer for the database than one slice takes. Before it
writes, a slice looks whether anything it builds on has moved since the plan was made.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Q

from projects.models import AuditRecord, ImportBatch, Project, User

from .claims import ClaimLostError
from .comparing.changes import MODEL_ORDER, Changes
from .revert import undo_rows

SLICE = 2000  # objects: about half a second of the database's lock (docs/performance.md)
# between two slices: SQLite lets who waits try again every tenth of a second, and would pass him over without a gap
BREATH_SECONDS = 0.12
MODELS = tuple(str(model._meta.model_name) for model in MODEL_ORDER)


class MovedMeanwhileError(Exception):
    """The record moved between the plan and its writing; nothing of the plan is written."""


@dataclass(frozen=True)
class Mark:
    """Where the record stood when a plan was begun: its latest audit record and project."""

    audit: int
    project: int


def mark() -> Mark:
    """To be taken before the plan is made. Two queries."""
    audit = AuditRecord.objects.aggregate(last=Max("pk"))["last"]
    project = Project.objects.aggregate(last=Max("pk"))["last"]
    return Mark(audit or 0, project or 0)


def write_in_slices(
    *,
    changes: Changes,
    batch: ImportBatch,
    by: User | None,
    now: datetime,
    since: Mark,
    begin: Callable[[int, int], None],
    finish: Callable[[], None],
) -> None:
    """Write everything. `begin` hears (objects done, of how many) in each slice's transaction, `finish` ends the last.

    MovedMeanwhileError, or whatever else breaks, in `begin` too: what was written is taken back.
    """
    slices, done = changes.slices(SLICE), 0
    try:
        for number, part in enumerate(slices):
            with transaction.atomic():
                begin(done, len(changes))
                if _moved(part, since, batch):
                    raise MovedMeanwhileError
                part.write(batch=batch, by=by, now=now)
                if number == len(slices) - 1:
                    finish()
            done += len(part)
            if done < len(changes) and connection.vendor == "sqlite":
                time.sleep(BREATH_SECONDS)
    except Exception as error:
        if done and not _is_anothers(batch, error):
            undo_rows(batch, by, now)
        if isinstance(error, IntegrityError):  # somebody else has just made what this plan would make
            raise MovedMeanwhileError from error
        raise


def _is_anothers(batch: ImportBatch, error: Exception) -> bool:
    """Whether another worker has taken the batch over, and takes back itself what it finds."""
    state = ImportBatch.objects.values_list("state", flat=True).get(pk=batch.pk)
    return isinstance(error, ClaimLostError) and state != ImportBatch.State.CANCELLED


def _moved(part: Changes, since: Mark, batch: ImportBatch) -> bool:
    """Whether anybody has touched the slice's projects, made a project, or changed what projects refer to."""
    touched = {change.project.pk for change in part if change.project and change.project.pk}
    others = AuditRecord.objects.filter(pk__gt=since.audit, model__in=MODELS).exclude(
        pk__in=AuditRecord.objects.filter(pk__gt=since.audit, imported_row__batch=batch).values("pk")
    )
    concerned = Q(project__in=touched) | Q(project=None) | Q(project__gt=since.project)
    return others.filter(concerned).exists()
