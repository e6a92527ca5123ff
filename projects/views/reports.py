"""Ten-day reports (旬报): fill one, see who owes one, review what was handed in."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.filters.reports import DutyFilter, ReportFilter
from projects.forms.problems import add_refusal
from projects.forms.reports import ReturnForm
from projects.models import (
    HANDED_IN_STATES,
    PENDING_STATES,
    AuditRecord,
    OfficeSettings,
    ProgressReport,
    Project,
    ReportState,
    Role,
    User,
)
from projects.periods import TenDayPeriod
from projects.queries.calendar import working_calendar
from projects.queries.changes import described
from projects.queries.reports import last_report_before, missing_reports, report_window, with_report_of
from projects.rules import report_due_on
from projects.services.report_entry import FACTS
from projects.services.reports import (
    confirm_report,
    confirm_reports,
    confirmable_states,
    may_pass,
    pass_report,
    return_report,
)
from projects.tables.reports import BULK_FORM, DutyTable, ReportTable, state_words

from .lists import chips, exported, list_notes, paged
from .report_entry import period_of
from .returning import safe_next

DUTIES, WAITING, ALL = "duties", "pending", "all"
BULK_LIMIT = 500


@dataclass(frozen=True)
class Office:
    """The office's rules and calendar, read once for a request."""

    settings: OfficeSettings
    calendar: object

    @classmethod
    def read(cls) -> "Office":
        return cls(OfficeSettings.current(), working_calendar())

    def window(self, period: TenDayPeriod):
        return report_window(period, calendar=self.calendar, grace_days=self.settings.report_grace_days)

    def due_on(self, ends_on):
        period = TenDayPeriod.containing(ends_on)
        return report_due_on(period, self.calendar, self.settings.report_grace_days)

    def confirmable(self, user: User) -> frozenset[str]:
        return confirmable_states(self.settings) if user.is_office else frozenset()


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """Three views of one matter: who has filled a period (duties), what waits for review (pending), all reports."""
    office = Office.read()
    view = _view_of(request)
    visible = ProgressReport.objects.visible_to(request.user)
    context = {
        "view": view,
        "waiting": visible.filter(state__in=PENDING_STATES).count(),
        "limited": not request.user.sees_all_projects,
        "bulk": BULK_FORM,
    }
    page = _duties(request, office) if view == DUTIES else _reports(request, office, visible, view)
    table, today = page["table"], clock.today()
    notes = list_notes(request, today, page["chips"])
    if file := exported(request, table, title=table.caption, notes=notes, as_of=today):
        return file
    paged(request, table)
    return render(request, "reports/report_list.html", context | page)


def _view_of(request: HttpRequest) -> str:
    """The view asked for; without one the office reviews, everybody else sees the period's duties."""
    given = request.GET
    if given.get("view") in {DUTIES, WAITING, ALL}:
        return given["view"]
    if "state" in given:
        return ALL
    return WAITING if request.user.is_office and "period" not in given else DUTIES


def _duties(request: HttpRequest, office: Office) -> dict:
    """Projects that owe the period's report, those missing, drafted or returned first."""
    today = clock.today()
    visible = Project.objects.visible_to(request.user)
    period = period_of(request.GET.get("period", "")) or _period_at_hand(visible, today)
    owing = visible.reporting_on(period.last_on)
    mine = Project.objects.editable_by(request.user).filter(pk=OuterRef("pk"))
    rows = (
        with_report_of(owing, period)
        .select_related("lead_department", "host_district")
        .annotate(
            editable=Exists(mine),
            is_handed_in=Exists(
                ProgressReport.objects.filter(
                    project=OuterRef("pk"), period_ends_on=period.last_on, state__in=HANDED_IN_STATES
                )
            ),
        )
        .order_by("is_handed_in", "code")
    )
    data = request.GET.copy()
    data.setdefault("period", period.code)
    filterset = DutyFilter(data, queryset=rows, today=today, period=period)
    window = office.window(period)
    table = DutyTable(
        filterset.qs,
        period=period,
        window=window,
        today=today,
        unit_review_required=office.settings.unit_review_required,
    )
    total, missing = owing.count(), missing_reports(owing, period).count()
    return {
        "table": table,
        "form": filterset.form,
        "chips": [chip for chip in chips(filterset) if chip.name != "period"],
        "period": period,
        "window": window,
        "is_late": window.is_late(today),
        "is_locked": window.is_locked(today),
        "is_future": window.is_future(today),
        "total": total,
        "missing": missing,
        "handed_in": total - missing,
        "previous": period.previous(),
        "next": period.next() if period.next().first_on <= today else None,
    }


def _period_at_hand(projects: QuerySet[Project], today: date) -> TenDayPeriod:
    """The period people are busy with: the last closed one while reports of it are missing, then the running one."""
    closed = TenDayPeriod.last_closed(today)
    return closed if missing_reports(projects, closed).exists() else TenDayPeriod.containing(today)


def _reports(request: HttpRequest, office: Office, visible: QuerySet[ProgressReport], view: str) -> dict:
    rows = with_last_amount(visible.select_related("project__lead_department")).order_by(
        "-period_ends_on", "project__code"
    )
    if view == WAITING:
        rows = rows.filter(state__in=PENDING_STATES)
    filterset = ReportFilter(
        request.GET,
        queryset=rows,
        today=clock.today(),
        calendar=office.calendar,
        grace_days=office.settings.report_grace_days,
    )
    user = request.user
    table = ReportTable(
        filterset.qs,
        today=clock.today(),
        unit_review_required=office.settings.unit_review_required,
        confirmable=office.confirmable(user),
        passable={duty.unit_id for duty in user.current_duties if duty.role == Role.UNIT_HEAD},
        due_on=office.due_on,
        back=request.get_full_path(),
        exclude=() if user.is_office or Role.UNIT_HEAD in user.roles else ("actions",),
    )
    if view == WAITING:
        table.caption = "待审旬报"
    if view == WAITING and not filterset.form.changed_data:
        table.empty_text = "没有待审的旬报。"
    return {
        "table": table,
        "form": filterset.form,
        "chips": chips(filterset),
        "may_confirm": user.is_office,
        "back": request.get_full_path(),
    }


