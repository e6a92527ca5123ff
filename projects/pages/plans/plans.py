"""Delivery plans (推进方案): the list, one version with its verdict and slips, the steps from draft to in force."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Aggregate, Case, Count, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import clock
from projects.figures.slips import Slip, UnitSlip, plan_slips, project_slip, slip, slips_by_unit
from projects.models import Attachment, DateChangeRequest, DeliveryPlan, Milestone, User
from projects.periods import WorkingCalendar
from projects.queries.base.calendar import working_calendar
from projects.queries.plans.schedule import (
    PlanOutlook,
    forecast,
    milestone_files,
    order_breaks,
    outlook,
    plan_milestones,
)
from projects.rules import NetworkError, Scheduled, overdue_days
from projects.services.base.steps import Step, Steps
from projects.services.plans import versions as service
from projects.services.plans.milestones import steps_of as milestone_steps

from ..base.context import OfDay, as_of_from, show
from ..base.form_page import Done, bound, form_page, take_step
from ..base.guards import office_only
from ..base.list_page import ListPage
from ..base.listing import Chip, chips, file_asked
from ..base.requests import HouseRequest
from .filters import CURRENT, PlanFilter
from .forms import ApproveForm, ForecastForm, ReturnPlanForm, SubmitForm
from .tables import PlanTable

State = DeliveryPlan.State
WAITING_FIRST = Case(
    When(state=State.SUBMITTED, then=Value(0)),
    When(state=State.DRAFT, then=Value(1)),
    When(state=State.APPROVED, then=Value(2)),
    default=Value(3),
)


def _of_milestones(aggregate: Aggregate) -> Subquery:
    """An aggregate over a plan's milestones, asked of the rows shown and not of every plan."""
    per_plan = Milestone.objects.filter(plan=OuterRef("pk")).order_by().values("plan")
    return Subquery(per_plan.annotate(answer=aggregate).values("answer"))


class PlanList(ListPage):
    """All plans the person may see, those to be decided first; without a state, no superseded ones."""

    template_name = "plans/plan_list.html"
    title, heading = "推进方案清单", "推进方案"
    foot = (
        "目标完成：方案未定目标日期的，取最后一个节点的计划完成日。"
        "末节点较基线：最后一个关键节点的实际或预计完成日，与首次批准的方案相比，正数为晚。在项目页可拟订推进方案。"
    )
    filter_class, table_class = PlanFilter, PlanTable
    given = {"state": CURRENT}

    def rows(self) -> QuerySet[DeliveryPlan]:
        return (
            DeliveryPlan.objects.visible_to(self.request.user)
            .select_related("project__lead_department")
            .annotate(
                milestone_count=_of_milestones(Count("pk")),
                target_on=Coalesce("finish_on", _of_milestones(Max("due_on"))),
                done_count=_of_milestones(Count("pk", filter=Q(achieved_on__lte=self.as_of))),
            )
            .order_by(WAITING_FIRST, "project__code", "number")
        )

    def active(self) -> list[Chip]:
        return [chip for chip in chips(self.filterset) if chip.name in self.request.GET]

    def notes(self, active: Sequence[Chip]) -> Sequence[str]:
        self.note = "" if "state" in self.request.GET else "不含已替代的版次"
        return super().notes(active)

    def make_table(self, rows: Any) -> PlanTable:
        table = super().make_table(rows)
        if file_asked(self.request):
            table.slips = self._slips(rows.values_list("pk", flat=True))
        return table

    def prepare(self, table: PlanTable) -> None:
        table.slips = self._slips(row.record.pk for row in table.paginated_rows)

    def _slips(self, plans: Iterable[int]) -> dict[int, Slip | None]:
        return plan_slips(plans, as_of=self.as_of, calendar=working_calendar())

    def context(self) -> dict[str, Any]:
        plans = DeliveryPlan.objects.visible_to(self.request.user)
        return {"waiting": plans.filter(state=State.SUBMITTED).count()}


