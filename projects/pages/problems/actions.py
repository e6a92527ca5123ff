"""Actions (措施): the list by unit, and reporting one carried out."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects import clock
from projects.models import CorrectiveAction, Project
from projects.models.problems.clinics import ActionQuerySet
from projects.services.problems.actions import finish_action, steps_of

from ..base.form_page import Done, bound, form_page
from ..base.list_page import ListPage
from ..base.requests import HouseRequest
from ..base.returning import as_left, safe_next
from .filters import OPEN, ActionFilter
from .forms import ActionDoneForm
from .tables import ActionTable, source_of


class ActionList(ListPage):
    """Actions as of a day, with each unit's counts beneath; without a status those not carried out yet."""

    template_name = "problems/actions/action_list.html"
    title = heading = "措施清单"
    filter_class, table_class = ActionFilter, ActionTable
    given = {"status": OPEN}

    def rows(self) -> QuerySet[CorrectiveAction]:
        rows = self._made().for_steps(self.request.user).select_related("project", "unit")
        return rows.order_by("due_on", "pk")

    def context(self) -> dict[str, Any]:
        return {"units": _by_unit(self._made(), self.as_of)}

    def _made(self) -> ActionQuerySet:
        return CorrectiveAction.objects.visible_to(self.request.user).filter(made_on__lte=self.as_of)


def _by_unit(actions: QuerySet[CorrectiveAction], as_of: dt.date) -> Iterable[Any]:
    """Open, overdue and done of each unit, the most overdue first. One query."""
    is_done = Q(done_on__lte=as_of)
    return (
        actions.order_by()
        .values("unit", "unit__name")
        .annotate(
            open=Count("pk", filter=~is_done),
            overdue=Count("pk", filter=~is_done & Q(due_on__lt=as_of)),
            done=Count("pk", filter=is_done),
        )
        .order_by("-overdue", "-open", "unit__position", "unit__name_key")
    )


def _back(request: HouseRequest, action: CorrectiveAction, back: str) -> str:
    """The matter's page; the list for a unit that saw the project for this action alone."""
    sees = Project.objects.visible_to(request.user).filter(pk=action.project_id).exists()
    return safe_next(request, back) if sees else as_left(request, reverse("action_list"))


@require_http_methods(["GET", "HEAD", "POST"])
def action_finish(request: HouseRequest, pk: int) -> HttpResponse:
    """Report an action carried out (登记落实), for whoever may; the matter's page afterwards."""
    rows = CorrectiveAction.objects.visible_to(request.user).for_steps(request.user)
    action = get_object_or_404(rows.select_related("project", "unit", "problem"), pk=pk)
    steps = steps_of(action, request.user, clock.today())
    if steps["finish"].is_who:
        raise Http404
    form = ActionDoneForm(**bound(request))
    source, back = source_of(action)

    def finish() -> Done:
        finish_action(action=action, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("落实情况已登记。", _back(request, action, back))

    context = {"action": action, "steps": steps, "source": source, "cancel_href": safe_next(request, back)}
    return form_page(request, "problems/actions/action_finish.html", form, finish, context=context)
