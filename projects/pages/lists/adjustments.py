"""List adjustments (名单调整): the list of them, one with its lines and effect, each step to its approval."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.figures.population import Scope
from projects.models import ListAdjustment, ListAdjustmentLine, Project
from projects.queries.lists.versions import adjusted_lines, candidates, latest_versions
from projects.services.base.steps import Steps
from projects.services.lists import adjustments as service

from ..base.guards import office_only
from ..base.listing import chips, exported, list_notes, paged
from ..base.refusals import add_refusal, refused_aloud, refused_here, refused_on
from ..base.requests import HouseRequest
from .filters import AdjustmentFilter
from .forms import AdjustmentForm, LineForm, ReviewForm
from .tables import AdjustmentTable, DraftLineTable, LineTable

State = ListAdjustment.State
MOST_FOUND = 20


def all_seeing_only(request: HouseRequest) -> None:
    """Lists as a whole are read by whoever sees all projects."""
    if not request.user.sees_all_projects:
        raise PermissionDenied("名单调整和对比由统筹、督查和管理员查看。")


def _adjustments() -> QuerySet[ListAdjustment]:
    return ListAdjustment.objects.select_related("annual_list__kind", "made_by", "reviewed_by")


@require_safe
def adjustment_list(request: HouseRequest) -> HttpResponse:
    """Adjustments by list and state, the latest effective date first."""
    all_seeing_only(request)
    # grouping forgets the order of the model
    rows = _adjustments().annotate(line_count=Count("lines")).order_by("-effective_on", "-pk")
    filterset = AdjustmentFilter(request.GET, queryset=rows)
    table = AdjustmentTable(filterset.qs)
    active = chips(filterset)
    notes = list_notes(request, clock.today(), active)
    if file := exported(request, table, title="名单调整", notes=notes):
        return file
    waiting = ListAdjustment.objects.filter(state=State.SUBMITTED).count()
    context = {
        "table": paged(request, table),
        "form": filterset.form,
        "chips": active,
        "waiting": waiting,
    }
    return render(request, "lists/adjustment_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def adjustment_create(request: HouseRequest) -> HttpResponse:
    """Begin an adjustment (拟订名单调整)."""
    office_only(request, "办理名单调整")
    form = AdjustmentForm(request.POST or None, initial={"annual_list": request.GET.get("list")})
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            adjustment = service.draft_adjustment(by=request.user, now=clock.now(), **form.cleaned_data)
            messages.success(request, "已建立草稿，请添加调整的项目。")
            return redirect("adjustment_detail", pk=adjustment.pk)
    context = {"form": form, "cancel_href": reverse("adjustment_list"), "submit": "建立草稿"}
    return render(request, "lists/adjustment_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def adjustment_edit(request: HouseRequest, pk: int) -> HttpResponse:
    """Change document, effective date or note of a draft."""
    office_only(request, "办理名单调整")
    adjustment = get_object_or_404(_adjustments(), pk=pk)
    form = AdjustmentForm(request.POST or None, instance=adjustment)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            service.revise_adjustment(
                adjustment=adjustment, by=request.user, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, "已保存。")
            return redirect("adjustment_detail", pk=pk)
    context = {
        "form": form,
        "adjustment": adjustment,
        "steps": _steps(request, adjustment),
        "cancel_href": reverse("adjustment_detail", args=[pk]),
        "submit": "保存",
    }
    return render(request, "lists/adjustment_form.html", context)


@require_safe
def adjustment_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """One adjustment: its lines, its effect on the list's figures, the next step for whoever may take it."""
    all_seeing_only(request)
    return _detail(request, get_object_or_404(_adjustments(), pk=pk), ReviewForm())


@require_POST
def adjustment_effect(request: HouseRequest, pk: int) -> HttpResponse:
    """The page with the effect of what is not in force yet, measured on request (测算调整前后).

    By POST, because the preview writes inside a transaction that it rolls back: reading must not hold others' writes.
    """
    all_seeing_only(request)
    return _detail(request, get_object_or_404(_adjustments(), pk=pk), ReviewForm(), preview=True)


