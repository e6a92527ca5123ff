"""Filling a ten-day report (填报旬报): one screen that loses nothing of what was typed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from projects import clock
from projects.models import Attachment, ProgressReport, Project, ReportRound
from projects.periods import TenDayPeriod
from projects.queries.reports.beforehand import Beforehand, beforehand_of
from projects.queries.reports.reports import ReportWindow
from projects.queries.reports.rounds import mend_words
from projects.services.base.attachments import take_off_report
from projects.services.base.steps import Steps
from projects.services.reports.content import ENTRY_FIELDS, facts_of
from projects.services.reports.filling import WarningsToAnswer, save_draft, submit_report, version_of
from projects.services.reports.steps import ReportRules, steps_of

from ..base.context import show
from ..base.form_page import bound
from ..base.refusals import add_refusal, refused_on
from ..base.requests import HouseRequest
from .forms import ReportForm
from .periods import period_of


@require_http_methods(["GET", "HEAD", "POST"])
def report_edit(request: HouseRequest, code: str, period: str) -> HttpResponse:
    """Fill the period's report of a project: keep a draft, or hand it in.

    Prefilled from the last report, across the year's end too. A refusal shows everything again as typed; warnings are answered on
    the same screen, and what was typed is a draft by then, photos included.
    """
    wanted = period_of(period)
    if wanted is None:
        raise Http404("没有这一旬。")
    project = get_object_or_404(
        Project.objects.editable_by(request.user).select_related("lead_department", "host_district"),
        code=code,
    )
    report = _report_of(project, wanted)
    if request.method != "POST" and report and not report.is_editable:
        return redirect("report_detail", report.pk)
    known, returned = beforehand_of(project, wanted, to_judge=False), _returned_round(report)
    form = _form(request, project, report, known, returned)
    outcome = Unsaved(report.overruled_warnings if report and not form.is_bound else [])
    if form.is_bound and form.is_valid():
        saved = _save(request, project, wanted, report, form)
        if isinstance(saved, HttpResponse):
            return saved
        outcome, report = saved, _report_of(project, wanted)
    asked = report or ProgressReport(project=project, period_ends_on=wanted.last_on)
    standing = _standing(request, asked, returned)
    sheet = ReportSheet(
        project,
        wanted,
        known,
        report,
        form,
        outcome.warnings,
        takes_reason=_takes_reason(outcome.warnings, standing.entered_late, form),
        version=version_of(report),
        photos=list(report.attachments.all()) if report else [],
        lost_files=bool(request.FILES) and not outcome.kept_files,
        prefilled=report is None and known.latest is not None and not form.is_bound,
    )
    return show(request, "reports/report_form.html", sheet, standing)


# --- the parts of the screen ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unsaved:
    """What came of a report that was not handed in: the warnings to answer, whether a draft keeps its photos."""

    warnings: list[str]
    kept_files: bool = False


@dataclass(frozen=True)
class ReportSheet:
    """The report as it is typed."""

    project: Project
    period: TenDayPeriod
    known: Beforehand
    report: ProgressReport | None
    form: ReportForm
    warnings: list[str]
    takes_reason: bool
    version: str
    photos: list[Attachment]
    lost_files: bool
    prefilled: bool


@dataclass(frozen=True)
class Standing:
    """Where the report stands today: what may be done with it, its window, and what it came back with."""

    steps: Steps
    window: ReportWindow
    is_late: bool
    reopened_until: date | None
    entered_late: bool  # by the office, after the window closed
    is_returned: bool
    returned: ReportRound | None
    to_mend: list[str]


def _form(
    request: HouseRequest,
    project: Project,
    report: ProgressReport | None,
    known: Beforehand,
    returned: ReportRound | None,
) -> ReportForm:
    return ReportForm(
        **bound(request),
        project=project,
        period=known.period,
        last=known.last,
        base=known.invested_before,
        is_draft=request.method == "POST" and request.POST.get("action") != "submit",
        to_mend=returned.to_mend if returned else (),
        initial=_initial(report, known),
    )


def _standing(request: HouseRequest, report: ProgressReport, returned: ReportRound | None) -> Standing:
    rules, today = ReportRules(), clock.today()
    window = rules.windows.of(report.period)
    return Standing(
        steps_of(report, request.user, today, rules),
        window,
        is_late=window.is_late(today, report.project_id),
        reopened_until=window.reopened_until(today, report.project_id),
        entered_late=request.user.is_office and rules.is_locked(report, today),
        is_returned=report.is_returned,
        returned=returned,
        to_mend=mend_words(returned.to_mend) if returned else [],
    )


def _report_of(project: Project, period: TenDayPeriod) -> ProgressReport | None:
    people = ("filled_by", "submitted_by", "passed_by", "confirmed_by")
    reports = project.reports.select_related("project", *people)
    return reports.filter(period_ends_on=period.last_on).first()


def _save(
    request: HouseRequest,
    project: Project,
    period: TenDayPeriod,
    report: ProgressReport | None,
    form: ReportForm,
) -> HttpResponse | Unsaved:
    """Carry out what the button says; what was refused stands on the form, and the screen comes again."""
    given = {
        "project": project,
        "period": period,
        "entry": form.entry(),
        "photos": form.cleaned_data["pictures"],
        "by": request.user,
        "now": clock.now(),
        "version": request.POST.get("version"),
        "overrule_reason": form.cleaned_data["overrule_reason"],
    }
    try:
        _take_off(request, report)
        if request.POST.get("action") != "submit":
            save_draft(**given)
            messages.success(request, "草稿已保存，提交后才算报送。")
            return redirect("report_edit", project.code, period.code)
        saved = submit_report(**given, overruled=request.POST.getlist("seen"))
    except WarningsToAnswer as asked:
        return Unsaved(asked.warnings, kept_files=_keep_as_draft(form, given))
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return Unsaved([])
    messages.success(request, f"{period.full_words}旬报已提交，等待审核。")
    return redirect("report_detail", saved.pk)


def _keep_as_draft(form: ReportForm, given: dict[str, Any]) -> bool:
    """While the warnings are read, what was typed and the photos are safe as a draft; whether they are."""
    with refused_on(form):
        save_draft(**given)
        return True
    return False


def _take_off(request: HouseRequest, report: ProgressReport | None) -> None:
    ticked = [pk for pk in request.POST.getlist("remove") if pk.isascii() and pk.isdigit() and len(pk) < 10]
    for photo in report.attachments.filter(pk__in=ticked) if report and ticked else ():
        take_off_report(attachment=photo, by=request.user, now=clock.now())


def _initial(report: ProgressReport | None, known: Beforehand) -> dict[str, Any]:
    """What the cells hold at first: the report's own words, else what the last one leads to."""
    if report:
        return {name: getattr(report, name) for name in (*ENTRY_FIELDS, "overrule_reason")} | facts_of(report)
    latest = known.latest
    if latest is None:
        return {}
    if known.last is None:  # the year's own amount begins anew
        return {"invested_to_date": known.invested_before, "physical_progress": latest.physical_progress}
    total = latest.invested_to_date
    if total is None:
        total = known.to_date(latest.invested_this_year)
    return {
        "invested_this_year": latest.invested_this_year,
        "invested_to_date": total,
        "physical_progress": latest.physical_progress,
    }


def _takes_reason(warnings: list[str], is_entered_late: bool, form: ReportForm) -> bool:
    owed = bool(warnings) or is_entered_late
    if owed:
        form.owe_reason()
    return owed or bool(form["overrule_reason"].value())


def _returned_round(report: ProgressReport | None) -> ReportRound | None:
    """The round with which a report came back: who returned it, and what is to be mended."""
    if report is None or not report.is_returned:
        return None
    return (
        report.rounds.filter(returned_at__isnull=False)
        .select_related("returned_by")
        .order_by("-number")
        .first()
    )
