"""The light history (亮灯历史): the strips of many projects, and the part of the project page."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Prefetch, QuerySet
from django.http import HttpRequest

from projects import clock
from projects.figures.lights.history import LightHistory, rechecked, records_of_year, with_light_counts
from projects.models import LightExemption, Project
from projects.periods import TenDayPeriod
from projects.rules import Light
from projects.services.base.steps import Step, Steps
from projects.services.lights.exemptions import ask_step, row_steps_of

from ..base.columns import HouseTable
from ..base.list_page import ListPage
from ..base.listing import file_asked
from ..base.requests import HouseRequest
from .filters import RED, TURNED, LightHistoryFilter
from .tables import LightHistoryTable

CHECK = "lights"  # ?check=lights on the project page: today's light of each period beside its record


class LightHistoryList(ListPage):
    """A strip a project, the most red periods first; counts above open their rows. Constant queries."""

    template_name = "lights/lighthistory_list.html"
    title = heading = "亮灯历史"
    note = "各旬末记录的亮灯，■滞后▲预警●正常◇豁免·无记录"
    filter_class, table_class = LightHistoryFilter, LightHistoryTable

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        records = records_of_year(self.as_of.year, self.as_of)
        self.latest_on = records.aggregate(last=Max("period_ends_on"))["last"]

    def rows(self) -> QuerySet:
        visible = Project.objects.visible_to(self.request.user)
        rows: QuerySet = with_light_counts(visible, self.as_of.year, self.as_of)
        return rows.order_by("-reds", "-yellows", "code")

    def filter_arguments(self) -> dict[str, Any]:
        return super().filter_arguments() | {"latest_on": self.latest_on}

    def table_arguments(self) -> dict[str, Any]:
        return super().table_arguments() | {"for_file": bool(file_asked(self.request))}

    def make_table(self, rows: QuerySet[Project]) -> HouseTable:
        records = records_of_year(self.as_of.year, self.as_of)
        if file_asked(self.request):
            records = records.defer("reasons")  # a file shows the shapes alone
        strips = Prefetch("light_records", records, to_attr="year_lights")
        return super().make_table(rows.select_related("lead_department").prefetch_related(strips))

    def context(self) -> dict[str, Any]:
        return {
            "latest": TenDayPeriod.ending_on(self.latest_on) if self.latest_on else None,
            "figures": _figures(self.filterset, self.rows()),
        }


def _figures(filterset: LightHistoryFilter, rows: QuerySet[Project]) -> dict[str, int]:
    """How many projects closed the last period red or yellow, were red this year, have turned. Four queries."""
    rows = rows.order_by()
    return {
        "red_now": filterset.by_light(rows, "light", Light.RED).count(),
        "yellow_now": filterset.by_light(rows, "light", Light.YELLOW).count(),
        "red_ever": filterset.by_ever(rows, "ever", RED).count(),
        "turned": filterset.by_ever(rows, "ever", TURNED).count(),
    }


@dataclass(frozen=True)
class ProjectLights:
    """The part of the project page: the year's strip, the exemptions on and after the day, who may ask for one."""

    light_history: LightHistory
    lights_checked: bool
    exemptions: list[tuple[LightExemption, Steps]]
    ask_exemption: Step


def project_lights(request: HouseRequest, project: Project, as_of: dt.date) -> ProjectLights:
    """The lights of a project's year; ?check=lights asks what each period would be today."""
    history = LightHistory.of(records_of_year(as_of.year, as_of).filter(project=project), as_of.year, as_of)
    is_checked = request.GET.get("check") == CHECK
    exemptions, today = project.light_exemptions.select_related("asked_by", "decided_by"), clock.today()
    asked = exemptions.in_force(as_of) | exemptions.coming(as_of) | exemptions.waiting()
    shown = sorted(asked, key=lambda one: 2 if one.is_waiting else int(one.from_on > as_of))
    return ProjectLights(
        rechecked(history, project) if is_checked else history,
        is_checked,
        [(one, row_steps_of(one, request.user, today)) for one in shown],
        ask_step(project, request.user),
    )
