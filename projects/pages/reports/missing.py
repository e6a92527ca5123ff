"""Who has not reported (未报催报): units with what they owe for a period, and one button that urges them all."""

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from projects import clock
from projects.models import Project, Unit
from projects.periods import TenDayPeriod
from projects.queries.reports.missing import period_to_chase, unit_reports
from projects.queries.reports.reports import current_window
from projects.services.reports.urging import steps_of, urge_reports

from ..base.listing import chips, exported, list_notes, paged
from ..base.requests import HouseRequest
from ..base.returning import safe_next
from .entry import period_of
from .filters import HANDED_IN, LATE, MISSING, UNKNOWN, MissingFilter
from .tables import MissingTable

STATUSES = ("", HANDED_IN, MISSING, LATE)  # of the projects a figure opens


@require_safe
def missing_list(request: HouseRequest) -> HttpResponse:
    """A period's reports by lead department: owed, handed in, missing, late, with the projects and the reporters."""
    user, today = request.user, clock.today()
    period = period_of(request.GET.get("period", "")) or period_to_chase(
        today, Project.objects.visible_to(user)
    )
    window = current_window(period)
    data = request.GET.copy()
    data["period"] = period.code
    filterset = MissingFilter(data, queryset=Project.objects.visible_to(user), today=today, period=period)
    units = unit_reports(filterset.qs, window, user=user)
    if data.get("owes") == "1":
        units = [unit for unit in units if unit.missing]
    active = [chip for chip in chips(filterset) if chip.name != "period"]
    narrowed = {chip.name: chip.value for chip in active if chip.name in {"list", "lead"}}
    table = MissingTable(units, period=period, door=partial(_door, period, narrowed))
    words = f"{period.full_words}旬报，报送截止{window.due_on.isoformat()}"
    notes = list_notes(request, today, active, words)
    if file := exported(request, table, title=f"{period.full_words}旬报报送情况", notes=notes, as_of=today):
        return file
    missing = [project for unit in units for project in unit.missing]
    context = {
        "table": paged(request, table),
        "form": filterset.form,
        "chips": active,
        "period": period,
        "window": window,
        "is_late": window.is_late(today),
        "is_locked": window.is_locked(today),
        "is_future": window.is_future(today),
        "reopened_until": window.reopened_until(today),
        "reopened_for_some": any(each.covers(today, each.project_id) for each in window.reopened),
        "units": len(units),
        "owed": sum(unit.owed for unit in units),
        "handed_in": sum(unit.handed_in for unit in units),
        "missing": len(missing),
        "late": sum(unit.late for unit in units),
        "doors": {status or "owed": _figure_door(period, narrowed, status) for status in STATUSES},
        # what the page was narrowed to is urged with the rest
        "steps": steps_of(window, user, today, missing=missing, is_whole=not active),
        "limited": not user.sees_all_projects,
        "previous": period.previous(),
        "next": period.next() if period.next().first_on <= today else None,
        "back": request.get_full_path(),
    }
    return render(request, "reports/missing_list.html", context)


def _door(period: TenDayPeriod, narrowed: dict, unit: Unit | None, status: str) -> str:
    """The projects of one unit that a figure counts."""
    return _figure_door(period, narrowed | {"lead": unit.pk if unit else UNKNOWN}, status)


def _figure_door(period: TenDayPeriod, narrowed: dict, status: str) -> str:
    query = {"view": "duties", "period": period.code} | narrowed | ({"status": status} if status else {})
    return f"{reverse('report_list')}?{urlencode(query)}"


@require_POST
def missing_urge(request: HouseRequest) -> HttpResponse:
    """Urge everybody who owes a report of the period (一键催报): the office all units, a head the own ones."""
    user = request.user
    units = None if user.is_office else user.headed_unit_ids
    back = safe_next(request, reverse("missing_list"))
    period = period_of(request.POST.get("period", ""))
    if period is None:
        messages.error(request, "没有这一旬，请重新选择。")
        return redirect(back)
    try:
        urged = urge_reports(period=period, units=units, by=user, now=clock.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        tell = messages.success if urged.people else messages.warning
        tell(request, urged.words)
    return redirect(back)
