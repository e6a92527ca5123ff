"""Weekly overdue reports (逾期周报): the issues, one issue as a page, its files, signing and sending."""

import datetime as dt
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from projects import clock
from projects.digests.content import Content, content_from, grouped
from projects.digests.letters import DOCX, XLSX
from projects.digests.weekly import weekly_content
from projects.digests.weekly_files import docx_of, file_name, xlsx_of
from projects.models import Project, Publication, User, WeeklyReport
from projects.periods import EARLIEST, Week
from projects.services.weekly import issues as service

from ..base.form_page import Done, take_step
from ..base.guards import office_only
from ..base.readings import Reading, reading_of_publication
from ..base.requests import HouseRequest


@require_safe
def weekly_list(request: HouseRequest) -> HttpResponse:
    """All issues a person may read, the latest first; drafts for those who see all projects."""
    reports = [(report, _seen(report, request.user)) for report in _readable(request.user)]
    last = Week.containing(clock.today()).previous()
    context = {
        "reports": reports,
        "last_week": last,
        "this_week": last.next(),
        "last_is_made": any(report.period == last for report, _ in reports),
        "is_narrowed": not request.user.sees_all_projects,
    }
    return render(request, "weekly/weekly_list.html", context)


@require_safe
def weekly_detail(request: HouseRequest, week: str) -> HttpResponse:
    """One issue; figures and rows over what the person may see, which the page says."""
    report = _report(request, week)
    content = _seen(report, request.user)
    parts = [
        ("new", "本周新增逾期事项", content.new),
        ("still", "持续逾期事项", content.still),
        ("cleared", "本周销号事项", content.cleared),
        ("exempt", "经批准豁免的事项", content.exempt),
    ]
    context = {
        "report": report,
        "content": content,
        "parts": [(anchor, words, len(rows), grouped(rows)) for anchor, words, rows in parts],
        "steps": service.steps_of(report, request.user, clock.today()),
        "reading": _reading(report, request.user),
    }
    return render(request, "weekly/weekly_detail.html", context)


@require_POST
def weekly_make(request: HouseRequest, week: str) -> HttpResponse:
    """Make a week's draft, or make it anew (生成草稿); the office only."""
    office_only(request)
    wanted = _week(week)
    if not EARLIEST <= wanted.first_on <= clock.today() + dt.timedelta(days=6):
        messages.error(request, "只能生成本周及以前的周报。")
        return redirect("weekly_list")
    content = weekly_content(wanted).as_dict()
    report = service.keep_draft(week=wanted, content=content, now=clock.now(), by=request.user)
    if report.is_frozen:
        messages.warning(request, "该期周报已签发，内容未变。")
    else:
        messages.success(request, "周报已按最新数据生成，请核对后签发。")
    return redirect("weekly_detail", week=wanted.code)


@require_POST
def weekly_sign(request: HouseRequest, week: str) -> HttpResponse:
    """Sign the draft (签发): from then on its figures are frozen."""
    return _step(request, week, service.sign_report, lambda _: "周报已签发，内容不再变动。")


@require_POST
def weekly_send(request: HouseRequest, week: str) -> HttpResponse:
    """Send the signed report (印发)."""
    return _step(request, week, service.send_report, lambda count: f"周报已印发，通知{count}人。")


@require_safe
def weekly_docx(request: HouseRequest, week: str) -> FileResponse:
    """The paper, for those who see all projects."""
    return _file(request, week, "docx", docx_of, DOCX)


@require_safe
def weekly_xlsx(request: HouseRequest, week: str) -> FileResponse:
    """The workbook, for those who see all projects."""
    return _file(request, week, "xlsx", xlsx_of, XLSX)


def _file(
    request: HouseRequest, week: str, extension: str, make: Callable[[WeeklyReport], bytes], kind: str
) -> FileResponse:
    report = _report(request, week)
    if not request.user.sees_all_projects:
        raise PermissionDenied
    name = file_name(report, extension)
    return FileResponse(BytesIO(make(report)), as_attachment=True, filename=name, content_type=kind)


def _step(
    request: HouseRequest, week: str, verb: Callable[..., Any], words: Callable[[Any], str]
) -> HttpResponse:
    """A step of the office; what it answers goes into the `words`."""
    office_only(request)
    report = _report(request, week)
    back = reverse("weekly_detail", args=[report.period.code])

    def take() -> Done:
        return Done(words(verb(report=report, by=request.user, now=clock.now())), back)

    return take_step(request, take, back=back)


def _reading(report: WeeklyReport, user: User) -> Reading | None:
    """The report's publication and what was corrected since, for those who see all projects."""
    publication = Publication.objects.filter(weekly_report=report).first()
    return reading_of_publication(publication, user) if publication and user.sees_all_projects else None


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError as error:
        raise Http404 from error


def _readable(user: User) -> QuerySet[WeeklyReport]:
    reports = WeeklyReport.objects.all()
    return reports if user.sees_all_projects else reports.filter(state=WeeklyReport.State.SENT)


def _report(request: HouseRequest, week: str) -> WeeklyReport:
    wanted = _week(week)
    reports = _readable(request.user).select_related("signed_by")
    return get_object_or_404(reports, year=wanted.year, week=wanted.number)


def _seen(report: WeeklyReport, user: User) -> Content:
    content = content_from(report.content)
    if user.sees_all_projects:
        return content
    return content.only(set(Project.objects.visible_to(user).values_list("pk", flat=True)))
