"""State and level of a project (状态变更、项目层级): the office's pages, with what keeps it from being closed."""

from contextlib import suppress
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from projects import clock
from projects.models import Milestone, Problem, Project, StateChange
from projects.queries.register.closing import ClosingItem, closing_check
from projects.services.register.projects import place_project
from projects.services.register.states import change_state, steps_of

from ..base.form_page import Done, bound, form_page
from ..base.guards import office_only
from ..base.requests import HouseRequest
from .forms import LevelForm, StateForm


@require_http_methods(["GET", "HEAD", "POST"])
def state_change(request: HouseRequest, code: str) -> HttpResponse:
    """停工、暂缓、退库、复工、办结 with day, reason and document; beneath, the closing check and the history."""
    project = get_object_or_404(Project.objects.visible_to(request.user), code=code)
    office_only(request, "变更项目状态")
    today, closing = clock.today(), closing_check(project)
    steps = steps_of(project, request.user, today, closing)
    form = StateForm(**bound(request), steps=steps, initial={"effective_on": today})

    def change() -> Done:
        made = change_state(project=project, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done(f"项目状态已变更为“{made.get_state_display()}”。", "project_detail", project.code)

    context = {
        "project": project,
        "cancel_href": reverse("project_detail", args=[project.code]),
        "closing": closing_rows(closing),
        "changes": state_history(project),
    }
    return form_page(request, "register/state_change.html", form, change, context=context)


def state_history(project: Project) -> QuerySet[StateChange]:
    """Dated states with their papers, the newest first (状态变更记录)."""
    changes = project.state_changes.select_related("made_by").prefetch_related("attachments")
    return changes.order_by("-effective_on", "-pk")


def closing_rows(items: list[ClosingItem]) -> list[tuple[ClosingItem, list[tuple[str, str]]]]:
    """The closing check with the address of every open row (办结检查)."""
    return [(item, [(str(row), _page_of(row)) for row in item.open]) for item in items]


def _page_of(row: Any) -> str:
    if isinstance(row, Problem):
        return reverse("problem_detail", args=[row.pk])
    if isinstance(row, Milestone):
        return reverse("milestone_achieve", args=[row.pk])
    with suppress(NoReverseMatch):  # orders have pages of their own
        return reverse("order_detail", args=[row.order_id])
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
def project_level(request: HouseRequest, code: str) -> HttpResponse:
    """单体、打包、分期 and the package it belongs to."""
    project = get_object_or_404(Project.objects.visible_to(request.user).select_related("parent"), code=code)
    office_only(request, "调整项目层级")
    initial = {"level": project.level, "parent": project.parent, "from_on": clock.today()}
    form = LevelForm(**bound(request), project=project, initial=initial)

    def place() -> Done:
        place_project(project=project, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("项目层级已调整。", "project_detail", project.code)

    context = {"project": project, "cancel_href": reverse("project_detail", args=[project.code])}
    return form_page(request, "register/project_level.html", form, place, context=context)
