"""Weekly overdue reports (逾期周报): the issues, one issue as a page, its files, signing and sending."""

import datetime as dt
from io import BytesIO

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from projects import clock
from projects.digests.content import Content, content_from, grouped
from projects.digests.letters import DOCX, XLSX
from projects.digests.weekly import weekly_content
from projects.digests.weekly_files import docx_of, file_name, xlsx_of
from projects.models import Project, Publication, User, WeeklyReport
from projects.periods import EARLIEST, Week
from projects.services.weekly import issues as bulletins

from ..base.guards import office_only
from ..base.readings import Reading, reading_of_publication
from ..base.refusals import refused_aloud
from ..base.requests import HouseRequest

State = WeeklyReport.State


@require_safe
def weekly_list(request: HouseRequest) -> HttpResponse:
    """All issues a person may read, the latest first; drafts for those who see all projects."""
    reports = [(report, _seen(report, request.user)) for report in _readable(request.user)]
    last = Week.containing(clock.today()).previous()
    is_made = any(report.period == last for report, _ in reports)
    return render(
        request,
        "weekly/weekly_list.html",
        {
            "reports": reports,
            "last_week": last,
            "this_week": last.next(),
            "last_is_made": is_made,
            "is_narrowed": not request.user.sees_all_projects,
        },
    )


@require_safe
def weekly_detail(request: HouseRequest, week: str) -> HttpResponse:
    """One issue; figures and rows over what the person may see, which the page says."""
    report = _report(request, week)
    content = _seen(report, request.user)
    return render(
        request,
        "weekly/weekly_detail.html",
        {
            "report": report,
            "content": content,
            "parts": [
                ("new", "本周新增逾期事项", len(content.new), grouped(content.new)),
                ("still", "持续逾期事项", len(content.still), grouped(content.still)),
                ("cleared", "本周销号事项", len(content.cleared), grouped(content.cleared)),
                ("exempt", "经批准豁免的事项", len(content.exempt), grouped(content.exempt)),
            ],
            "steps": bulletins.steps_of(report, request.user, clock.today()),
            "reading": _reading(report, request.user),
        },
    )


@require_POST
def weekly_make(request: HouseRequest, week: str) -> HttpResponse:
    """Make a week's draft, or make it anew (生成草稿); the office only."""
    office_only(request)
    wanted = _week(week)
    if not EARLIEST <= wanted.first_on <= clock.today() + dt.timedelta(days=6):
        messages.error(request, "只能生成本周及以前的周报。")
        return redirect("weekly_list")
    report = bulletins.keep_draft(
        week=wanted, content=weekly_content(wanted).as_dict(), now=clock.now(), by=request.user
    )
    if report.is_frozen:
        messages.warning(request, "该期周报已签发，内容未变。")
    else:
        messages.success(request, "周报已按最新数据生成，请核对后签发。")
    return redirect("weekly_detail", week=wanted.code)


@require_POST
def weekly_sign(request: HouseRequest, week: str) -> HttpResponse:
    """Sign the draft (签发): from then on its figures are frozen."""
    return _step(request, week, bulletins.sign_report, lambda _: "周报已签发，内容不再变动。")


@require_POST
def weekly_send(request: HouseRequest, week: str) -> HttpResponse:
    """Send the signed report (印发)."""
    return _step(request, week, bulletins.send_report, lambda count: f"周报已印发，通知{count}人。")


@require_safe
def weekly_docx(request: HouseRequest, week: str) -> FileResponse:
    """The paper, for those who see all projects."""
    return _file(request, week, "docx", docx_of, DOCX)


@require_safe
def weekly_xlsx(request: HouseRequest, week: str) -> FileResponse:
    """The workbook, for those who see all projects."""
    return _file(request, week, "xlsx", xlsx_of, XLSX)


def _file(request: HouseRequest, week: str, extension: str, make, kind: str) -> FileResponse:
    report = _report(request, week)
    if not request.user.sees_all_projects:
        raise PermissionDenied
    return FileResponse(
        BytesIO(make(report)), as_attachment=True, filename=file_name(report, extension), content_type=kind
    )


def _step(request: HouseRequest, week: str, verb, words) -> HttpResponse:
    office_only(request)
    report = _report(request, week)
    with refused_aloud(request):
        messages.success(request, words(verb(report=report, by=request.user, now=clock.now())))
    return redirect("weekly_detail", week=report.period.code)


def _reading(report: WeeklyReport, user: User) -> Reading | None:
    """The report's publication and what was corrected since, for those who see all projects."""
    publication = Publication.objects.filter(weekly_report=report).first()
    return reading_of_publication(publication, user) if publication and user.sees_all_projects else None


def _week(text: str) -> Week:
    try:
        return Week.parse(text)
    except ValueError as error:
        raise Http404 from error


def _readable(user: User):
    reports = WeeklyReport.objects.all()
    return reports if user.sees_all_projects else reports.filter(state=State.SENT)


def _report(request: HouseRequest, week: str) -> WeeklyReport:
    wanted = _week(week)
    report = (
        _readable(request.user)
        .select_related("signed_by")
        .filter(year=wanted.year, week=wanted.number)
        .first()
    )
    if report is None:
        raise Http404
    return report


def _seen(report: WeeklyReport, user: User) -> Content:
    content = content_from(report.content)
    if user.sees_all_projects:
        return content
    return content.only(set(Project.objects.visible_to(user).values_list("pk", flat=True)))
