"""Reviewing ten-day reports (旬报审核): the unit passes, the office confirms, either returns, the office reopens.

Every verb is one conditional update on the report's present state (`reports.move`): of two reviewers at once one wins,
the other reads who did what. Each completes the report's round, so that the whole chain can be told.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from ..models import (
    PENDING_STATES,
    Notice,
    OfficeSettings,
    ProgressReport,
    ReportState,
    Role,
    User,
)
from ..queries.audience import Audience, Audiences
from .records import record, snapshot
from .report_entry import ENTRY_FIELDS, withdraw_facts
from .report_rounds import FACTS_FIELD, PHOTOS, complete_round
from .reports import REASON_LENGTH, move

# what a reviewer may point at (需修改内容), beside the entry's own fields
MENDABLE = (*ENTRY_FIELDS, FACTS_FIELD, PHOTOS)


@dataclass(frozen=True)
class BulkOutcome:
    """Reports passed or confirmed together, and a sentence for each that was not."""

    done: int
    refusals: list[str]


@transaction.atomic
def pass_report(*, report: ProgressReport, by: User, now: datetime) -> ProgressReport:
    """Pass a report on to the office (单位审核通过); a head of the project's department or district.

    Refuses: anybody else; a report that does not wait for the unit.
    """
    if not may_pass(report, by):
        raise PermissionDenied("只有本单位负责人可以审核。")
    passed = {"passed_by": by, "passed_at": now}
    report = _review(
        report, {ReportState.SUBMITTED}, ReportState.PASSED, "单位审核通过旬报", by, now, **passed
    )
    complete_round(report, **passed)
    return report


@transaction.atomic
def confirm_report(*, report: ProgressReport, by: User, now: datetime) -> ProgressReport:
    """Confirm a report (确认旬报); from then on it counts in the official figures.

    Refuses: anybody but the office; a report not handed in, or not passed by its unit where that is required.
    """
    if not by.is_office:
        raise PermissionDenied("只有发改局统筹可以确认旬报。")
    settings = OfficeSettings.current()
    if settings.unit_review_required and report.state == ReportState.SUBMITTED:
        raise ValidationError("该旬报须先经本单位负责人审核，再由发改局确认。")
    confirmed = {"confirmed_by": by, "confirmed_at": now}
    report = _review(
        report, confirmable_states(settings), ReportState.CONFIRMED, "确认旬报", by, now, **confirmed
    )
    complete_round(report, **confirmed)
    return report


def pass_reports(*, reports: Iterable[ProgressReport], by: User, now: datetime) -> BulkOutcome:
    """Pass the ticked reports (批量审核通过), each for itself; those of other units are left alone."""
    if not headed_units(by):
        raise PermissionDenied("只有本单位负责人可以审核。")
    return _each(pass_report, (report for report in reports if may_pass(report, by)), by, now)


def confirm_reports(*, reports: Iterable[ProgressReport], by: User, now: datetime) -> BulkOutcome:
    """Confirm the ticked reports (批量确认), each for itself: one refused does not hold the others."""
    return _each(confirm_report, reports, by, now)


@transaction.atomic
def return_report(
    *, report: ProgressReport, reason: str, to_mend: Sequence[str] = (), by: User, now: datetime
) -> ProgressReport:
    """Return a report to be mended (退回旬报), with the reason; its filler is told in the same transaction.

    `to_mend` names what is wrong (MENDABLE); the form then asks for just that. The office may return what waits for
    review, a unit head what waits for the unit. Round and count go up, and the dates of fact the report brought are
    taken back. Refuses: no reason; a report that does not wait for review.
    """
    if not (by.is_office or may_pass(report, by)):
        raise PermissionDenied("无权退回该旬报。")
    reason = _checked(reason, "退回原因")
    waiting = PENDING_STATES if by.is_office else {ReportState.SUBMITTED}
    report = _give_back(report, waiting, "退回旬报", reason, to_mend, by, now)
    _tell(
        report,
        f"旬报被退回：{report.project} {report.period.full_words}",
        f"{by}退回了《{report.project}》{report.period.full_words}旬报。退回原因：{reason}",
        now,
    )
    return report


@transaction.atomic
def reopen_report(
    *, report: ProgressReport, reason: str, to_mend: Sequence[str] = (), by: User, now: datetime
) -> ProgressReport:
    """Open a confirmed report again for a correction (重新打开旬报); the office, with the reason.

    Its amount leaves the official figures until it is confirmed again; until then the earlier period's stands. What was
    published stays as published. It is no return: the count of returns stays. Refuses: no reason; not confirmed.
    """
    if not by.is_office:
        raise PermissionDenied("只有发改局统筹可以重新打开已确认的旬报。")
    reason = _checked(reason, "更正原因")
    report = _give_back(
        report, {ReportState.CONFIRMED}, "重新打开旬报", reason, to_mend, by, now, is_reopening=True
    )
    _tell(
        report,
        f"旬报待更正：{report.project} {report.period.full_words}",
        f"{by}重新打开了已确认的《{report.project}》{report.period.full_words}旬报，请更正后重新提交。原因：{reason}",
        now,
    )
    return report


def confirmable_states(settings: OfficeSettings) -> frozenset[str]:
    """States from which the office confirms: with unit review only what the unit passed."""
    if settings.unit_review_required:
        return frozenset({ReportState.PASSED})
    return PENDING_STATES


def may_pass(report: ProgressReport, user: User) -> bool:
    """Whether the person heads the project's lead department or host district (本单位负责人)."""
    project = report.project
    return bool(headed_units(user) & {project.lead_department_id, project.host_district_id})


