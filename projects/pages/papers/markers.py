"""Marker pages (服务标记): all of them with counts by kind and state, and setting one on a project."""

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects import clock
from projects.models import Project, ProjectMarker, User
from projects.services.papers.markers import set_marker, setting

from ..base.listing import chips, exported, list_notes, paged
from ..base.refusals import refused_on
from ..base.requests import HouseRequest
from ..base.returning import safe_next
from .filters import MarkerFilter
from .forms import MarkerForm
from .tables import MarkerTable


@require_safe
def marker_list(request: HouseRequest) -> HttpResponse:
    """Markers by kind and state; each count above opens its rows."""
    mine = Project.objects.editable_by(request.user).filter(pk=OuterRef("project"))
    rows = (
        ProjectMarker.objects.visible_to(request.user)
        .select_related("project__lead_department")
        .annotate(is_ours=Exists(mine))
        .order_by("kind", "state", "-since_on", "pk")
    )
    filterset = MarkerFilter(request.GET, queryset=rows)
    today = clock.today()
    table = MarkerTable(filterset.qs, as_of=today, user=request.user)
    active = chips(filterset)
    if file := exported(request, table, title="服务标记清单", notes=list_notes(request, today, active)):
        return file
    context = {
        "table": paged(request, table),
        "form": filterset.form,
        "chips": active,
        "counts": _counts(request.user),
        "states": ProjectMarker.State.labels,
        "limited": not request.user.sees_all_projects,
    }
    return render(request, "papers/marker_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def marker_set(request: HouseRequest, code: str, kind: str) -> HttpResponse:
    """Set or advance one service on a project (登记、更新服务标记)."""
    if kind not in ProjectMarker.Kind.values:
        raise Http404
    project = get_object_or_404(Project.objects.editable_by(request.user), code=code)
    marker = project.markers.filter(kind=kind).first()
    back = safe_next(request, reverse("project_detail", args=[project.code]))
    form = _form(request, marker)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            marker = set_marker(
                project=project, kind=kind, by=request.user, now=clock.now(), **form.cleaned_data
            )
            messages.success(request, f"{marker}，已登记。")
            return redirect(back)
    context = {
        "project": project,
        "kind": ProjectMarker.Kind(kind),
        "marker": project.markers.filter(kind=kind).first(),
        "form": form,
        "setting": setting(project, request.user, ours=True),
        "back": back,
    }
    return render(request, "papers/marker_form.html", context)


def _form(request: HouseRequest, marker: ProjectMarker | None) -> MarkerForm:
    initial = {"since_on": clock.today()}
    if marker:
        initial |= {"state": marker.state, "document": marker.document}
    return MarkerForm(request.POST if request.method == "POST" else None, initial=initial)


def _counts(user: User) -> list[tuple[ProjectMarker.Kind, list[tuple[str, int]]]]:
    """How many markers of each kind are in each state. One query."""
    counted = ProjectMarker.objects.visible_to(user).order_by().values_list("kind", "state")
    found = {(kind, state): number for kind, state, number in counted.annotate(Count("pk"))}
    return [
        (kind, [(state, found.get((kind, state), 0)) for state in ProjectMarker.State.values])
        for kind in ProjectMarker.Kind
    ]
