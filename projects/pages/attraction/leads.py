"""Lead pages (招商项目): the list by stage, one with its steps, registered, corrected, moved on."""

from urllib.parse import urlencode

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects import clock
from projects.models import AuditRecord, Lead, LeadStage
from projects.queries.attraction.leads import agreed_sum, leads_seen_by, stage_sums
from projects.queries.base.changes import described
from projects.services.attraction import leads as service

from ..base.context import as_of_from
from ..base.guards import refuse_others
from ..base.listing import chips, exported, list_notes, paged
from ..base.refusals import refused_on
from ..base.requests import HouseRequest
from .filters import LeadFilter
from .forms import EditLeadForm, MoveLeadForm, NewLeadForm
from .tables import LeadTable, stage_tag

AGREED = "agreed_investment"


@require_safe
def lead_list(request: HouseRequest) -> HttpResponse:
    """Leads in their stage of the day, the newest step first; counts and sums by stage are doors to their rows."""
    as_of = as_of_from(request)
    rows = leads_seen_by(request.user, as_of).order_by("-stage_on", "-pk")
    filterset = LeadFilter(request.GET, queryset=rows)
    total = agreed_sum(filterset.qs)
    table = LeadTable(filterset.qs, as_of=as_of, total=total)
    active = chips(filterset)
    notes = list_notes(request, as_of, active, "阶段按截至日已登记的进展", whose="招商项目")
    if file := exported(request, table, title="招商项目清单", notes=notes, as_of=as_of):
        return file
    if request.GET.get("figure") == AGREED:
        table.data_sum, table.data_sum_key = total, AGREED
    context = {
        "as_of": as_of,
        "takes_as_of": True,
        "table": paged(request, table),
        "form": filterset.form,
        "chips": active,
        "stages": _stages(request, rows),
        "register": service.register_step(request.user),
        "limited": not request.user.sees_all_projects,
    }
    return render(request, "attraction/lead_list.html", context)


def _stages(request: HouseRequest, rows) -> list[dict]:
    """Each stage over the other filters, with the doors to its count and its sum."""
    others = request.GET.copy()
    for name in ("stage", "page", "sort", "figure", "format"):
        others.pop(name, None)
    found = LeadFilter(others, queryset=rows).qs
    address = reverse("lead_list")
    return [
        {
            "row": row,
            "href": f"{address}?{_asked(others, stage=row.stage)}",
            "sum_href": f"{address}?{_asked(others, stage=row.stage, figure=AGREED)}",
            "is_shown": request.GET.get("stage") == row.stage,
        }
        for row in stage_sums(found)
    ]


def _asked(others, **more: str) -> str:
    pairs = [(name, value) for name, values in others.lists() for value in values if value]
    return urlencode([*pairs, *more.items()], errors="surrogatepass")


@require_safe
def lead_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """One lead: facts, every step with date and paper, what may come next, the project it became."""
    today = clock.today()
    lead = get_object_or_404(leads_seen_by(request.user, today), pk=pk)
    is_keeper = lead.is_kept_by(request.user)
    of_lead = AuditRecord.objects.filter(model=Lead._meta.model_name, object_id=pk)
    context = {
        "lead": lead,
        "stage": stage_tag(lead.stage),
        "reached": lead.steps.select_related("made_by"),
        "steps": service.steps_of(lead, request.user, today),
        "is_keeper": is_keeper,
        # with the contact's phone among the changes: for those who keep the lead
        "history": described(of_lead.select_related("by", "imported_row__batch")[:12]) if is_keeper else [],
        "project": _project_seen(request, lead),
    }
    return render(request, "attraction/lead_detail.html", context)


def _project_seen(request: HouseRequest, lead: Lead):
    """The lead's project where the person sees it; its name stays a word for others."""
    if lead.project is None:
        return None
    return type(lead.project).objects.visible_to(request.user).filter(pk=lead.project_id).first()


@require_http_methods(["GET", "HEAD", "POST"])
def lead_create(request: HouseRequest) -> HttpResponse:
    """Register a lead (登记招商项目)."""
    refuse_others(service.register_step(request.user))
    form = NewLeadForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        initial={"talked_on": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            lead = service.register_lead(by=request.user, now=clock.now(), **form.cleaned_data)
            messages.success(request, f"已登记招商项目“{lead}”。")
            return redirect("lead_detail", pk=lead.pk)
    return render(request, "attraction/lead_form.html", {"form": form, "cancel_href": reverse("lead_list")})


@require_http_methods(["GET", "HEAD", "POST"])
def lead_edit(request: HouseRequest, pk: int) -> HttpResponse:
    """Correct or complete a lead (修改招商项目)."""
    lead = _editable(request, pk)
    form = EditLeadForm(
        request.POST if request.method == "POST" else None,
        initial=model_to_dict(lead, fields=list(EditLeadForm.base_fields)),
        user=request.user,
    )
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            service.edit_lead(lead=lead, by=request.user, now=clock.now(), **form.cleaned_data)
            messages.success(request, "招商项目已更新。")
            return redirect("lead_detail", pk=pk)
    context = {
        "lead": lead,
        "form": form,
        "steps": service.steps_of(lead, request.user, clock.today()),
        "cancel_href": reverse("lead_detail", args=[pk]),
    }
    return render(request, "attraction/lead_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def lead_move(request: HouseRequest, pk: int) -> HttpResponse:
    """Move a lead to its next stage (登记阶段进展)."""
    lead = _editable(request, pk)
    following, wanted = lead.next_stages, request.GET.get("stage", "")
    initial = {"on": clock.today(), "stage": wanted if wanted in following else next(iter(following), "")}
    form = MoveLeadForm(request.POST if request.method == "POST" else None, lead=lead, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            reached = service.move_lead(lead=lead, by=request.user, now=clock.now(), **form.cleaned_data)
            messages.success(request, f"已登记“{lead}”{reached.get_stage_display()}。")
            return redirect("lead_detail", pk=pk)
    context = {
        "lead": lead,
        "stage_words": LeadStage(lead.stage).label,
        "form": form,
        "steps": service.steps_of(lead, request.user, clock.today()),
        "cancel_href": reverse("lead_detail", args=[pk]),
    }
    return render(request, "attraction/lead_move.html", context)


def _editable(request: HouseRequest, pk: int) -> Lead:
    """The lead with its stage; 404 for a foreign one and for whoever may only read it."""
    lead = get_object_or_404(leads_seen_by(request.user, clock.today()), pk=pk)
    if not lead.is_kept_by(request.user):
        raise Http404
    return lead
