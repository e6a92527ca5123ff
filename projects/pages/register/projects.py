"""The project page (项目详情)."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from projects import clock
from projects.figures.baselines import listing_share
from projects.figures.definitions import RATES
from projects.figures.lights.judging import ProjectLight, lights_for
from projects.figures.year.targets import ProjectYear, project_years
from projects.models import (
    PENDING_STATES,
    Attachment,
    DeliveryPlan,
    FurtherField,
    Lead,
    ListingVersion,
    Milestone,
    Problem,
    ProgressReport,
    Project,
    ProjectMember,
    SiteVisit,
    StateChange,
    User,
)
from projects.models.reports.year_amounts import reading_on
from projects.money import Ratio, format_wan, gap_points
from projects.periods import TenDayPeriod
from projects.queries.base.changes import ChangeEntry
from projects.queries.lists.versions import listing_history
from projects.queries.papers.permits import Papers, papers_of
from projects.queries.register.handovers import Term, terms_of
from projects.queries.register.history import Fold, project_history
from projects.queries.register.project_page import (
    Place,
    Slot,
    invested_before,
    investment_of_year,
    listings_in_force,
    parts_on,
    place_on,
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
from projects.services.problems.visits import visiting
from projects.services.register.further_fields import active_fields
from projects.services.register.members import kinds_for
from projects.services.register.members import steps_of as member_steps_of
from projects.services.register.undoing import is_plain
from projects.services.reports.steps import ReportRules, fill_step

from ..base.context import OfDay, as_of_from, show
from ..base.requests import HouseRequest
from ..lights.history import project_lights
from .slots import filling
from .states import state_history

HISTORY_LENGTH = REPORTS_SHOWN = 12
VISITS_SHOWN, STATES_SHOWN = 10, 5


@require_safe
def project_detail(request: HouseRequest, code: str) -> HttpResponse:
    """One project: light and why, six slots, plan, money, reports, problems, visits, papers, history."""
    seen = Project.objects.visible_to(request.user).select_related(
        "sponsor", "lead_department", "host_district"
    )
    project, as_of = get_object_or_404(seen, code=code), as_of_from(request)
    can_edit = Project.objects.editable_by(request.user).filter(pk=project.pk).exists()
    listings = listings_in_force(project, as_of)
    is_sponsor = project.sponsor is not None and project.sponsor.user_id == request.user.pk
    with_phones = can_edit or is_sponsor
    return show(
        request,
        "register/project_detail.html",
        OfDay(as_of),
        ProjectHead(
            project,
            project.stage_on(as_of),
            place_on(project, as_of),
            lights_for(Project.objects.filter(pk=project.pk), as_of)[project.pk],
            _slots(request, project, as_of, with_phones=with_phones),
            listings,
            _steps(project, request.user, can_edit),
        ),
        _own_columns(project),
        project_lights(request, project, as_of),
        _money(request.user, project, listings, as_of),
        _plan(request.user, project, as_of),
        _reports(request.user, project, as_of, can_edit=can_edit),
        _people(request.user, project, as_of, can_edit=can_edit, with_phones=with_phones),
        _records(request.user, project, as_of),
        _package(request.user, project, as_of),
    )


# --- the parts of the page --------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProjectHead:
    """What the project is and how it stands, and what may be begun on it."""

    project: Project
    stage: str
    place: Place
    light: ProjectLight
    slots: list[Slot]
    listings: list[ListingVersion]
    steps: Steps


@dataclass(frozen=True)
class OwnColumns:
    """The office's own columns with the project's values, and the columns of ledgers kept beside them."""

    further: list[tuple[FurtherField, str]]
    other_columns: list[tuple[str, str]]


@dataclass(frozen=True)
class MoneyFacts:
    """The figures in the head of the money part (万元), over the project's highest list."""

    planned: Decimal | None
    latest: ProgressReport | None
    invested: Decimal | None
    before: Decimal | None
    share: Fraction | None  # 序时
    pending: int

    @property
    def completion(self) -> Ratio:
        return RATES["investment_completion"].over(self.invested, self.planned)

    @property
    def pro_rata(self) -> Ratio | None:
        return None if self.share is None else Ratio.exact(self.share)

    @property
    def gap(self) -> Decimal | None:
        return None if self.share is None else gap_points(self.completion, self.share)


@dataclass(frozen=True)
class ProjectMoney:
    """The year's investment, as figures, as a chart, and beside its targets."""

    facts: MoneyFacts
    chart: dict[str, Any]
    target_years: list[ProjectYear]
    target_steps: Steps


@dataclass(frozen=True)
class ProjectPlan:
    """The versions of the plan, and the milestones of the one in force."""

    versions: list[DeliveryPlan]
    milestones: list[tuple[Milestone, str, int, Steps]]


@dataclass(frozen=True)
class ProjectReports:
    """The latest reports, and whether the day's may be filled."""

    period: TenDayPeriod
    reports: list[ProgressReport]
    fill: Step


