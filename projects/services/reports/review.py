"""Reviewing ten-day reports (旬报审核): the unit passes, the office confirms, either returns, the office reopens.

Every verb holds the project, then the report: of two reviewers at once one wins, the other reads who did what. Each
completes the report's round, so that the whole chain can be told.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from projects.models import Notice, ProgressReport, ReportState, User
from projects.queries.base.audience import Audience, Audiences

from ..base.changing import changed, held, required
from ..figures.year_amounts import hold_projects, rewrite_year_amounts
from .content import ENTRY_FIELDS, register_facts, withdraw_facts
from .filling import REASON_LENGTH
from .rounds import FACTS_FIELD, PHOTOS, complete_round
from .steps import ReportRules, review_steps_of

# what a reviewer may point at (需修改内容), beside the entry's own fields
MENDABLE = (*ENTRY_FIELDS, FACTS_FIELD, PHOTOS)
# what was handed in is not checked anew; a report that came with a ledger was filled by no person
AS_HANDED_IN = (*ENTRY_FIELDS, "project", "period_ends_on", "filled_by", "submitted_by")


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
    report = _held(report, "pass_on", by)
    with _reviewed(report, "单位审核通过旬报", by, now):
        report.state, report.passed_by, report.passed_at = ReportState.PASSED, by, now
    complete_round(report, passed_by=by, passed_at=now)
    return report


@transaction.atomic
def confirm_report(*, report: ProgressReport, by: User, now: datetime) -> ProgressReport:
    """Confirm a report (确认旬报); from then on it counts in the official figures, and its dates of fact are the project's.

    Refuses: anybody but the office; a report not handed in, or not passed by its unit where that is required.
    """
    report = _held(report, "confirm", by)
    with _reviewed(report, "确认旬报", by, now):
        report.state, report.confirmed_by, report.confirmed_at = ReportState.CONFIRMED, by, now
    register_facts(report, by, now)
    complete_round(report, confirmed_by=by, confirmed_at=now)
    return report


def pass_reports(*, reports: Iterable[ProgressReport], by: User, now: datetime) -> BulkOutcome:
    """Pass the ticked reports (批量审核通过), each for itself; those of other units are left alone."""
    if not by.headed_unit_ids:
        raise PermissionDenied("只有本单位负责人可以审核。")
    rules = ReportRules()
    own = (report for report in reports if not review_steps_of(report, by, rules)["pass_on"].is_who)
    return _each(pass_report, own, by, now)


def confirm_reports(*, reports: Iterable[ProgressReport], by: User, now: datetime) -> BulkOutcome:
    """Confirm the ticked reports (批量确认), each for itself: one refused does not hold the others."""
    return _each(confirm_report, reports, by, now)


@transaction.atomic
def return_report(
    *, report: ProgressReport, reason: str, to_mend: Sequence[str] = (), by: User, now: datetime
) -> ProgressReport:
    """Return a report to be mended (退回旬报), with the reason; its filler is told in the same transaction.

    `to_mend` names what is wrong (MENDABLE); the form then asks for just that. The office may return what waits for
    review, a unit head what waits for the unit. Round and count go up. Refuses: no reason; a report that does not wait
    for review.
    """
    report = _held(report, "send_back", by)
    reason = required(reason, "退回原因", most=REASON_LENGTH)
    _give_back(report, "退回旬报", reason, to_mend, by, now)
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
    report = _held(report, "reopen", by)
    reason = required(reason, "更正原因", most=REASON_LENGTH)
    _give_back(report, "重新打开旬报", reason, to_mend, by, now, is_reopening=True)
    _tell(
        report,
        f"旬报待更正：{report.project} {report.period.full_words}",
        f"{by}重新打开了已确认的《{report.project}》{report.period.full_words}旬报，请更正后重新提交。原因：{reason}",
        now,
    )
    return report


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


def _held(report: ProgressReport, verb: str, by: User) -> ProgressReport:
    """The report as it is now, held after its project; refuses the verb where it is not open."""
    hold_projects([report.project_id])
    report = held(report, "project", "submitted_by", "passed_by", "confirmed_by")
    review_steps_of(report, by, ReportRules()).require(verb)
    return report


@contextmanager
def _reviewed(
    report: ProgressReport, action: str, by: User, now: datetime, reason: str = ""
) -> Iterator[None]:
    """Change the report's state; the year's amounts follow where it enters the official figures or leaves them."""
    was = report.state
    with changed(report, action, by=by, now=now, reason=reason, unchecked=AS_HANDED_IN):
        yield
    if ReportState.CONFIRMED in {was, report.state}:
        rewrite_year_amounts([(report.project_id, report.period_ends_on.year)])


def _give_back(
    report: ProgressReport,
    action: str,
    reason: str,
    to_mend: Sequence[str],
    by: User,
    now: datetime,
    *,
    is_reopening: bool = False,
) -> None:
    """To the filler again: the round is closed with the reason, the next begins; what was confirmed is withdrawn."""
    complete_round(
        report,
        returned_by=by,
        returned_at=now,
        return_reason=reason,
        is_reopening=is_reopening,
        to_mend=[name for name in MENDABLE if name in to_mend],
    )
    with _reviewed(report, action, by, now, reason):
        report.state, report.return_reason = ReportState.RETURNED, reason
        report.return_count += not is_reopening
        report.round += 1
        report.passed_by = report.passed_at = report.confirmed_by = report.confirmed_at = None
    if is_reopening:
        withdraw_facts(report, by, now, reason)


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
