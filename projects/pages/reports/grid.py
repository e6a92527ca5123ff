"""A person's whole period on one screen (一起填报): a row a project, kept row by row, handed in together.

The same rows as a sheet: taken away (下载填报表), filled offline, uploaded as that many drafts.
"""

import tempfile
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from projects import clock
from projects.models import Project
from projects.models.projects import ProjectQuerySet
from projects.periods import TenDayPeriod
from projects.queries.reports.reports import current_window
from projects.queries.reports.timeliness import with_handed_in
from projects.services.base.changing import sure
from projects.services.imports.reader import UnreadableWorkbook
from projects.services.reports.filling import SavedInBetween, version_of
from projects.services.reports.many import RowOutcome, save_rows, submit_rows
from projects.services.reports.period_sheet import (
    owing_projects,
    period_rows,
    read_period_sheet,
    save_period_sheet,
)
from projects.workbooks.period_sheet import write_period_sheet

from ..base.form_page import bound
from ..base.list_page import ListPage
from ..base.listing import download, file_asked
from ..base.requests import HouseRequest
from .forms import PeriodSheetForm, ReportRowForm
from .grid_table import GridTable
from .periods import PeriodShown, period_of
from .reports import fills_reports

PER_PAGE = 100
MOST_ROWS = 2 * PER_PAGE  # that one answer takes; a page has fewer
SHOWN_MISTAKES = 200
REFUSAL = "只有填报员、单位负责人、服务专员和发改局统筹可以填报旬报。"


