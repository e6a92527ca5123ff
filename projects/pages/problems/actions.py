"""Actions (措施): the list by unit, and reporting one carried out."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from projects import clock
from projects.models import CorrectiveAction
from projects.services.problems.actions import finish_action, steps_of

from ..base.context import as_of_from
from ..base.listing import chips, exported, list_notes, paged
from ..base.refusals import refused_on
from ..base.requests import HouseRequest
from .filters import OPEN, ActionFilter
from .forms import ActionDoneForm
from .tables import ActionTable, source_of


@require_safe
def action_list(request: HouseRequest) -> HttpResponse:
    """Actions as of a day, with each unit's counts above; without a status those not carried out yet."""
    as_of = as_of_from(request)
    given = request.GET.copy()
    given.setdefault("status", OPEN)
    visible = CorrectiveAction.objects.visible_to(request.user).filter(made_on__lte=as_of)
    rows = visible.for_steps(request.user).select_related("project", "unit").order_by("due_on", "pk")
    filterset = ActionFilter(given, queryset=rows, as_of=as_of)
    table = ActionTable(filterset.qs, as_of=as_of, user=request.user, today=clock.today())
    active = chips(filterset)
    if file := exported(
        request, table, title="措施清单", notes=list_notes(request, as_of, active), as_of=as_of
    ):
        return file
    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "table": paged(request, table),
        "form": filterset.form,
        "chips": [chip for chip in active if chip.name in request.GET],
        "units": _by_unit(visible, as_of),
    }
    return render(request, "problems/actions/action_list.html", context)


def _by_unit(actions, as_of) -> list[dict]:
    """Open, overdue and done of each unit, the most overdue first. One query."""
    is_done = Q(done_on__lte=as_of)
    return list(
        actions.order_by()
        .values("unit", "unit__name")
        .annotate(
            open=Count("pk", filter=~is_done),
            overdue=Count("pk", filter=~is_done & Q(due_on__lt=as_of)),
            done=Count("pk", filter=is_done),
        )
        .order_by("-overdue", "-open", "unit__name")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def action_finish(request: HouseRequest, pk: int) -> HttpResponse:
    """Report a action carried out (登记落实), for whoever may; the matter's page afterwards."""
    rows = CorrectiveAction.objects.visible_to(request.user).for_steps(request.user)
    action = get_object_or_404(rows.select_related("project", "unit", "problem"), pk=pk)
    steps = steps_of(action, request.user, clock.today())
    if steps["finish"].is_who:
        raise Http404
    form = ActionDoneForm(request.POST or None, request.FILES or None)
    back = source_of(action)[1]
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            finish_action(action=action, by=request.user, now=clock.now(), **form.cleaned_data)
            messages.success(request, "落实情况已登记。")
            return redirect(back)
    context = {
        "action": action,
        "form": form,
        "steps": steps,
        "source": source_of(action)[0],
        "cancel_href": back,
    }
    return render(request, "problems/actions/action_finish.html", context)
