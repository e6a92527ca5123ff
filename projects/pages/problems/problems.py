"""Problem pages (问题清单): the list, its ages, a problem with its progress, and each step to the write-off."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.models import Attachment, CorrectiveAction, Problem, ProblemEntry, Project, SiteVisit, Unit
from projects.queries.problems.problems import (
    AGES,
    DIMENSIONS,
    AgeLine,
    ageing,
    days_open,
    limits_by_level,
    total_of,
)
from projects.services.base.steps import Steps
from projects.services.problems import handling as service
from projects.services.problems.actions import add_action, with_steps
from projects.services.problems.entries import steps_of

from ..base.context import as_of_from, show
from ..base.form_page import Done, bound, fill_step, form_page
from ..base.list_page import ListPage
from ..base.requests import HouseRequest
from ..base.scope import UNKNOWN_WORDS, asked_matters, of_group
from .filters import FIGURES, OVERDUE, UNDONE, ProblemFilter
from .forms import (
    ActionForm,
    EscalateForm,
    HandledForm,
    HelpersForm,
    ProblemForm,
    ProgressForm,
    ReopenProblemForm,
    ResolveForm,
)
from .tables import ProblemTable


class ProblemList(ListPage):
    """The problem list as of a day; without a status it shows what is not written off yet, the latest due last."""

    template_name = "problems/problem_list.html"
    title = heading = "问题清单"
    foot = "在项目页可提出问题。办结后须由他人核验销号。"
    filter_class, table_class = ProblemFilter, ProblemTable

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found, self.asked = asked_matters(self.request, "problem")
        self.scope = found.scope
        self.given = {"status": FIGURES[self.asked.matter.key] if self.asked else UNDONE}
        if self.asked:
            self.as_of, self.note = self.asked.scope.cut_off, self.asked.words
        if self.scope.is_unknown:
            self.note = UNKNOWN_WORDS

    def rows(self) -> QuerySet[Problem]:
        problems = Problem.objects.visible_to(self.request.user).raised_by_day(self.as_of)
        rows = (
            problems.select_related("project", "lead_unit")
            .prefetch_related("closings")
            .order_by("due_on", "pk")
        )
        return self.asked.of(rows, "project") if self.asked else of_group(rows, self.scope, "project")

    def context(self) -> dict[str, Any]:
        return {"asked": self.asked, "scope": self.scope}


@require_safe
def problem_ageing(request: HouseRequest) -> HttpResponse:
    """How long the open problems have been open (账龄), by unit, category or level; every figure opens its rows."""
    as_of = as_of_from(request)
    by = request.GET.get("by", "")
    by = by if by in DIMENSIONS else "unit"
    lines = ageing(Problem.objects.visible_to(request.user), by=by, as_of=as_of)
    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "by": by,
        "words": DIMENSIONS[by][0],
        "dimensions": [(key, words) for key, (words, *_columns) in DIMENSIONS.items()],
        "ages": AGES,
        "lines": [_age_cells(line, by, as_of) for line in lines],
        "total": _age_cells(total_of(lines), by, as_of),
    }
    return render(request, "problems/problem_ageing.html", context)


def _age_cells(line: AgeLine, by: str, as_of: dt.date) -> dict[str, Any]:
    """A line with the address behind each of its figures."""
    mine = {by: line.key} if line.key else {}

    def door(**more: str) -> str:
        given = {"status": UNDONE} | mine | more | {"as_of": as_of.isoformat()}
        return f"{reverse('problem_list')}?{urlencode(given)}"

    return {
        "words": line.words,
        "cells": [
            (bucket.words, count, door(age=bucket.key))
            for count, bucket in zip(line.counts, AGES, strict=True)
        ],
        "total": (line.total, door()),
        "overdue": (line.overdue, door(status=OVERDUE)),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def problem_create(request: HouseRequest, code: str) -> HttpResponse:
    """Raise a problem on a project (提出问题)."""
    project = get_object_or_404(Project.objects.visible_to(request.user), code=code)
    if not service.raising(project, request.user):
        raise Http404
    visit = _visit_asked(request, project)
    initial = {"level": Problem.Level.DEPARTMENT}
    form = ProblemForm(**bound(request), project=project, limits=limits_by_level(), initial=initial)

    def raise_problem() -> Done:
        problem = service.raise_problem(
            project=project, visit=visit, by=request.user, now=clock.now(), **form.cleaned_data
        )
        due_on = problem.due_on
        return Done(f"问题已登记，办理时限为{due_on.month}月{due_on.day}日。", "problem_detail", problem.pk)

    back = reverse("visit_detail", args=[visit.pk]) if visit else reverse("project_detail", args=[code])
    context = {"project": project, "visit": visit, "cancel_href": back}
    return form_page(request, "problems/problem_form.html", form, raise_problem, context=context)


def _visit_asked(request: HouseRequest, project: Project) -> SiteVisit | None:
    """The visit on which the problem was found (?visit=); words that name none of this project's are no visit."""
    wanted = request.GET.get("visit", "")
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 19):
        return None
    return project.visits.filter(pk=wanted).first()


