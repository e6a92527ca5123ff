"""Plot pages (用地一件事): the list, a plot with its items by stage and class, each step of an item."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.models import Plot, PlotItem, Project
from projects.queries.papers.land import neighbours, plot_sheet, with_progress
from projects.services.papers import land as service

from ..base.form_page import Done, bound, form_page
from ..base.list_page import ListPage
from ..base.refusals import refused_here
from ..base.requests import HouseRequest
from .filters import PlotFilter
from .forms import FinishForm, LandReasonForm, PlotForm, StartForm
from .tables import PlotTable


class PlotList(ListPage):
    """Plots with their progress, those with something overdue first."""

    title, heading = "地块清单", "用地一件事"
    subheading = "各地块的用地报批、土地供应、用地登记进度"
    foot = "在项目页登记地块；进度为已办结和不涉及的事项数与事项总数。"
    note = "进度为已办结和不涉及的事项数与事项总数"
    takes_as_of = False
    filter_class, table_class = PlotFilter, PlotTable

    def rows(self) -> QuerySet[Plot]:
        plots = Plot.objects.visible_to(self.request.user).select_related("project__lead_department")
        return with_progress(plots, self.as_of).order_by("-overdue", "next_due_on", "pk")


@require_http_methods(["GET", "HEAD", "POST"])
def plot_create(request: HouseRequest, code: str) -> HttpResponse:
    """Enter a plot of a project (登记地块)."""
    project = get_object_or_404(Project.objects.editable_by(request.user), code=code)
    form = PlotForm(**bound(request))

    def enter() -> Done:
        plot = service.create_plot(project=project, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done(f"地块“{plot.name}”已登记。", "plot_detail", plot.pk)

    context = {
        "project": project,
        "entering": service.entering(project, request.user, ours=True),
        "cancel_href": reverse("project_detail", args=[project.code]),
    }
    return form_page(request, "papers/land/plot_form.html", form, enter, context=context)


@require_safe
def plot_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """A plot: progress, what can be started, what is under way, every item by stage and class."""
    plots = Plot.objects.visible_to(request.user).select_related("project", "made_by")
    plot = get_object_or_404(plots, pk=pk)
    context = {
        "plot": plot,
        "sheet": plot_sheet(plot, clock.today()),
        "handling": service.handling(plot, request.user),
    }
    return render(request, "papers/land/plot_detail.html", context)


@require_safe
def plot_item(request: HouseRequest, pk: int) -> HttpResponse:
    """One item of a plot: unit, limit, materials, what comes before and after; the next step."""
    return _item(request, get_object_or_404(_items_seen_by(request), pk=pk))


@require_POST
def plot_start(request: HouseRequest, pk: int) -> HttpResponse:
    """Begin an item (启动)."""
    return _step(request, pk, "start_form", StartForm(request.POST), service.start_item, "事项已启动。")


@require_POST
def plot_finish(request: HouseRequest, pk: int) -> HttpResponse:
    """Mark an item done (办结)."""
    return _step(request, pk, "finish_form", FinishForm(request.POST), service.finish_item, "事项已办结。")


@require_POST
def plot_skip(request: HouseRequest, pk: int) -> HttpResponse:
    """Say that an item does not apply (不涉及)."""
    form = LandReasonForm(request.POST, prefix="skip")
    return _step(request, pk, "skip_form", form, service.skip_item, "已标注为不涉及。")


@require_POST
def plot_undo(request: HouseRequest, pk: int) -> HttpResponse:
    """Take back an item's last step (撤销); the office alone."""
    get_object_or_404(_items_seen_by(request), pk=pk)
    if not request.user.is_office:
        raise PermissionDenied
    form = LandReasonForm(request.POST, prefix="undo")
    return _step(request, pk, "undo_form", form, service.undo_item, "已撤销。")


def _items_seen_by(request: HouseRequest) -> QuerySet[PlotItem]:
    return (
        PlotItem.objects.visible_to(request.user)
        .live()
        .select_related("plot__project", "item__land_class", "unit")
    )


def _step(
    request: HouseRequest, pk: int, name: str, form: forms.Form, verb: Callable[..., object], done: str
) -> HttpResponse:
    """Take one step: the item's page again with what is wrong, else back to the plot. A foreign item is 404."""
    item = get_object_or_404(_items_seen_by(request), pk=pk)
    if not PlotItem.objects.editable_by(request.user).filter(pk=pk).exists():
        raise Http404
    if form.is_valid():
        with refused_here(request, form):
            verb(item=item, by=request.user, now=clock.now(), **form.cleaned_data)
            messages.success(request, f"{item.item.name}：{done}")
            return redirect(f"{reverse('plot_detail', args=[item.plot_id])}#item-{item.item_id}")
    return _item(request, item, **{name: form})


def _item(request: HouseRequest, item: PlotItem, **bound: forms.Form) -> HttpResponse:
    today, around = clock.today(), neighbours(item)
    context = {
        "item": item,
        "steps": service.steps_of(item, request.user, today, around),
        "around": around,
        "after": [other for other in around.after if other.item.is_active],
        "start_form": StartForm(initial={"started_on": today}),
        "finish_form": FinishForm(initial={"done_on": today}),
        "skip_form": LandReasonForm(prefix="skip"),
        "undo_form": LandReasonForm(prefix="undo"),
    }
    return render(request, "papers/land/plot_item.html", context | bound)
