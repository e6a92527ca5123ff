"""Import pages (数据导入): upload, progress, questions, columns, preview, confirmation, taking back. For the office only."""

import logging
from collections.abc import Sequence
from typing import Any

from celery import Task
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.models import ImportBatch
from projects.services import imports as service
from projects.tasks import read_import, write_import

from ..base.context import show
from ..base.form_page import Done, bound, fill_step, form_page, take_step
from ..base.guards import office_only
from ..base.refusals import refused_here
from ..base.requests import HouseRequest
from .forms import AnswersForm, ColumnsForm, ConfirmForm, UploadForm
from .shown import BatchAsks, BatchShown, columns_of, grid_of, note_of, progress_of, sheets_of, without_flag

log = logging.getLogger(__name__)
PER_PAGE = 30
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
    batch = get_object_or_404(ImportBatch.objects.select_related("made_by", "confirmed_by"), pk=pk)
    return _detail(request, batch, ConfirmForm())


@require_safe
def import_progress(request: HouseRequest, pk: int) -> HttpResponse:
    """The progress line alone, asked again every two seconds; done, the whole page is fetched anew."""
    office_only(request)
    batch = get_object_or_404(ImportBatch, pk=pk)
    response = show(request, "components/progress.html", progress_of(batch))
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


@require_POST
def import_answer(request: HouseRequest, pk: int) -> HttpResponse:
    """Keep the answers and the mended cells; the batch is read anew (回答、更正)."""
    office_only(request)
    batch = get_object_or_404(ImportBatch.objects.select_related("made_by", "confirmed_by"), pk=pk)
    form = AnswersForm(batch.result, request.POST)

    def answer() -> Done:
        told = form.cleaned_data.get("remember", False)
        return _answered(request, batch, form.answers(), form.mended(), remember=told)

    return fill_step(request, form, answer, lambda: _detail(request, _anew(batch), ConfirmForm(), form))


@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HouseRequest, pk: int, number: int) -> HttpResponse:
    """One sheet as it is, under what each of its columns is read as, to be changed (表头对应)."""
    office_only(request)
    batch = get_object_or_404(ImportBatch, pk=pk)
    found = columns_of(batch, number)
    if found is None:
        raise Http404
    sheet, columns = found
    form = ColumnsForm(sheet, columns, batch.sender, **bound(request))

    def answer() -> Done:
        told = form.cleaned_data.get("remember", False)
        return _answered(request, batch, form.answers(), (), remember=told)

    def context() -> dict[str, Any]:
        return {
            "batch": batch,
            "steps": service.steps_of(batch, request.user, clock.today()),
            "sheet": sheets_of(batch)[number],
            "grid": grid_of(batch, sheet, form),
            "cancel_href": reverse("import_detail", args=[batch.pk]),
        }

    return form_page(request, "imports/import_columns.html", form, answer, context=context)


def _answered(
    request: HouseRequest,
    batch: ImportBatch,
    answers: dict[str, str],
    mended: Sequence[service.Mended],
    *,
    remember: bool,
) -> Done:
    service.answer_batch(
        batch=batch, answers=answers, mended=mended, remember=remember, by=request.user, now=clock.now()
    )
    _enqueue(request, read_import, batch)
    return Done("", "import_detail", batch.pk)


def _anew(batch: ImportBatch) -> ImportBatch:
    batch.refresh_from_db()
    return batch


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


def _detail(
    request: HouseRequest, batch: ImportBatch, form: ConfirmForm, answers: AnswersForm | None = None
) -> HttpResponse:
    """What the page shows of a batch."""
    result, steps = batch.result, service.steps_of(batch, request.user, clock.today())
    if steps["answer"] and answers is None:
        answers = AnswersForm(result)
    sheets = sheets_of(batch)
    waiting = sum(question["answer"] is None for question in result.get("questions", []))
    shown = BatchShown(
        batch,
        steps,
        note_of(batch),
        sheets,
        unread=[sheet for sheet in sheets if not sheet["is_read"]],
        errors=sum(len(sheet["errors"]) for sheet in sheets),
        tells_changes=bool(steps["confirm"]) or batch.is_written,
        corrections=batch.corrections.select_related("made_by"),
    )
    asks = BatchAsks(
        without_flag(result.get("asked", [])[:SHOWN_QUESTIONS]),
        waiting,
        may_confirm=bool(steps["confirm"]) and not waiting,
        form=form if result.get("to_confirm") else None,
        answers=answers if answers and (answers.asked or answers.broken) else None,
    )
    return show(request, "imports/import_detail.html", shown, asks, progress_of(batch))
