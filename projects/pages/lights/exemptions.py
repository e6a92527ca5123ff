"""Exemption pages (亮灯豁免): the list, asking from the project page, withdrawing, deciding, ending early."""

from django.contrib import messages
from django.db.models import Case, Prefetch, Value, When, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects import clock
from projects.figures.lights import lights_for
from projects.models import LightExemption, Project
from projects.services.lights import exemptions as service

from ..base.guards import refuse_others
from ..base.listing import chips, exported, list_notes, paged
from ..base.refusals import refused_aloud, refused_on
from ..base.requests import HouseRequest
from ..base.returning import safe_next
from .filters import LightExemptionFilter
from .forms import ExemptionAskForm, ExemptionDecideForm, ExemptionEndForm
from .tables import LightExemptionTable

WAITING_FIRST = Case(When(state=LightExemption.State.ASKED, then=Value(0)), default=Value(1))


@require_safe
def exemption_list(request: HouseRequest) -> HttpResponse:
    """All exemptions of the projects the person may see, the waiting ones first; counts above open their rows."""
    today = clock.today()
    visible = LightExemption.objects.visible_to(request.user)
    rows = visible.select_related("project__lead_department", "asked_by", "decided_by", "ended_by").order_by(
        WAITING_FIRST, "-from_on", "-pk"
    )
    filterset = LightExemptionFilter(request.GET, queryset=rows, as_of=today)
    table = LightExemptionTable(filterset.qs, as_of=today, user=request.user)
    active = chips(filterset)
    notes = list_notes(request, today, active)
    if file := exported(request, table, title="亮灯豁免清单", notes=notes, as_of=today):
        return file
    context = {
        "table": paged(request, table),
        "form": filterset.form,
        "chips": active,
        "waiting": visible.waiting().count(),
        "running": visible.in_force(today).count(),
        "limited": not request.user.sees_all_projects,
    }
    return render(request, "lights/exemption_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def exemption_create(request: HouseRequest, code: str) -> HttpResponse:
    """Ask for an exemption of a project (申请豁免)."""
    project = get_object_or_404(Project.objects.visible_to(request.user), code=code)
    asking = service.ask_step(project, request.user)
    refuse_others(asking)
    back = safe_next(request, reverse("project_detail", args=[project.code]))
    today = clock.today()
    form = ExemptionAskForm(request.POST if request.method == "POST" else None, initial={"from_on": today})
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            service.ask_exemption(project=project, by=request.user, now=clock.now(), **form.cleaned_data)
            messages.success(request, "已提出豁免申请，待发改局统筹批准；批准前照常亮灯。")
            return redirect(back)
    context = {"project": project, "form": form, "ask": asking, "back": back, "light": _light(project, today)}
    return render(request, "lights/exemption_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def exemption_decide(request: HouseRequest, pk: int) -> HttpResponse:
    """Approve or refuse (批准、不批准), with the light before one's eyes; the office alone."""
    exemption, today = _exemption(request, pk), clock.today()
    refuse_others(service.row_steps_of(exemption, request.user, today)["refuse"])
    form = ExemptionDecideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        refuses = request.POST.get("action") == "refuse"
        verb = service.refuse_exemption if refuses else service.approve_exemption
        with refused_on(form):
            verb(exemption=exemption, by=request.user, now=clock.now(), **form.cleaned_data)
            messages.success(request, "已作不批准处理。" if refuses else "已批准亮灯豁免。")
            return redirect("exemption_list")
    granted = LightExemption.objects.select_related("decided_by")
    prefetch_related_objects([exemption.project], Prefetch("light_exemptions", granted))
    context = {
        "exemption": exemption,
        "form": form,
        "light": _light(exemption.project, today),
        "others": [one for one in exemption.project.light_exemptions.all() if one.pk != exemption.pk],
        "steps": service.steps_of(exemption, request.user, today),
        "is_own": exemption.asked_by_id == request.user.pk,
    }
    return render(request, "lights/exemption_decide.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def exemption_withdraw(request: HouseRequest, pk: int) -> HttpResponse:
    """Take one's own request back (撤回申请), after a question."""
    exemption = _exemption(request, pk)
    steps = service.row_steps_of(exemption, request.user, clock.today())
    refuse_others(steps["withdraw"])
    if request.method == "POST":
        with refused_aloud(request):
            service.withdraw_exemption(exemption=exemption, by=request.user, now=clock.now())
            messages.success(request, f"已撤回对{exemption.project.name}的豁免申请。")
        return redirect("exemption_list")
    return render(request, "lights/exemption_withdraw.html", {"exemption": exemption, "steps": steps})


@require_http_methods(["GET", "HEAD", "POST"])
def exemption_end(request: HouseRequest, pk: int) -> HttpResponse:
    """End an exemption before its last day (提前终止); the office alone."""
    exemption = _exemption(request, pk)
    steps = service.row_steps_of(exemption, request.user, clock.today())
    refuse_others(steps["end"])
    form = ExemptionEndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            service.end_exemption(exemption=exemption, by=request.user, now=clock.now(), **form.cleaned_data)
            messages.success(request, "已终止豁免，即日起恢复评定。")
            return redirect("exemption_list")
    context = {"exemption": exemption, "form": form, "steps": steps}
    return render(request, "lights/exemption_end.html", context)


def _exemption(request: HouseRequest, pk: int) -> LightExemption:
    rows = LightExemption.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("project", "asked_by", "decided_by"), pk=pk)


def _light(project: Project, day):
    return lights_for(Project.objects.filter(pk=project.pk), day)[project.pk]
