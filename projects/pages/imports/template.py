"""The empty ledger to download (空白台账): the columns that are read, and how each is filled in. For the office."""

from io import BytesIO

from django.http import FileResponse
from django.views.decorators.http import require_safe

from projects import clock
from projects.models import OfficeSettings
from projects.workbooks import write_template

from ..base.guards import office_only
from ..base.requests import HouseRequest


@require_safe
def import_template(request: HouseRequest) -> FileResponse:
    """An xlsx of this year's columns and a sheet of explanations; what it holds is imported again as it is."""
    office_only(request)
    out, year = BytesIO(), clock.today().year
    write_template(out, year=year, office=OfficeSettings.current().office_name)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"台账模板{year}.xlsx")
