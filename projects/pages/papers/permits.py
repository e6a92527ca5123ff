"""Permit pages (许可手续): the list, one with its files, registered, renewed, declared void."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, QuerySet, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.models import Permit, Project, Validity
from projects.services.papers import permits as service

from ..base.form_page import Done, bound, fill_step, form_page
from ..base.list_page import ListPage
from ..base.requests import HouseRequest
from .filters import PermitFilter
from .forms import FilesForm, PermitForm, RenewForm, VoidForm
from .tables import PermitTable

LAPSING_FIRST = Case(When(validity__in=[Validity.LAPSED, Validity.RUNNING], then=0), default=1)


class PermitList(ListPage):
    """Permits as of a day: what has lapsed or will, the earliest first, then what no longer can."""

    title, heading = "许可清单", "许可手续"
    subheading = "各项目的许可、批复及其有效期"
    foot = (
        "在项目页登记许可。到期前按许可种类和预警规则提醒填报员；逾期未延续的列入预警。"
        "有效期内已开工或项目已竣工的，不再提醒。"
    )
    quick = (("已失效", "state=lapsed"), ("30天内到期", "within=30"), ("90天内到期", "within=90"))
    note = "效力按发证、延续、开工和竣工日期判定"
    filter_class, table_class = PermitFilter, PermitTable

    def rows(self) -> QuerySet[Permit]:
        return (
            Permit.objects.visible_to(self.request.user)
            .with_validity(self.as_of)
            .select_related("project__lead_department", "kind")
            .order_by(LAPSING_FIRST, F("valid_until_on").asc(nulls_last=True), "pk")
        )


@require_http_methods(["GET", "HEAD", "POST"])
def permit_create(request: HouseRequest, code: str) -> HttpResponse:
    """Register a permit on a project (登记许可)."""
    project = get_object_or_404(Project.objects.editable_by(request.user), code=code)
    form = PermitForm(**bound(request), initial={"issued_on": clock.today()})

    def register() -> Done:
        permit = service.register_permit(project=project, by=request.user, now=clock.now(), **form.entry())
        return Done(f"已登记{permit}。", "permit_detail", permit.pk)

    context = {"project": project, "cancel_href": reverse("project_detail", args=[project.code])}
    return form_page(request, "papers/permit_form.html", form, register, context=context)


@require_safe
def permit_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """One permit: how it stands, its files, what it renewed and what renewed it."""
    return _detail(request, get_object_or_404(_seen_by(request), pk=pk), FilesForm())


@require_POST
def permit_attach(request: HouseRequest, pk: int) -> HttpResponse:
    """Add files to a permit (上传附件)."""
    permit = get_object_or_404(_seen_by(request), pk=pk)
    _editable_or_404(request, permit)
    form = FilesForm(request.POST, request.FILES)

    def attach() -> Done:
        files = form.cleaned_data["files"]
        service.attach_to_permit(permit=permit, files=files, by=request.user, now=clock.now())
        return Done("附件已上传。", "permit_detail", pk)

    return fill_step(request, form, attach, lambda: _detail(request, permit, form))


@require_http_methods(["GET", "HEAD", "POST"])
def permit_renew(request: HouseRequest, pk: int) -> HttpResponse:
    """Renew a permit (办理延续): a new number and validity take its place."""
    permit = get_object_or_404(_seen_by(request), pk=pk)
    _editable_or_404(request, permit)
    initial = {"issued_on": clock.today(), "issued_by": permit.issued_by}
    form = RenewForm(**bound(request), initial=initial, kind=permit.kind)

    def renew() -> Done:
        newer = service.renew_permit(permit=permit, by=request.user, now=clock.now(), **form.entry())
        return Done(f"已登记延续，新的文号为{newer.number}。", "permit_detail", newer.pk)

    return form_page(request, "papers/permit_renew.html", form, renew, context=_step(request, permit))


@require_http_methods(["GET", "HEAD", "POST"])
def permit_void(request: HouseRequest, pk: int) -> HttpResponse:
    """Declare a permit void (作废), with the reason; the office alone."""
    permit = get_object_or_404(_seen_by(request), pk=pk)
    if not request.user.is_office:
        raise PermissionDenied
    form = VoidForm(**bound(request))

    def declare_void() -> Done:
        reason = form.cleaned_data["reason"]
        service.void_permit(permit=permit, reason=reason, by=request.user, now=clock.now())
        return Done(f"已作废{permit}。", "permit_detail", pk)

    return form_page(request, "papers/permit_void.html", form, declare_void, context=_step(request, permit))


def _step(request: HouseRequest, permit: Permit) -> dict[str, Any]:
    """What the page of a step shows beside its form."""
    return {
        "permit": permit,
        "steps": service.steps_of(permit, request.user, clock.today()),
        "cancel_href": reverse("permit_detail", args=[permit.pk]),
    }


def _seen_by(request: HouseRequest) -> QuerySet[Permit]:
    return (
        Permit.objects.visible_to(request.user)
        .with_validity(clock.today())
        .select_related("project__lead_department", "kind", "renews", "renewed_by", "made_by")
    )


def _editable_or_404(request: HouseRequest, permit: Permit) -> None:
    if not Permit.objects.editable_by(request.user).filter(pk=permit.pk).exists():
        raise Http404


def _detail(request: HouseRequest, permit: Permit, form: FilesForm) -> HttpResponse:
    context = {
        "permit": permit,
        "attachments": permit.attachments.select_related("uploaded_by"),
        "steps": service.steps_of(permit, request.user, clock.today()),
        "files_form": form,
    }
    return render(request, "papers/permit_detail.html", context)
