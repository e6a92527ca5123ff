"""The light history (亮灯历史): the strips of many projects, and the part of the project page."""

import datetime as dt

from django.db.models import Max, Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects import clock
from projects.figures.light_history import LightHistory, rechecked, records_of_year, with_light_counts
from projects.models import Project
from projects.periods import TenDayPeriod
from projects.rules import Light
from projects.services.lights.exemptions import ask_step, row_steps_of

from ..base.context import as_of_from
from ..base.listing import chips, exported, file_asked, list_notes, paged
from ..base.requests import HouseRequest
from .filters import RED, TURNED, LightHistoryFilter
from .tables import LightHistoryTable

CHECK = "lights"  # ?check=lights on the project page: today's light of each period beside its record


@require_safe
def lighthistory_list(request: HouseRequest) -> HttpResponse:
    """A strip a project, the most red periods first; counts above open their rows. Constant queries."""
    as_of = as_of_from(request)
    year = as_of.year
    latest_on = records_of_year(year, as_of).aggregate(last=Max("period_ends_on"))["last"]
    rows = with_light_counts(Project.objects.visible_to(request.user), year, as_of)
    filterset = LightHistoryFilter(request.GET, queryset=rows, as_of=as_of, latest_on=latest_on)
    records = records_of_year(year, as_of)
    as_file = bool(file_asked(request))
    if as_file:
        records = records.defer("reasons")  # a file shows the shapes alone
    shown = (
        filterset.qs.order_by("-reds", "-yellows", "code")
        .select_related("lead_department")
        .prefetch_related(Prefetch("light_records", records, to_attr="year_lights"))
    )
    table = LightHistoryTable(shown, as_of=as_of, for_file=as_file)
    active = chips(filterset)
    notes = list_notes(request, as_of, active, "各旬末记录的亮灯，■滞后▲预警●正常◇豁免·无记录")
    if file := exported(request, table, title="亮灯历史", notes=notes, as_of=as_of):
        return file
    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "table": paged(request, table),
        "form": filterset.form,
        "chips": active,
        "latest": TenDayPeriod.ending_on(latest_on) if latest_on else None,
        "figures": _figures(filterset, rows),
        "lights": Light,
        "limited": not request.user.sees_all_projects,
    }
    return render(request, "lights/lighthistory_list.html", context)


def _figures(filterset: LightHistoryFilter, rows: QuerySet[Project]) -> dict[str, int]:
    """How many projects closed the last period red or yellow, were red this year, have turned. Four queries."""
    rows = rows.order_by()
    return {
        "red_now": filterset.by_light(rows, "light", Light.RED).count(),
        "yellow_now": filterset.by_light(rows, "light", Light.YELLOW).count(),
        "red_ever": filterset.by_ever(rows, "ever", RED).count(),
        "turned": filterset.by_ever(rows, "ever", TURNED).count(),
    }


def project_lights(request: HouseRequest, project: Project, as_of: dt.date) -> dict:
    """The strip and the exemptions of the project page; ?check=lights asks what each period would be today."""
    history = LightHistory.of(records_of_year(as_of.year, as_of).filter(project=project), as_of.year, as_of)
    is_checked = request.GET.get("check") == CHECK
    exemptions, today = project.light_exemptions.select_related("asked_by", "decided_by"), clock.today()
    shown = [*exemptions.in_force(as_of), *exemptions.coming(as_of), *exemptions.waiting()]
    return {
        "light_history": rechecked(history, project) if is_checked else history,
        "lights_checked": is_checked,
        "exemptions": [(one, row_steps_of(one, request.user, today)) for one in shown],
        "ask_exemption": ask_step(project, request.user),
    }
