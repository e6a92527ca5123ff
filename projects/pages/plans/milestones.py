"""Milestones (节点): the list over all projects, marking one done, taking that back."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects import clock
from projects.models import Milestone, Project, User
from projects.queries.alerts.findings import milestones_driven
from projects.queries.plans.progress import DUE, OPEN, OVERDUE, of_status
from projects.queries.plans.schedule import milestone_files
from projects.services.plans.milestones import achieve_milestone, steps_of, undo_achievement

from ..base.context import as_of_from
from ..base.listing import chips, exported, list_notes, paged
from ..base.refusals import refused_on
from ..base.requests import HouseRequest
from ..base.returning import safe_next
from ..base.scope import asked, asked_matters, group_of, of_group
from .filters import FIGURES, MilestoneFilter
from .forms import AchieveForm, UndoForm
from .tables import MilestoneTable

OPEN_FIRST = F("achieved_on").desc(nulls_first=True)  # what is still to be done, then the latest done


def visible_milestones(user: User, as_of: dt.date) -> QuerySet[Milestone]:
    """Milestones the person may see of the plans in force on a day, with what a row shows, `for_steps`."""
    return (
        milestones_driven(as_of, Project.objects.visible_to(user))
        .select_related("plan__project__sponsor", "plan__project__lead_department", "unit")
        .for_steps(user)
    )


@require_safe
def milestone_list(request: HouseRequest) -> HttpResponse:
    """Milestones by status, stage, unit and list as of a day, the earliest due first."""
    matters, scope = asked_matters(request, "milestone"), asked(request).scope
    as_of = matters.scope.cut_off if matters else as_of_from(request)
    given = request.GET.copy()
    if given.get("figure") in FIGURES and not given.get("status"):
        given["status"] = FIGURES[given["figure"]]
    rows = visible_milestones(request.user, as_of)
    rows = matters.of(rows, "plan__project") if matters else of_group(rows, scope, "plan__project")
    filterset = MilestoneFilter(given, queryset=rows.order_by(OPEN_FIRST, "due_on", "pk"), as_of=as_of)
    undone = given.get("status") in {OVERDUE, DUE, OPEN}
    table = MilestoneTable(
        filterset.qs,
        as_of=as_of,
        today=clock.today(),
        user=request.user,
        back=request.get_full_path(),
        exclude=("achieved_on",) if undone else (),
    )
    active = chips(filterset)
    notes = list_notes(request, as_of, active, "在执行推进方案的节点", matters.words if matters else "")
    if file := exported(request, table, title="节点清单", notes=notes, as_of=as_of):
        return file
    paged(request, table)
    table.files = milestone_files(row.record for row in table.paginated_rows)
    overdue = of_status(rows, OVERDUE, as_of).count()
    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "asked": matters,
        "table": table,
        "form": filterset.form,
        "chips": active,
        "overdue": overdue,
        "group": None if matters else group_of(scope),
        "limited": not request.user.sees_all_projects,
    }
    return render(request, "plans/milestones/milestone_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def milestone_achieve(request: HouseRequest, pk: int) -> HttpResponse:
    """Mark a milestone done (登记办结), on a phone with a photo from the site or at the desk with a number."""
    milestone = get_object_or_404(
        Milestone.objects.workable_by(request.user)
        .for_steps(request.user)
        .select_related("plan__project", "unit"),
        pk=pk,
    )
    back = safe_next(request, reverse("milestone_list"))
    bound = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = AchieveForm(**bound, initial={"achieved_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            achieve_milestone(
                milestone=milestone,
                achieved_on=form.cleaned_data["achieved_on"],
                evidence=form.cleaned_data["evidence"],
                files=form.cleaned_data["files"],
                by=request.user,
                now=clock.now(),
            )
            messages.success(request, f"已登记节点“{milestone.name}”办结。")
            return redirect(back)
    context = {
        "milestone": milestone,
        "form": form,
        "back": back,
        "steps": steps_of(milestone, request.user, clock.today()),
        "lost_files": bool(request.FILES),
    }
    return render(request, "plans/milestones/milestone_achieve.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def milestone_undo(request: HouseRequest, pk: int) -> HttpResponse:
    """Take back a completion (撤销办结), with the reason; the office alone."""
    milestone = get_object_or_404(
        Milestone.objects.visible_to(request.user)
        .for_steps(request.user)
        .select_related("plan__project", "unit"),
        pk=pk,
    )
    if not request.user.is_office:
        raise PermissionDenied
    back = safe_next(request, reverse("milestone_list"))
    form = UndoForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            undo_achievement(
                milestone=milestone, reason=form.cleaned_data["reason"], by=request.user, now=clock.now()
            )
            messages.success(request, f"已撤销节点“{milestone.name}”的办结。")
            return redirect(back)
    context = {
        "milestone": milestone,
        "form": form,
        "back": back,
        "steps": steps_of(milestone, request.user, clock.today()),
    }
    return render(request, "plans/milestones/milestone_undo.html", context)
