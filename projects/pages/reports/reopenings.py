"""Periods opened again (重新开放填报): the list with the form that opens one, and ending one early; the office alone."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects import clock
from projects.models import PeriodReopening
from projects.periods import TenDayPeriod
from projects.queries.reports.reports import ReportWindows
from projects.services.reports.reopenings import close_reopening, reopen_period, steps_of

from ..base.guards import office_only
from ..base.listing import chips, exported, list_notes, paged
from ..base.refusals import refused_on
from ..base.requests import HouseRequest
from ..base.returning import safe_next
from .entry import period_of
from .filters import ReopeningFilter
from .forms import CloseForm, ReopeningForm
from .tables import ReopeningTable

OFFICE_WORK = "重新开放填报"


@require_http_methods(["GET", "HEAD", "POST"])
def reopening_list(request: HouseRequest) -> HttpResponse:
    """Every reopening, the latest first, and the form that opens a locked period."""
    office_only(request, OFFICE_WORK)
    today = clock.today()
    given = request.GET
    periods = _locked_periods(given.get("open", ""))
    initial = {"period": given.get("open", ""), "project": given.get("project", "")}
    form = ReopeningForm(request.POST if request.method == "POST" else None, periods=periods, initial=initial)
    if form.is_bound and form.is_valid():
        with refused_on(form):
            reopening = reopen_period(by=request.user, now=clock.now(), **form.cleaned_data)
            whose = f"“{reopening.project.name}”" if reopening.project else "全部项目"
            until = reopening.until_on
            messages.success(
                request,
                f"已对{whose}重新开放{form.cleaned_data['period'].label}旬报，至{until.month}月{until.day}日。",
            )
            return redirect("reopening_list")
    rows = PeriodReopening.objects.select_related("project", "made_by")
    filterset = ReopeningFilter(given, queryset=rows, today=today)
    table = ReopeningTable(filterset.qs, today=today, user=request.user)
    active = chips(filterset)
    notes = list_notes(request, today, active)
    if file := exported(request, table, title="重新开放填报", notes=notes, as_of=today):
        return file
    context = {
        "table": paged(request, table),
        "form": filterset.form,
        "chips": active,
        "reopening_form": form,
        "is_open": form.is_bound or bool(initial["period"] or initial["project"]),
        "count": rows.filter(until_on__gte=today).count(),
    }
    return render(request, "reports/reopening_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reopening_close(request: HouseRequest, pk: int) -> HttpResponse:
    """End a reopening before its day (提前关闭), with the reason."""
    office_only(request, OFFICE_WORK)
    reopening = get_object_or_404(PeriodReopening.objects.select_related("project", "made_by"), pk=pk)
    back = safe_next(request, reverse("reopening_list"))
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refused_on(form):
            close_reopening(
                reopening=reopening, reason=form.cleaned_data["reason"], by=request.user, now=clock.now()
            )
            messages.success(request, "已提前关闭，该旬恢复锁定。")
            return redirect(back)
    context = {
        "reopening": reopening,
        "period": TenDayPeriod.ending_on(reopening.period_ends_on),
        "steps": steps_of(reopening, request.user, clock.today()),
        "form": form,
        "back": back,
    }
    return render(request, "reports/reopening_close.html", context)


def _locked_periods(asked: str) -> list[TenDayPeriod]:
    """The year's periods that are locked, the latest first, and the one asked for."""
    today = clock.today()
    windows = ReportWindows.current()
    running = TenDayPeriod.containing(today)
    periods = [running.shift(-back) for back in range(1, TenDayPeriod.PER_YEAR + 1)]
    wanted = period_of(asked)
    if wanted and wanted not in periods:
        periods.append(wanted)
    return [period for period in periods if today > windows.of(period).closes_on]
