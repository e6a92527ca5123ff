"""Filling a ten-day report (旬报填报): keep a draft, hand it in; what follows is in report_review.

Every verb holds the project, then the report: of two people who act at once one wins, the other reads who did what.
Dates of fact (开工、竣工、投产) typed on the report become the project's when it is confirmed; until then they count in
provisional figures alone.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.models import ProgressReport, Project, ReportState, User
from projects.money import format_wan
from projects.periods import TenDayPeriod
from projects.queries.reports.beforehand import beforehand_of

from ..base.attachments import PreparedFile, attach
from ..base.changing import changed, held, refuse
from ..base.records import differences, record, snapshot
from .content import (
    ENTRY_FIELDS,
    ReportEntry,
    keep_new_facts,
    plain_facts,
    refuse_facts,
    refuse_impossible,
    refuse_incomplete,
    report_warnings,
)
from .rounds import keep_round
from .steps import ReportRules, steps_of

REASON_LENGTH = 300


class WarningsToAnswer(ValidationError):
    """Plausibility warnings nobody has answered yet (待核对提示); `warnings` are their sentences."""

    def __init__(self, sentences: list[str]):
        super().__init__("请核对下列提示；确认无误的，请填写情况说明后再次提交。")
        self.warnings = sentences


class SavedInBetween(ValidationError):
    """The report was saved since the person began; `version` is what to send with the words that shall count now."""

    def __init__(self, words: str, version: str):
        super().__init__(words, code="version")
        self.version = version


# --- filling ----------------------------------------------------------------------------------------------


@transaction.atomic
def save_draft(
    *,
    project: Project,
    period: TenDayPeriod,
    entry: ReportEntry,
    photos: Sequence[PreparedFile] = (),
    overrule_reason: str = "",
    by: User,
    now: datetime,
    version: str | None = None,
    rules: ReportRules | None = None,
) -> ProgressReport:
    """Keep what was typed so far (保存草稿); a returned report stays returned until it is handed in again.

    `version` is `version_of()` the report the person started from; without it nothing is compared. `rules` are read
    anew unless the caller fills many.
    Refuses: period not open; report already handed in; somebody, or this person elsewhere, saved in between; negative
    amounts.
    """
    reason = overrule_reason.strip()[:REASON_LENGTH]
    report = _open_report(
        project, period, rules or ReportRules(), entry=entry, reason=reason, by=by, now=now, version=version
    )
    refuse_impossible(entry, period)
    before = snapshot(report) if report.pk else None
    _fill(report, entry, by, now)
    report.overrule_reason = reason
    report.save()
    _add_photos(report, photos, by, now)
    if before is None or differences(before, snapshot(report)).keys() - {"filled_at"}:
        record(action="保存旬报草稿", instance=report, by=by, now=now, before=before)
    return report


@transaction.atomic
def submit_report(
    *,
    project: Project,
    period: TenDayPeriod,
    entry: ReportEntry,
    photos: Sequence[PreparedFile] = (),
    overruled: Iterable[str] = (),
    overrule_reason: str = "",
    by: User,
    now: datetime,
    version: str | None = None,
    rules: ReportRules | None = None,
) -> ProgressReport:
    """Hand in the period's report (提交旬报); the same entry by the same person twice answers the first.

    Refuses: period not open (the office may enter a locked one, with a reason); already handed in; saved in
    between by somebody, or elsewhere by this person; no amount or 形象进度; impossible amounts or dates.
    WarningsToAnswer unless every present warning is among `overruled` and a reason is given.
    """
    twin = _handed_in_already(project, period, entry, by)
    if twin:
        return twin
    reason, rules = overrule_reason.strip()[:REASON_LENGTH], rules or ReportRules()
    report = _open_report(project, period, rules, entry=entry, reason=reason, by=by, now=now, version=version)
    today = timezone.localdate(now)
    refuse_incomplete(entry)
    refuse_impossible(entry, period)
    known = beforehand_of(report.project, period)
    refuse_facts(entry, report.project, known, today)
    sentences = report_warnings(entry, report.project, known)
    if sentences and (set(sentences) - set(overruled) or not reason):
        raise WarningsToAnswer(sentences)

    is_late_entry = rules.windows.of(period).is_locked(today, project.pk)
    reason = reason if sentences or is_late_entry else ""
    with changed(report, "提交旬报", by=by, now=now, reason=reason):
        _fill(report, entry, by, now)
        if report.source == ProgressReport.Source.LEDGER:
            # From now on it is the unit's own word; the next import of a ledger must not write over it.
            report.source = ProgressReport.Source.REPORTED
        report.overruled_warnings, report.overrule_reason = sentences, reason
        report.state, report.submitted_by, report.submitted_at = ReportState.SUBMITTED, by, now
        report.counts_from_on = period.last_on
    _add_photos(report, photos, by, now)
    keep_new_facts(report, report.project)
    keep_round(report)
    return report


def version_of(report: ProgressReport | None) -> str:
    """What a form carries to notice that somebody saved in between, be it the same person on another device."""
    return f"{report.filled_at.timestamp():.6f}" if report else "new"


# --- the steps --------------------------------------------------------------------------------------------


def _open_report(
    project: Project,
    period: TenDayPeriod,
    rules: ReportRules,
    *,
    entry: ReportEntry,
    reason: str,
    by: User,
    now: datetime,
    version: str | None,
) -> ProgressReport:
    """The report to fill, a new one where the period has none, held with its project; refuses what may not be filled."""
    project, today = held(project), timezone.localdate(now)
    reports = ProgressReport.objects.select_for_update(of=("self",)).filter(project=project)
    report = reports.filter(period_ends_on=period.last_on).first()
    if report is None:
        report = ProgressReport(project=project, period_ends_on=period.last_on, counts_from_on=period.last_on)
    report.project = project
    steps_of(report, by, today, rules).require("fill")
    if not reason and rules.is_locked(report, today):
        words = f"{rules.closed_words(period)}，由发改局代填须写明原因。"
        refuse(overrule_reason=words)
    if report.pk and version is not None and version_of(report) != version and not _says(report, entry, by):
        moment = timezone.localtime(report.filled_at)
        who = "您在另一处" if report.filled_by_id == by.pk else report.filled_by or "系统"
        raise SavedInBetween(
            f"{who}已于{moment:%H:%M}保存过本旬旬报（本年累计 {format_wan(report.invested_this_year)} 万元，"
            f"形象进度：{report.physical_progress or '未填'}）。您填写的内容仍在下方，核对后再次保存将以您的为准。",
            version_of(report),
        )
    return report


def _handed_in_already(
    project: Project, period: TenDayPeriod, entry: ReportEntry, by: User
) -> ProgressReport | None:
    """The report this person handed in just now with the same content: a double click, not a conflict."""
    report = ProgressReport.objects.filter(
        project=project, period_ends_on=period.last_on, submitted_by=by, state=ReportState.SUBMITTED
    ).first()
    if report is None:
        return None
    return report if _holds(report, entry) else None


def _says(report: ProgressReport, entry: ReportEntry, by: User) -> bool:
    """Whether this person saved just this: a double click, or a draft kept while its warnings are read."""
    return report.filled_by_id == by.pk and _holds(report, entry)


def _holds(report: ProgressReport, entry: ReportEntry) -> bool:
    """Whether the report says what was typed."""
    same = all(getattr(report, name) == getattr(entry, name) for name in ENTRY_FIELDS)
    return same and plain_facts(entry.facts).items() <= report.reported_facts.items()


def _fill(report: ProgressReport, entry: ReportEntry, by: User, now: datetime) -> None:
    for name in ENTRY_FIELDS:
        setattr(report, name, getattr(entry, name))
    report.reported_facts = plain_facts(entry.facts)
    report.filled_by, report.filled_at = by, now


def _add_photos(report: ProgressReport, photos: Sequence[PreparedFile], by: User, now: datetime) -> None:
    for photo in photos:
        attach(file=photo, project=report.project, report=report, by=by, now=now)
