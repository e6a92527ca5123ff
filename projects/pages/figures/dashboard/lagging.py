"""Lagging projects with causes (滞后项目及原因) as a list of their own."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.figures.lagging import Lag, causes_of, lagging
from projects.figures.lights import colours_for
from projects.models import Project
from projects.pages.base.listing import chips, exported, file_asked, list_notes, paged
from projects.pages.base.scope import asked, group_of

from ...base.requests import HouseRequest
from ..filters import LaggingFilter
from .overview import frame_of
from .tables import LaggingTable

PROJECTS_A_PAGE = 20


@require_safe
def lagging_list(request: HouseRequest) -> HttpResponse:
    """Red, then yellow projects of the population, the furthest behind first. Constant queries."""
    scope = asked(request).scope
    filterset = LaggingFilter(request.GET, queryset=Project.objects.visible_to(request.user), scope=scope)
    active = chips(filterset)
    rows = _kept(lagging(scope, colours_for(scope.listed(), scope.cut_off)), filterset)
    table = LaggingTable(rows, as_of=scope.cut_off)
    group = group_of(scope)
    words = f"{scope.year}年度名单内亮红灯、黄灯的项目" + (f"（{group.words}）" if group else "")
    if file_asked(request):
        table.causes = causes_of(rows, scope.cut_off)
    notes = list_notes(request, scope.cut_off, active, words, "先红后黄，按与序时差距从大到小")
    if file := exported(request, table, title="滞后项目清单", notes=notes, as_of=scope.cut_off):
        return file
    paged(request, table, PROJECTS_A_PAGE)
    table.causes = causes_of([row.record for row in table.paginated_rows], scope.cut_off)
    context = {"table": table, "form": filterset.form, "chips": active, "group": group}
    return render(request, "figures/dashboard/lagging.html", context | frame_of(request, scope))


def _kept(lags: list[Lag], filterset: LaggingFilter) -> list[Lag]:
    """The lags that the filters keep; the projects are asked for only where a filter is set."""
    chosen = filterset.form.cleaned_data if filterset.form.is_valid() else {}
    if light := chosen.get("light"):
        lags = [lag for lag in lags if lag.light == light]
    if any(value for name, value in chosen.items() if name not in {"light", "list"}):
        wanted = set(filterset.qs.order_by().values_list("pk", flat=True))
        lags = [lag for lag in lags if lag.project_id in wanted]
    return lags
