"""Many reports of one period at once (成批填报): each row its own report, by the verbs of filling.

On the screen every row stands for itself: what is right is kept, what is not comes back with its words. A sheet is
kept whole or not at all (period_sheet).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.models import ProgressReport, Project, User
from projects.periods import TenDayPeriod

from .content import ReportEntry
from .filling import WarningsToAnswer, save_draft, submit_report
from .steps import ReportRules


@dataclass(frozen=True)
class FilledRow:
    """One project's row as typed: its entry, the answer to warnings, and the version that the person started from."""

    project: Project
    entry: ReportEntry
    overrule_reason: str = ""
    overruled: tuple[str, ...] = ()
    version: str | None = None


@dataclass(frozen=True)
class RowOutcome:
    """What became of a row: the report kept or handed in; warnings to answer; or the refusal, and nothing changed."""

    report: ProgressReport | None = None
    warnings: tuple[str, ...] = ()
    refusal: ValidationError | None = None


def save_rows(
    rows: Iterable[FilledRow], period: TenDayPeriod, *, by: User, now: datetime
) -> dict[int, RowOutcome]:
    """Keep each row as a draft (成批保存草稿); what became of it by project id."""
    return _each(rows, lambda row, rules: RowOutcome(_draft(row, period, rules, by, now)))


def submit_rows(
    rows: Iterable[FilledRow], period: TenDayPeriod, *, by: User, now: datetime
) -> dict[int, RowOutcome]:
    """Hand each row in (成批提交); one that raises warnings is kept as a draft until they are answered."""

    def submit(row: FilledRow, rules: ReportRules) -> RowOutcome:
        try:
            with transaction.atomic():
                report = submit_report(
                    project=row.project,
                    period=period,
                    entry=row.entry,
                    overruled=row.overruled,
                    overrule_reason=row.overrule_reason,
                    by=by,
                    now=now,
                    version=row.version,
                    rules=rules,
                )
        except WarningsToAnswer as asked:
            return RowOutcome(_draft(row, period, rules, by, now), tuple(asked.warnings))
        return RowOutcome(report)

    return _each(rows, submit)


def _draft(
    row: FilledRow, period: TenDayPeriod, rules: ReportRules, by: User, now: datetime
) -> ProgressReport:
    return save_draft(
        project=row.project,
        period=period,
        entry=row.entry,
        overrule_reason=row.overrule_reason,
        by=by,
        now=now,
        version=row.version,
        rules=rules,
    )


def _each(
    rows: Iterable[FilledRow], do: Callable[[FilledRow, ReportRules], RowOutcome]
) -> dict[int, RowOutcome]:
    """Each row in a transaction of its own; a refused one leaves no trace and stops no other."""
    rules, done = ReportRules(), {}
    for row in rows:
        try:
            with transaction.atomic():
                done[row.project.pk] = do(row, rules)
        except ValidationError as refusal:
            done[row.project.pk] = RowOutcome(refusal=refusal)
    return done
