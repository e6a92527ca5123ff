"""Drafting a plan (拟订推进方案): from a template with the verdict before saving, then row by row."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from projects import clock
from projects.models import DeliveryPlan, Milestone, PlanTemplate, Project
from projects.queries.base.calendar import working_calendar
from projects.queries.plans.schedule import PlanOutlook, order_breaks, outlook, plan_milestones
from projects.services.plans import drafting as service
from projects.services.plans.versions import OPEN_STATES

from ..base.form_page import Done, bound, form_page
from ..base.refusals import add_refusal
from ..base.requests import HouseRequest
from .forms import DraftHeadForm, DraftRowForm, PlanCreateForm, RowForm, active_units


@require_http_methods(["GET", "HEAD", "POST"])
def plan_create(request: HouseRequest, code: str) -> HttpResponse:
    """Draft from a template: first the dates and the verdict (推算), then the draft itself (保存)."""
    project = get_object_or_404(
        Project.objects.editable_by(request.user).select_related("lead_department", "host_district"),
        code=code,
    )
    form = PlanCreateForm(**bound(request), initial={"starts_on": clock.today()})
    outline = None
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("action") == "save":
                plan = service.draft_plan_from_template(
                    project=project,
                    **form.outline,
                    reason=form.cleaned_data["reason"],
                    document=form.cleaned_data["document"],
                    by=request.user,
                    now=clock.now(),
                )
                messages.success(request, f"已拟订{plan}，请核对各节点后报审。")
                return redirect("plan_edit", pk=plan.pk)
            outline = service.outline_plan(project=project, **form.outline)
        except ValidationError as refusal:
            add_refusal(form, refusal)
    left_out = list(form.cleaned_data.get("left_out", ())) if form.is_bound and form.is_valid() else []
    context = {
        "project": project,
        "form": form,
        "outline": outline,
        "verdict": PlanOutlook(outline.schedule) if outline else None,
        "left_out": left_out,
        "plan_in_force": project.plans.filter(state=DeliveryPlan.State.APPROVED).first(),
        "open_plan": project.plans.filter(state__in=OPEN_STATES).first(),
        "no_template": not PlanTemplate.objects.filter(is_active=True).exists(),
        "cancel_href": reverse("project_detail", args=[project.code]),
    }
    return render(request, "plans/plan_create.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request: HouseRequest, pk: int) -> HttpResponse:
    """The draft: head and rows side by side; save, schedule anew, move rows (修改草稿)."""
    plan = _draft(request, pk)
    milestones = plan_milestones(plan)
    units = active_units(milestones)
    posted = request.POST if request.method == "POST" else None
    head = DraftHeadForm(posted, instance=plan)
    rows = [DraftRowForm(posted, milestone=one, units=units) for one in milestones]
    if posted is not None and all([head.is_valid(), *(row.is_valid() for row in rows)]):
        try:
            service.edit_draft(
                plan=plan,
                head=head.cleaned_data,
                rows={row.milestone.pk: row.cleaned_data for row in rows},
                by=request.user,
                now=clock.now(),
            )
            return _then(request, plan, milestones, posted.get("action", ""))
        except ValidationError as refusal:
            add_refusal(head, refusal)
    if posted is not None:  # dates and verdict below are those that stand, not those that were refused
        plan = _draft(request, pk)
        milestones = plan_milestones(plan)
    found = outlook(plan, milestones, working_calendar())
    context = {
        "plan": plan,
        "head": head,
        "rows": [(row, found.of(row.milestone)) for row in rows],
        "wrong_rows": [row for row in rows if row.errors],
        "outlook": found,
        "breaks": order_breaks(milestones),
    }
    return render(request, "plans/plan_edit.html", context)


def _then(
    request: HouseRequest, plan: DeliveryPlan, milestones: list[Milestone], action: str
) -> HttpResponse:
    """What the pressed button asks for after saving: schedule anew, move a row, or nothing more."""
    verb, _, key = action.partition(":")
    who: dict[str, Any] = {"by": request.user, "now": clock.now()}
    row = next((one for one in milestones if str(one.pk) == key), None)
    if verb == "recompute":
        try:
            changed = service.recompute_draft(plan=plan, **who)
        except ValidationError as refusal:
            messages.error(request, "已保存，但" + "".join(refusal.messages))
        else:
            messages.success(
                request,
                f"已保存并按倒排重算，{changed}个节点的时间有变化。"
                if changed
                else "已保存，各节点时间与倒排一致。",
            )
    elif verb in {"up", "down"} and row:
        service.move_row(milestone=row, up=verb == "up", **who)
        return redirect(f"{reverse('plan_edit', args=[plan.pk])}#row{row.pk}")
    else:
        messages.success(request, "草稿已保存。")
    return redirect("plan_edit", pk=plan.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_row_create(request: HouseRequest, pk: int) -> HttpResponse:
    """Add a milestone to a draft (增加节点)."""
    return _row(request, _draft(request, pk), None)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_row_edit(request: HouseRequest, pk: int, row: int) -> HttpResponse:
    """A milestone of a draft in full (修改节点)."""
    plan = _draft(request, pk)
    return _row(request, plan, get_object_or_404(plan.milestones, pk=row))


@require_POST
def plan_row_remove(request: HouseRequest, pk: int, row: int) -> HttpResponse:
    """Take a milestone out of a draft (删除节点)."""
    plan = _draft(request, pk)
    milestone = get_object_or_404(plan.milestones.select_related("plan__project"), pk=row)
    name = milestone.name
    service.remove_row(milestone=milestone, by=request.user, now=clock.now())
    return Done(f"已删除节点“{name}”，其后的节点改接其紧前节点。", "plan_edit", pk).redirect(request)


def _draft(request: HouseRequest, pk: int) -> DeliveryPlan:
    """A draft the person may change; anything else has no such page."""
    plan = get_object_or_404(
        DeliveryPlan.objects.editable_by(request.user).select_related("project", "template"), pk=pk
    )
    if not plan.is_draft:
        raise Http404
    return plan


def _row(request: HouseRequest, plan: DeliveryPlan, milestone: Milestone | None) -> HttpResponse:
    initial = None if milestone else {"stage": Milestone.Stage.PREPARATORY}
    form = RowForm(**bound(request), plan=plan, instance=milestone, initial=initial)

    def save() -> Done:
        service.save_row(
            plan=plan,
            milestone=milestone,
            values=form.values,
            predecessors=list(form.cleaned_data["predecessors"]),
            by=request.user,
            now=clock.now(),
        )
        return Done(f"节点“{form.cleaned_data['name']}”已保存。", "plan_edit", plan.pk)

    context = {
        "plan": plan,
        "milestone": milestone,
        "cancel_href": reverse("plan_edit", args=[plan.pk]),
    }
    return form_page(request, "plans/plan_row.html", form, save, context=context, edits=milestone, under=plan)
