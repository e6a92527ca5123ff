"""The project page (项目详情)."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from projects import clock
from projects.figures.baselines import listing_share
from projects.figures.definitions import RATES
from projects.figures.lights import lights_for
from projects.figures.targets import ProjectYear, project_years
from projects.models import (
    PENDING_STATES,
    DeliveryPlan,
    Lead,
    ListingVersion,
    Milestone,
    ProgressReport,
    Project,
    User,
)
from projects.models.year_amounts import reading_on
from projects.money import Ratio, format_wan, gap_points
from projects.periods import TenDayPeriod
from projects.queries.lists.versions import listing_history
from projects.queries.papers.permits import papers_of
from projects.queries.register.handovers import terms_of
from projects.queries.register.history import project_history
from projects.queries.register.project_page import (
    Slot,
    invested_before,
    investment_of_year,
    listings_in_force,
    six_slots,
)
from projects.queries.register.responsibilities import once_each
from projects.queries.register.six_slots import SlotsOfDay
from projects.rules import overdue_days
from projects.services.base.steps import Step, Steps
from projects.services.figures import targets
from projects.services.papers import land, markers, permits
from projects.services.plans import milestones as plans
from projects.services.plans.versions import drafting
from projects.services.problems import handling as problems
from projects.services.register.members import kinds_for
from projects.services.register.members import steps_of as member_steps_of
from projects.services.register.projects import visiting
from projects.services.reports.steps import ReportRules, fill_step

from ..base.context import as_of_from
from ..base.requests import HouseRequest
from ..lights.history import project_lights
from .slots import filling
from .states import state_history

HISTORY_LENGTH = REPORTS_SHOWN = 12


@require_safe
def project_detail(request: HouseRequest, code: str) -> HttpResponse:
    """One project: light and why, six slots, plan, money, reports, problems, visits, papers, history."""
    project = get_object_or_404(
        Project.objects.visible_to(request.user).select_related(
            "sponsor", "lead_department", "host_district", "industry_chain", "parent"
        ),
        code=code,
    )
    as_of = as_of_from(request)
    can_edit = Project.objects.editable_by(request.user).filter(pk=project.pk).exists()
    is_sponsor = project.sponsor is not None and project.sponsor.user_id == request.user.pk
    versions = list(project.plans.order_by("-number"))
    plan = next((one for one in versions if one.is_in_force), None)
    serving = project.members.in_force(as_of).select_related("user", "unit").order_by("kind", "pk")
    members = once_each(serving, {project.lead_department_id, project.host_district_id})
    kinds, today = kinds_for(project, request.user), clock.today()
    listings = listings_in_force(project, as_of)
    target_years = project_years(listings, as_of)
    period = TenDayPeriod.containing(as_of)
    reports = list(
        project.reports.select_related("submitted_by", "passed_by", "confirmed_by")[:REPORTS_SHOWN]
    )
    return render(
        request,
        "register/project_detail.html",
        {
            "project": project,
            "as_of": as_of,
            "takes_as_of": True,
            "stage": project.stage_on(as_of),
            "light": lights_for(Project.objects.filter(pk=project.pk), as_of)[project.pk],
            **project_lights(request, project, as_of),
            "slots": _slots(request, project, as_of, with_phones=can_edit or is_sponsor),
            "listings": listings,
            "listing_history": listing_history(project),
            "lead": Lead.objects.visible_to(request.user).filter(project=project).first(),
            "facts": _facts(project, listings, as_of),
            "chart": _investment_chart(project, target_years, as_of),
            "target_years": target_years,
            "target_steps": targets.steps_of(project, request.user, today),
            "milestones": _milestones(plan, as_of, request.user),
            "plan": plan,
            "versions": versions,
            "steps": _steps(project, request.user, can_edit),
            "period": period,
            "reports": reports,
            "fill": _fill(project, period, reports, request.user, can_edit=can_edit),
            "problems": project.problems.select_related("lead_unit").order_by("resolved_on", "due_on"),
            "visits": project.visits.select_related("official", "logged_by")[:10],
            "attachments": project.attachments.select_related("uploaded_by"),
            "papers": papers_of(project, as_of),
            "members": [(one, member_steps_of(one, request.user, today, kinds)) for one in members],
            "member_kinds": kinds,
            "handovers": [term for term in terms_of(project) if term.from_on <= as_of],
            "state_changes": state_history(project)[:5],
            "children": project.children.visible_to(request.user).order_by("code"),
            "children_total": project.children.visible_to(request.user).aggregate(
                total=Sum("total_investment")
            )["total"],
            "history": project_history(project, number=HISTORY_LENGTH),
            "can_edit": can_edit,
            "shows_phones": can_edit or is_sponsor,
        },
    )


def _slots(request: HouseRequest, project: Project, as_of: dt.date, *, with_phones: bool) -> list[Slot]:
    """The six slots, each gap with the form that fills it for this person."""
    question = SlotsOfDay.on(as_of)
    fill = filling(request.user, [project.pk], question)
    slots = six_slots(project, question, with_phones=with_phones)
    return [slot if slot.value else replace(slot, href=fill(project, slot.key)) for slot in slots]


def _facts(project: Project, listings: list[ListingVersion], as_of: dt.date) -> dict[str, Any]:
    """The figures in the head of the money part (万元), over the project's highest list."""
    reports = project.reports.latest_per_project(year=as_of.year, as_of=as_of)
    latest: Any = reports.annotate(reading=reading_on(as_of, "project")).first()
    planned = listings[0].planned_investment if listings else None
    invested = (latest.reading or latest.invested_this_year) if latest else None
    completion = RATES["investment_completion"].over(invested, planned)
    share = listing_share(listings[0], as_of) if listings else None
    return {
        "planned": planned,
        "invested": invested,
        "latest": latest,
        "before": invested_before(project, as_of.year),
        "completion": completion,
        "pro_rata": Ratio.exact(share) if share is not None else None,
        "gap": gap_points(completion, share) if share is not None else None,
        "pending": project.reports.filter(state__in=PENDING_STATES).count(),
    }


