"""A lead becomes a project (招商转项目): nothing typed twice, near matches offered first."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects import clock
from projects.models import Lead, LeadStage, Project, Unit
from projects.queries.attraction.leads import leads_seen_by
from projects.services.attraction import landing as service
from projects.services.attraction.leads import steps_of

from ..base.guards import refuse_others
from ..base.refusals import refused_aloud, refused_on
from ..base.requests import HouseRequest
from .forms import LandForm


@require_http_methods(["GET", "HEAD", "POST"])
def lead_land(request: HouseRequest, pk: int) -> HttpResponse:
    """Make a 前期 project of a lead, or tie it to the one that is there (POST with `link`, its 项目代码)."""
    today = clock.today()
    lead = get_object_or_404(leads_seen_by(request.user, today), pk=pk)
    steps = steps_of(lead, request.user, today)
    refuse_others(steps["land"])
    if "link" in request.POST:
        return _link(request, lead)
    names = request.POST if request.method == "POST" else {"name": lead.name, "developer": lead.investor}
    twins = service.likely_projects(names.get("name", "")[:120], names.get("developer", "")[:120])
    form = LandForm(
        request.POST if request.method == "POST" else None, initial=_from(lead), offers_twins=bool(twins)
    )
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            project = service.land_lead(lead=lead, by=request.user, now=clock.now(), **form.cleaned_data)
            messages.success(
                request, f"已登记前期项目“{project}”，编号{project.code}。请继续制定推进方案、列入年度名单。"
            )
            return redirect("project_detail", code=project.code)
    context = {
        "lead": lead,
        "form": form,
        "twins": twins,
        "steps": steps,
        "stage_words": LeadStage(lead.stage).label,
        "cancel_href": reverse("lead_detail", args=[pk]),
    }
    return render(request, "attraction/lead_land.html", context)


def _from(lead: Lead) -> dict:
    """What the lead says of the project."""
    is_district = lead.unit.kind == Unit.Kind.DISTRICT
    return {
        "name": lead.name,
        "developer": lead.investor,
        "total_investment": lead.agreed_investment,
        "industry_chain": lead.industry_chain_id,
        "description": lead.notes,
        "host_district" if is_district else "lead_department": lead.unit_id,
        "from_on": clock.today(),
    }


def _link(request: HouseRequest, lead: Lead) -> HttpResponse:
    project = Project.objects.visible_to(request.user).filter(code=request.POST["link"].replace("\x00", ""))
    with refused_aloud(request):
        found = project.first()
        if found is None:
            raise ValidationError("没有找到要关联的项目，请刷新后再选。")
        service.link_lead(lead=lead, project=found, by=request.user, now=clock.now())
        messages.success(request, f"已与项目“{found}”关联。")
        return redirect("lead_detail", pk=lead.pk)
    return redirect("lead_land", pk=lead.pk)
