"""The ledger as a workbook (台账导出): exactly the filtered list seen, all its pages, in its columns and order."""

import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from projects.measures.lights import lights_for
from projects.models import Project, ProjectStage
from projects.money import Ratio
from projects.tables.projects import ProjectTable
from projects.workbooks import write_table

from .lists import chips
from .projects import COLUMNS_KEY, LedgerPage, ledger_page

CHUNK = 2000
WIDTHS = {
    "name": 34,
    "developer": 28,
    "lights": 34,
    "next_milestone": 30,
    "physical_progress": 28,
    "code": 26,
}


@require_safe
def project_export(request: HttpRequest) -> FileResponse:
    """The rows of project_list for the same address. A constant number of queries, whatever the length."""
    page = ledger_page(request)
    scope = page.asked.scope
    chosen = request.session.get(COLUMNS_KEY, [])
    hidden = [name for name in ProjectTable.OPTIONAL if name not in chosen]
    table = ProjectTable(page.rows, as_of=scope.cut_off, sums={}, exclude=hidden)
    wanted = [name for name in request.GET.getlist("sort") if name.lstrip("-") in table.columns.names()]
    if wanted:
        table.order_by = wanted
    names = [column.name for column in table.columns]
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    write_table(
        file,
        title="项目台账",
        heads=[_head(table, name) for name in names],
        rows=_rows(table.data.data, names, page),
        notes=_notes(request, page),
        widths=[WIDTHS.get(name, 16) for name in names],
    )
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"项目台账{scope.as_of:%Y%m%d}.xlsx")


def _rows(projects, names: list[str], page: LedgerPage) -> Iterator[list[Any]]:
    day = page.asked.scope.cut_off
    lights = {}
    if "lights" in names:
        found = lights_for(Project.objects.filter(pk__in=page.rows.order_by().values("pk")), day)
        lights = {pk: f"{light.light.words}：{light.sentence}" for pk, light in found.items()}
    derived: dict[str, Callable[[Project], Any]] = {
        "lights": lambda project: lights.get(project.pk),
        "lists": lambda project: "、".join(
            listing.annual_list.kind.name for listing in project.listings_of_year
        ),
        "category": lambda project: ProjectStage(project.category).label if project.category else None,
        "stage": lambda project: project.stage_on(day),
        "completion": lambda project: Ratio(project.invested or 0, project.planned or 0).percent(),
        "next_milestone": lambda project: (
            project.next_milestone
            and f"{project.next_milestone}（{project.next_milestone_due_on or '未定'}）"
        ),
    }
    read = [derived.get(name) or _plain(name) for name in names]
    for project in projects.iterator(chunk_size=CHUNK):
        yield [value(project) for value in read]


def _plain(name: str) -> Callable[[Project], Any]:
    def value(project: Project) -> Any:
        found = getattr(project, name)
        return str(found) if hasattr(found, "_meta") else found

    return value


def _head(table: ProjectTable, name: str) -> str:
    head = str(table.columns[name].header)
    return f"{head}（%）" if name == "completion" else head


def _notes(request: HttpRequest, page: LedgerPage) -> list[str]:
    """What the rows are (口径): year, day, basis, filters, whose eyes."""
    scope = page.asked.scope
    basis = "含待审旬报" if scope.basis == "submitted" else "按已确认旬报统计"
    words = [f"{scope.year}年度，截至{scope.cut_off.isoformat()}，{basis}"]
    filters = [page.asked.figure_name, *(chip.label for chip in chips(page.filterset))]
    if chosen := [label for label in filters if label]:
        words.append(f"范围：{'；'.join(chosen)}")
    if not request.user.sees_all_projects:
        words.append("仅含本人有权查看的项目")
    return ["。".join(words) + "。"]
