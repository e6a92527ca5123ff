"""A lead becomes a project (招商转项目): nothing typed twice, near matches offered first."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects import clock
from projects.models import Lead, Project, Unit
from projects.queries.attraction.leads import leads_seen_by
from projects.services.attraction import landing as service

from ..base.form_page import Done, bound, form_page, take_step
from ..base.guards import refuse_others
from ..base.requests import HouseRequest
from .forms import LandForm
from .leads import step_of


@require_http_methods(["GET", "HEAD", "POST"])
def lead_land(request: HouseRequest, pk: int) -> HttpResponse:
    """Make a 前期 project of a lead, or tie it to the one that is there (POST with `link`, its 项目代码)."""
    lead = get_object_or_404(leads_seen_by(request.user, clock.today()), pk=pk)
    context = step_of(request, lead)
    refuse_others(context["steps"]["land"])
    if "link" in request.POST:
        return take_step(request, lambda: _link(request, lead), back=reverse("lead_land", args=[pk]))
    names = request.POST if request.method == "POST" else {"name": lead.name, "developer": lead.investor}
    twins = service.likely_projects(names.get("name", "")[:120], names.get("developer", "")[:120])
    form = LandForm(**bound(request), initial=_from(lead), offers_twins=bool(twins))

    def land() -> Done:
        project = service.land_lead(lead=lead, by=request.user, now=clock.now(), **form.cleaned_data)
        words = f"已登记前期项目“{project}”，编号{project.code}。请继续制定推进方案、列入年度名单。"
        return Done(words, "project_detail", project.code)

    return form_page(request, "attraction/lead_land.html", form, land, context=context | {"twins": twins})


def _from(lead: Lead) -> dict[str, Any]:
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


def _link(request: HouseRequest, lead: Lead) -> Done:
    """The lead tied to the project whose code was sent."""
    code = request.POST["link"].replace("\x00", "")
    project = Project.objects.visible_to(request.user).filter(code=code).first()
    if project is None:
        raise ValidationError("没有找到要关联的项目，请刷新后再选。")
    service.link_lead(lead=lead, project=project, by=request.user, now=clock.now())
    return Done(f"已与项目“{project}”关联。", "lead_detail", lead.pk)
