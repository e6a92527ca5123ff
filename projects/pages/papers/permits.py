"""Permit pages (许可手续): the list, one with its files, registered, renewed, declared void."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.models import Permit, Project, Validity
from projects.services.papers import permits as service

from ..base.context import as_of_from
from ..base.listing import chips, exported, list_notes, paged
from ..base.refusals import refused_here, refused_on
from .filters import PermitFilter
from .forms import FilesForm, PermitForm, RenewForm, VoidForm
from .tables import PermitTable

LAPSING_FIRST = Case(When(validity__in=[Validity.LAPSED, Validity.RUNNING], then=0), default=1)


@require_safe
def permit_list(request: HttpRequest) -> HttpResponse:
    """Permits as of a day: what has lapsed or will, the earliest first, then what no longer can."""
    as_of = as_of_from(request)
    rows = (
        Permit.objects.visible_to(request.user)
        .with_validity(as_of)
        .select_related("project__lead_department", "kind")
        .order_by(LAPSING_FIRST, F("valid_until_on").asc(nulls_last=True), "pk")
    )
    filterset = PermitFilter(request.GET, queryset=rows, as_of=as_of)
    table = PermitTable(filterset.qs, as_of=as_of)
    active = chips(filterset)
    notes = list_notes(request, as_of, active, "效力按发证、延续、开工和竣工日期判定")
    if file := exported(request, table, title="许可清单", notes=notes, as_of=as_of):
        return file
    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "table": paged(request, table),
        "form": filterset.form,
        "chips": active,
        "limited": not request.user.sees_all_projects,
    }
    return render(request, "papers/permit_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def permit_create(request: HttpRequest, code: str) -> HttpResponse:
    """Register a permit on a project (登记许可)."""
    project = get_object_or_404(Project.objects.editable_by(request.user), code=code)
    form = PermitForm(**_bound(request), initial={"issued_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            permit = service.register_permit(
                project=project, by=request.user, now=clock.now(), **form.entry()
            )
            messages.success(request, f"已登记{permit}。")
            return redirect("permit_detail", pk=permit.pk)
    context = {"project": project, "form": form, "lost_files": bool(request.FILES)}
    return render(
        request,
        "papers/permit_form.html",
        context | {"cancel_href": reverse("project_detail", args=[project.code])},
    )


@require_safe
def permit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One permit: how it stands, its files, what it renewed and what renewed it."""
    return _detail(request, get_object_or_404(_seen_by(request), pk=pk), FilesForm())


@require_POST
def permit_attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Add files to a permit (上传附件)."""
    permit = get_object_or_404(_seen_by(request), pk=pk)
    _editable_or_404(request, permit)
    form = FilesForm(request.POST, request.FILES)
    if form.is_valid():
        with refused_here(request, form):
            service.attach_to_permit(
                permit=permit, files=form.cleaned_data["files"], by=request.user, now=clock.now()
            )
            messages.success(request, "附件已上传。")
            return redirect("permit_detail", pk=pk)
    return _detail(request, permit, form)


@require_http_methods(["GET", "HEAD", "POST"])
def permit_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Renew a permit (办理延续): a new number and validity take its place."""
    permit = get_object_or_404(_seen_by(request), pk=pk)
    _editable_or_404(request, permit)
    initial = {"issued_on": clock.today(), "issued_by": permit.issued_by}
    form = RenewForm(**_bound(request), initial=initial, kind=permit.kind)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            newer = service.renew_permit(permit=permit, by=request.user, now=clock.now(), **form.entry())
            messages.success(request, f"已登记延续，新的文号为{newer.number}。")
            return redirect("permit_detail", pk=newer.pk)
    context = {
        "permit": permit,
        "form": form,
        "steps": service.steps_of(permit, request.user, clock.today()),
        "lost_files": bool(request.FILES),
        "cancel_href": reverse("permit_detail", args=[pk]),
    }
    return render(request, "papers/permit_renew.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def permit_void(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare a permit void (作废), with the reason; the office alone."""
    permit = get_object_or_404(_seen_by(request), pk=pk)
    if not request.user.is_office:
        raise PermissionDenied
    form = VoidForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            service.void_permit(
                permit=permit, reason=form.cleaned_data["reason"], by=request.user, now=clock.now()
            )
            messages.success(request, f"已作废{permit}。")
            return redirect("permit_detail", pk=pk)
    context = {
        "permit": permit,
        "form": form,
        "steps": service.steps_of(permit, request.user, clock.today()),
        "cancel_href": reverse("permit_detail", args=[pk]),
    }
    return render(request, "papers/permit_void.html", context)


def _bound(request: HttpRequest) -> dict:
    return {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}


def _seen_by(request: HttpRequest) -> QuerySet[Permit]:
    return (
        Permit.objects.visible_to(request.user)
        .with_validity(clock.today())
        .select_related("project__lead_department", "kind", "renews", "renewed_by", "made_by")
    )


def _editable_or_404(request: HttpRequest, permit: Permit) -> None:
    if not Permit.objects.editable_by(request.user).filter(pk=permit.pk).exists():
        raise Http404


def _detail(request: HttpRequest, permit: Permit, form: FilesForm) -> HttpResponse:
    context = {
        "permit": permit,
        "attachments": permit.attachments.select_related("uploaded_by"),
        "steps": service.steps_of(permit, request.user, clock.today()),
        "files_form": form,
    }
    return render(request, "papers/permit_detail.html", context)
