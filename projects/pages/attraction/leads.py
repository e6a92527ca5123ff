"""Lead pages (招商项目): the list by stage, one with its steps, registered, corrected, moved on."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import Table

from projects import clock
from projects.models import AuditRecord, Lead, LeadStage, Project
from projects.queries.attraction.leads import agreed_sum, leads_seen_by, stage_sums
from projects.queries.base.changes import described
from projects.services.attraction import leads as service

from ..base.form_page import Done, bound, form_page
from ..base.guards import refuse_others
from ..base.list_page import ListPage
from ..base.requests import HouseRequest
from .filters import LeadFilter
from .forms import EditLeadForm, MoveLeadForm, NewLeadForm
from .tables import LeadTable, stage_tag

AGREED = "agreed_investment"


class LeadList(ListPage):
    """Leads in their stage of the day, the newest step first; counts and sums by stage are doors to their rows."""

    template_name = "attraction/lead_list.html"
    title, heading = "招商项目清单", "招商项目"
    foot = (
        "阶段由登记的进展得出，每一步须有日期和依据。"
        "签约或落地后，由发改局统筹转为前期项目，名称、投资额、产业链和责任单位一并带入。"
    )
    note = "阶段按截至日已登记的进展"
    whose = "招商项目"
    filter_class, table_class = LeadFilter, LeadTable

    def rows(self) -> QuerySet[Any]:
        return leads_seen_by(self.request.user, self.as_of).order_by("-stage_on", "-pk")

    def make_table(self, rows: QuerySet[Lead]) -> Table:
        table = super().make_table(rows)
        table.total = agreed_sum(rows)
        if self.request.GET.get("figure") == AGREED:
            table.data_sum, table.data_sum_key = table.total, AGREED
        return table

    def context(self) -> dict[str, Any]:
        return {"stages": self._stages(), "register": service.register_step(self.request.user)}

    def _stages(self) -> list[dict[str, Any]]:
        """Each stage over the other filters, with the doors to its count and its sum."""
        others = self.request.GET.copy()
        for name in ("stage", "page", "sort", "figure", "format"):
            others.pop(name, None)
        found = LeadFilter(others, queryset=self.rows(), **self.filter_arguments()).qs
        address = reverse("lead_list")
        return [
            {
                "row": row,
                "href": f"{address}?{_asked(others, stage=row.stage)}",
                "sum_href": f"{address}?{_asked(others, stage=row.stage, figure=AGREED)}",
                "is_shown": self.request.GET.get("stage") == row.stage,
            }
            for row in stage_sums(found)
        ]


def _asked(others: QueryDict, **more: str) -> str:
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


def _project_seen(request: HouseRequest, lead: Lead) -> Project | None:
    """The lead's project where the person sees it; its name stays a word for others."""
    if lead.project is None:
        return None
    return Project.objects.visible_to(request.user).filter(pk=lead.project.pk).first()


@require_http_methods(["GET", "HEAD", "POST"])
def lead_create(request: HouseRequest) -> HttpResponse:
    """Register a lead (登记招商项目)."""
    refuse_others(service.register_step(request.user))
    form = NewLeadForm(**bound(request), user=request.user, initial={"talked_on": clock.today()})

    def register() -> Done:
        lead = service.register_lead(by=request.user, now=clock.now(), **form.cleaned_data)
        return Done(f"已登记招商项目“{lead}”。", "lead_detail", lead.pk)

    context = {"cancel_href": reverse("lead_list")}
    return form_page(request, "attraction/lead_form.html", form, register, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def lead_edit(request: HouseRequest, pk: int) -> HttpResponse:
    """Correct or complete a lead (修改招商项目)."""
    lead = _editable(request, pk)
    initial = model_to_dict(lead, fields=list(EditLeadForm.base_fields))
    form = EditLeadForm(**bound(request), initial=initial, user=request.user)

    def edit() -> Done:
        service.edit_lead(lead=lead, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("招商项目已更新。", "lead_detail", pk)

    return form_page(
        request, "attraction/lead_form.html", form, edit, context=step_of(request, lead), edits=lead
    )


@require_http_methods(["GET", "HEAD", "POST"])
def lead_move(request: HouseRequest, pk: int) -> HttpResponse:
    """Move a lead to its next stage (登记阶段进展)."""
    lead = _editable(request, pk)
    following, wanted = lead.next_stages, request.GET.get("stage", "")
    initial = {"on": clock.today(), "stage": wanted if wanted in following else next(iter(following), "")}
    form = MoveLeadForm(**bound(request), lead=lead, initial=initial)

    def move() -> Done:
        reached = service.move_lead(lead=lead, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done(f"已登记“{lead}”{reached.get_stage_display()}。", "lead_detail", pk)

    return form_page(request, "attraction/lead_move.html", form, move, context=step_of(request, lead))


def step_of(request: HouseRequest, lead: Any) -> dict[str, Any]:
    """What the page of a step shows beside its form; `lead` in its stage of the day."""
    return {
        "lead": lead,
        "stage_words": LeadStage(lead.stage).label,
        "steps": service.steps_of(lead, request.user, clock.today()),
        "cancel_href": reverse("lead_detail", args=[lead.pk]),
    }


def _editable(request: HouseRequest, pk: int) -> Any:
    """The lead with its stage; 404 for a foreign one and for whoever may only read it."""
    lead = get_object_or_404(leads_seen_by(request.user, clock.today()), pk=pk)
    if not lead.is_kept_by(request.user):
        raise Http404
    return lead