@require_safe
def plan_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """One version: verdict, milestones beside the baseline with slip, slack and critical chain; what may be done."""
    plan = get_object_or_404(_seen_by(request), pk=pk)
    as_of = as_of_from(request)
    today, calendar = clock.today(), working_calendar()
    milestones = plan_milestones(plan, user=request.user)
    found, is_approved = outlook(plan, milestones, calendar), plan.approved_on is not None
    in_force, lost = _left_behind(plan)
    slips = PlanSlips(
        project_slip(milestones, as_of=as_of, calendar=calendar) if is_approved else None,
        slips_by_unit(plan.milestones.all(), as_of=as_of, calendar=calendar) if is_approved else [],
    )
    version = PlanVersion(
        plan=plan,
        is_approved=is_approved,
        steps=service.steps_of(plan, request.user, today, milestones),
        in_force=in_force,
        left_behind=lost,
        outlook=found,
        breaks=order_breaks(milestones),
        versions=plan.project.plans.order_by("-number"),
        requests=DateChangeRequest.objects.filter(milestone__plan=plan).select_related(
            "milestone", "asked_by"
        ),
        rows=_rows(request.user, plan, milestones, found, calendar, as_of),
        back_here=request.get_full_path(),
    )
    return show(request, "plans/plan_detail.html", OfDay(as_of), version, slips)


@dataclass(frozen=True)
class PlanRow:
    """A milestone of a version as of the day: its dates, slip, days late, files, and what may be done with it."""

    milestone: Milestone
    files: Sequence[Attachment]
    scheduled: Scheduled | None
    slip: Slip | None
    done: bool
    late: int
    before: list[int]
    steps: Steps


@dataclass(frozen=True)
class PlanVersion:
    """One version of a plan: its verdict, its milestones, what may be done, what it would leave behind."""

    plan: DeliveryPlan
    is_approved: bool
    steps: Steps
    in_force: DeliveryPlan | None
    left_behind: list[Milestone]
    outlook: PlanOutlook
    breaks: list[str]
    versions: QuerySet[DeliveryPlan]
    requests: QuerySet[DateChangeRequest]
    rows: list[PlanRow]
    back_here: str


@dataclass(frozen=True)
class PlanSlips:
    """How far an approved version is behind its baseline, as a whole and by unit; nothing of a draft."""

    project_slip: Slip | None
    unit_slips: list[UnitSlip]


def _rows(
    user: User,
    plan: DeliveryPlan,
    milestones: Sequence[Milestone],
    found: PlanOutlook,
    calendar: WorkingCalendar,
    as_of: dt.date,
) -> list[PlanRow]:
    files, today = milestone_files(milestones), clock.today()
    is_approved = plan.approved_on is not None
    return [
        PlanRow(
            one,
            files.get(one.pk, ()),
            found.of(one),
            slip(one, as_of=as_of, calendar=calendar) if is_approved else None,
            one.achieved_on is not None and one.achieved_on <= as_of,
            overdue_days(one.due_on, as_of) if is_approved else 0,
            [before.position for before in one.predecessors.all()],
            milestone_steps(one, user, today),
        )
        for one in milestones
    ]


