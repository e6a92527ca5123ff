"""Alert pages (预警): the list, acknowledging, exempting."""

from collections.abc import Callable, Mapping

from django.db.models import QuerySet
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from projects import clock
from projects.models import Alert
from projects.services.alerts import scanning as service

from ..base.form_page import Done, bound, form_page, take_step
from ..base.guards import refuse_others
from ..base.list_page import ListPage
from ..base.requests import HouseRequest
from ..base.returning import safe_next
from .filters import OPEN, AlertFilter
from .forms import CarryForm, ExemptionForm
from .tables import AlertTable


class AlertList(ListPage):
    """The alerts a person may see, the longest overdue first; without a status those open and not exempted."""

    title = heading = "预警清单"
    foot = (
        "预警由每个工作日的扫描开启，事项办结后自行解除。豁免须经发改局批准，不计入逾期统计，但仍在此可见。"
    )
    template_name = "alerts/alert_list.html"
    takes_as_of = False
    filter_class, table_class = AlertFilter, AlertTable
    given: Mapping[str, str] = {"status": OPEN}

    def rows(self) -> QuerySet[Alert]:
        alerts = Alert.objects.visible_to(self.request.user).prefetch_related("exemptions")
        return alerts.select_related("project__sponsor", "unit", "acknowledged_by").order_by("due_on", "pk")

    def prepare(self, table: AlertTable) -> None:
        table.user, table.token = self.request.user, get_token(self.request)


@require_POST
def alert_acknowledge(request: HouseRequest, pk: int) -> HttpResponse:
    """Take note of an alert (知悉)."""
    return _do(request, _alert(request, pk), service.acknowledge_alert, "已记录知悉。")


@require_http_methods(["GET", "HEAD", "POST"])
def alert_exempt(request: HouseRequest, pk: int) -> HttpResponse:
    """Exempt an alert with a reason and an end (豁免); the office only."""
    alert = _alert(request, pk)
    steps = service.steps_of(alert, request.user, clock.today(), sees=True)
    refuse_others(steps["exempt"])
    form, back = ExemptionForm(**bound(request)), safe_next(request, reverse("alert_list"))

    def exempt() -> Done:
        service.exempt_alert(alert=alert, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("已豁免，到期前不再计入和升级。", back)

    context = {"alert": alert, "steps": steps, "cancel_href": back}
    return form_page(request, "alerts/alert_exempt.html", form, exempt, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def alert_carry(request: HouseRequest, pk: int) -> HttpResponse:
    """Close by a document what an earlier year's list had due (结转); the office only."""
    alert = _alert(request, pk)
    steps = service.steps_of(alert, request.user, clock.today(), sees=True)
    refuse_others(steps["carry"])
    form = CarryForm(**bound(request))

    def carry() -> Done:
        service.carry_over(alert=alert, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("已结转，该事项不再预警。", "alert_list")

    context = {"alert": alert, "steps": steps, "cancel_href": reverse("alert_list")}
    return form_page(request, "alerts/alert_carry.html", form, carry, context=context)


@require_POST
def alert_lift(request: HouseRequest, pk: int) -> HttpResponse:
    """End an exemption (取消豁免); the office only."""
    return _do(request, _alert(request, pk), service.lift_exemption, "已取消豁免，恢复预警。")


def _alert(request: HouseRequest, pk: int) -> Alert:
    alerts = Alert.objects.visible_to(request.user).select_related("project", "acknowledged_by")
    return get_object_or_404(alerts, pk=pk)


def _do(request: HouseRequest, alert: Alert, verb: Callable[..., object], words: str) -> HttpResponse:
    """A step, and back to the page that it was taken from."""
    referrer = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure()):
        referrer = reverse("alert_list")
    back = safe_next(request, referrer)

    def take() -> Done:
        verb(alert=alert, by=request.user, now=clock.now())
        return Done(words, back)

    return take_step(request, take, back=back)
