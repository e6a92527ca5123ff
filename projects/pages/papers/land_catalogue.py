"""The catalogue of 用地一件事 (用地事项目录): shown to all, taken away as a sheet, loaded from one by the office."""

import tempfile
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from projects import clock
from projects.queries.papers.land import catalogue
from projects.services.base.attachments import clean_name
from projects.services.imports.reader import UnreadableWorkbook
from projects.services.papers import land_catalogue as service
from projects.workbooks import write_table

from ..base.guards import office_only
from ..base.refusals import refused_aloud
from ..base.requests import HouseRequest
from .forms import CatalogueForm, LoadForm

SHOWN_MISTAKES = 200
WIDTHS = [12, 20, 34, 22, 12, 40, 40]


@require_safe
def land_catalogue(request: HouseRequest) -> HttpResponse:
    """Stages, classes and items in use; what is not checked yet is marked 待核."""
    return _page(request, CatalogueForm())


@require_safe
def land_sheet(request: HouseRequest) -> FileResponse:
    """The catalogue as a sheet (下载目录表), which reads back as unchanged."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    notes = ["修改后可在本系统“用地事项目录”页上传；前置事项写本表的事项名称，多个用顿号分隔。"]
    write_table(
        file,
        title="用地事项目录",
        heads=service.HEADS,
        rows=service.sheet_rows(),
        notes=notes,
        widths=WIDTHS,
    )
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"用地事项目录{clock.today():%Y%m%d}.xlsx")


@require_POST
def land_compare(request: HouseRequest) -> HttpResponse:
    """Read a sheet and show every mistake, or what loading it would change (核对目录表). Writes nothing."""
    office_only(request)
    form = CatalogueForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    upload = form.cleaned_data["file"]
    try:
        reading = service.read_catalogue(upload.read())
    except UnreadableWorkbook as refusal:
        form.add_error("file", str(refusal))
        return _page(request, form)
    source = clean_name(upload.name)
    context = {"source": source, "reading": reading, "mistakes": reading.mistakes[:SHOWN_MISTAKES]}
    if not reading.mistakes:
        sealed = LoadForm.seal(reading.rows, source, service.fingerprint())
        context |= _comparison(reading.rows) | {"form": LoadForm(initial={"sealed": sealed})}
    return render(request, "papers/land/land_compare.html", context)


@require_POST
def land_load(request: HouseRequest) -> HttpResponse:
    """Write what the comparison showed (确认载入)."""
    office_only(request)
    form = LoadForm(request.POST)
    if not form.is_valid():
        messages.error(request, "核对结果已失效，请重新上传目录表。")
        return redirect("land_catalogue")
    sealed = form.cleaned_data["sealed"]
    if sealed["fingerprint"] != service.fingerprint():
        messages.error(request, "核对之后目录已有变动，未载入；请重新上传目录表核对。")
        return redirect("land_catalogue")
    with refused_aloud(request):
        done = service.load_catalogue(
            rows=sealed["rows"],
            is_checked=form.cleaned_data["is_checked"],
            source=sealed["source"],
            by=request.user,
            now=clock.now(),
        )
        added = len(done.added) + len(done.revived)
        messages.success(
            request, f"目录已载入：新增{added}项，变更{len(done.changed)}项，停用{len(done.retired)}项。"
        )
    return redirect("land_catalogue")


def _page(request: HouseRequest, form: CatalogueForm) -> HttpResponse:
    stages = catalogue()
    items = [item for _stage, classes in stages for _class, rows in classes for item in rows]
    context = {
        "stages": stages,
        "classes": sum(len(classes) for _stage, classes in stages),
        "items": len(items),
        "unchecked": sum(not item.is_checked for item in items),
        "form": form,
    }
    return render(request, "papers/land/land_catalogue.html", context)


def _comparison(rows: list[service.CatalogueRow]) -> dict[str, Any]:
    return {
        "comparison": service.compare_catalogue(rows),
        "stages": len({row.stage for row in rows}),
        "classes": len({row.land_class for row in rows}),
    }