def _fill(
    project: Project, period: TenDayPeriod, reports: list[ProgressReport], user: User, *, can_edit: bool
) -> Step:
    """Whether the period's report may be filled; it is looked for among the latest ones first."""
    report = next((one for one in reports if one.period_ends_on == period.last_on), None)
    if report is None and reports and period.last_on < reports[-1].period_ends_on:
        report = project.reports.filter(period_ends_on=period.last_on).first()
    report = report or ProgressReport(project=project, period_ends_on=period.last_on)
    return fill_step(report, user, clock.today(), ReportRules(), is_ours=can_edit)


def _investment_chart(project: Project, target_years: list[ProjectYear], as_of: dt.date) -> dict[str, Any]:
    """The year's cumulative investment in 万元 beside the plan by its targets, as chart and as table."""
    points = investment_of_year(project, as_of.year, as_of)
    plan = target_years[0].year.due[1:] if target_years else [Decimal(0)] * len(points)
    return {
        "data": {
            "labels": [point.period.words for point in points],
            "actual": [None if point.invested is None else float(point.invested) for point in points],
            "plan": [float(amount) for amount in plan],
            "unit": "万元",
        },
        "heads": ["旬", "累计完成（万元）", "序时计划（万元）"],
        "rows": [
            [point.period.words, format_wan(point.invested), format_wan(amount)]
            for point, amount in zip(points, plan, strict=True)
            if point.invested is not None
        ],
    }


def _steps(project: Project, user: User, can_edit: bool) -> Steps:
    """What may be begun on the project: a problem, a visit, a plan, a permit, a plot, a marker. At most two queries."""
    can_work = can_edit or Project.objects.workable_by(user).filter(pk=project.pk).exists()
    return Steps(
        problem=problems.raising(project, user, can_work),
        visit=visiting(project, user, can_work),
        plan=drafting(project, user, can_edit),
        permit=permits.registering(project, user, can_edit),
        plot=land.entering(project, user, can_edit),
        marker=markers.setting(project, user, can_edit),
    )


def _milestones(
    plan: DeliveryPlan | None, as_of: dt.date, user: User
) -> list[tuple[Milestone, str, int, Steps]]:
    """Milestones with their state on the day (done, late or open), days late, and what may be done with them."""
    if plan is None:
        return []
    rows, today = [], clock.today()
    for milestone in plan.milestones.select_related("unit").for_steps(user):
        done = milestone.achieved_on is not None and milestone.achieved_on <= as_of
        late = 0 if done else overdue_days(milestone.due_on, as_of)
        state = "done" if done else "late" if late else ""
        rows.append((milestone, state, late, plans.steps_of(milestone, user, today)))
    return rows