def with_last_amount(reports: QuerySet[ProgressReport]) -> QuerySet[ProgressReport]:
    """Reports with `last_amount`: the cumulative amount of the report handed in before, within the year."""
    earlier = ProgressReport.objects.filter(
        project=OuterRef("project"),
        state__in=HANDED_IN_STATES,
        period_ends_on__lt=OuterRef("period_ends_on"),
        period_ends_on__year=OuterRef("period_ends_on__year"),
    )
    return reports.annotate(
        last_amount=Subquery(earlier.order_by("-period_ends_on").values("invested_this_year")[:1])
    )


@require_safe
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One report with what it says, what was overruled and why, its papers and history."""
    report = _visible_report(request, pk)
    office = Office.read()
    user = request.user
    records = AuditRecord.objects.filter(model="progressreport", object_id=report.pk)
    last = last_report_before(report.project, report.period)
    due_on = office.due_on(report.period_ends_on)
    editable = Project.objects.editable_by(user).filter(pk=report.project_id).exists()
    context = {
        "report": report,
        "project": report.project,
        "last": last,
        "increment": _increment(report, last),
        "facts": _facts(report),
        "state_words": state_words(report.state, office.settings.unit_review_required),
        "due_on": due_on,
        "late_days": max((timezone.localdate(report.submitted_at) - due_on).days, 0)
        if report.submitted_at
        else 0,
        "attachments": report.attachments.select_related("uploaded_by"),
        "history": described(records.select_related("by", "imported_row__batch")),
        "may_edit": report.is_editable and editable,
        "may_pass": report.state == ReportState.SUBMITTED and may_pass(report, user),
        "may_confirm": report.state in office.confirmable(user),
        "may_return": _may_return(report, user),
    }
    return render(request, "reports/report_detail.html", context)


@require_POST
def report_pass(request: HttpRequest, pk: int) -> HttpResponse:
    report = _visible_report(request, pk)
    return _act(request, report, pass_report, f"已审核通过“{report.project.name}”{report.period.label}旬报。")


@require_POST
def report_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    report = _visible_report(request, pk)
    return _act(
        request,
        report,
        confirm_report,
        f"已确认“{report.project.name}”{report.period.label}旬报，计入正式统计。",
    )


@require_POST
def report_confirm_many(request: HttpRequest) -> HttpResponse:
    """Confirm the ticked reports; each refusal is said, the rest is done."""
    back = safe_next(request, reverse("report_list"))
    ticked = [
        int(pk) for pk in request.POST.getlist("report") if pk.isascii() and pk.isdigit() and len(pk) < 10
    ]
    if not ticked:
        messages.warning(request, "请先勾选要确认的旬报。")
        return redirect(back)
    reports = _visible(request.user).filter(pk__in=ticked[:BULK_LIMIT])
    outcome = confirm_reports(reports=reports, by=request.user, now=clock.now())
    if outcome.confirmed:
        messages.success(request, f"已确认 {outcome.confirmed} 份旬报，计入正式统计。")
    for refusal in outcome.refusals:
        messages.error(request, refusal)
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
def report_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a report with the reason (退回修改)."""
    report = _visible_report(request, pk)
    if not (request.user.is_office or may_pass(report, request.user)):
        raise Http404
    back = safe_next(request, reverse("report_list"))
    form = ReturnForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return_report(report=report, reason=form.cleaned_data["reason"], by=request.user, now=clock.now())
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request, f"已退回“{report.project.name}”{report.period.label}旬报，并通知报送人。"
            )
            return redirect(back)
    context = {"report": report, "form": form, "back": back, "may_return": _may_return(report, request.user)}
    return render(request, "reports/report_return.html", context)


# --- shared -----------------------------------------------------------------------------------------------


def _visible(user: User) -> QuerySet[ProgressReport]:
    people = ("filled_by", "submitted_by", "passed_by", "confirmed_by")
    return ProgressReport.objects.visible_to(user).select_related(
        "project__lead_department", "project__host_district", *people
    )


def _visible_report(request: HttpRequest, pk: int) -> ProgressReport:
    return get_object_or_404(_visible(request.user), pk=pk)


def _act(request: HttpRequest, report: ProgressReport, verb, done: str) -> HttpResponse:
    """Run one review verb and say what came of it, in the list it was asked from."""
    try:
        verb(report=report, by=request.user, now=clock.now())
    except ValidationError as refusal:
        for sentence in refusal.messages:
            messages.error(request, sentence)
    else:
        messages.success(request, done)
    return redirect(safe_next(request, reverse("report_detail", args=[report.pk])))


def _may_return(report: ProgressReport, user: User) -> bool:
    if user.is_office:
        return report.state in PENDING_STATES
    return report.state == ReportState.SUBMITTED and may_pass(report, user)


def _increment(report: ProgressReport, last: ProgressReport | None):
    if last is None or report.invested_this_year is None:
        return None
    return report.invested_this_year - last.invested_this_year


def _facts(report: ProgressReport) -> list[tuple[str, str]]:
    return [(FACTS[name], day) for name, day in report.reported_facts.items() if name in FACTS]
