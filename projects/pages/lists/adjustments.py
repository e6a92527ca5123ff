"""List adjustments (名单调整): the list of them, one with its lines and effect, each step to its approval."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import Table

from projects import clock
from projects.figures.population import Scope
from projects.models import ListAdjustment, ListAdjustmentLine, Project
from projects.queries.lists.versions import AdjustedLine, adjusted_lines, candidates, latest_versions
from projects.services.base.steps import Steps
from projects.services.lists import adjustments as service
from projects.services.lists.rolling import roll_over

from ..base.context import show
from ..base.form_page import Done, bound, fill_step, form_page, take_step
from ..base.guards import office_only
from ..base.list_page import ListPage
from ..base.refusals import add_refusal
from ..base.requests import HouseRequest
from .filters import AdjustmentFilter
from .forms import AdjustmentForm, LineForm, ReviewForm, RollForm
from .tables import AdjustmentTable, DraftLineTable, LineTable

State = ListAdjustment.State
MOST_FOUND = 20


def all_seeing_only(request: HouseRequest) -> None:
    """Lists as a whole are read by whoever sees all projects."""
    if not request.user.sees_all_projects:
        raise PermissionDenied("名单调整和对比由统筹、督查和管理员查看。")


def _adjustments() -> QuerySet[ListAdjustment]:
    return ListAdjustment.objects.select_related("annual_list__kind", "made_by", "reviewed_by")


class AdjustmentList(ListPage):
    """Adjustments by list and state, the latest effective date first."""

    template_name = "lists/adjustment_list.html"
    title = heading = "名单调整"
    takes_as_of = False
    filter_class, table_class = AdjustmentFilter, AdjustmentTable

    def get(self, request: HouseRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        all_seeing_only(request)
        return super().get(request, *args, **kwargs)

    def rows(self) -> QuerySet[ListAdjustment]:
        # grouping forgets the order of the model
        return _adjustments().annotate(line_count=Count("lines")).order_by("-effective_on", "-pk")

    def context(self) -> dict[str, Any]:
        return {"waiting": ListAdjustment.objects.filter(state=State.SUBMITTED).count()}


@require_http_methods(["GET", "HEAD", "POST"])
def adjustment_create(request: HouseRequest) -> HttpResponse:
    """Begin an adjustment (拟订名单调整)."""
    office_only(request, "办理名单调整")
    form = AdjustmentForm(**bound(request), initial={"annual_list": request.GET.get("list")})

    def draft() -> Done:
        adjustment = service.draft_adjustment(by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("已建立草稿，请添加调整的项目。", "adjustment_detail", adjustment.pk)

    context = {"cancel_href": reverse("adjustment_list"), "submit": "建立草稿"}
    return form_page(request, "lists/adjustment_form.html", form, draft, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def adjustment_roll(request: HouseRequest) -> HttpResponse:
    """Draw up the next year's list from one of the lists (滚动编制下年名单)."""
    office_only(request, "办理名单调整")
    form = RollForm(**bound(request))

    def roll() -> Done:
        adjustment = roll_over(by=request.user, now=clock.now(), **form.cleaned_data)
        return Done(
            "已按上年名单建立草稿，请逐个填写年度计划投资后提交。", "adjustment_detail", adjustment.pk
        )

    context = {
        "cancel_href": reverse("adjustment_list"),
        "submit": "编制草稿",
        "heading": "滚动编制下年名单",
        "subheading": "上年续建、未开工的项目一次转入草稿；逐项核对、填写年度计划投资后提交，由统筹的其他人员复核",
    }
    return form_page(request, "lists/adjustment_form.html", form, roll, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def adjustment_edit(request: HouseRequest, pk: int) -> HttpResponse:
    """Change document, effective date or note of a draft."""
    office_only(request, "办理名单调整")
    adjustment = get_object_or_404(_adjustments(), pk=pk)
    form = AdjustmentForm(**bound(request), instance=adjustment)

    def revise() -> Done:
        service.revise_adjustment(
            adjustment=adjustment, by=request.user, now=clock.now(), **form.cleaned_data
        )
        return Done("已保存。", "adjustment_detail", pk)

    context = {
        "adjustment": adjustment,
        "steps": _steps(request, adjustment),
        "cancel_href": reverse("adjustment_detail", args=[pk]),
        "submit": "保存",
    }
    return form_page(
        request,
        "lists/adjustment_form.html",
        form,
        revise,
        context=context,
        edits=adjustment,
        under=adjustment.annual_list,
    )


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
    chosen = request.GET.get("project", "").replace("\x00", "")
    project = Project.objects.filter(code=chosen).first() if chosen else None
    about = {
        "adjustment": adjustment,
        "steps": _steps(request, adjustment),
        "back": reverse("adjustment_detail", args=[pk]),
    }
    if project is None:
        return render(request, "lists/line_search.html", about | _found(request, adjustment))
    form, warning = LineForm(**bound(request)), ""
    if request.method == "POST" and form.is_valid():
        given = {"project": project, "by": request.user, "now": clock.now(), **form.cleaned_data}
        try:
            service.put_line(adjustment=adjustment, **given)
        except ValidationError as refusal:
            warning = _warning(refusal)
            if not warning:
                add_refusal(form, refusal)
        else:
            return Done(f"已添加“{project.name}”。", "adjustment_detail", pk).redirect(request)
    context = about | {
        "project": project,
        "said": latest_versions(adjustment.annual_list, [project.pk]).get(project.pk),
        "form": form,
        "warnings": [warning] if warning else [],
    }
    return render(request, "lists/line_form.html", context)


def _found(request: HouseRequest, adjustment: ListAdjustment) -> dict[str, Any]:
    """The projects that the words of ?q= find, for one of them to be chosen."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = list(candidates(adjustment.annual_list, words)[: MOST_FOUND + 1]) if words else []
    return {
        "q": words,
        "found": found[:MOST_FOUND],
        "more": len(found) > MOST_FOUND,
        "taken": set(adjustment.lines.values_list("project", flat=True)),
    }


@require_POST
def adjustment_line_remove(request: HouseRequest, pk: int) -> HttpResponse:
    """Take a project out of a draft again."""
    office_only(request, "办理名单调整")
    line = get_object_or_404(ListAdjustmentLine.objects.select_related("adjustment", "project"), pk=pk)
    back = reverse("adjustment_detail", args=[line.adjustment_id])

    def drop() -> Done:
        service.drop_line(line=line, by=request.user, now=clock.now())
        return Done(f"已移除“{line.project.name}”。", back)

    return take_step(request, drop, back=back)


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


def _step(
    request: HouseRequest, pk: int, form: forms.Form, verb: Callable[..., ListAdjustment], done: str
) -> HttpResponse:
    """Take one step: the page again with what is wrong, else back to the adjustment."""
    office_only(request, "办理名单调整")
    adjustment = get_object_or_404(_adjustments(), pk=pk)

    def do() -> Done:
        verb(adjustment=adjustment, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done(done, "adjustment_detail", pk)

    return fill_step(
        request, form, do, lambda: _detail(request, adjustment, form if form.fields else ReviewForm())
    )


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
    shown = AdjustmentShown(
        adjustment=adjustment,
        lines=lines,
        table=(DraftLineTable if steps["edit"] else LineTable)(lines, as_of=today),
        effect=effect,
        may_be_measured=adjustment.is_open and not unfit and effect is None,
        level_words=Scope(today, adjustment.annual_list.year, (adjustment.annual_list_id,)).level_words,
        refusals=unfit if lines else [],
        steps=steps,
        is_own=adjustment.made_by_id == user.pk,
        review_form=review_form,
    )
    return show(request, "lists/adjustment_detail.html", shown)


@dataclass(frozen=True)
class AdjustmentShown:
    """An adjustment with its lines, what it would change where that was measured, why it does not fit, its steps."""

    adjustment: ListAdjustment
    lines: list[AdjustedLine]
    table: Table
    effect: service.Effect | None
    may_be_measured: bool
    level_words: str
    refusals: list[str]
    steps: Steps
    is_own: bool
    review_form: forms.Form
