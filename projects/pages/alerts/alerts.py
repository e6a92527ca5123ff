"""Alert pages (预警): the list, acknowledging, exempting."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.models import Alert
from projects.services.alerts import scanning as service

from ..base.listing import chips, exported, list_notes, paged
from ..base.refusals import refused_aloud, refused_on
from ..base.requests import HouseRequest
from .filters import OPEN, AlertFilter
from .forms import ExemptionForm
from .tables import AlertTable


@require_safe
def alert_list(request: HouseRequest) -> HttpResponse:
    """The alerts a person may see, the longest overdue first; without a status those open and not exempted."""
    today = clock.today()
    given = request.GET.copy()
    given.setdefault("status", OPEN)
    rows = (
        Alert.objects.visible_to(request.user)
        .select_related("project__sponsor", "unit", "acknowledged_by")
        .order_by("due_on", "pk")
    )
    filterset = AlertFilter(given, queryset=rows, as_of=today)
    table = AlertTable(filterset.qs, as_of=today, request=request)
    active = chips(filterset)
    notes = list_notes(request, today, active)
    if file := exported(request, table, title="预警清单", notes=notes, as_of=today):
        return file
    return render(
        request,
        "alerts/alert_list.html",
        {
            "table": paged(request, table),
            "form": filterset.form,
            "chips": [chip for chip in active if chip.name in request.GET],
            "is_narrowed": not request.user.sees_all_projects,
        },
    )


@require_POST
def alert_acknowledge(request: HouseRequest, pk: int) -> HttpResponse:
    """Take note of an alert (知悉)."""
    return _do(request, _alert(request, pk), service.acknowledge_alert, "已记录知悉。")


@require_http_methods(["GET", "HEAD", "POST"])
def alert_exempt(request: HouseRequest, pk: int) -> HttpResponse:
    """Exempt an alert with a reason and an end (豁免); the office only."""
    alert = _alert(request, pk)
    steps = service.steps_of(alert, request.user, clock.today(), sees=True)
    if steps["exempt"].is_who:
        steps.require("exempt")
    form = ExemptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            service.exempt_alert(alert=alert, by=request.user, now=clock.now(), **form.cleaned_data)
            messages.success(request, "已豁免，到期前不再计入和升级。")
            return redirect("alert_list")
    return render(
        request,
        "alerts/alert_exempt.html",
        {"alert": alert, "form": form, "steps": steps, "cancel_href": reverse("alert_list")},
    )


@require_POST
def alert_lift(request: HouseRequest, pk: int) -> HttpResponse:
    """End an exemption (取消豁免); the office only."""
    return _do(request, _alert(request, pk), service.lift_exemption, "已取消豁免，恢复预警。")


def _alert(request: HouseRequest, pk: int) -> Alert:
    return get_object_or_404(
        Alert.objects.visible_to(request.user).select_related("project", "acknowledged_by"), pk=pk
    )


def _do(request: HouseRequest, alert: Alert, verb, done: str) -> HttpResponse:
    with refused_aloud(request):
        verb(alert=alert, by=request.user, now=clock.now())
        messages.success(request, done)
    back = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("alert_list")
    return redirect(back)
