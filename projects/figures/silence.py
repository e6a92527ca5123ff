"""Lists without any report yet (尚无旬报): where nobody reported, nothing done is not known to be nothing."""

from collections.abc import Iterable

from ..models import Listing, ProgressReport
from .figures import FigureRow
from .population import Scope


def silent_lists(scope: Scope, rows: Iterable[FigureRow]) -> dict[int, str]:
    """{list id: its name} of the lists with projects of which none had a report of the year by the day. One query."""
    reports = ProgressReport.objects.of_basis(scope.basis).up_to(scope.cut_off)
    reports = reports.filter(period_ends_on__year=scope.year).order_by()
    listings = Listing.objects.filter(annual_list__year=scope.year, project__in=scope.listed()).order_by()
    with_report = listings.filter(project__in=reports.values("project"))
    reported = set(with_report.values_list("annual_list", flat=True).distinct())
    return {
        pk: row.list_name for row in rows if (pk := row.group_id) and row["projects"] and pk not in reported
    }
