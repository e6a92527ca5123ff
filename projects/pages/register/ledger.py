"""The ledger as a file (台账导出): exactly the filtered list seen, all its pages, in its columns and order."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from projects.figures.lights import lights_for
from projects.models import Project

from ..base.listing import XLSX, chips, exported, file_asked, list_notes
from ..base.readings import reading_of
from ..base.requests import HouseRequest
from ..base.scope import group_of
from .projects import ledger_page, ledger_table


@require_safe
def project_export(request: HouseRequest) -> HttpResponse:
    """The rows of project_list for the same address, as a workbook unless ?format=docx. A constant number of queries."""
    page = ledger_page(request)
    scope = page.asked.scope
    table = ledger_table(request, page, sums={})
    reading = reading_of(request, scope)
    if not reading.is_published:
        shown = Project.objects.filter(pk__in=page.rows.order_by().values("pk"))
        table.project_lights = lights_for(shown, scope.cut_off)
    group = group_of(scope)
    notes = list_notes(
        request,
        scope.cut_off,
        chips(page.filterset),
        f"{scope.year}年度",
        reading.words,
        "含待审旬报" if scope.basis == "submitted" else "按已确认旬报统计",
        group.words if group else "",
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
