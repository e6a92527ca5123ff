"""Lagging projects with causes (滞后项目及原因) as a list of their own."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django_tables2 import Table

from projects.figures.lights.judging import colours_for
from projects.figures.lights.lagging import Lag, causes_of, lagging
from projects.models import Project

from ...base.context import context_of
from ...base.list_page import ListPage
from ...base.listing import file_asked
from ...base.scope import asked_corrected, group_of
from ..filters import LaggingFilter
from .overview import frame_of
from .tables import LaggingTable

PROJECTS_A_PAGE = 20


class LaggingList(ListPage):
    """Red, then yellow projects of the population, the furthest behind first. Constant queries."""

    template_name = "figures/dashboard/lagging.html"
    title, heading = "滞后项目清单", "滞后项目及原因"
    per_page = PROJECTS_A_PAGE
    filter_class, table_class = LaggingFilter, LaggingTable

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.scope = asked_corrected(self.request)
        self.as_of, self.group = self.scope.cut_off, group_of(self.scope)
        whose = f"（{self.group.words}）" if self.group else ""
        self.note = f"{self.scope.year}年度名单内亮红灯、黄灯的项目{whose}，先红后黄，按与序时差距从大到小"

    def rows(self) -> QuerySet[Project]:
        return Project.objects.visible_to(self.request.user)

    def filter_arguments(self) -> dict[str, Any]:
        return {"scope": self.scope}

    def make_table(self, rows: QuerySet[Project]) -> Table:
        colours = colours_for(self.scope.listed(), self.as_of)
        lags = _kept(lagging(self.scope, colours), self.filterset)
        table = super().make_table(lags)
        if file_asked(self.request):
            table.causes = causes_of(lags, self.as_of)
        return table

    def prepare(self, table: Table) -> None:
        table.causes = causes_of([row.record for row in table.paginated_rows], self.as_of)

    def context(self) -> dict[str, Any]:
        return {"group": self.group, **context_of(frame_of(self.scope))}


def _kept(lags: list[Lag], filterset: LaggingFilter) -> list[Lag]:
    """The lags that the filters keep; the projects are asked for only where a filter is set."""
    if not filterset.form.is_valid():
        return []
    chosen = filterset.form.cleaned_data
    if light := chosen.get("light"):
        lags = [lag for lag in lags if lag.light == light]
    if any(value for name, value in chosen.items() if name not in {"light", "list"}):
        wanted = set(filterset.qs.order_by().values_list("pk", flat=True))
        lags = [lag for lag in lags if lag.project_id in wanted]
    return lags
