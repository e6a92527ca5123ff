"""Import pages (数据导入): upload, progress, preview, confirmation, taking back. For the office only."""

import logging
from typing import Any

from celery import Task
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.models import ImportBatch
from projects.services import imports as service
from projects.services.imports.staging.staged import ASK, KIND_WORDS
from projects.tasks import read_import, write_import

from ..base.form_page import Done, bound, form_page, take_step
from ..base.guards import office_only
from ..base.refusals import refused_here
from ..base.requests import HouseRequest
from .forms import ConfirmForm, UploadForm

log = logging.getLogger(__name__)
PER_PAGE = 30
SHOWN_MESSAGES = 200
SHOWN_QUESTIONS = 12  # the rest stand in the tables below


@require_safe
def import_list(request: HouseRequest) -> HttpResponse:
    """All batches, the latest first."""
    office_only(request)
    batches = ImportBatch.objects.select_related("made_by").defer("result")
    page = Paginator(batches, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "imports/import_list.html", {"page": page, "batches": page.object_list})


@require_http_methods(["GET", "HEAD", "POST"])
def import_create(request: HouseRequest) -> HttpResponse:
    """Upload a workbook; it is read in the background."""
    office_only(request)
    form = UploadForm(**bound(request))

    def upload() -> Done:
        file, options = form.cleaned_data["file"], form.options()
        batch = service.upload_batch(
            content=file.read(), file_name=file.name, options=options, by=request.user, now=clock.now()
        )
        _enqueue(request, read_import, batch)
        return Done("", "import_detail", batch.pk)

    context = {"cancel_href": reverse("import_list")}
    return form_page(request, "imports/import_form.html", form, upload, context=context)


@require_safe
def import_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """A batch: its progress while it runs, then what was read and what would change."""
    office_only(request)
    batch = get_object_or_404(ImportBatch.objects.select_related("made_by"), pk=pk)
    return _detail(request, batch, ConfirmForm())


@require_safe
def import_progress(request: HouseRequest, pk: int) -> HttpResponse:
    """The progress line alone, asked again every two seconds; done, the whole page is fetched anew."""
    office_only(request)
    batch = get_object_or_404(ImportBatch, pk=pk)
    response = render(request, "components/progress.html", _progress(batch))
    if not batch.is_running:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def import_confirm(request: HouseRequest, pk: int) -> HttpResponse:
    """Write what the preview showed (确认导入)."""
    office_only(request)
    batch = get_object_or_404(ImportBatch, pk=pk)
    form = ConfirmForm(request.POST)
    accepted = form.is_valid() and form.cleaned_data["accept_warnings"]
    with refused_here(request, form):
        service.confirm_batch(batch=batch, accept_warnings=accepted, by=request.user, now=clock.now())
        _enqueue(request, write_import, batch)
        return redirect("import_detail", pk=batch.pk)
    batch.refresh_from_db()
    if service.steps_of(batch, request.user, clock.today())["confirm"]:
        return _detail(request, batch, form)
    return redirect("import_detail", pk=batch.pk)


@require_POST
def import_cancel(request: HouseRequest, pk: int) -> HttpResponse:
    """Leave a batch before it is written (取消导入)."""
    office_only(request)
    batch = get_object_or_404(ImportBatch, pk=pk)

    def cancel() -> Done:
        service.cancel_batch(batch=batch, by=request.user, now=clock.now())
        return Done("已取消，未写入任何数据。", "import_detail", pk)

    return take_step(request, cancel, back=reverse("import_detail", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def import_revert(request: HouseRequest, pk: int) -> HttpResponse:
    """Take a written batch back (撤销导入); a page asks first."""
    office_only(request)
    batch = get_object_or_404(ImportBatch, pk=pk)
    back = reverse("import_detail", args=[batch.pk])

    def revert() -> Done:
        done = service.revert_batch(batch=batch, by=request.user, now=clock.now())
        return Done(f"已撤销：删除{done['deleted']}条，恢复{done['restored']}条。", back)

    if request.method == "POST":
        return take_step(request, revert, back=back)
    context = {
        "batch": batch,
        "steps": service.steps_of(batch, request.user, clock.today()),
        "text": "撤销后，本批新建的数据将删除，更改的数据恢复原值；导入记录和操作记录保留。导入之后已有改动的，不能撤销。",
        "facts": [
            {"label": "文件", "value": batch.file_name},
            {"label": "写入时间", "value": batch.written_at},
        ],
        "cancel_href": back,
    }
    return render(request, "imports/import_revert.html", context)


def _enqueue(request: HouseRequest, task: Task, batch: ImportBatch) -> None:
    """Hand the batch to a worker now; without a broker the sweep takes it up within minutes."""
    try:
        task.apply_async(args=[batch.pk], retry=False)
    except Exception:  # whatever the transport raises, the batch is safe in the database
        log.exception("could not enqueue %s for batch %s", task.name, batch.pk)
        messages.warning(request, "后台任务暂时无法接收，系统会在几分钟内自动处理本批，可以离开本页。")


def _without_flag(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Messages as a page says them: the tick stands beneath, nobody here types a flag."""
    return [{**row, "message": row["message"].removesuffix(ASK)} for row in rows]


def _progress(batch: ImportBatch) -> dict[str, Any]:
    words = batch.message or batch.file_name
    if service.is_interrupted(batch, clock.now()):
        words = "处理进程中断，一分钟内由后台重新处理"
    return {
        "progress_url": reverse("import_progress", args=[batch.pk]),
        "done": batch.progress,
        "total": 100 if batch.progress else 0,
        "words": f"{batch.get_state_display()}：{words}",
        "finished": not batch.is_running,
    }


def _note(batch: ImportBatch) -> dict[str, str] | None:
    """What became of a batch, in words and tone."""
    State = ImportBatch.State
    return {
        State.REFUSED: {"tone": "error", "text": batch.message},
        State.FAILED: {"tone": "error", "text": batch.message},
        State.UNCHANGED: {"tone": "info", "text": "与系统数据一致，没有需要写入的内容。"},
        State.CANCELLED: {"tone": "info", "text": batch.message},
        State.REVERTED: {"tone": "warning", "text": batch.message},
        State.WRITTEN: {"tone": "success", "text": "已写入。"},
    }.get(State(batch.state))


def _detail(request: HouseRequest, batch: ImportBatch, form: ConfirmForm) -> HttpResponse:
    """What the page shows of a batch: everything is ready-made, the template only lays it out."""
    result = batch.result
    sheets = [
        {
            **sheet,
            "kind": KIND_WORDS[sheet["kind"]],
            "headers": "、".join(map(str, sheet["header_rows"])),
            "shown_warnings": _without_flag(sheet["warnings"][:SHOWN_MESSAGES]),
            "shown_errors": sheet["errors"][:SHOWN_MESSAGES],
        }
        for sheet in result.get("sheets", [])
    ]
    steps = service.steps_of(batch, request.user, clock.today())
    context = {
        "batch": batch,
        "steps": steps,
        "note": _note(batch),
        "sheets": sheets,
        "errors": sum(len(sheet["errors"]) for sheet in sheets),
        "asked": _without_flag(result.get("asked", [])[:SHOWN_QUESTIONS]),
        "tells_changes": bool(steps["confirm"]) or batch.is_written,
        "form": form if result.get("to_confirm") else None,
        **_progress(batch),
    }
    return render(request, "imports/import_detail.html", context)
