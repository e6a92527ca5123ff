"""Marker pages (服务标记): all of them with counts by kind and state, and setting one on a project."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects import clock
from projects.models import Project, ProjectMarker, User
from projects.services.papers.markers import set_marker, setting

from ..base.form_page import Done, bound, form_page
from ..base.list_page import ListPage
from ..base.requests import HouseRequest
from ..base.returning import safe_next
from .filters import MarkerFilter
from .forms import MarkerForm
from .tables import MarkerTable


class MarkerList(ListPage):
    """Markers by kind and state; each count above opens its rows."""

    title, heading = "服务标记清单", "服务标记"
    subheading = "施工许可“六证合一”、“三代”服务、带方案出让"
    foot = "在项目页“手续”栏登记服务标记。"
    takes_as_of = False
    template_name = "papers/marker_list.html"
    filter_class, table_class = MarkerFilter, MarkerTable

    def rows(self) -> QuerySet[ProjectMarker]:
        mine = Project.objects.editable_by(self.request.user).filter(pk=OuterRef("project"))
        return (
            ProjectMarker.objects.visible_to(self.request.user)
            .select_related("project__lead_department")
            .annotate(is_ours=Exists(mine))
            .order_by("kind", "state", "-since_on", "pk")
        )

    def prepare(self, table: MarkerTable) -> None:
        table.user = self.request.user

    def context(self) -> dict[str, Any]:
        return {"counts": _counts(self.request.user), "states": ProjectMarker.State.labels}


@require_http_methods(["GET", "HEAD", "POST"])
def marker_set(request: HouseRequest, code: str, kind: str) -> HttpResponse:
    """Set or advance one service on a project (登记、更新服务标记)."""
    if kind not in ProjectMarker.Kind.values:
        raise Http404
    project = get_object_or_404(Project.objects.editable_by(request.user), code=code)
    marker = project.markers.filter(kind=kind).first()
    before = {"state": marker.state, "document": marker.document} if marker else {}
    form = MarkerForm(**bound(request), initial={"since_on": clock.today(), **before})
    back = safe_next(request, reverse("project_detail", args=[project.code]))

    def enter() -> Done:
        done = set_marker(project=project, kind=kind, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done(f"{done}，已登记。", back)

    context = {
        "project": project,
        "kind": ProjectMarker.Kind(kind),
        "marker": marker,
        "setting": setting(project, request.user, ours=True),
        "back": back,
    }
    return form_page(request, "papers/marker_form.html", form, enter, context=context)


def _counts(user: User) -> list[tuple[ProjectMarker.Kind, list[tuple[str, int]]]]:
    """How many markers of each kind are in each state. One query."""
    counted = ProjectMarker.objects.visible_to(user).order_by().values_list("kind", "state")
    found = {(kind, state): number for kind, state, number in counted.annotate(Count("pk"))}
    return [
        (kind, [(state, found.get((kind, state), 0)) for state in ProjectMarker.State.values])
        for kind in ProjectMarker.Kind
    ]
