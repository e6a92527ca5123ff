"""The progress list (进度清单): by project, or by the unit that answers."""

import datetime as dt
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from projects.models import Project
from projects.queries.base.calendar import working_calendar
from projects.queries.plans.progress import (
    COUNTED,
    ON_TIME_RATE,
    progress_of_projects,
    progress_of_units,
    progress_total,
)

from ..base.context import as_of_from
from ..base.listing import chips, exported, list_notes, paged
from ..base.requests import HouseRequest
from .filters import ProgressFilter
from .progress_tables import ProjectProgressTable, UnitProgressTable, milestones_door


@require_safe
def progress_list(request: HouseRequest) -> HttpResponse:
    """What was due, done, late and comes next on the day; ?by=unit sums it by who answers. Constant queries."""
    as_of = as_of_from(request)
    filterset = ProgressFilter(
        request.GET, queryset=Project.objects.visible_to(request.user).order_by("code"), as_of=as_of
    )
    projects, by_unit = filterset.qs, filterset.by_unit
    table = (_by_unit if by_unit else _by_project)(projects, filterset, as_of)
    active = [chip for chip in chips(filterset) if chip.name != "by"]  # shown by the switch
    title = "进度清单（按责任单位）" if by_unit else "进度清单"
    notes = list_notes(request, as_of, active, "正常推进项目当日有效方案的节点")
    if file := exported(request, table, title=title, notes=notes, as_of=as_of):
        return file
    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "table": paged(request, table),
        "form": filterset.form,
        "chips": active,
        "by_unit": by_unit,
        "total": _total(projects, filterset, as_of),
        "limited": not request.user.sees_all_projects,
    }
    return render(request, "plans/progress_list.html", context)


def _by_project(projects: QuerySet[Project], filterset: ProgressFilter, as_of: dt.date):
    rows = progress_of_projects(projects, as_of=as_of)
    return ProjectProgressTable(
        rows.filter(late__gt=0) if filterset.late_only else rows,
        as_of=as_of,
        narrowed=filterset.door_parameters(),
        calendar=working_calendar(),
    )


def _by_unit(projects: QuerySet[Project], filterset: ProgressFilter, as_of: dt.date):
    rows = progress_of_units(projects.order_by(), as_of=as_of, calendar=working_calendar())
    return UnitProgressTable(
        [row for row in rows if row.late] if filterset.late_only else rows,
        as_of=as_of,
        narrowed=filterset.door_parameters(),
    )


def _total(projects: QuerySet[Project], filterset: ProgressFilter, as_of: dt.date) -> dict:
    """The numbers over all projects of the filters (逾期与否 aside), with their doors."""
    numbers = progress_total(projects.order_by(), as_of=as_of)
    narrowed = filterset.door_parameters()
    doors = {key: milestones_door(status, as_of, **narrowed) for key, status in COUNTED.items()}
    late = {name: value for name, value in narrowed.items() if name != "project_q"}
    if "project_q" in narrowed:
        late["q"] = narrowed["project_q"]
    query = urlencode(late | {"late": "true", "as_of": as_of.isoformat()})
    return {
        **numbers,
        "doors": doors,
        "rate": ON_TIME_RATE.over(numbers["on_time"], numbers["due"]),
        "projects_late": progress_of_projects(projects, as_of=as_of).filter(late__gt=0).order_by().count(),
        "projects_late_door": f"{reverse('progress_list')}?{query}",
    }
