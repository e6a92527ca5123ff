"""Supervision orders (督办单): the list, drafting and issuing, signing for and answering, closing row by row."""

from datetime import timedelta
from io import BytesIO

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.digests.letters import DOCX
from projects.digests.order_docx import order_docx as paper_of
from projects.models import Project, SupervisionLine, SupervisionOrder
from projects.services.base.steps import Steps
from projects.services.supervision import orders as service

from ..base.context import as_of_from
from ..base.guards import refuse_others
from ..base.listing import chips, exported, list_notes, paged
from ..base.refusals import refused_aloud, refused_here, refused_on
from ..base.requests import HouseRequest
from .filters import OrderFilter
from .forms import IssueForm, OrderForm, OrderLineForm, OrderReasonForm, ReplyForm
from .tables import OrderTable

LINE_STATE = SupervisionLine.State


@require_safe
def order_list(request: HouseRequest) -> HttpResponse:
    """Slips the person may see, the newest first."""
    as_of = as_of_from(request)
    rows = (
        SupervisionOrder.objects.visible_to(request.user)
        .select_related("unit", "received_by")
        .annotate(
            total=Count("lines"),
            closed=Count("lines", filter=Q(lines__state=LINE_STATE.CLOSED)),
        )
        .order_by("-made_at", "-pk")
    )
    filterset = OrderFilter(request.GET, queryset=rows, as_of=as_of)
    table, active = OrderTable(filterset.qs, as_of=as_of), chips(filterset)
    notes = list_notes(request, as_of, active, whose="督办单")
    if file := exported(request, table, title="督办单", notes=notes, as_of=as_of):
        return file
    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "table": paged(request, table),
        "form": filterset.form,
        "chips": active,
    }
    return render(request, "supervision/order_list.html", context)


