"""The progress list (进度清单): by project, or by the unit that answers."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from projects.models import Project
from projects.queries.base.calendar import working_calendar
from projects.queries.plans.progress import (
    COUNTED,
    ON_TIME_RATE,
    progress_of_projects,
    progress_of_units,
    progress_total,
)

from ..base.list_page import ListPage
from ..base.listing import Chip, chips
from .filters import BY_UNIT, ProgressFilter
from .progress_tables import CountingTable, ProjectProgressTable, UnitProgressTable, milestones_door


class ProgressList(ListPage):
    """What was due, done, late and comes next on the day; ?by=unit sums it by who answers. Constant queries."""

    template_name = "plans/progress_list.html"
    heading = "进度清单"
    subheading = "正常推进项目当日有效方案的节点"
    note = subheading
    filter_class = ProgressFilter

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.by_unit = request.GET.get("by") == BY_UNIT
        self.title = "进度清单（按责任单位）" if self.by_unit else "进度清单"

    def rows(self) -> QuerySet[Project]:
        return Project.objects.visible_to(self.request.user).order_by("code")

    def active(self) -> list[Chip]:
        return [chip for chip in chips(self.filterset) if chip.name != "by"]  # shown by the switch

    def make_table(self, rows: Any) -> CountingTable:
        table = (self._by_unit if self.by_unit else self._by_project)(rows)
        table.narrowed = self.filterset.door_parameters()
        return table

    def _by_project(self, projects: QuerySet[Project]) -> ProjectProgressTable:
        rows = progress_of_projects(projects, as_of=self.as_of)
        late_only = self.filterset.late_only
        table = ProjectProgressTable(rows.filter(late__gt=0) if late_only else rows, as_of=self.as_of)
        table.calendar = working_calendar()
        return table

    def _by_unit(self, projects: QuerySet[Project]) -> UnitProgressTable:
        rows = progress_of_units(projects.order_by(), as_of=self.as_of, calendar=working_calendar())
        late_only = self.filterset.late_only
        return UnitProgressTable([row for row in rows if row.late] if late_only else rows, as_of=self.as_of)

    def context(self) -> dict[str, Any]:
        return {"by_unit": self.by_unit, "total": self._total()}

    def _total(self) -> dict[str, Any]:
        """The numbers over all projects of the filters (逾期与否 aside), with their doors."""
        projects, as_of, narrowed = self.filterset.qs, self.as_of, self.filterset.door_parameters()
        numbers = progress_total(projects.order_by(), as_of=as_of)
        doors = {key: milestones_door(status, as_of, **narrowed) for key, status in COUNTED.items()}
        late = {"q" if name == "project_q" else name: value for name, value in narrowed.items()}
        query = urlencode(late | {"late": "true", "as_of": as_of.isoformat()})
        projects_late = progress_of_projects(projects, as_of=as_of).filter(late__gt=0)
        return {
            **numbers,
            "doors": doors,
            "rate": ON_TIME_RATE.over(numbers["on_time"], numbers["due"]),
            "projects_late": projects_late.order_by().count(),
            "projects_late_door": f"{reverse('progress_list')}?{query}",
        }
