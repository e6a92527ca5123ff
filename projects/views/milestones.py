"""Milestones (节点): the list over all projects, marking one done, taking that back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects import clock
from projects.filters.milestones import DUE, FIGURES, OPEN, OVERDUE, MilestoneFilter, of_status
from projects.forms.milestones import AchieveForm, UndoForm
from projects.forms.problems import add_refusal
from projects.models import Milestone, Project, User
from projects.services.plans import achieve_milestone, undo_achievement
from projects.tables.milestones import MilestoneTable

from .context import as_of_from
from .lists import chips, exported, list_notes, paged
from .returning import safe_next

OPEN_FIRST = F("achieved_on").desc(nulls_first=True)  # what is still to be done, then the latest done


def visible_milestones(user: User) -> QuerySet[Milestone]:
    """Milestones of plans in force the person may see, with what a row shows; `editable` beside them."""
    mine = Project.objects.editable_by(user).filter(pk=OuterRef("plan__project"))
    return (
        Milestone.objects.visible_to(user)
        .in_force()
        .select_related("plan__project__sponsor", "unit")
        .annotate(editable=Exists(mine))
    )


@require_safe
def milestone_list(request: HttpRequest) -> HttpResponse:
    """Milestones by status, stage, unit and list as of a day, the earliest due first."""
    as_of = as_of_from(request)
    given = request.GET.copy()
    if given.get("figure") in FIGURES and not given.get("status"):
        given["status"] = FIGURES[given["figure"]]
    rows = visible_milestones(request.user)
    filterset = MilestoneFilter(given, queryset=rows.order_by(OPEN_FIRST, "due_on", "pk"), as_of=as_of)
    undone = given.get("status") in {OVERDUE, DUE, OPEN}
    table = MilestoneTable(
        filterset.qs,
        as_of=as_of,
        may_undo=request.user.is_office,
        back=request.get_full_path(),
        exclude=("achieved_on",) if undone else (),
    )
    active = chips(filterset)
    notes = list_notes(request, as_of, active, "在执行推进方案的节点")
    if file := exported(request, table, title="节点清单", notes=notes, as_of=as_of):
        return file
    overdue = of_status(Milestone.objects.visible_to(request.user).in_force(), OVERDUE, as_of).count()
    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "table": paged(request, table),
        "form": filterset.form,
        "chips": active,
        "overdue": overdue,
        "limited": not request.user.sees_all_projects,
    }
    return render(request, "milestones/milestone_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def milestone_achieve(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a milestone done (登记办结), on a phone with a photo from the site or at the desk with a number."""
    milestone = get_object_or_404(
        Milestone.objects.editable_by(request.user).select_related("plan__project", "unit"), pk=pk
    )
    back = safe_next(request, reverse("milestone_list"))
    bound = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = AchieveForm(**bound, initial={"achieved_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            achieve_milestone(
                milestone=milestone,
                achieved_on=form.cleaned_data["achieved_on"],
                evidence=form.cleaned_data["evidence"],
                files=form.cleaned_data["files"],
                by=request.user,
                now=clock.now(),
            )
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"已登记节点“{milestone.name}”办结。")
            return redirect(back)
    context = {"milestone": milestone, "form": form, "back": back, "lost_files": bool(request.FILES)}
    return render(request, "milestones/milestone_achieve.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def milestone_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a completion (撤销办结), with the reason; the office alone."""
    milestone = get_object_or_404(
        Milestone.objects.visible_to(request.user).select_related("plan__project", "unit"), pk=pk
    )
    if not request.user.is_office:
        raise PermissionDenied
    back = safe_next(request, reverse("milestone_list"))
    form = UndoForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            undo_achievement(
                milestone=milestone, reason=form.cleaned_data["reason"], by=request.user, now=clock.now()
            )
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"已撤销节点“{milestone.name}”的办结。")
            return redirect(back)
    return render(
        request, "milestones/milestone_undo.html", {"milestone": milestone, "form": form, "back": back}
    )