@require_http_methods(["GET", "HEAD", "POST"])
def adjustment_line_create(request: HouseRequest, pk: int) -> HttpResponse:
    """Put a project into a draft: find it (?q=), then say what happens to it (?project=)."""
    office_only(request, "办理名单调整")
    adjustment = get_object_or_404(_adjustments(), pk=pk)
    back = reverse("adjustment_detail", args=[pk])
    chosen = request.GET.get("project", "").replace("\x00", "")
    project = Project.objects.filter(code=chosen).first() if chosen else None
    if project is None:
        words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
        found = list(candidates(adjustment.annual_list, words)[: MOST_FOUND + 1]) if words else []
        context = {
            "adjustment": adjustment,
            "steps": _steps(request, adjustment),
            "q": words,
            "found": found[:MOST_FOUND],
            "more": len(found) > MOST_FOUND,
            "taken": set(adjustment.lines.values_list("project", flat=True)),
            "back": back,
        }
        return render(request, "lists/line_search.html", context)
    form = LineForm(request.POST or None)
    warning = ""
    if request.method == "POST" and form.is_valid():
        try:
            service.put_line(
                adjustment=adjustment,
                project=project,
                by=request.user,
                now=clock.now(),
                **form.cleaned_data,
            )
        except ValidationError as refusal:
            warning = _warning(refusal)
            if not warning:
                add_refusal(form, refusal)
        else:
            messages.success(request, f"已添加“{project.name}”。")
            return redirect("adjustment_detail", pk=pk)
    context = {
        "adjustment": adjustment,
        "steps": _steps(request, adjustment),
        "project": project,
        "said": latest_versions(adjustment.annual_list, [project.pk]).get(project.pk),
        "form": form,
        "warnings": [warning] if warning else [],
        "back": back,
    }
    return render(request, "lists/line_form.html", context)


@require_POST
def adjustment_line_remove(request: HouseRequest, pk: int) -> HttpResponse:
    """Take a project out of a draft again."""
    office_only(request, "办理名单调整")
    line = get_object_or_404(ListAdjustmentLine.objects.select_related("adjustment", "project"), pk=pk)
    with refused_aloud(request):
        service.drop_line(line=line, by=request.user, now=clock.now())
        messages.success(request, f"已移除“{line.project.name}”。")
    return redirect("adjustment_detail", pk=line.adjustment_id)


@require_POST
def adjustment_submit(request: HouseRequest, pk: int) -> HttpResponse:
    """Hand a draft in for review (提交复核)."""
    return _step(request, pk, forms.Form(request.POST), service.submit_adjustment, "已提交，待他人复核。")


@require_POST
def adjustment_approve(request: HouseRequest, pk: int) -> HttpResponse:
    """Approve: the list speaks by it from the effective date on."""
    return _step(
        request,
        pk,
        ReviewForm(request.POST),
        service.approve_adjustment,
        "已复核通过，名单自生效日期起更新，此前的数字不变。",
    )


@require_POST
def adjustment_return(request: HouseRequest, pk: int) -> HttpResponse:
    """Send one back to its drafter."""
    return _step(request, pk, ReviewForm(request.POST), service.return_adjustment, "已退回拟订人修改。")


@require_POST
def adjustment_withdraw(request: HouseRequest, pk: int) -> HttpResponse:
    """Give one up that is not in force."""
    return _step(request, pk, ReviewForm(request.POST), service.withdraw_adjustment, "已撤回。")


def _steps(request: HouseRequest, adjustment: ListAdjustment) -> Steps:
    """For the pages of a draft, which do not ask whether its lines fit the list."""
    return service.steps_of(adjustment, request.user, clock.today(), unfit=())


def _warning(refusal: ValidationError) -> str:
    """The words of a refusal that the person may overrule; "" for any other."""
    errors = getattr(refusal, "error_dict", {}).get("confirmed", [])
    return next((error.messages[0] for error in errors if error.code == service.OVER_TOTAL), "")


def _step(request: HouseRequest, pk: int, form: forms.Form, verb, done: str) -> HttpResponse:
    """Take one step: the page again with what is wrong, else back to the adjustment."""
    office_only(request, "办理名单调整")
    adjustment = get_object_or_404(_adjustments(), pk=pk)
    if form.is_valid():
        with refused_here(request, form):
            verb(adjustment=adjustment, by=request.user, now=clock.now(), **form.cleaned_data)
            messages.success(request, done)
            return redirect("adjustment_detail", pk=pk)
    return _detail(request, adjustment, form if form.fields else ReviewForm())


def _detail(
    request: HouseRequest, adjustment: ListAdjustment, review_form: forms.Form, *, preview: bool = False
) -> HttpResponse:
    user, today = request.user, clock.today()
    unfit = service.refusals_of(adjustment) if adjustment.is_open else []
    steps = service.steps_of(adjustment, user, today, unfit=unfit)
    lines = adjusted_lines(adjustment)
    effect = None
    if lines and (adjustment.is_approved or (preview and adjustment.is_open)):
        effect = service.effect_of(adjustment, as_of=today, by=user, now=clock.now())
    context = {
        "adjustment": adjustment,
        "lines": lines,
        "table": (DraftLineTable if steps["edit"] else LineTable)(lines),
        "effect": effect,
        "may_be_measured": adjustment.is_open and not unfit and effect is None,
        "level_words": Scope(today, adjustment.annual_list.year, (adjustment.annual_list_id,)).level_words,
        "refusals": unfit if lines else [],
        "steps": steps,
        "is_own": adjustment.made_by_id == user.pk,
        "review_form": review_form,
    }
    return render(request, "lists/adjustment_detail.html", context)
