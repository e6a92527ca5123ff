"""Chain pages (链长制): the list with its figures, one chain, its map, its team and year's work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import Table

from projects import clock
from projects.figures.figures import FigureRow, figure_rows, figure_total
from projects.figures.lights.judging import lights_for
from projects.figures.population import Scope
from projects.models import (
    ChainMember,
    ChainTask,
    IndustryChain,
    Lead,
    LeadStage,
    Project,
    User,
    chains_visible_to,
)
from projects.queries.attraction.chains import (
    TaskLine,
    lead_counts,
    projects_of,
    task_counts,
    tasks_on,
    team_on,
)
from projects.queries.attraction.chains import chain_map as drawn
from projects.queries.attraction.leads import LIVE, StageSum, leads_seen_by, stage_sums
from projects.services.attraction import chains as service
from projects.services.base.steps import OPEN, Step, Steps

from ..base.context import OfDay, as_of_from, show
from ..base.form_page import Done, bound, form_page
from ..base.guards import office_only, refuse_others
from ..base.list_page import ListPage
from ..base.listing import paged
from ..base.requests import HouseRequest
from ..base.scope import door, doors
from .forms import ChainMemberForm, ChainPlaceForm, ChainTaskForm, EndChainMemberForm, FinishChainTaskForm
from .tables import NO_FIGURES, ChainProjectTable, ChainRow, ChainTable

DIMENSION = "industry_chain"
PROJECTS_A_PAGE = 20


class ChainList(ListPage):
    """Chains with the figures of their listed projects, their leads and the year's work. Constant queries."""

    template_name = "attraction/chain_list.html"
    title, heading = "产业链清单", "产业链（链长制）"
    foot = "招商项目不含已终止的。链长、链主企业和环节在“管理—产业链”中维护；专班和年度任务在各产业链页登记。"
    table_class = ChainTable

    def rows(self) -> list[ChainRow]:
        user, day = self.request.user, self.as_of
        self.note = f"{day.year}年度名单内项目，每个项目只计一次"
        scope = Scope(day, day.year, viewer=user)
        figures = {row.group_id: row for row in figure_rows(scope, by=DIMENSION, follow_up=False)}
        leads, tasks = lead_counts(user, day), task_counts(day)
        rows = []
        for chain in chains_visible_to(user).select_related("chain_leader"):
            within = scope.within(DIMENSION, str(chain.pk))
            opens = {key: door(within, key) for key in NO_FIGURES} | lead_doors(chain, day)
            count, agreed = leads.get(chain.pk, (0, Decimal(0)))
            row, work = figures.get(chain.pk), tasks.get(chain.pk, (0, 0, 0))
            rows.append(ChainRow(chain, row, count, agreed, work, opens))
        return rows


def lead_doors(chain: IndustryChain, day: date, stage: str = LIVE) -> dict[str, str]:
    """The lists that a chain's number of leads and their sum open."""
    address = f"{reverse('lead_list')}?industry_chain={chain.pk}&stage={stage}&as_of={day.isoformat()}"
    return {"leads": address, "agreed_investment": f"{address}&figure=agreed_investment"}


@require_safe
def chain_detail(request: HouseRequest, pk: int) -> HttpResponse:
    """One chain: leader, anchor firm, team, work, figures, leads by stage, projects with their lights."""
    chain = _seen(request, pk)
    as_of = as_of_from(request)
    scope = Scope(as_of, as_of.year, viewer=request.user).within(DIMENSION, str(chain.pk))
    total = figure_total(scope, follow_up=False)
    leads = Lead.objects.visible_to(request.user).on(as_of).filter(industry_chain=chain)
    projects = projects_of(chain, request.user, as_of).select_related("lead_department")
    table = paged(request, ChainProjectTable(projects, as_of=as_of), PROJECTS_A_PAGE)
    shown = [row.record.pk for row in table.paginated_rows]
    table.project_lights = lights_for(Project.objects.filter(pk__in=shown), as_of)
    today, tasks = clock.today(), tasks_on(chain, as_of)
    team = [
        (member, service.member_steps_of(member, request.user, today)) for member in team_on(chain, as_of)
    ]
    work = ChainWork(
        chain,
        team,
        _shows_phones(request.user, chain),
        [(line, service.task_steps_of(line.task, request.user, today)) for line in tasks],
        sum(line.is_done for line in tasks),
    )
    numbers = ChainNumbers(
        total, doors(scope), total.gap_told, [_stage(chain, as_of, row) for row in stage_sums(leads)], table
    )
    return show(request, "attraction/chain_detail.html", OfDay(as_of), work, numbers)


@dataclass(frozen=True)
class ChainWork:
    """A chain with its team and the year's items of work."""

    chain: IndustryChain
    team: list[tuple[ChainMember, Steps]]
    shows_phones: bool
    tasks: list[tuple[TaskLine, Steps]]
    tasks_done: int


@dataclass(frozen=True)
class ChainNumbers:
    """A chain's figures with their doors, its leads by stage, a page of its projects."""

    total: FigureRow
    doors: dict[str, str]
    gap: str
    stages: list[dict[str, Any]]
    table: Table


