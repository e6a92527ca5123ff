"""Plans drawn: the Gantt chart of a project (横道图), and the wall chart of many (挂图作战)."""

import datetime as dt
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from projects.models import AnnualList, Project, Role, Unit, User
from projects.queries.plans.gantt import gantt_of
from projects.queries.plans.wall import on_the_wall, wall_rows
from projects.templatetags.axis import Axis
from projects.templatetags.gantt import WALL_WIDTH, axis_of

from ..base.context import as_of_from
from ..base.listing import chips
from ..base.requests import HouseRequest
from .filters import WhoseFilter

PER_WALL = 200


@require_safe
def gantt_detail(request: HouseRequest, code: str) -> HttpResponse:
    """The plan in force on the day as a chart, with the same rows as a table. Constant queries."""
    project = get_object_or_404(
        Project.objects.visible_to(request.user).select_related(
            "sponsor", "lead_department", "host_district"
        ),
        code=code,
    )
    as_of = as_of_from(request)
    chart = gantt_of(project, as_of=as_of)
    context = {
        "project": project,
        "as_of": as_of,
        "takes_as_of": True,
        "chart": chart,
        "axis": axis_of(chart) if chart else None,
        "stages": [(stage, list(rows)) for stage, rows in groupby(chart.rows, lambda row: row.stage)]
        if chart
        else [],
    }
    return render(request, "plans/gantt/gantt_detail.html", context)


@require_safe
def wall_chart(request: HouseRequest) -> HttpResponse:
    """Key nodes of the projects of a list, a department, a district or a sponsor on the day's year. Constant queries."""
    as_of = as_of_from(request)
    given = _with_default(request, as_of)
    projects = on_the_wall(Project.objects.visible_to(request.user), as_of=as_of).order_by("code")
    filterset = WhoseFilter(given, queryset=projects, as_of=as_of)
    page: Any = Paginator(filterset.qs, PER_WALL).get_page(request.GET.get("page"))
    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "form": filterset.form,
        "chips": chips(filterset),
        "page": page,
        "rows": wall_rows(page.object_list, as_of=as_of),
        "axis": Axis.of_year(as_of.year, WALL_WIDTH),
    }
    return render(request, "plans/gantt/wall_chart.html", context)


def _with_default(request: HouseRequest, as_of: dt.date) -> QueryDict:
    """What was chosen; where nothing was, one's own unit, one's own projects, or the first list of the year.

    A choice of “全部” is a choice: its empty parameters stand in the address.
    """
    given = request.GET.copy()
    if not any(name in given for name in WhoseFilter.base_filters):
        for name, pk in _own(request.user, as_of).items():
            given[name] = str(pk)
    return given


def _own(user: User, as_of: dt.date) -> dict[str, Any]:
    if user.sees_all_projects:
        first = AnnualList.objects.filter(year=as_of.year).order_by("kind__position").first()
        return {"list": first.key} if first else {}
    for duty in user.current_duties:
        if duty.unit and duty.unit_id in user.unit_ids:
            return {"district" if duty.unit.kind == Unit.Kind.DISTRICT else "department": duty.unit_id}
    official = getattr(user, "official", None)
    return {"sponsor": official.pk} if official and Role.SPONSOR in user.roles else {}
