"""One ten-day report and its review (旬报审核): what it says and said before, pass, confirm, return, reopen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.models import Attachment, AuditRecord, ProgressReport, Project, User
from projects.queries.base.changes import ChangeEntry, described
from projects.queries.reports.reports import last_report_before
from projects.queries.reports.rounds import RoundStep, chain_of
from projects.queries.reports.timeliness import days_late, with_first_hand_in
from projects.services.base.steps import Step, Steps
from projects.services.reports.content import FACTS
from projects.services.reports.review import (
    confirm_report,
    confirm_reports,
    pass_report,
    pass_reports,
    reopen_report,
    return_report,
)
from projects.services.reports.steps import ReportRules, review_steps_of, steps_of

from ..base.context import show
from ..base.form_page import Done, bound, form_page, take_step
from ..base.requests import HouseRequest
from ..base.returning import safe_next
from .forms import ReopenReportForm, ReturnReportForm
from .tables import punctual_words

BULK_LIMIT = 500


@require_safe
def report_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """One report with what it says, what changed since its last round, the whole chain, its papers and history."""
    report = _visible_report(request, pk)
    user, rules = request.user, ReportRules()
    records = AuditRecord.objects.filter(model="progressreport", object_id=report.pk)
    last = last_report_before(report.project, report.period)
    late = days_late(report, rules.windows)
    chain = chain_of(report)
    said = ReportSaid(
        report,
        report.project,
        last,
        _increment(report, last),
        _facts(report),
        report.attachments.select_related("uploaded_by"),
    )
    reviewed = ReportReviewed(
        steps=steps_of(report, user, clock.today(), rules),
        due_on=rules.windows.of(report.period).due_on,
        late_days=late,
        punctual=punctual_words(late),
        unit_review_required=rules.settings.unit_review_required,
        chain=chain,
        latest=chain[0] if chain else None,
        history=described(records.select_related("by", "imported_row__batch")),
    )
    return show(request, "reports/report_detail.html", said, reviewed)


@dataclass(frozen=True)
class ReportSaid:
    """What a report says, beside the one handed in before it; the increment in 万元."""

    report: ProgressReport
    project: Project
    last: ProgressReport | None
    increment: Decimal | None
    facts: list[tuple[str, str]]
    attachments: QuerySet[Attachment]


@dataclass(frozen=True)
class ReportReviewed:
    """How a report went: in time or not, round by round, and what may be done with it now."""

    steps: Steps
    due_on: date
    late_days: int | None
    punctual: str
    unit_review_required: bool
    chain: list[RoundStep]
    latest: RoundStep | None
    history: list[ChangeEntry]


@require_POST
def report_pass(request: HouseRequest, pk: int) -> HttpResponse:
    report = _visible_report(request, pk)
    return _act(
        request, report, pass_report, f"已审核通过“{report.project.name}”{report.period.full_words}旬报。"
    )


@require_POST
def report_confirm(request: HouseRequest, pk: int) -> HttpResponse:
    report = _visible_report(request, pk)
    done = f"已确认“{report.project.name}”{report.period.full_words}旬报，计入正式统计。"
    return _act(request, report, confirm_report, done)


@require_POST
def report_pass_many(request: HouseRequest) -> HttpResponse:
    """Pass the ticked reports of the person's units; each refusal is said, the rest is done."""
    return _act_on_ticked(request, pass_reports, "审核通过", "已审核通过 {} 份旬报，转发改局确认。")


@require_POST
def report_confirm_many(request: HouseRequest) -> HttpResponse:
    """Confirm the ticked reports; each refusal is said, the rest is done."""
    return _act_on_ticked(request, confirm_reports, "确认", "已确认 {} 份旬报，计入正式统计。")


@require_http_methods(["GET", "HEAD", "POST"])
def report_return(request: HouseRequest, pk: int) -> HttpResponse:
    """Return a report with the reason and what is to be mended (退回修改)."""
    report = _visible_report(request, pk)
    sends_back = review_steps_of(report, request.user, ReportRules())["send_back"]
    if sends_back.is_who:
        raise Http404
    return _give_back(
        request,
        report,
        ReturnReportForm(**bound(request)),
        return_report,
        "report_return.html",
        f"已退回“{report.project.name}”{report.period.full_words}旬报，并通知报送人。",
        offered=sends_back,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def report_reopen(request: HouseRequest, pk: int) -> HttpResponse:
    """Open a confirmed report again for a correction (重新打开), with the reason; the office alone."""
    report = _visible_report(request, pk)
    reopens = review_steps_of(report, request.user, ReportRules())["reopen"]
    if reopens.is_who:
        reopens.require()
    return _give_back(
        request,
        report,
        ReopenReportForm(**bound(request)),
        reopen_report,
        "report_reopen.html",
        f"已重新打开“{report.project.name}”{report.period.full_words}旬报，并通知报送人更正。",
        offered=reopens,
    )


# --- shared -----------------------------------------------------------------------------------------------


def _visible(user: User) -> QuerySet[ProgressReport]:
    people = ("filled_by", "submitted_by", "passed_by", "confirmed_by")
    return with_first_hand_in(
        ProgressReport.objects.visible_to(user).select_related(
            "project__lead_department", "project__host_district", *people
        )
    )


def _visible_report(request: HouseRequest, pk: int) -> ProgressReport:
    return get_object_or_404(_visible(request.user), pk=pk)


def _act(request: HouseRequest, report: ProgressReport, verb: Callable, done: str) -> HttpResponse:
    """Run one review verb and say what came of it, in the list it was asked from."""
    back = safe_next(request, reverse("report_detail", args=[report.pk]))

    def act() -> Done:
        verb(report=report, by=request.user, now=clock.now())
        return Done(done, back)

    return take_step(request, act, back=back)


def _act_on_ticked(request: HouseRequest, verb: Callable, words: str, done: str) -> HttpResponse:
    back = safe_next(request, reverse("report_list"))
    ticked = [
        int(pk) for pk in request.POST.getlist("report") if pk.isascii() and pk.isdigit() and len(pk) < 10
    ]
    if not ticked:
        messages.warning(request, f"请先勾选要{words}的旬报。")
        return redirect(back)
    reports = _visible(request.user).filter(pk__in=ticked[:BULK_LIMIT])
    outcome = verb(reports=reports, by=request.user, now=clock.now())
    if outcome.done:
        messages.success(request, done.format(outcome.done))
    for refusal in outcome.refusals:
        messages.error(request, refusal)
    return redirect(back)


def _give_back(
    request: HouseRequest,
    report: ProgressReport,
    form: ReturnReportForm,
    verb: Callable,
    template: str,
    done: str,
    *,
    offered: Step,
) -> HttpResponse:
    """The page that sends a report to its filler again; done, it leads back to where it was asked."""
    back = safe_next(request, reverse("report_list"))

    def give_back() -> Done:
        verb(report=report, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done(done, back)

    context = {"report": report, "back": back, "offered": offered}
    return form_page(request, f"reports/{template}", form, give_back, context=context)


def _increment(report: ProgressReport, last: ProgressReport | None) -> Decimal | None:
    if last is None or last.invested_this_year is None or report.invested_this_year is None:
        return None
    return report.invested_this_year - last.invested_this_year


def _facts(report: ProgressReport) -> list[tuple[str, str]]:
    return [(FACTS[name], day) for name, day in report.reported_facts.items() if name in FACTS]
