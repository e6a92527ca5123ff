"""Appeals against published scores (申诉): filed by the unit's head, decided by the office."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects import clock
from projects.figures.assessment.sheets import sheet_of
from projects.models import AssessmentAppeal, Unit
from projects.services.assessment import appeals as service

from ..base.form_page import Done, bound, form_page
from ..base.guards import office_only
from ..base.requests import HouseRequest
from .forms import AppealForm, DecideAppealForm
from .scores import visible_round


@require_http_methods(["GET", "HEAD", "POST"])
def score_appeal(request: HouseRequest, pk: int, unit: int) -> HttpResponse:
    """Appeal against an item of the own unit's score (提出申诉)."""
    if not service.heads(request.user, unit):
        raise PermissionDenied("只有本单位负责人可以提出申诉。")
    round_ = visible_round(request, pk)
    until = service.appeal_until(round_)
    unit_row = get_object_or_404(Unit, pk=unit)
    card = reverse("score_card", args=[pk, unit])
    form = AppealForm(**bound(request), round_=round_, initial={"item": request.GET.get("item")})

    def file() -> Done:
        given = form.cleaned_data
        service.file_appeal(round_=round_, unit=unit_row, by=request.user, now=clock.now(), **given)
        return Done("申诉已提交，发改局审定后通知您。", card)

    context = {
        "round": round_,
        "unit": unit_row,
        "file": service.file_step(round_, unit, request.user, clock.today(), until=until),
        "until": until,
        "cancel_href": card,
    }
    return form_page(request, "assessment/score_appeal.html", form, file, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def score_decide(request: HouseRequest, pk: int) -> HttpResponse:
    """Decide an appeal (审定): refused, or accepted with a correction beside the published score."""
    office_only(request, "办理考核")
    rows = AssessmentAppeal.objects.select_related(
        "round__scheme", "unit", "item", "filed_by", "decided_by", "correction"
    )
    appeal = get_object_or_404(rows, pk=pk)
    published = sheet_of(appeal.round).of(appeal.unit_id)
    if published is None:
        raise Http404
    score = published.item(appeal.item_id)
    card = reverse("score_card", args=[appeal.round_id, appeal.unit_id])
    form = DecideAppealForm(**bound(request), initial={"points": score.score})

    def decide() -> Done:
        given = form.cleaned_data
        service.decide_appeal(
            appeal=appeal,
            accept=given["verdict"] == "accept",
            points=given["points"],
            decision=given["decision"],
            by=request.user,
            now=clock.now(),
        )
        return Done("申诉已审定，已通知申诉人。", card)

    context = {
        "appeal": appeal,
        "score": score,
        "steps": service.steps_of(appeal, request.user, clock.today()),
        "cancel_href": card,
    }
    return form_page(request, "assessment/score_decide.html", form, decide, context=context)