@require_safe
def order_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """A slip with its rows, and the next step for whoever may take it."""
    return _detail(request, _seen(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def order_create(request: HouseRequest) -> HttpResponse:
    """Draft a slip (拟督办单); with ?project= the draft begins with that project's lead department."""
    if not request.user.supervises:
        raise PermissionDenied
    code = request.GET.get("project", "").replace("\0", "")
    project = Project.objects.filter(code=code).first() if code else None
    unit = project.lead_department if project else None
    form = OrderForm(request.POST or None, initial={"unit": unit, "type": SupervisionOrder.Type.SUPERVISE})
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            order = service.draft_order(**form.cleaned_data, by=request.user, now=clock.now())
            messages.success(request, "已拟稿，请列入项目后印发。")
            suffix = f"?project={project.code}" if project else ""
            return redirect(reverse("order_detail", args=[order.pk]) + suffix)
    context = {"form": form, "heading": "拟督办单", "cancel_href": reverse("order_list")}
    return render(request, "supervision/order_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def order_edit(request: HouseRequest, pk: int) -> HttpResponse:
    """Change a draft's head (修改拟稿)."""
    order = _seen(request, pk)
    steps = _steps(request, order)
    refuse_others(steps["edit"])
    form = OrderForm(request.POST or None, instance=order)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            service.edit_order(order=order, **form.cleaned_data, by=request.user, now=clock.now())
            messages.success(request, "已修改。")
            return redirect("order_detail", pk=pk)
    context = {
        "form": form,
        "heading": "修改督办单",
        "refusal": steps["edit"].refusal,
        "cancel_href": reverse("order_detail", args=[pk]),
    }
    return render(request, "supervision/order_form.html", context)


@require_POST
def order_line_add(request: HouseRequest, pk: int) -> HttpResponse:
    """Put a project on a draft (列入项目)."""
    order = _seen(request, pk)
    refuse_others(_steps(request, order)["edit"])
    form = OrderLineForm(request.POST, user=request.user)
    return _step(request, order, service.add_line, {"order": order}, "line_form", form, "已列入。")


@require_POST
def order_line_drop(request: HouseRequest, pk: int) -> HttpResponse:
    """Take a project off a draft (移出项目)."""
    line = _seen_line(request, pk)
    refuse_others(_steps(request, line.order)["edit"])
    return _step(request, line.order, service.drop_line, {"line": line}, done="已移出。")


@require_POST
def order_issue(request: HouseRequest, pk: int) -> HttpResponse:
    """Issue a draft (印发)."""
    order = _seen(request, pk)
    refuse_others(_steps(request, order)["issue"])
    form = IssueForm(request.POST)
    return _step(
        request,
        order,
        service.issue_order,
        {"order": order},
        "issue_form",
        form,
        "已编号印发，并通知承办单位。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def order_void(request: HouseRequest, pk: int) -> HttpResponse:
    """Declare a slip void (作废), with a reason; the number stays used."""
    order = _seen(request, pk)
    steps = _steps(request, order)
    refuse_others(steps["void"])
    form = OrderReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            service.void_order(order=order, **form.cleaned_data, by=request.user, now=clock.now())
            messages.success(request, "已作废，编号保留不再使用。")
            return redirect("order_detail", pk=pk)
    context = {
        "form": form,
        "order": order,
        "steps": steps,
        "cancel_href": reverse("order_detail", args=[pk]),
        "facts": [{"label": "文号", "value": order}, {"label": "承办单位", "value": order.unit}],
    }
    return render(request, "supervision/order_void.html", context)


@require_POST
def order_receive(request: HouseRequest, pk: int) -> HttpResponse:
    """Sign for a slip (签收)."""
    order = _seen(request, pk)
    return _step(request, order, service.receive_order, {"order": order}, done="已签收。")


@require_http_methods(["GET", "HEAD", "POST"])
def order_reply(request: HouseRequest, pk: int) -> HttpResponse:
    """Answer one row (回复), on a phone with a photo."""
    line = _seen_line(request, pk)
    steps = service.line_steps_of(line, request.user, clock.today())
    refuse_others(steps["reply"])
    bound = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = ReplyForm(**bound, initial={"reply": line.reply})
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            service.reply_line(line=line, **form.cleaned_data, by=request.user, now=clock.now())
            messages.success(request, "已回复，待印发单位核验。")
            return redirect("order_detail", pk=line.order_id)
    back = reverse("order_detail", args=[line.order_id])
    context = {"line": line, "form": form, "steps": steps, "cancel_href": back}
    return render(request, "supervision/order_reply.html", context)


@require_POST
def order_close(request: HouseRequest, pk: int) -> HttpResponse:
    """Verify a reply and close its row (核验办结)."""
    line = _seen_line(request, pk)
    refuse_others(service.line_steps_of(line, request.user, clock.today())["close"])
    return _step(request, line.order, service.close_line, {"line": line}, done="已核验办结。")


@require_http_methods(["GET", "HEAD", "POST"])
def order_return(request: HouseRequest, pk: int) -> HttpResponse:
    """Send a reply back (退回重办), with the reason."""
    line = _seen_line(request, pk)
    steps = service.line_steps_of(line, request.user, clock.today())
    refuse_others(steps["send_back"])
    form = OrderReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            service.return_line(line=line, **form.cleaned_data, by=request.user, now=clock.now())
            messages.success(request, "已退回承办单位重办。")
            return redirect("order_detail", pk=line.order_id)
    back = reverse("order_detail", args=[line.order_id])
    context = {"line": line, "form": form, "steps": steps, "cancel_href": back}
    return render(request, "supervision/order_return.html", context)


@require_safe
def order_docx(request: HouseRequest, pk: int) -> FileResponse:
    """The paper (公文)."""
    order = _seen(request, pk)
    name = f"{order.document_number or '督办单拟稿'}.docx"
    return FileResponse(BytesIO(paper_of(order)), as_attachment=True, filename=name, content_type=DOCX)


def _steps(request: HouseRequest, order: SupervisionOrder) -> Steps:
    return service.steps_of(order, request.user, clock.today())


def _seen(request: HouseRequest, pk: int) -> SupervisionOrder:
    orders = SupervisionOrder.objects.visible_to(request.user).with_has_lines()
    return get_object_or_404(orders.select_related("unit", "issued_by", "received_by", "made_by"), pk=pk)


def _seen_line(request: HouseRequest, pk: int) -> SupervisionLine:
    """A row of a slip the person sees; a project that is not theirs stays hidden."""
    line = get_object_or_404(_lines(request).select_related("order"), pk=pk)
    line.order = _seen(request, line.order_id)
    return line


def _lines(request: HouseRequest) -> QuerySet[SupervisionLine]:
    return SupervisionLine.objects.visible_to(request.user).select_related(
        "project", "replied_by", "closed_by"
    )


def _step(request, order, verb, subject, name="", form=None, done="") -> HttpResponse:
    """Take one step: the page again with what is wrong, else back to the slip."""
    if form is None:
        with refused_aloud(request):
            verb(**subject, by=request.user, now=clock.now())
            messages.success(request, done)
        return redirect("order_detail", pk=order.pk)
    if form.is_valid():
        with refused_here(request, form):
            verb(**subject, **form.cleaned_data, by=request.user, now=clock.now())
            messages.success(request, done)
            return redirect("order_detail", pk=order.pk)
    return _detail(request, order, **{name: form})


def _detail(request: HouseRequest, order: SupervisionOrder, **bound) -> HttpResponse:
    today = clock.today()
    lines = list(_lines(request).filter(order=order).prefetch_related("attachments"))
    for line in lines:
        line.order = order
    steps = _steps(request, order)
    initial = {"project": request.GET.get("project", "")}
    context = {
        "order": order,
        "lines": [(line, service.line_steps_of(line, request.user, today)) for line in lines],
        "closed": sum(line.is_closed for line in lines),
        "steps": steps,
        "line_form": OrderLineForm(user=request.user, initial=initial) if steps["edit"] else None,
        "issue_form": IssueForm(initial={"due_on": today + timedelta(days=service.REPLY_DAYS)}),
    }
    return render(request, "supervision/order_detail.html", context | bound)
