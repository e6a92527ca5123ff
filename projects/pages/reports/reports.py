"""The lists of ten-day reports (旬报): who owes one, what waits for review, all of them."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects import clock
from projects.models import HANDED_IN_STATES, PENDING_STATES, ProgressReport, Project, ReportState, User
from projects.periods import TenDayPeriod
from projects.queries.reports.reports import confirmable_states, missing_reports, still_fillable
from projects.queries.reports.timeliness import with_first_hand_in, with_report_of
from projects.services.reports.steps import ReportRules

from ..base.listing import chips, exported, list_notes, paged
from ..base.requests import HouseRequest
from .entry import period_of
from .filters import ReportFilter, ReportsDueFilter
from .tables import BULK_FORM, CONFIRM, PASS, ReportsDueTable, ReportTable

DUTIES, REVIEW, WAITING, ALL = "duties", "review", "pending", "all"


@require_safe
def report_list(request: HouseRequest) -> HttpResponse:
    """Views of one matter: who has filled a period (duties), what waits for me (review), for anybody (pending), all."""
    user, rules = request.user, ReportRules()
    reviews = _reviews(user, rules)
    view = _view_of(request, reviews=reviews)
    visible = ProgressReport.objects.visible_to(user)
    context = {
        "view": view,
        "waiting": visible.filter(state__in=PENDING_STATES).count(),
        "reviews": reviews,
        "to_review": ProgressReport.objects.waiting_for_head(user).count() if reviews else 0,
        "unit_review_required": rules.settings.unit_review_required,
        "limited": not user.sees_all_projects,
        "bulk": BULK_FORM,
    }
    page = _duties(request, rules) if view == DUTIES else _reports(request, rules, visible, view)
    table, today = page["table"], clock.today()
    notes = list_notes(request, today, page["chips"])
    if file := exported(request, table, title=table.caption, notes=notes, as_of=today):
        return file
    paged(request, table)
    return render(request, "reports/report_list.html", context | page)


def _view_of(request: HouseRequest, *, reviews: bool) -> str:
    """The view asked for; without one the office reviews, everybody else sees the period's duties."""
    given = request.GET
    if given.get("view") in {DUTIES, WAITING, ALL} or (given.get("view") == REVIEW and reviews):
        return given["view"]
    if "state" in given:
        return ALL
    return WAITING if request.user.is_office and "period" not in given else DUTIES


def _reviews(user: User, rules: ReportRules) -> bool:
    """Whether reports wait for this person as the head of a unit (待我审核)."""
    return bool(user.headed_unit_ids) and rules.settings.unit_review_required


def _duties(request: HouseRequest, rules: ReportRules) -> dict:
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
    filterset = ReportsDueFilter(data, queryset=rows, today=today, period=period, windows=rules.windows)
    window = rules.windows.of(period)
    table = ReportsDueTable(
        filterset.qs, period=period, window=window, today=today, user=request.user, rules=rules
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
        "reopened_until": window.reopened_until(today),
        "reopened_for_some": window.is_locked(today) and still_fillable(owing, window, today).exists(),
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


def _reports(request: HouseRequest, rules: ReportRules, visible: QuerySet[ProgressReport], view: str) -> dict:
    user = request.user
    if view == REVIEW:
        visible = ProgressReport.objects.waiting_for_head(user)
    elif view == WAITING:
        visible = visible.filter(state__in=PENDING_STATES)
    beside = ("project__lead_department", "submitted_by", "passed_by", "confirmed_by")
    rows = with_first_hand_in(with_last_amount(visible.select_related(*beside)))
    filterset = ReportFilter(
        request.GET,
        queryset=rows.order_by("-period_ends_on", "project__code"),
        today=clock.today(),
        windows=rules.windows,
    )
    ticks = PASS if view == REVIEW else CONFIRM if user.is_office else ""
    tickable = {ReportState.SUBMITTED} if view == REVIEW else confirmable_states(rules.settings)
    table = ReportTable(
        filterset.qs,
        today=clock.today(),
        user=user,
        rules=rules,
        ticks=ticks,
        back=request.get_full_path(),
        exclude=() if user.is_office or user.headed_unit_ids else ("actions",),
    )
    if view in {WAITING, REVIEW}:
        table.caption = "待审旬报" if view == WAITING else "待我审核的旬报"
        if not filterset.form.changed_data:
            table.empty_text = "没有待审的旬报。"
    return {
        "table": table,
        "form": filterset.form,
        "chips": chips(filterset),
        "ticks": ticks if ticks and filterset.qs.filter(state__in=tickable).exists() else "",
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