def _stage(chain: IndustryChain, day: date, row: StageSum) -> dict[str, Any]:
    opens = lead_doors(chain, day, row.stage)
    return {"row": row, "href": opens["leads"], "sum_href": opens["agreed_investment"]}


@require_safe
def chain_map(request: HouseRequest, pk: int) -> HttpResponse:
    """The chain drawn from upstream to downstream, for the wall; projects and leads in their segments."""
    chain = _seen(request, pk)
    as_of = as_of_from(request)
    projects = list(projects_of(chain, request.user, as_of))
    lights = lights_for(projects_of(chain, request.user, as_of), as_of)
    for project in projects:
        project.light, project.stage = lights[project.pk], project.stage_on(as_of)
    # a lead that is a project stands there as the project
    still = leads_seen_by(request.user, as_of).filter(industry_chain=chain, project__isnull=True)
    leads = list(still.exclude(stage=LeadStage.ENDED).order_by("stage_on", "pk"))
    for lead in leads:
        lead.stage_words = LeadStage(lead.stage).label
    context = {
        "chain": chain,
        "as_of": as_of,
        "takes_as_of": True,
        "map": drawn(chain, projects, leads),
        "projects_count": len(projects),
        "leads_count": len(leads),
    }
    return render(request, "attraction/chain_map.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def chain_member_create(request: HouseRequest, pk: int) -> HttpResponse:
    """Put a unit or person on the team (专班成员)."""
    chain = _office_and_seen(request, pk)
    form = ChainMemberForm(**bound(request), initial={"from_on": clock.today()})
    return _entered(request, chain, form, partial(service.add_member, chain=chain), "登记专班成员", "登记")


@require_http_methods(["GET", "HEAD", "POST"])
def chain_member_end(request: HouseRequest, pk: int) -> HttpResponse:
    """Say until when somebody served on the team."""
    member = get_object_or_404(
        ChainMember.objects.filter(chain__in=chains_visible_to(request.user)).select_related("chain", "unit"),
        pk=pk,
    )
    ending = service.member_steps_of(member, request.user, clock.today())["end"]
    refuse_others(ending)
    form = EndChainMemberForm(**bound(request), initial={"until_on": clock.today()})
    title = f"{member}不再担任{member.post}"
    verb = partial(service.end_member, member=member)
    return _entered(request, member.chain, form, verb, title, "登记", ending)


@require_http_methods(["GET", "HEAD", "POST"])
def chain_task_create(request: HouseRequest, pk: int) -> HttpResponse:
    """Put an item into the year's work (年度工作任务)."""
    chain = _office_and_seen(request, pk)
    form = ChainTaskForm(**bound(request))
    return _entered(request, chain, form, partial(service.add_task, chain=chain), "下达年度任务", "下达")


@require_http_methods(["GET", "HEAD", "POST"])
def chain_task_finish(request: HouseRequest, pk: int) -> HttpResponse:
    """Report an item of the work done, with its result."""
    tasks = ChainTask.objects.filter(chain__in=chains_visible_to(request.user)).select_related("chain")
    task = get_object_or_404(tasks, pk=pk)
    finishing = service.task_steps_of(task, request.user, clock.today())["finish"]
    if finishing.is_who:
        raise Http404
    form = FinishChainTaskForm(**bound(request), initial={"done_on": clock.today()})
    verb = partial(service.finish_task, task=task)
    return _entered(request, task.chain, form, verb, task.text, "登记完成", finishing)


@require_http_methods(["GET", "HEAD", "POST"])
def chain_place(request: HouseRequest, pk: int) -> HttpResponse:
    """Say which project belongs to the chain, and where in it (归入产业链)."""
    chain = _office_and_seen(request, pk)
    initial = {"project": request.GET.get("project", ""), "from_on": clock.today()}
    form = ChainPlaceForm(**bound(request), chain=chain, user=request.user, initial=initial)
    verb = partial(service.place_project, chain=chain)
    return _entered(request, chain, form, verb, "项目归入产业链", "归入")


def _seen(request: HouseRequest, pk: int) -> IndustryChain:
    return get_object_or_404(chains_visible_to(request.user).select_related("chain_leader"), pk=pk)


def _office_and_seen(request: HouseRequest, pk: int) -> IndustryChain:
    chain = _seen(request, pk)
    office_only(request)
    return chain


def _shows_phones(user: User, chain: IndustryChain) -> bool:
    """Phones of the team are for the office, the chain leader and the team's own units."""
    leads = chain.chain_leader is not None and chain.chain_leader.user_id == user.pk
    return user.is_office or leads or chain.members.filter(unit__in=user.unit_ids).exists()


def _entered(
    request: HouseRequest,
    chain: IndustryChain,
    form: forms.Form,
    verb: Callable[..., Any],
    title: str,
    submit: str,
    step: Step = OPEN,
) -> HttpResponse:
    """One form of a chain for a verb of its service: the page again with what is wrong, else back to the chain."""
    back = reverse("chain_detail", args=[chain.pk])

    def enter() -> Done:
        verb(by=request.user, now=clock.now(), **form.cleaned_data)
        return Done(f"已保存：{title}。", back)

    context = {"chain": chain, "title": title, "submit": submit, "step": step, "cancel_href": back}
    return form_page(request, "attraction/chain_form.html", form, enter, context=context)
