"""Exemption pages (亮灯豁免): the list, asking from the project page, withdrawing, deciding, ending early."""

import datetime as dt
from typing import Any

from django.db.models import Case, Prefetch, QuerySet, Value, When, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects import clock
from projects.figures.lights.judging import ProjectLight, lights_for
from projects.models import LightExemption, Project
from projects.services.lights import exemptions as service

from ..base.form_page import Done, bound, form_page, pressed, take_step
from ..base.guards import refuse_others
from ..base.list_page import ListPage
from ..base.requests import HouseRequest
from ..base.returning import safe_next
from .filters import LightExemptionFilter
from .forms import ExemptionAskForm, ExemptionDecideForm, ExemptionEndForm
from .tables import LightExemptionTable

WAITING_FIRST = Case(When(state=LightExemption.State.ASKED, then=Value(0)), default=Value(1))


class ExemptionList(ListPage):
    """All exemptions of the projects the person may see, the waiting ones first; counts above open their rows."""

    template_name = "lights/exemption_list.html"
    title, heading = "亮灯豁免清单", "亮灯豁免"
    foot = (
        "在项目页申请，经发改局统筹批准后生效，注明批准人和截止日，到期自动恢复评定。"
        "豁免不等于正常，单列为“◇ 豁免”；此前各旬的亮灯记录不变。"
    )
    takes_as_of = False
    filter_class, table_class = LightExemptionFilter, LightExemptionTable

    def rows(self) -> QuerySet[LightExemption]:
        rows = LightExemption.objects.visible_to(self.request.user)
        beside = ("project__lead_department", "asked_by", "decided_by", "ended_by")
        return rows.select_related(*beside).order_by(WAITING_FIRST, "-from_on", "-pk")

    def context(self) -> dict[str, Any]:
        visible = LightExemption.objects.visible_to(self.request.user)
        return {"waiting": visible.waiting().count(), "running": visible.in_force(self.as_of).count()}


@require_http_methods(["GET", "HEAD", "POST"])
def exemption_create(request: HouseRequest, code: str) -> HttpResponse:
    """Ask for an exemption of a project (申请豁免)."""
    project = get_object_or_404(Project.objects.visible_to(request.user), code=code)
    asking = service.ask_step(project, request.user)
    refuse_others(asking)
    back = safe_next(request, reverse("project_detail", args=[project.code]))
    today = clock.today()
    form = ExemptionAskForm(**bound(request), initial={"from_on": today})

    def ask() -> Done:
        service.ask_exemption(project=project, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("已提出豁免申请，待发改局统筹批准；批准前照常亮灯。", back)

    def context() -> dict[str, Any]:
        return {"project": project, "ask": asking, "back": back, "light": _light(project, today)}

    return form_page(request, "lights/exemption_form.html", form, ask, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def exemption_decide(request: HouseRequest, pk: int) -> HttpResponse:
    """Approve or refuse (批准、不批准), with the light before one's eyes; the office alone."""
    exemption, today = _exemption(request, pk), clock.today()
    refuse_others(service.row_steps_of(exemption, request.user, today)["refuse"])
    form, back = ExemptionDecideForm(**bound(request)), safe_next(request, reverse("exemption_list"))

    def decide() -> Done:
        refuses = pressed(request, "approve", "refuse") == "refuse"
        verb = service.refuse_exemption if refuses else service.approve_exemption
        verb(exemption=exemption, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("已作不批准处理。" if refuses else "已批准亮灯豁免。", back)

    def context() -> dict[str, Any]:
        granted = LightExemption.objects.select_related("decided_by")
        prefetch_related_objects([exemption.project], Prefetch("light_exemptions", granted))
        return {
            "exemption": exemption,
            "light": _light(exemption.project, today),
            "others": [one for one in exemption.project.light_exemptions.all() if one.pk != exemption.pk],
            "steps": service.steps_of(exemption, request.user, today),
            "back": back,
            "is_own": exemption.asked_by_id == request.user.pk,
        }

    return form_page(request, "lights/exemption_decide.html", form, decide, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def exemption_withdraw(request: HouseRequest, pk: int) -> HttpResponse:
    """Take one's own request back (撤回申请), after a question."""
    exemption = _exemption(request, pk)
    steps = service.row_steps_of(exemption, request.user, clock.today())
    refuse_others(steps["withdraw"])
    back = safe_next(request, reverse("exemption_list"))

    def withdraw() -> Done:
        service.withdraw_exemption(exemption=exemption, by=request.user, now=clock.now())
        return Done(f"已撤回对{exemption.project.name}的豁免申请。", back)

    if request.method == "POST":
        return take_step(request, withdraw, back=back)
    context = {"exemption": exemption, "steps": steps, "back": back}
    return render(request, "lights/exemption_withdraw.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def exemption_end(request: HouseRequest, pk: int) -> HttpResponse:
    """End an exemption before its last day (提前终止); the office alone."""
    exemption = _exemption(request, pk)
    steps = service.row_steps_of(exemption, request.user, clock.today())
    refuse_others(steps["end"])
    form, back = ExemptionEndForm(**bound(request)), safe_next(request, reverse("exemption_list"))

    def end() -> Done:
        service.end_exemption(exemption=exemption, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("已终止豁免，即日起恢复评定。", back)

    context = {"exemption": exemption, "steps": steps, "back": back}
    return form_page(request, "lights/exemption_end.html", form, end, context=context)


def _exemption(request: HouseRequest, pk: int) -> LightExemption:
    rows = LightExemption.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("project", "asked_by", "decided_by"), pk=pk)


def _light(project: Project, day: dt.date) -> ProjectLight:
    return lights_for(Project.objects.filter(pk=project.pk), day)[project.pk]
