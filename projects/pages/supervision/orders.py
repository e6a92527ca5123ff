"""Supervision orders (督办单): the list, drafting and issuing, signing for and answering, closing row by row."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import BytesIO

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.digests.letters import DOCX
from projects.digests.order_docx import order_docx as paper_of
from projects.models import Project, SupervisionLine, SupervisionOrder
from projects.services.base.steps import Steps
from projects.services.supervision import orders as service

from ..base.form_page import Done, bound, fill_step, form_page, take_step
from ..base.guards import refuse_others
from ..base.list_page import ListPage
from ..base.requests import HouseRequest
from .filters import OrderFilter
from .forms import IssueForm, OrderForm, OrderLineForm, OrderReasonForm, ReplyForm
from .tables import OrderTable


class OrderList(ListPage):
    """Slips the person may see, the newest first."""

    title = heading = whose = "督办单"
    template_name = "supervision/order_list.html"
    filter_class, table_class = OrderFilter, OrderTable

    def rows(self) -> QuerySet[SupervisionOrder]:
        seen = Q(lines__in=SupervisionLine.objects.visible_to(self.request.user).values("pk"))
        closed = Count("lines", filter=seen & Q(lines__state=SupervisionLine.State.CLOSED))
        orders = SupervisionOrder.objects.visible_to(self.request.user).select_related("unit", "received_by")
        return orders.annotate(total=Count("lines", filter=seen), closed=closed).order_by("-made_at", "-pk")


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
    initial = {"unit": unit, "type": SupervisionOrder.Type.SUPERVISE}
    form = OrderForm(**bound(request), initial=initial)

    def draft() -> Done:
        order = service.draft_order(**form.cleaned_data, by=request.user, now=clock.now())
        suffix = f"?project={project.code}" if project else ""
        return Done("已拟稿，请列入项目后印发。", _page_of(order) + suffix)

    context = {"heading": "拟督办单", "cancel_href": reverse("order_list")}
    return form_page(request, "supervision/order_form.html", form, draft, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def order_edit(request: HouseRequest, pk: int) -> HttpResponse:
    """Change a draft's head (修改拟稿)."""
    order, steps = _order_to(request, pk, "edit")
    form = OrderForm(**bound(request), instance=order)

    def change() -> Done:
        service.edit_order(order=order, **form.cleaned_data, by=request.user, now=clock.now())
        return Done("已修改。", _page_of(order))

    context = {"heading": "修改督办单", "refusal": steps["edit"].refusal, "cancel_href": _page_of(order)}
    return form_page(request, "supervision/order_form.html", form, change, context=context, edits=order)


@require_POST
def order_line_add(request: HouseRequest, pk: int) -> HttpResponse:
    """Put a project on a draft (列入项目)."""
    order, _steps = _order_to(request, pk, "edit")
    form = OrderLineForm(request.POST, user=request.user)
    return _filled(request, order, service.add_line, "line_form", form, "已列入。")


@require_POST
def order_line_drop(request: HouseRequest, pk: int) -> HttpResponse:
    """Take a project off a draft (移出项目)."""
    line = _seen_line(request, pk)
    refuse_others(service.steps_of(line.order, request.user, clock.today())["edit"])
    return _taken(request, line.order, partial(service.drop_line, line=line), "已移出。")


@require_POST
def order_issue(request: HouseRequest, pk: int) -> HttpResponse:
    """Issue a draft (印发)."""
    order, _steps = _order_to(request, pk, "issue")
    done = "已编号印发，并通知承办单位。"
    return _filled(request, order, service.issue_order, "issue_form", IssueForm(request.POST), done)


@require_http_methods(["GET", "HEAD", "POST"])
def order_void(request: HouseRequest, pk: int) -> HttpResponse:
    """Declare a slip void (作废), with a reason; the number stays used."""
    order, steps = _order_to(request, pk, "void")
    form = OrderReasonForm(**bound(request))

    def declare_void() -> Done:
        service.void_order(order=order, **form.cleaned_data, by=request.user, now=clock.now())
        return Done("已作废，编号保留不再使用。", _page_of(order))

    facts = [{"label": "文号", "value": order}, {"label": "承办单位", "value": order.unit}]
    context = {"order": order, "steps": steps, "cancel_href": _page_of(order), "facts": facts}
    return form_page(request, "supervision/order_void.html", form, declare_void, context=context)


@require_POST
def order_receive(request: HouseRequest, pk: int) -> HttpResponse:
    """Sign for a slip (签收)."""
    order = _seen(request, pk)
    return _taken(request, order, partial(service.receive_order, order=order), "已签收。")


