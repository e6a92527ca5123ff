"""A workbook imported in one go (命令行导入): read, decided and written, for commands."""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.files.base import ContentFile

from projects.models import ImportBatch, User

from .importing import ImportPlan, collector_paused, plan_import, result_of
from .jobs import outcome_of, sha256_of
from .staging.sheets import Options
from .writing import Mark, MovedMeanwhileError, mark, write_in_slices


@collector_paused()
def import_file(
    *,
    content: bytes,
    file_name: str,
    options: Options,
    allow_warnings: bool = False,
    dry_run: bool = False,
    by: User | None,
    now: datetime,
    today: date,
) -> tuple[dict[str, Any], str]:
    """Import a workbook in one go, for commands: (result in the contract's words, why it was refused or "").

    Either everything and its batch is written, or nothing.
    """
    since, digest = mark(), sha256_of(content)
    plan = plan_import(content=content, file_name=file_name, options=options, by=by, now=now, today=today)
    told = partial(result_of, plan, file_name=file_name, sha256=digest)
    refusal = plan.decide(allow_warnings=allow_warnings)
    if refusal or dry_run or not plan.changes:
        return told(written=False, batch=None, tried_on=today if dry_run else None), refusal
    batch = ImportBatch(
        file_name=file_name[-160:],
        sha256=digest,
        sender=plan.sender,
        options=_kept(options),
        state=ImportBatch.State.WRITING,
        made_by=by,
        made_at=now,
    )
    try:
        _write(plan, batch, content, by, now, since)
    except MovedMeanwhileError:
        return told(written=False, batch=None), "导入期间数据被他人改动，未写入任何数据，请重新运行本命令。"
    return told(written=True, batch=batch.pk), ""


def _kept(options: Options) -> dict[str, Any]:
    """The options as the batch keeps them."""
    return {
        "year": options.year,
        "list": options.list_name,
        "sheets": list(options.sheets),
        "unit": options.unit,
        "answers": dict(options.answers),
    }


def _write(
    plan: ImportPlan, batch: ImportBatch, content: bytes, by: User | None, now: datetime, since: Mark
) -> None:
    """Write a plan under a batch of its own, which comes with the first slice. Broken off, nothing of it stays."""

    def begin(done: int, of: int) -> None:
        if batch.pk is None:
            batch.claimed_at = now
            batch.file.save(f"{batch.sha256[:16]}.xlsx", ContentFile(content), save=False)
            batch.save()
            batch.result = outcome_of(plan, batch, ImportBatch.State.WRITTEN)

    def finish() -> None:
        batch.state, batch.written_at, batch.progress = ImportBatch.State.WRITTEN, now, 100
        batch.save()

    try:
        write_in_slices(
            changes=plan.changes, batch=batch, by=by, now=now, since=since, begin=begin, finish=finish
        )
    except Exception:
        if not ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.WRITING).update(
            state=ImportBatch.State.FAILED, message="写入中断，已写入的部分已全部撤回。"
        ):
            batch.file.delete(save=False)
        raise
