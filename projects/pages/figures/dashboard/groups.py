"""One sponsor's, department's, district's or chain's dashboard (分组总览): whose it is, its lines on the overview."""

from typing import Any

from django.http import Http404
from django_tables2 import Table

from projects.figures.figures import FigureRow
from projects.figures.lights.judging import lights_for
from projects.figures.population import Scope
from projects.models import Project, User
from projects.queries.register.ledger import ledger_of, ledger_sums
from projects.rules.ranking import SILENT

from ...base.listing import paged
from ...base.requests import HouseRequest
from ...base.scope import doors, page_over
from ...register.tables import table_of_reading

PROJECTS_A_PAGE = 20


def refuse_foreign(user: User, total: FigureRow) -> None:
    """A group none of whose projects the person may see does not exist for that person."""
    if not total["projects"] and not user.sees_all_projects:
        raise Http404


def projects_of_group(request: HouseRequest, scope: Scope) -> Table:
    """The group's own projects as the ledger shows them; seven queries and those of their lights."""
    rows = ledger_of(scope.projects(), scope).order_by("code")
    kind = table_of_reading(scope)
    table = kind(rows, as_of=scope.cut_off, sums=ledger_sums(rows, scope), exclude=(*kind.OPTIONAL, scope.by))
    paged(request, table, PROJECTS_A_PAGE)
    if scope.publication is None:
        shown = [row.record.pk for row in table.paginated_rows]
        table.project_lights = lights_for(Project.objects.filter(pk__in=shown), scope.cut_off)
    return table


def bars(rows: list[FigureRow]) -> list[dict[str, Any]]:
    """Groups around 序时, the fastest first; a group without gap stands last. Each opens its dashboard."""
    ranked = sorted(rows, key=lambda row: (not _has_gap(row), -(row.schedule_gap_points or 0)))
    return [
        {
            "label": row.group,
            "value": row.schedule_gap_points,
            "href": page_over("dashboard", row.scope),
            "note": f"{row['projects']}个项目" + (f"，{row.remark}" if row.remark and _has_gap(row) else ""),
            "without": SILENT if row.is_silent else "无任务",
        }
        for row in ranked
    ]


def _has_gap(row: FigureRow) -> bool:
    """Else the words in place of the bar say already why there is none."""
    return row.schedule_gap_points is not None


def lines(rows: list[FigureRow]) -> list[dict[str, Any]]:
    """Rows with their figures' doors and the address of their dashboard: the lists' cards, the table of the groups."""
    return [
        {"row": row, "doors": doors(row.scope), "href": page_over("dashboard", row.scope)} for row in rows
    ]