@require_http_methods(["GET", "HEAD", "POST"])
def order_reply(request: HouseRequest, pk: int) -> HttpResponse:
    """Answer one row (回复), on a phone with a photo."""
    line, steps = _line_to(request, pk, "reply")
    form = ReplyForm(**bound(request), initial={"reply": line.reply})

    def answer() -> Done:
        service.reply_line(line=line, **form.cleaned_data, by=request.user, now=clock.now())
        return Done("已回复，待印发单位核验。", _page_of(line.order))

    context = {"line": line, "steps": steps, "cancel_href": _page_of(line.order)}
    return form_page(request, "supervision/order_reply.html", form, answer, context=context)


@require_POST
def order_close(request: HouseRequest, pk: int) -> HttpResponse:
    """Verify a reply and close its row (核验办结)."""
    line, _steps = _line_to(request, pk, "close")
    return _taken(request, line.order, partial(service.close_line, line=line), "已核验办结。")


@require_http_methods(["GET", "HEAD", "POST"])
def order_return(request: HouseRequest, pk: int) -> HttpResponse:
    """Send a reply back (退回重办), with the reason."""
    line, steps = _line_to(request, pk, "send_back")
    form = OrderReasonForm(**bound(request))

    def send_back() -> Done:
        service.return_line(line=line, **form.cleaned_data, by=request.user, now=clock.now())
        return Done("已退回承办单位重办。", _page_of(line.order))

    context = {"line": line, "steps": steps, "cancel_href": _page_of(line.order)}
    return form_page(request, "supervision/order_return.html", form, send_back, context=context)


@require_safe
def order_docx(request: HouseRequest, pk: int) -> FileResponse:
    """The paper (公文), over the rows that the person may see."""
    order = _seen(request, pk)
    name = f"{order.document_number or '督办单拟稿'}.docx"
    return FileResponse(
        BytesIO(paper_of(order, request.user)), as_attachment=True, filename=name, content_type=DOCX
    )


def _order_to(request: HouseRequest, pk: int, verb: str) -> tuple[SupervisionOrder, Steps]:
    """A slip and its steps, for a person who may take the one named."""
    order = _seen(request, pk)
    steps = service.steps_of(order, request.user, clock.today())
    refuse_others(steps[verb])
    return order, steps


def _line_to(request: HouseRequest, pk: int, verb: str) -> tuple[SupervisionLine, Steps]:
    """A row of a slip and its steps, likewise."""
    line = _seen_line(request, pk)
    steps = service.line_steps_of(line, request.user, clock.today())
    refuse_others(steps[verb])
    return line, steps


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


def _page_of(order: SupervisionOrder) -> str:
    return reverse("order_detail", args=[order.pk])


def _taken(
    request: HouseRequest, order: SupervisionOrder, verb: Callable[..., object], words: str
) -> HttpResponse:
    """A step without a form, and back to the slip."""

    def take() -> Done:
        verb(by=request.user, now=clock.now())
        return Done(words, _page_of(order))

    return take_step(request, take, back=_page_of(order))


def _filled(
    request: HouseRequest,
    order: SupervisionOrder,
    verb: Callable[..., object],
    name: str,
    form: forms.Form,
    words: str,
) -> HttpResponse:
    """A step by one of the forms on the slip's page: the page again with what is wrong, else as it stands now."""

    def do() -> Done:
        verb(order=order, **form.cleaned_data, by=request.user, now=clock.now())
        return Done(words, _page_of(order))

    return fill_step(request, form, do, lambda: _detail(request, order, **{name: form}))


def _detail(request: HouseRequest, order: SupervisionOrder, **sent: forms.Form) -> HttpResponse:
    today = clock.today()
    lines = list(_lines(request).filter(order=order).prefetch_related("attachments"))
    for line in lines:
        line.order = order
    steps = service.steps_of(order, request.user, today)
    initial = {"project": request.GET.get("project", "")}
    context = {
        "order": order,
        "lines": [(line, service.line_steps_of(line, request.user, today)) for line in lines],
        "closed": sum(line.is_closed for line in lines),
        "steps": steps,
        "line_form": OrderLineForm(user=request.user, initial=initial) if steps["edit"] else None,
        "issue_form": IssueForm(initial={"due_on": today + timedelta(days=service.REPLY_DAYS)}),
    }
    return render(request, "supervision/order_detail.html", context | sent)