@require_safe
def plan_forecast(request: HouseRequest, pk: int) -> HttpResponse:
    """What moves if a milestone is done only later (若延至…); nothing is written."""
    plan = get_object_or_404(_seen_by(request), pk=pk)
    form = ForecastForm(request.GET if "milestone" in request.GET else None, plan=plan)
    pushed, refusal = None, ""
    if form.is_bound and form.is_valid():
        slipped = {form.cleaned_data["milestone"].pk: form.cleaned_data["until"]}
        try:
            pushed = forecast(plan_milestones(plan), slipped, working_calendar())
        except NetworkError as error:
            refusal = str(error)
    past = [row for row in pushed or () if plan.finish_on and row.moved_on > plan.finish_on]
    last_on = max((row.moved_on for row in past), default=None)
    context = {
        "plan": plan,
        "form": form,
        "pushed": pushed,
        "refusal": refusal,
        "last_on": last_on,
        "over_days": (last_on - plan.finish_on).days if last_on and plan.finish_on else 0,
    }
    return render(request, "plans/plan_forecast.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_submit(request: HouseRequest, pk: int) -> HttpResponse:
    """Hand a draft in (报审), with the reason where it cannot keep its date."""
    plan = get_object_or_404(DeliveryPlan.objects.editable_by(request.user).select_related("project"), pk=pk)
    milestones = plan_milestones(plan)
    found = outlook(plan, milestones, working_calendar())
    step = service.steps_of(plan, request.user, clock.today(), milestones)["submit"]
    form = SubmitForm(**bound(request), initial={"reason": plan.reason})
    if not found.feasible:
        form.fields["reason"].label = "不能按期的原因和赶工措施"
    text = f"倒排结论：{found.verdict}报审后由发改局统筹审定，审定前不能修改。"
    return _step(request, plan, form, step, service.submit_plan, "已报审，待发改局统筹审定。", text, "报审")


@require_http_methods(["GET", "HEAD", "POST"])
def plan_return(request: HouseRequest, pk: int) -> HttpResponse:
    """Send a submitted plan back with the reason (退回修改); the office alone."""
    plan = get_object_or_404(_seen_by(request), pk=pk)
    office_only(request)
    form = ReturnPlanForm(**bound(request))
    return _step(
        request,
        plan,
        form,
        service.steps_of(plan, request.user, clock.today(), milestones=())["send_back"],
        service.return_plan,
        "已退回修改。",
        "退回后报审人会收到消息，可修改后再次报审。",
        "退回修改",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_approve(request: HouseRequest, pk: int) -> HttpResponse:
    """Put a plan in force (批准); the office alone."""
    plan = get_object_or_404(_seen_by(request), pk=pk)
    office_only(request)
    form = ApproveForm(**bound(request), initial={"approved_on": clock.today()})
    former, lost = _left_behind(plan)
    text = (
        f"批准后替代第{former.number}版；原版次和原计划时间保留备查，已办结的同名节点自动带入新版。"
        if former
        else "批准后开始执行，作为今后比较的基线。"
    )
    warning = (
        f"第{former.number}版已办结的{len(lost)}个节点未列入本版，批准后只保留在第{former.number}版："
        f"{'、'.join(one.name for one in lost)}。"
        if former and lost
        else ""
    )
    step = service.steps_of(plan, request.user, clock.today())["approve"]
    return _step(request, plan, form, step, service.approve_plan, "已批准，开始执行。", text, "批准", warning)


@require_POST
def plan_revise(request: HouseRequest, pk: int) -> HttpResponse:
    """Draft the next version from the one in force (拟订新版)."""
    plan = get_object_or_404(DeliveryPlan.objects.editable_by(request.user).select_related("project"), pk=pk)

    def revise() -> Done:
        draft = service.revise_plan(plan=plan, by=request.user, now=clock.now())
        words = f"已据第{plan.number}版拟订第{draft.number}版，请修改后报审。"
        return Done(words, "plan_edit", draft.pk)

    return take_step(request, revise, back=reverse("plan_detail", args=[pk]))


def _seen_by(request: HouseRequest) -> QuerySet[DeliveryPlan]:
    return DeliveryPlan.objects.visible_to(request.user).select_related(
        "project__lead_department", "template", "made_by", "submitted_by", "approved_by"
    )


def _left_behind(plan: DeliveryPlan) -> tuple[DeliveryPlan | None, list[Milestone]]:
    """The plan of the project in force, and its achievements that an open one would not carry."""
    in_force = plan.project.plans.filter(state=State.APPROVED).first()
    if in_force is None or plan.state not in service.OPEN_STATES:
        return in_force, []
    return in_force, service.left_behind(in_force, plan)


def _step(
    request: HouseRequest,
    plan: DeliveryPlan,
    form: forms.Form,
    step: Step,
    verb: Callable[..., DeliveryPlan],
    done: str,
    text: str,
    submit: str,
    warning: str = "",
) -> HttpResponse:
    """A confirmation page: says what will happen, asks for what is owed, does it; or why it cannot be done now."""

    def take() -> Done:
        verb(plan=plan, by=request.user, now=clock.now(), **form.cleaned_data)
        return Done(f"{plan}{done}", "plan_detail", plan.pk)

    context = {
        "plan": plan,
        "step": step,
        "text": text,
        "submit": submit,
        "warning": warning,
        "cancel_href": reverse("plan_detail", args=[plan.pk]),
    }
    return form_page(request, "plans/plan_step.html", form, take, context=context)