class ReportGrid(ListPage):
    """The period's reports of a person's own projects, to be filled like a sheet.

    POST keeps what was typed as drafts; with `action=submit` the ticked rows are handed in. A row that saves itself
    asks for JSON and reads what became of it; else the page comes again with the rows that were refused as typed.
    """

    http_method_names = ["get", "head", "post"]
    template_name = "reports/report_grid.html"
    title = heading = "一起填报"
    table_class = GridTable
    takes_as_of = False
    per_page = PER_PAGE
    who = staticmethod(fills_reports)
    refusal = REFUSAL
    forms: Mapping[int, ReportRowForm] = {}  # as typed, of the rows that come back
    outcomes: Mapping[int, RowOutcome] = {}

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.period = _begun_period(kwargs["period"])
        self.title = f"{self.period.full_words}旬报"
        self.shows_all = request.GET.get("all") == "1"

    def owing(self) -> ProjectQuerySet:
        return owing_projects(self.request.user, self.period)

    def rows(self) -> QuerySet[Project]:
        rows = with_handed_in(self.owing(), self.period)
        if not self.shows_all:
            rows = rows.filter(is_handed_in=False)
        return rows.order_by("is_handed_in", "code")

    def table_arguments(self) -> dict[str, Any]:
        return super().table_arguments() | {"period": self.period}

    def get(self, request: HouseRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if file_asked(request):  # the file of this page is the sheet that comes back filled
            return period_sheet(request, self.period.code)
        return super().get(request, *args, **kwargs)

    def prepare(self, table: Any) -> None:
        shown = [row.record for row in table.paginated_rows]
        table.fill(period_rows(shown, self.period), self.forms, self.outcomes)

    def context(self) -> dict[str, Any]:
        window = current_window(self.period)
        return {
            "period": self.period,
            "shown": PeriodShown(window, self.as_of),
            "total": self.owing().count(),
            "shows_all": self.shows_all,
        }

    # --- what was typed ----------------------------------------------------------------------------------

    def post(self, request: HouseRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _fillers_only(request)
        forms = self._typed()
        ticked = set(request.POST.getlist("ticked")) if request.POST.get("action") == "submit" else set()
        valid = {pk: form for pk, form in forms.items() if form.is_valid()}
        handed = [form.filled() for form in valid.values() if form.row.project.code in ticked]
        kept = [
            form.filled()
            for form in valid.values()
            if form.row.project.code not in ticked and form.has_changed()
        ]
        now = clock.now()
        done = save_rows(kept, self.period, by=request.user, now=now)
        done |= submit_rows(handed, self.period, by=request.user, now=now)
        if request.accepts("application/json") and not request.accepts("text/html"):
            return JsonResponse(
                {form.row.project.code: _told(form, done.get(pk)) for pk, form in forms.items()}
            )
        self._say(done, submitted={filled.project.pk for filled in handed})
        wrong = {pk for pk, outcome in done.items() if outcome.refusal or outcome.warnings}
        self.forms = {pk: form for pk, form in forms.items() if pk in wrong or pk not in valid}
        if not self.forms:
            return redirect(request.get_full_path())
        self.outcomes = done
        return self.get(request)

    def _typed(self) -> dict[int, ReportRowForm]:
        """The rows that were sent, each as a form over what the record holds, by project id."""
        codes = self.request.POST.getlist("row")[:MOST_ROWS]
        projects = list(self.owing().filter(code__in=codes))
        rows = period_rows(projects, self.period)
        return {row.project.pk: ReportRowForm(self.request.POST, row=row) for row in rows}

    def _say(self, done: Mapping[int, RowOutcome], *, submitted: set[int]) -> None:
        counted = Counter(
            "refused"
            if outcome.refusal
            else "asked"
            if outcome.warnings
            else "submitted"
            if pk in submitted
            else "kept"
            for pk, outcome in done.items()
        )
        told = [
            words.format(counted[key])
            for key, words in (("submitted", "已提交{}份"), ("kept", "已存草稿{}份"))
            if counted[key]
        ]
        if told:
            messages.success(self.request, "，".join(told) + "。")
        if counted["asked"]:
            messages.warning(self.request, f"{counted['asked']}份有提示待核对，填写情况说明后再提交。")
        if counted["refused"]:
            messages.error(self.request, f"{counted['refused']}份未能保存，原因见各行。")


@require_safe
def period_sheet(request: HouseRequest, period: str) -> HttpResponse:
    """The person's projects of a period as a sheet to be filled offline (下载填报表)."""
    _fillers_only(request)
    wanted = _begun_period(period)
    rows = period_rows(owing_projects(request.user, wanted), wanted)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    write_period_sheet(file, rows=rows, period=wanted)
    file.seek(0)
    return download(file, f"{wanted.full_words}旬报填报表.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def period_upload(request: HouseRequest, period: str) -> HttpResponse:
    """Upload a filled sheet: as many drafts, or every mistake at its place and nothing kept (上传填报表)."""
    _fillers_only(request)
    wanted = _begun_period(period)
    form = PeriodSheetForm(**bound(request))
    context: dict[str, Any] = {"form": form, "period": wanted}
    if form.is_bound and form.is_valid():
        try:
            sheet = read_period_sheet(form.cleaned_data["file"].read(), by=request.user, today=clock.today())
        except UnreadableWorkbook as refusal:
            form.add_error("file", str(refusal))
            return render(request, "reports/report_upload.html", context)
        mistakes = sheet.mistakes or save_period_sheet(sheet, by=request.user, now=clock.now())
        if not mistakes:
            told = f"已存为{len(sheet.rows)}份草稿，请核对后提交" if sheet.rows else "没有新的内容"
            messages.success(request, f"{told}；未填{sheet.blank}个，与已存内容相同{sheet.unchanged}个。")
            return redirect("report_grid", sheet.period.code)
        context |= {"mistakes": mistakes[:SHOWN_MISTAKES], "mistaken": len(mistakes), "lost_files": True}
    return render(request, "reports/report_upload.html", context)


def _fillers_only(request: HouseRequest) -> None:
    if not fills_reports(request.user):
        raise PermissionDenied(REFUSAL)


def _begun_period(code: str) -> TenDayPeriod:
    """The period of an address; a wrong one, or one that has not begun, is no page."""
    period = period_of(code)
    if period is None or period.first_on > clock.today():
        raise Http404("没有这一旬，或该旬尚未开始。")
    return period


def _told(form: ReportRowForm, outcome: RowOutcome | None) -> dict[str, Any]:
    """What became of a row, for the row itself: errors by field, warnings, the refusal, the new version."""
    if form.errors:
        return {"errors": {name: "".join(map(str, words)) for name, words in form.errors.items()}}
    if outcome is None:
        return {"unchanged": True}
    if outcome.refusal:
        newer = {"version": outcome.refusal.version} if isinstance(outcome.refusal, SavedInBetween) else {}
        return {"refusal": "".join(outcome.refusal.messages), **newer}
    report = sure(outcome.report)
    return {
        "saved": report.get_state_display(),
        "version": version_of(report),
        "warnings": form.warnings if report.is_editable else [],
    }
