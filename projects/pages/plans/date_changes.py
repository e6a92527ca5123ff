"""Requests to move a date (调整申请): the list, asking, deciding, taking back."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects import clock
from projects.models import DateChangeRequest, DeliveryPlan, Milestone
from projects.queries.base.calendar import working_calendar
from projects.queries.plans.schedule import forecast, plan_milestones
from projects.rules import NetworkError
from projects.services.plans import date_changes as service
from projects.services.plans.versions import OPEN_STATES

from ..base.form_page import Done, bound, form_page, pressed, take_step
from ..base.list_page import ListPage
from ..base.refusals import refused_on
from ..base.requests import HouseRequest
from ..base.returning import safe_next
from .filters import DateChangeFilter
from .forms import DateChangeForm, DecideDateChangeForm
from .milestones import about_step, with_steps
from .tables import DateChangeTable

State = DateChangeRequest.State
WAITING_FIRST = Case(When(state=State.WAITING, then=Value(0)), default=Value(1))


class DateChangeList(ListPage):
    """All requests the person may see, the waiting ones first."""

    template_name = "plans/datechange_list.html"
    title = heading = "节点调整申请"
    foot = (
        "调整须在原计划完成时间之前申请，经发改局统筹审定后形成新版推进方案；原时间保留在原版次中。"
        "在节点清单或推进方案页可提出申请。"
    )
    takes_as_of = False
    filter_class, table_class = DateChangeFilter, DateChangeTable

    def rows(self) -> QuerySet[DateChangeRequest]:
        return (
            DateChangeRequest.objects.visible_to(self.request.user)
            .select_related("milestone__plan__project", "milestone__unit", "asked_by")
            .prefetch_related("attachments")
            .order_by(WAITING_FIRST, "-asked_at", "-pk")
        )

    def context(self) -> dict[str, Any]:
        return {"waiting": DateChangeRequest.objects.visible_to(self.request.user).waiting().count()}


@require_http_methods(["GET", "HEAD", "POST"])
def datechange_create(request: HouseRequest, pk: int) -> HttpResponse:
    """Ask for another date of a milestone (申请调整)."""
    milestone = with_steps(request, Milestone.objects.workable_by(request.user), pk)
    about = about_step(request, milestone)
    form = DateChangeForm(**bound(request))

    def ask() -> Done:
        service.request_date_change(
            milestone=milestone, by=request.user, now=clock.now(), **form.cleaned_data
        )
        return Done(f"已申请调整节点“{milestone.name}”，待发改局统筹审定。", about["back"])

    return form_page(request, "plans/datechange_form.html", form, ask, context=about)


@require_http_methods(["GET", "HEAD", "POST"])
def datechange_decide(request: HouseRequest, pk: int) -> HttpResponse:
    """Decide requests of one project together (审定), with what else would move before one's eyes; the office alone."""
    asked = get_object_or_404(
        DateChangeRequest.objects.visible_to(request.user).select_related("milestone__plan__project"), pk=pk
    )
    if not request.user.is_office:
        raise PermissionDenied
    project, back = asked.milestone.plan.project, safe_next(request, reverse("datechange_list"))
    waiting = (
        DateChangeRequest.objects.waiting()
        .filter(milestone__plan__project=project)
        .select_related("milestone__unit", "milestone__plan__project", "asked_by")
        .prefetch_related("attachments")
        .order_by("milestone__position")
    )
    form = DecideDateChangeForm(**bound(request), waiting=waiting, initial={"requests": [pk]})
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            return _decide(request, form, back).redirect(request)
    rows = list(waiting)
    plan = project.plans.filter(state=DeliveryPlan.State.APPROVED).first()
    context = {
        "project": project,
        "back": back,
        "asked": asked,
        "waiting": rows,
        "form": form,
        "plan": plan,
        "draft": project.plans.filter(state__in=OPEN_STATES).first(),
        **_knock_on(plan, rows),
    }
    return render(request, "plans/datechange_decide.html", context)


def _decide(request: HouseRequest, form: DecideDateChangeForm, back: str) -> Done:
    given = form.cleaned_data
    who: dict[str, Any] = {"requests": list(given["requests"]), "decision": given["decision"]}
    who |= {"by": request.user, "now": clock.now()}
    if pressed(request, "approve", "refuse") == "refuse":
        service.refuse_date_changes(**who)
        return Done("已作不同意处理，仍按原计划时间认定。", back)
    plan = service.approve_date_changes(document=given["document"], **who)
    return Done(f"已同意调整，{plan}即日起执行。", back)


def _knock_on(plan: DeliveryPlan | None, requests: list[DateChangeRequest]) -> dict[str, Any]:
    """What else the dates asked for would push (顺延影响): shown to the decider, moved by nobody."""
    if plan is None or not requests:
        return {"pushed": [], "push_refusal": ""}
    slipped = {one.milestone_id: one.new_due_on for one in requests if one.new_due_on}
    try:
        pushed = forecast(plan_milestones(plan), slipped, working_calendar())
    except NetworkError as error:
        return {"pushed": [], "push_refusal": str(error)}
    return {"pushed": [row for row in pushed if not row.asked], "push_refusal": ""}


@require_http_methods(["GET", "HEAD", "POST"])
def datechange_withdraw(request: HouseRequest, pk: int) -> HttpResponse:
    """Take one's own request back (撤回申请), after a question."""
    asked = get_object_or_404(
        DateChangeRequest.objects.visible_to(request.user).select_related("milestone__plan__project"), pk=pk
    )
    if asked.asked_by_id != request.user.pk:
        raise PermissionDenied
    back = safe_next(request, reverse("datechange_list"))
    if request.method == "POST":

        def withdraw() -> Done:
            service.withdraw_date_change(request=asked, by=request.user, now=clock.now())
            return Done(f"已撤回对节点“{asked.milestone.name}”的调整申请。", back)

        return take_step(request, withdraw, back=back)
    context = {"asked": asked, "back": back, "steps": service.steps_of(asked, request.user, clock.today())}
    return render(request, "plans/datechange_withdraw.html", context)