@dataclass(frozen=True)
class ProjectPeople:
    """Who serves on the project, and who answered for it before."""

    members: list[tuple[ProjectMember, Steps]]
    member_kinds: list[ProjectMember.Kind]
    handovers: list[Term]
    shows_phones: bool


@dataclass(frozen=True)
class ProjectRecords:
    """What was said, found and filed on the project."""

    lead: Lead | None
    listing_history: list[ListingVersion]
    problems: QuerySet[Problem]
    visits: QuerySet[SiteVisit]
    attachments: QuerySet[Attachment]
    papers: Papers
    state_changes: QuerySet[StateChange]
    history: list[ChangeEntry | Fold]
    undoable: frozenset[int]  # records that the viewer may undo


@dataclass(frozen=True)
class ProjectPackage:
    """The parts of a package that the viewer may see, and their sum (万元)."""

    parts: list[tuple[Project, str]]  # with their level in words
    parts_total: Decimal


def _own_columns(project: Project) -> OwnColumns:
    further, kept = active_fields(), dict(project.extra)
    values = [(field, str(kept.pop(field.name, ""))) for field in further]
    return OwnColumns(values, list(kept.items()))


def _slots(request: HouseRequest, project: Project, as_of: dt.date, *, with_phones: bool) -> list[Slot]:
    """The six slots, each gap with the form that fills it for this person."""
    question = SlotsOfDay.on(as_of)
    fill = filling(request.user, [project.pk], question)
    slots = six_slots(project, question, with_phones=with_phones)
    return [slot if slot.value else replace(slot, href=fill(project, slot.key)) for slot in slots]


def _money(user: User, project: Project, listings: list[ListingVersion], as_of: dt.date) -> ProjectMoney:
    years = project_years(listings, as_of)
    return ProjectMoney(
        _facts(project, listings, as_of),
        _investment_chart(project, years, as_of),
        years,
        targets.steps_of(project, user, clock.today()),
    )


def _facts(project: Project, listings: list[ListingVersion], as_of: dt.date) -> MoneyFacts:
    reports = project.reports.latest_per_project(year=as_of.year, as_of=as_of)
    latest: Any = reports.annotate(reading=reading_on(as_of, "project")).first()
    return MoneyFacts(
        planned=listings[0].planned_investment if listings else None,
        latest=latest,
        invested=(latest.reading or latest.invested_this_year) if latest else None,
        before=invested_before(project, as_of.year),
        share=listing_share(listings[0], as_of) if listings else None,
        pending=project.reports.filter(state__in=PENDING_STATES).count(),
    )


def _reports(user: User, project: Project, as_of: dt.date, *, can_edit: bool) -> ProjectReports:
    period = TenDayPeriod.containing(as_of)
    people = ("submitted_by", "passed_by", "confirmed_by")
    reports = list(project.reports.select_related(*people)[:REPORTS_SHOWN])
    return ProjectReports(period, reports, _fill(project, period, reports, user, can_edit=can_edit))


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


def _plan(user: User, project: Project, as_of: dt.date) -> ProjectPlan:
    versions = list(project.plans.order_by("-number"))
    in_force = next((one for one in versions if one.is_in_force), None)
    return ProjectPlan(versions, _milestones(in_force, as_of, user))


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


def _people(
    user: User, project: Project, as_of: dt.date, *, can_edit: bool, with_phones: bool
) -> ProjectPeople:
    kinds, today = kinds_for(project, user, can_edit), clock.today()
    serving = project.members.in_force(as_of).select_related("user", "unit").order_by("kind", "pk")
    members = once_each(serving, {project.lead_department_id, project.host_district_id})
    return ProjectPeople(
        [(one, member_steps_of(one, user, today, kinds)) for one in members],
        kinds,
        [term for term in terms_of(project) if term.from_on <= as_of],
        with_phones,
    )


def _undoable(user: User, history: list[ChangeEntry | Fold]) -> frozenset[int]:
    """Of the records shown those whose undoing is offered: to the office, plain facts alone. No query."""
    if not user.is_office:
        return frozenset()
    shown = [entry.record for event in history for entry in getattr(event, "entries", [event])]
    return frozenset(entry.pk for entry in shown if is_plain(entry))


def _records(user: User, project: Project, as_of: dt.date) -> ProjectRecords:
    history = project_history(project, number=HISTORY_LENGTH)
    visits = project.visits.exclude(state=SiteVisit.State.WITHDRAWN)
    return ProjectRecords(
        lead=Lead.objects.visible_to(user).filter(project=project).first(),
        listing_history=listing_history(project),
        problems=project.problems.select_related("lead_unit").order_by("resolved_on", "due_on"),
        visits=visits.select_related("official", "logged_by")[:VISITS_SHOWN],
        attachments=project.attachments.select_related("uploaded_by"),
        papers=papers_of(project, as_of),
        state_changes=state_history(project)[:STATES_SHOWN],
        history=history,
        undoable=_undoable(user, history),
    )


def _package(user: User, project: Project, as_of: dt.date) -> ProjectPackage:
    parts = parts_on(project, user, as_of)
    total = sum((part.total_investment or Decimal(0) for part, _level in parts), Decimal(0))
    return ProjectPackage(parts, total)