def headed_units(user: User) -> frozenset[int]:
    """Units the person heads (负责的单位)."""
    return frozenset(duty.unit_id for duty in user.current_duties if duty.role == Role.UNIT_HEAD)


# --- the steps --------------------------------------------------------------------------------------------


def _each(verb: Callable, reports: Iterable[ProgressReport], by: User, now: datetime) -> BulkOutcome:
    done, refusals = 0, []
    for report in reports:
        try:
            verb(report=report, by=by, now=now)
            done += 1
        except ValidationError as error:
            refusals.append(f"{report.project}：{''.join(error.messages)}")
    return BulkOutcome(done, refusals)


def _review(
    report: ProgressReport,
    sources: Iterable[str],
    target: str,
    action: str,
    by: User,
    now: datetime,
    audit_reason: str = "",
    **fields: Any,
) -> ProgressReport:
    report = ProgressReport.objects.select_related("project", "submitted_by").get(pk=report.pk)
    before = snapshot(report)
    move(report, sources, target, **fields)
    record(action=action, instance=report, by=by, now=now, before=before, reason=audit_reason)
    return report


def _give_back(
    report: ProgressReport,
    sources: Iterable[str],
    action: str,
    reason: str,
    to_mend: Sequence[str],
    by: User,
    now: datetime,
    *,
    is_reopening: bool = False,
) -> ProgressReport:
    """To the filler again: the round is closed with the reason, the next begins, the dates of fact are withdrawn."""
    held = ProgressReport.objects.get(pk=report.pk)
    report = _review(
        held,
        sources,
        ReportState.RETURNED,
        action,
        by,
        now,
        audit_reason=reason,
        return_reason=reason,
        return_count=held.return_count + (not is_reopening),
        round=held.round + 1,
        passed_by=None,
        passed_at=None,
        confirmed_by=None,
        confirmed_at=None,
    )
    complete_round(
        held,
        returned_by=by,
        returned_at=now,
        return_reason=reason,
        is_reopening=is_reopening,
        to_mend=[name for name in MENDABLE if name in to_mend],
    )
    withdraw_facts(report, by, now, reason)
    return report


def _checked(reason: str, words: str) -> str:
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": f"请写明{words}，填报人按此修改。"})
    if len(reason) > REASON_LENGTH:
        raise ValidationError({"reason": f"{words}请控制在 {REASON_LENGTH} 字以内。"})
    return reason


def _tell(report: ProgressReport, subject: str, body: str, now: datetime) -> None:
    """An in-app message to whoever handed the report in; where nobody did, or is gone, to the unit's reporters."""
    people = [report.submitted_by] if report.submitted_by and report.submitted_by.is_active else []
    if not people:
        people = [told.user for told in Audiences.current().told([Audience.REPORTER], report.project)]
    for person in people:
        Notice.objects.create(
            key=f"report-returned:{report.pk}:{report.round}:{person.pk}",
            recipient=person,
            channel=Notice.Channel.IN_APP,
            subject=subject[:160],
            body=body,
            made_at=now,
            state=Notice.State.SENT,
            sent_at=now,
        )
