"""The lists of urgent problems (省市重大项目亟需解决问题清单): read by those who see all projects, written by the office."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.digests.letters import DOCX, XLSX
from projects.digests.urgent_list import content_now, content_of
from projects.digests.urgent_list_files import file_name, number_words
from projects.digests.urgent_list_files import urgent_docx as docx_of
from projects.digests.urgent_list_files import urgent_xlsx as xlsx_of
from projects.models import Problem, UrgentList
from projects.queries.problems.urgent import annual_lists, candidates
from projects.services.problems import urgent as service

from ..base.form_page import Done, bound, form_page, take_step
from ..base.guards import office_only
from ..base.requests import HouseRequest
from .forms import UrgentDraftForm, UrgentEditForm

State = UrgentList.State


@require_safe
def urgent_list(request: HouseRequest) -> HttpResponse:
    """All lists, drafts first, then the latest number."""
    _readers_only(request)
    rows = UrgentList.objects.select_related("issued_by", "made_by").annotate(n=Count("problems"))
    context = {
        "drafts": rows.filter(state=State.DRAFT).order_by("-made_at"),
        "issued": rows.filter(state=State.ISSUED).order_by("-year", "-number"),
    }
    return render(request, "problems/urgent/urgent_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def urgent_create(request: HouseRequest) -> HttpResponse:
    """Draft a list from the problem list (拟清单); the office alone."""
    office_only(request)
    form = UrgentDraftForm(**bound(request), today=clock.today())

    def draft() -> Done:
        given = form.cleaned_data
        drawn = candidates(lists=given["lists"], as_of=given["as_of"], levels=given["levels"])
        urgent = service.draft_urgent_list(
            title=given["title"], as_of=given["as_of"], problems=drawn, by=request.user, now=clock.now()
        )
        words = f"已拟稿，列入{urgent.problems.count()}个问题，请核对后印发。"
        return Done(words, "urgent_detail", urgent.pk)

    context = {"cancel_href": reverse("urgent_list")}
    return form_page(request, "problems/urgent/urgent_form.html", form, draft, context=context)


@require_safe
def urgent_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """One list as it will be or was printed."""
    urgent = _read(request, pk)
    context = {
        "urgent": urgent,
        "content": content_of(urgent),
        "number": number_words(urgent),
        "steps": service.steps_of(urgent, request.user, clock.today()),
    }
    return render(request, "problems/urgent/urgent_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def urgent_edit(request: HouseRequest, pk: int) -> HttpResponse:
    """Tick which problems a draft holds (增减问题): those on it, and every open one of the year's listed projects."""
    office_only(request)
    urgent = _read(request, pk)
    held = set(urgent.problems.values_list("pk", flat=True))
    form = UrgentEditForm(
        **bound(request), initial={"title": urgent.title, "as_of": urgent.as_of, "problems": sorted(held)}
    )

    def edit() -> Done:
        service.edit_urgent_list(urgent=urgent, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("清单已保存。", "urgent_detail", pk)

    def context() -> dict[str, Any]:
        """A form sent back keeps its ticks."""
        ticked = {one.pk for one in form.cleaned_data.get("problems") or ()} if form.is_bound else held
        offered = candidates(lists=annual_lists(urgent.year), as_of=urgent.as_of)
        on_it = Problem.objects.filter(pk__in=held).select_related("project", "lead_unit")
        choices = {problem.pk: problem for problem in [*on_it, *offered]}
        return {
            "urgent": urgent,
            "steps": service.steps_of(urgent, request.user, clock.today()),
            "choices": [(problem, key in ticked) for key, problem in choices.items()],
            "cancel_href": reverse("urgent_detail", args=[pk]),
        }

    return form_page(request, "problems/urgent/urgent_edit.html", form, edit, context=context, edits=urgent)


@require_POST
def urgent_issue(request: HouseRequest, pk: int) -> HttpResponse:
    """Issue a draft (印发): numbered and frozen; the office alone."""
    office_only(request)
    urgent = _read(request, pk)

    def issue() -> Done:
        issued = service.issue_urgent_list(
            urgent=urgent, write=lambda row: content_now(row).as_dict(), by=request.user, now=clock.now()
        )
        words = f"清单已印发，编为{issued.year}年第{issued.number}期，内容不再变动。"
        return Done(words, "urgent_detail", pk)

    return take_step(request, issue, back=reverse("urgent_detail", args=[pk]))


@require_safe
def urgent_docx(request: HouseRequest, pk: int) -> FileResponse:
    """The paper."""
    return _file(_read(request, pk), docx_of, "docx", DOCX)


@require_safe
def urgent_xlsx(request: HouseRequest, pk: int) -> FileResponse:
    """The table."""
    return _file(_read(request, pk), xlsx_of, "xlsx", XLSX)


def _file(urgent: UrgentList, make: Callable[[UrgentList], bytes], extension: str, kind: str) -> FileResponse:
    return FileResponse(
        BytesIO(make(urgent)), as_attachment=True, filename=file_name(urgent, extension), content_type=kind
    )


def _read(request: HouseRequest, pk: int) -> UrgentList:
    _readers_only(request)
    return get_object_or_404(UrgentList.objects.select_related("made_by", "issued_by"), pk=pk)


def _readers_only(request: HouseRequest) -> None:
    if not request.user.sees_all_projects:
        raise PermissionDenied
