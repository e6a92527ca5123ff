"""Completions that wait for the office (节点办结申报): the claim with its evidence, confirmed, sent back or taken back."""

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from projects import clock
from projects.models import Attachment, MilestoneClaim
from projects.services.plans import claims as service

from ..base.form_page import Done, fill_step, take_step
from ..base.requests import HouseRequest
from ..base.returning import safe_next
from .forms import ReturnClaimForm


@require_safe
def claim_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """A claim: which milestone, done when, on what evidence, and who may do what with it."""
    return _detail(request, get_object_or_404(_seen(request), pk=pk), ReturnClaimForm())


@require_POST
def claim_confirm(request: HouseRequest, pk: int) -> HttpResponse:
    """Confirm the completion (确认办结); the office alone."""
    claim = get_object_or_404(_seen(request), pk=pk)

    def confirm() -> Done:
        service.confirm_claim(claim=claim, by=request.user, now=clock.now())
        return Done(f"已确认节点“{claim.milestone.name}”办结。", "claim_detail", pk)

    return take_step(request, confirm, back=reverse("claim_detail", args=[pk]))


@require_POST
def claim_return(request: HouseRequest, pk: int) -> HttpResponse:
    """Send the claim back (退回申报), with the reason; the office alone."""
    claim = get_object_or_404(_seen(request), pk=pk)
    form = ReturnClaimForm(request.POST)

    def send_back() -> Done:
        service.return_claim(claim=claim, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done("办结申报已退回。", "claim_detail", pk)

    return fill_step(request, form, send_back, lambda: _detail(request, claim, form))


@require_POST
def claim_withdraw(request: HouseRequest, pk: int) -> HttpResponse:
    """Take one's own claim back (撤回申报)."""
    claim = get_object_or_404(_seen(request), pk=pk)

    def withdraw() -> Done:
        service.withdraw_claim(claim=claim, by=request.user, now=clock.now())
        return Done("办结申报已撤回。", "claim_detail", pk)

    return take_step(request, withdraw, back=reverse("claim_detail", args=[pk]))


def _seen(request: HouseRequest) -> QuerySet[MilestoneClaim]:
    """Claims of projects the person sees."""
    claims = MilestoneClaim.objects.visible_to(request.user)
    return claims.select_related("milestone__plan__project", "milestone__unit", "claimed_by", "decided_by")


def _detail(request: HouseRequest, claim: MilestoneClaim, form: ReturnClaimForm) -> HttpResponse:
    root = claim.milestone.root_id  # papers were put in under whatever version
    papers = Attachment.objects.filter(Q(milestone=root) | Q(milestone__baseline=root))
    context = {
        "claim": claim,
        "milestone": claim.milestone,
        "attachments": papers.select_related("uploaded_by"),
        "steps": service.steps_of(claim, request.user, clock.today()),
        "form": form,
        "back": safe_next(request, reverse("milestone_list")),
    }
    return render(request, "plans/milestones/milestone_claim.html", context)
