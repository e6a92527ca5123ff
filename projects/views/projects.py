"""The project ledger (项目台账) and the project page (项目详情)."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from projects.filters.projects import ProjectFilter
from projects.measures.definitions import AMOUNTS
from projects.measures.lights import lights_for
from projects.measures.population import DIMENSIONS, UNASSIGNED
from projects.models import IndustryChain, Official, Project, Unit
from projects.queries.ledger import ledger, ledger_sums
from projects.tables.projects import ProjectTable

from .lists import chips, paged
from .scope import Asked, asked

COLUMNS_KEY = "project_columns"


@dataclass(frozen=True)
class LedgerPage:
    """The rows a ledger request means, before sorting and paging; screen and export share it."""

    asked: Asked
    filterset: ProjectFilter
    rows: QuerySet[Project]


def ledger_page(request: HttpRequest) -> LedgerPage:
    """The filtered, scoped rows of queries.ledger for a request."""
    question = asked(request)
    scope = question.scope
    projects = Project.objects.visible_to(request.user)
    if question.figure or scope.lists or scope.by or "year" in request.GET:
        projects = projects.filter(pk__in=scope.projects(question.figure or "projects").values("pk"))
    rows = ledger(projects, year=scope.year, as_of=scope.cut_off).order_by("code")
    filterset = ProjectFilter(request.GET, queryset=rows, scope=scope)
    return LedgerPage(question, filterset, filterset.qs)


def project_list(request: HttpRequest) -> HttpResponse:
    """The ledger: filters, sums of what is filtered, lights of the page's rows. Constant queries."""
    page = ledger_page(request)
    scope = page.asked.scope
    sums = ledger_sums(page.rows)
    hidden = [name for name in ProjectTable.OPTIONAL if name not in _chosen_columns(request)]
    table = ProjectTable(page.rows, as_of=scope.cut_off, sums=sums, exclude=hidden)
    paged(request, table)
    shown = [row.record.pk for row in table.paginated_rows]
    table.project_lights = lights_for(Project.objects.filter(pk__in=shown), scope.cut_off)
    if page.asked.figure in AMOUNTS:
        table.data_sum = sums[{"planned_investment": "planned", "invested_this_year": "invested"}.get(
            page.asked.figure, page.asked.figure
        )]
    return render(
        request,
        "projects/project_list.html",
        {
            "table": table,
            "filterset": page.filterset,
            "chips": chips(page.filterset),
            "asked": page.asked,
            "group_words": _group_words(scope),
            "columns": [(name, table.base_columns[name].verbose_name) for name in ProjectTable.OPTIONAL],
            "chosen_columns": _chosen_columns(request),
            "as_of": scope.as_of,
            "takes_as_of": True,
            "limited": not request.user.sees_all_projects,
        },
    )


def _chosen_columns(request: HttpRequest) -> list[str]:
    """Optional columns the person asked for (列选择), remembered in the session."""
    if "columns" in request.GET:
        wanted = [name for name in request.GET.getlist("col") if name in ProjectTable.OPTIONAL]
        request.session[COLUMNS_KEY] = wanted
    return request.session.get(COLUMNS_KEY, [])


def _group_words(scope) -> str:
    """“推进部门：建设局” where the list shows one group of a dimension."""
    if not scope.by:
        return ""
    model = {"sponsor": Official, "industry_chain": IndustryChain}.get(scope.by, Unit)
    found = model.objects.filter(pk=scope.group).first() if scope.group else None
    return f"{DIMENSIONS[scope.by].name}：{found or UNASSIGNED}"
