"""The project ledger (项目台账): the page, and the file of exactly the rows it lists."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from projects.figures.definitions import AMOUNTS
from projects.figures.lights.judging import lights_for
from projects.models import FurtherField, Project
from projects.queries.register.ledger import ledger_of, ledger_sums
from projects.services.register.further_fields import active_fields

from ..base.list_page import ListPage
from ..base.listing import XLSX, Chip, file_asked, list_file, list_notes
from ..base.readings import Reading, reading_of
from ..base.requests import HouseRequest
from ..base.scope import LEDGER_FIGURES, UNKNOWN_WORDS, asked_rows
from .filters import ProjectFilter, further_name
from .tables import FurtherColumn, ProjectTable, PublishedProjectTable, table_of_reading

COLUMNS_KEY = "project_columns"
SUMS = {"planned_investment": "planned", "invested_this_year": "invested"}  # figure: its key in ledger_sums


class ProjectList(ListPage):
    """The ledger: filters, sums of what is filtered, lights of the page's rows. Constant queries."""

    template_name = "register/project_list.html"
    title = heading = "项目台账"
    filter_class = ProjectFilter
    by_key = True

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.asked = asked_rows(self.request, LEDGER_FIGURES)
        self.scope = self.asked.scope
        self.as_of = self.scope.as_of

    def rows(self) -> QuerySet[Any]:
        scope, figure = self.scope, self.asked.figure
        projects = Project.objects.visible_to(self.request.user)
        is_published = scope.publication is not None
        if figure or scope.lists or scope.by or is_published or "year" in self.request.GET:
            projects = projects.filter(pk__in=scope.projects(figure or "projects").values("pk"))
        return ledger_of(projects, scope).order_by("code")

    def filter_arguments(self) -> dict[str, Any]:
        return {"scope": self.scope, "further": tuple(self.further.values())}

    def make_table(self, rows: Any) -> ProjectTable:
        """The table, as published where the scope is, without the optional columns nobody asked for."""
        kind = table_of_reading(self.scope)
        hidden = [name for name in kind.OPTIONAL if name not in self.columns]
        own = [(name, FurtherColumn(field)) for name, field in self.further.items() if name in self.columns]
        as_file = self.file_kind()
        sums = {} if as_file else ledger_sums(rows, self.scope)
        table = kind(rows, as_of=self.scope.cut_off, sums=sums, exclude=hidden, extra_columns=own)
        if as_file:
            self._light_up(table, rows.order_by().values("pk"))
        elif self.asked.figure in AMOUNTS:
            table.data_sum_key = self.asked.figure
            table.data_sum = sums[SUMS.get(self.asked.figure, self.asked.figure)]
        return table

    def file_kind(self) -> str:
        return file_asked(self.request)

    def prepare(self, table: ProjectTable) -> None:
        self._light_up(table, [row.record.pk for row in table.paginated_rows])

    def _light_up(self, table: ProjectTable, shown: Any) -> None:
        if self.scope.publication is None:
            table.project_lights = lights_for(Project.objects.filter(pk__in=shown), self.scope.cut_off)

    @cached_property
    def reading(self) -> Reading:
        return reading_of(self.request, self.scope)

    @cached_property
    def further(self) -> dict[str, FurtherField]:
        """The office's own columns by their names in addresses; none of them is part of what was published."""
        fields = [] if self.scope.publication is not None else active_fields()
        return {further_name(field): field for field in fields}

    @cached_property
    def columns(self) -> list[str]:
        """Optional columns the person asked for (列选择), remembered in the session."""
        given, session = self.request.GET, self.request.session
        if "columns" in given:
            known = {*ProjectTable.OPTIONAL, *PublishedProjectTable.OPTIONAL, *self.further}
            session[COLUMNS_KEY] = [name for name in given.getlist("col") if name in known]
        return session.get(COLUMNS_KEY, [])

    def notes(self, active: Sequence[Chip]) -> Sequence[str]:
        scope, group = self.scope, self.asked.group
        return list_notes(
            self.request,
            scope.cut_off,
            active,
            f"{scope.year}年度",
            self.reading.words,
            "含待审旬报" if scope.basis == "submitted" else "按已确认旬报统计",
            group.words if group else "",
            UNKNOWN_WORDS if scope.is_unknown else "",
            self.asked.figure_name and f"计入“{self.asked.figure_name}”",
        )

    def context(self) -> dict[str, Any]:
        columns = self.table.base_columns
        return {
            "asked": self.asked,
            "group": self.asked.group,
            "columns": [(name, columns[name].verbose_name) for name in self.table.OPTIONAL]
            + [(name, field.name) for name, field in self.further.items()],
            "chosen_columns": self.columns,
            "reading": self.reading,
        }


class ProjectExport(ProjectList):
    """The rows of ProjectList for the same address, as a workbook unless ?format=docx. A constant number of queries."""

    def file_kind(self) -> str:
        return super().file_kind() or XLSX

    def get(self, request: HouseRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.filterset = self._filterset()
        return list_file(
            request,
            self.make_table(self.filterset.qs),
            self.file_kind(),
            title=self.title,
            notes=self.notes(self.active()),
            as_of=self.as_of,
            page=reverse("project_list"),
        )