@require_safe
def problem_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """A problem with its dated progress, and the next step for whoever may take it."""
    return _detail(request, get_object_or_404(_seen_by(request), pk=pk))


@require_POST
def problem_progress(request: HouseRequest, pk: int) -> HttpResponse:
    """Write a line of progress (登记进展)."""
    form = ProgressForm(request.POST)
    return _step(request, pk, "progress_form", form, service.add_progress, "进展已登记。")


@require_POST
def problem_handle(request: HouseRequest, pk: int) -> HttpResponse:
    """Say that it is solved (办结待销号)."""
    form = HandledForm(request.POST, request.FILES)
    return _step(request, pk, "handled_form", form, service.mark_handled, "已办结，待他人核验销号。")


@require_POST
def problem_resolve(request: HouseRequest, pk: int) -> HttpResponse:
    """Verify and write off (销号)."""
    form = ResolveForm(request.POST)
    return _step(request, pk, "resolve_form", form, service.resolve_problem, "问题已销号。")


@require_POST
def problem_reopen(request: HouseRequest, pk: int) -> HttpResponse:
    """Back to work (重新办理)."""
    form = ReopenProblemForm(request.POST)
    return _step(request, pk, "reopen_form", form, service.reopen_problem, "已退回重新办理。")


@require_POST
def problem_escalate(request: HouseRequest, pk: int) -> HttpResponse:
    """To a higher level (提级)."""
    problem = get_object_or_404(_seen_by(request), pk=pk)
    form = EscalateForm(request.POST, problem=problem, limits=limits_by_level())
    return _step(request, pk, "escalate_form", form, service.escalate_problem, "问题已提级。")


@require_POST
def problem_helpers(request: HouseRequest, pk: int) -> HttpResponse:
    """Which units help (配合单位)."""
    form = HelpersForm(request.POST)
    return _step(request, pk, "helpers_form", form, service.set_helpers, "配合单位已更新。")


@require_POST
def problem_action(request: HouseRequest, pk: int) -> HttpResponse:
    """Say who does what by when (定措施)."""
    form = ActionForm(request.POST)
    return _step(request, pk, "action_form", form, add_action, "措施已下达责任单位。")


def _seen_by(request: HouseRequest) -> QuerySet[Problem]:
    return Problem.objects.visible_to(request.user).select_related(
        "project", "milestone", "visit", "lead_unit", "raised_by", "handled_by", "resolved_by"
    )


def _step(
    request: HouseRequest, pk: int, name: str, form: forms.Form, verb: Callable[..., object], done: str
) -> HttpResponse:
    """Take one step: the page again with what is wrong, else back to the problem. A foreign problem is 404."""
    problem = get_object_or_404(_seen_by(request), pk=pk)
    if steps_of(problem, request.user, clock.today())["progress"].is_who:
        raise Http404

    def do() -> Done:
        verb(problem=problem, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done(done, "problem_detail", pk)

    return fill_step(request, form, do, lambda: _detail(request, problem, **{name: form}))


def _detail(request: HouseRequest, problem: Problem, **typed: forms.Form) -> HttpResponse:
    today, helpers = clock.today(), problem.helper_units.all()
    actions = problem.actions.for_steps(request.user).select_related("unit", "done_by", "case__session")
    prefetch_related_objects([problem], Prefetch("actions", actions))
    shown = ProblemShown(
        problem,
        steps_of(problem, request.user, today),
        with_steps(problem.actions.all(), request.user, today),
        helpers,
        days_open(problem, today),
        problem.entries.select_related("entered_by").order_by("-entered_on", "-pk"),
        problem.attachments.select_related("uploaded_by"),
    )
    empty = StepForms(
        escalate_form=EscalateForm(problem=problem, limits=limits_by_level()),
        helpers_form=HelpersForm(initial={"units": helpers}),
    )
    return show(request, "problems/problem_detail.html", shown, replace(empty, **typed))


@dataclass(frozen=True)
class ProblemShown:
    """A problem with its actions, progress and papers, and what may be done with it."""

    problem: Problem
    steps: Steps
    actions: list[tuple[CorrectiveAction, Steps]]
    helpers: QuerySet[Unit]
    days_open: int
    entries: QuerySet[ProblemEntry]
    attachments: QuerySet[Attachment]


@dataclass(frozen=True)
class StepForms:
    """The form of each step of a problem; the one that was sent as it was typed."""

    escalate_form: forms.Form
    helpers_form: forms.Form
    progress_form: forms.Form = field(default_factory=ProgressForm)
    handled_form: forms.Form = field(default_factory=HandledForm)
    resolve_form: forms.Form = field(default_factory=ResolveForm)
    reopen_form: forms.Form = field(default_factory=ReopenProblemForm)
    action_form: forms.Form = field(default_factory=ActionForm)
