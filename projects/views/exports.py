"""The ledger as a file (台账导出): exactly the filtered list seen, all its pages, in its columns and order."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from projects.measures.lights import lights_for
from projects.models import Project
from projects.tables.projects import ProjectTable

from .lists import XLSX, chips, exported, file_asked, list_notes
from .projects import COLUMNS_KEY, ledger_page
from .scope import group_words


@require_safe
def project_export(request: HttpRequest) -> HttpResponse:
    """The rows of project_list for the same address, as a workbook unless ?format=docx. A constant number of queries."""
    page = ledger_page(request)
    scope = page.asked.scope
    chosen = request.session.get(COLUMNS_KEY, [])
    hidden = [name for name in ProjectTable.OPTIONAL if name not in chosen]
    table = ProjectTable(page.rows, as_of=scope.cut_off, sums={}, exclude=hidden)
    table.project_lights = lights_for(
        Project.objects.filter(pk__in=page.rows.order_by().values("pk")), scope.cut_off
    )
    notes = list_notes(
        request,
        scope.cut_off,
        chips(page.filterset),
        f"{scope.year}年度",
        "含待审旬报" if scope.basis == "submitted" else "按已确认旬报统计",
        group_words(scope),
        page.asked.figure_name and f"计入“{page.asked.figure_name}”",
    )
    return exported(
        request,
        table,
        title="项目台账",
        notes=notes,
        as_of=scope.as_of,
        kind=file_asked(request) or XLSX,
        page=reverse("project_list"),
    )
