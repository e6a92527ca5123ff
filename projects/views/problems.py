"""Problem pages (问题清单): the list, a problem with its progress, and each step to the write-off."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.filters.problems import UNDONE, ProblemFilter
from projects.forms.problems import (
    HandledForm,
    ProblemForm,
    ProgressForm,
    ReopenForm,
    ResolveForm,
    add_refusal,
)
from projects.models import Problem, Project
from projects.services import problems as service
from projects.tables.problems import ProblemTable

from .context import as_of_from
from .lists import chips, exported, list_notes, paged


@require_safe
def problem_list(request: HttpRequest) -> HttpResponse:
    """The problem list as of a day; without a status it shows what is not written off yet, the latest due last."""
    as_of = as_of_from(request)
    given = request.GET.copy()
    given.setdefault("status", UNDONE)
    rows = (
        Problem.objects.visible_to(request.user)
        .raised_by_day(as_of)
        .select_related("project", "lead_unit")
        .order_by("due_on", "pk")
    )
    filterset = ProblemFilter(given, queryset=rows, as_of=as_of)
    table = ProblemTable(filterset.qs, as_of=as_of)
    active = chips(filterset)
    notes = list_notes(request, as_of, active)
    if file := exported(request, table, title="问题清单", notes=notes, as_of=as_of):
        return file
    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "table": paged(request, table),
        "form": filterset.form,
        "chips": [chip for chip in active if chip.name in request.GET],
    }
    return render(request, "problems/problem_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def problem_create(request: HttpRequest, code: str) -> HttpResponse:
    """Raise a problem on a project (提出问题)."""
    project = get_object_or_404(Project.objects.visible_to(request.user), code=code)
    if not Project.objects.workable_by(request.user).filter(pk=project.pk).exists():
        raise Http404
    initial = {"due_on": service.default_due_on(clock.today()), "level": Problem.Level.DEPARTMENT}
    form = ProblemForm(request.POST or None, project=project, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            problem = service.raise_problem(
                project=project, by=request.user, now=clock.now(), **form.cleaned_data
            )
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request, f"问题已登记，办理时限为{problem.due_on.month}月{problem.due_on.day}日。"
            )
            return redirect("problem_detail", pk=problem.pk)
    back = reverse("project_detail", args=[project.code])
    return render(
        request, "problems/problem_form.html", {"project": project, "form": form, "cancel_href": back}
    )


@require_safe
def problem_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A problem with its dated progress, and the next step for whoever may take it."""
    return _detail(request, get_object_or_404(_seen_by(request), pk=pk))


@require_POST
def problem_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a line of progress (登记进展)."""
    form = ProgressForm(request.POST)
    return _step(request, pk, "progress_form", form, service.add_progress, "进展已登记。")


@require_POST
def problem_handle(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is solved (办结待销号)."""

    def handle(*, result, file, **who):
        return service.mark_handled(result=result, files=[file] if file else [], **who)

    form = HandledForm(request.POST, request.FILES)
    return _step(request, pk, "handled_form", form, handle, "已办结，待他人核验销号。")


@require_POST
def problem_resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Verify and write off (销号)."""
    form = ResolveForm(request.POST)
    return _step(request, pk, "resolve_form", form, service.resolve_problem, "问题已销号。")


@require_POST
def problem_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to work (重新办理)."""
    form = ReopenForm(request.POST)
    return _step(request, pk, "reopen_form", form, service.reopen_problem, "已退回重新办理。")


def _seen_by(request: HttpRequest) -> QuerySet[Problem]:
    return Problem.objects.visible_to(request.user).select_related(
        "project", "milestone", "lead_unit", "raised_by", "handled_by", "resolved_by"
    )


def _step(request: HttpRequest, pk: int, name: str, form: forms.Form, verb, done: str) -> HttpResponse:
    """Take one step: the page again with what is wrong, else back to the problem. A foreign problem is 404."""
    problem = get_object_or_404(_seen_by(request), pk=pk)
    if not Problem.objects.workable_by(request.user).filter(pk=pk).exists():
        raise Http404
    if form.is_valid():
        try:
            verb(problem=problem, by=request.user, now=clock.now(), **form.cleaned_data)
        except ValidationError as refusal:
            # a step no longer offered has no form on the page: what refuses it as a whole stands on top
            if hasattr(refusal, "error_dict"):
                add_refusal(form, refusal)
            else:
                messages.error(request, "".join(refusal.messages))
        else:
            messages.success(request, done)
            return redirect("problem_detail", pk=pk)
    return _detail(request, problem, **{name: form})


def _detail(request: HttpRequest, problem: Problem, **bound: forms.Form) -> HttpResponse:
    today = clock.today()
    may_work = Problem.objects.workable_by(request.user).filter(pk=problem.pk).exists()
    state = problem.state
    context = {
        "problem": problem,
        "entries": problem.entries.select_related("entered_by").order_by("-entered_on", "-pk"),
        "attachments": problem.attachments.select_related("uploaded_by"),
        "is_overdue": state != Problem.State.RESOLVED and problem.due_on < today,
        "may_progress": may_work and state != Problem.State.RESOLVED,
        "may_handle": may_work and state == Problem.State.OPEN,
        "may_resolve": may_work
        and state == Problem.State.HANDLED
        and problem.handled_by_id != request.user.pk,
        "waits_for_another": may_work
        and state == Problem.State.HANDLED
        and problem.handled_by_id == request.user.pk,
        "may_reopen": may_work and state != Problem.State.OPEN,
        "progress_form": ProgressForm(),
        "handled_form": HandledForm(),
        "resolve_form": ResolveForm(),
        "reopen_form": ReopenForm(),
    }
    return render(request, "problems/problem_detail.html", context | bound)
