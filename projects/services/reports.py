"""Filling a ten-day report (旬报填报): keep a draft, hand it in; what follows is in report_review.

A report moves only by a conditional update on its present state: of two people who act at once one wins, the other
reads who did what. Dates of fact (开工、竣工、投产) typed on the report become the project's when it is handed in, and
are taken back when it is returned, because a returned report claims nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from ..models import (
    EDITABLE_STATES,
    ProgressReport,
    Project,
    ReportState,
    User,
)
from ..money import format_wan
from ..periods import TenDayPeriod
from ..queries.reports import current_window
from .attachments import PreparedFile, attach
from .records import differences, record, snapshot
from .report_entry import (
    ENTRY_FIELDS,
    ReportEntry,
    plain_facts,
    refuse_closed_period,
    refuse_facts,
    refuse_impossible,
    refuse_incomplete,
    register_facts,
    report_warnings,
)
from .report_rounds import keep_round
from .year_amounts import hold_projects, rewrite_year_amounts

REASON_LENGTH = 300


class WarningsToAnswer(ValidationError):
    """Plausibility warnings nobody has answered yet (待核对提示); `warnings` are their sentences."""

    def __init__(self, sentences: list[str]):
        super().__init__("请核对下列提示；确认无误的，请填写情况说明后再次提交。")
        self.warnings = sentences


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
) -> ProgressReport:
    """Keep what was typed so far (保存草稿); a returned report stays returned until it is handed in again.

    `version` is `version_of()` the report the person started from; without it nothing is compared.
    Refuses: period not open; report already handed in; a colleague saved in between; negative amounts.
    """
    overrule_reason = overrule_reason.strip()[:REASON_LENGTH]
    report, before = _open_report(project, period, by=by, now=now, version=version, reason=overrule_reason)
    refuse_impossible(entry, period)
    _fill(report, entry, by, now)
    report.overrule_reason = overrule_reason
    _save(report)
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
) -> ProgressReport:
    """Hand in the period's report (提交旬报); the same entry by the same person twice answers the first.

    Refuses: period not open (the office may enter a locked one, with a reason); already handed in; a colleague saved
    in between; no amount or 形象进度; impossible amounts or dates. WarningsToAnswer unless every present warning is
    among `overruled` and a reason is given.
    """
    twin = _handed_in_already(project, period, entry, by)
    if twin:
        return twin
    overrule_reason = overrule_reason.strip()[:REASON_LENGTH]
    report, before = _open_report(project, period, by=by, now=now, version=version, reason=overrule_reason)
    project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    refuse_incomplete(entry)
    refuse_impossible(entry, period)
    refuse_facts(project, entry, timezone.localdate(now))
    sentences = report_warnings(project, period, entry)
    if sentences and (set(sentences) - set(overruled) or not overrule_reason):
        raise WarningsToAnswer(sentences)

    _fill(report, entry, by, now)
    if report.source == ProgressReport.Source.LEDGER:
        # From now on it is the unit's own word; the next import of a ledger must not write over it.
        report.source = ProgressReport.Source.REPORTED
    report.overruled_warnings = sentences
    entered_late = current_window(period).is_locked(timezone.localdate(now), project.pk)
    report.overrule_reason = overrule_reason if sentences or entered_late else ""
    _save(report)
    move(
        report,
        EDITABLE_STATES,
        ReportState.SUBMITTED,
        submitted_by=by,
        submitted_at=now,
        counts_from_on=period.last_on,
    )
    _add_photos(report, photos, by, now)
    record(action="提交旬报", instance=report, by=by, now=now, before=before, reason=report.overrule_reason)
    register_facts(report, project, by, now)
    keep_round(report)
    return report


def version_of(report: ProgressReport | None) -> str:
    """What a form carries to notice that a colleague saved in between."""
    return f"{report.filled_at.timestamp():.6f}" if report else "new"


# --- the steps --------------------------------------------------------------------------------------------


def _open_report(
    project: Project, period: TenDayPeriod, *, by: User, now: datetime, version: str | None, reason: str = ""
) -> tuple[ProgressReport, dict[str, Any] | None]:
    """The report to fill, held until the end, with its snapshot; refuses what may not be filled now."""
    if not Project.objects.editable_by(by).filter(pk=project.pk).exists():
        raise PermissionDenied("无权填报该项目。")
    report = (
        ProgressReport.objects.select_for_update(of=("self",))
        .filter(project=project, period_ends_on=period.last_on)
        .first()
    )
    if report and not report.is_editable:
        raise ValidationError(taken(report))
    refuse_closed_period(
        project,
        period,
        today=timezone.localdate(now),
        by=by,
        reason=reason,
        returned=report is not None and report.state == ReportState.RETURNED,
    )
    if report is None:
        return ProgressReport(
            project=project, period_ends_on=period.last_on, counts_from_on=period.last_on
        ), None
    if version is not None and report.filled_by_id != by.pk and version_of(report) != version:
        moment = timezone.localtime(report.filled_at)
        raise ValidationError(
            f"{report.filled_by}已于{moment:%H:%M}保存过本旬旬报（本年累计 {format_wan(report.invested_this_year)} 万元，"
            f"形象进度：{report.physical_progress or '未填'}）。您填写的内容仍在下方，核对后再次保存将以您的为准。",
            code="version",
        )
    return report, snapshot(report)


def _handed_in_already(
    project: Project, period: TenDayPeriod, entry: ReportEntry, by: User
) -> ProgressReport | None:
    """The report this person handed in just now with the same content: a double click, not a conflict."""
    report = ProgressReport.objects.filter(
        project=project, period_ends_on=period.last_on, submitted_by=by, state=ReportState.SUBMITTED
    ).first()
    if report is None:
        return None
    same = all(getattr(report, name) == getattr(entry, name) for name in ENTRY_FIELDS)
    return report if same and plain_facts(entry.facts).items() <= report.reported_facts.items() else None


def _fill(report: ProgressReport, entry: ReportEntry, by: User, now: datetime) -> None:
    for name in ENTRY_FIELDS:
        setattr(report, name, getattr(entry, name))
    report.reported_facts = plain_facts(entry.facts)
    report.filled_by, report.filled_at = by, now


def _save(report: ProgressReport) -> None:
    try:
        with transaction.atomic():
            report.save()
    except IntegrityError as error:
        raise ValidationError(
            "刚刚已有同事保存了本旬旬报，您填写的内容仍在下方，请核对后再次保存。"
        ) from error


def _add_photos(report: ProgressReport, photos: Sequence[PreparedFile], by: User, now: datetime) -> None:
    for photo in photos:
        attach(file=photo, project=report.project, report=report, by=by, now=now)


def move(report: ProgressReport, sources: Iterable[str], target: str, **fields: Any) -> None:
    """Change the state where it still is one of `sources`; who comes second is told who came first."""
    changes_figures = target == ReportState.CONFIRMED or ReportState.CONFIRMED in sources
    if changes_figures:
        hold_projects([report.project_id])
    moved = ProgressReport.objects.filter(pk=report.pk, state__in=list(sources)).update(
        state=target, **fields
    )
    if not moved:
        report.refresh_from_db()
        raise ValidationError(taken(report))
    if changes_figures:
        rewrite_year_amounts([(report.project_id, report.period_ends_on.year)])
    report.refresh_from_db()


def taken(report: ProgressReport) -> str:
    """Why the report cannot be acted on now: its state, and who brought it there."""
    who, moment, words = {
        ReportState.SUBMITTED: (report.submitted_by, report.submitted_at, "提交"),
        ReportState.PASSED: (report.passed_by, report.passed_at, "审核通过"),
        ReportState.CONFIRMED: (report.confirmed_by, report.confirmed_at, "确认"),
    }.get(report.state, (None, None, ""))
    if moment is None:
        return f"本旬旬报当前状态为“{report.get_state_display()}”，不能进行此项操作，请刷新后再看。"
    day = timezone.localtime(moment)
    return f"本旬旬报已由{who or '系统'}于{day.month}月{day.day}日 {day:%H:%M}{words}。如需修改，请联系审核人退回。"
