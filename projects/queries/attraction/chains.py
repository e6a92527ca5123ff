"""What a chain's pages show (产业链): its team and work of a day, its projects and leads in their segments."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When

from projects.models import (
    Belonging,
    ChainMember,
    ChainSegment,
    ChainTask,
    IndustryChain,
    Lead,
    LeadStage,
    Project,
    User,
)
from projects.models.spans import lasts
from projects.money import round_half_up


@dataclass(frozen=True)
class TaskLine:
    """An item of the year's work as it stood on the day: done, late or open."""

    task: ChainTask
    state: str

    @property
    def is_done(self) -> bool:
        return self.state == "done"


@dataclass(frozen=True)
class SegmentBox:
    """A segment with the projects and leads in it; without any it is a gap of the chain (空白环节)."""

    segment: ChainSegment
    projects: Sequence[Project]
    leads: Sequence[Lead]

    @property
    def is_gap(self) -> bool:
        return not self.projects and not self.leads


@dataclass(frozen=True)
class ChainMap:
    """上游、中游、下游 with their segments; beneath, what has no segment yet."""

    tiers: list[tuple[str, list[SegmentBox]]]
    projects_unplaced: list[Project]
    leads_unplaced: list[Lead]
    count: int


def team_on(chain: IndustryChain, day: date) -> QuerySet[ChainMember]:
    """The team as it stood on the day (专班), in its order."""
    return chain.members.filter(lasts(day, "from_on", "until_on")).select_related("unit")


def tasks_on(chain: IndustryChain, day: date) -> list[TaskLine]:
    """The work of the day's year (年度任务), by limit, each in its state of the day. One query."""
    tasks = chain.tasks.of_year(day.year).select_related("unit")
    return [TaskLine(task, task.state_on(day)) for task in tasks]


def task_counts(day: date) -> dict[int, tuple[int, int, int]]:
    """{chain: (items of the year, done by the day, late on the day)}. One query."""
    undone = Q(done_on__isnull=True) | Q(done_on__gt=day)
    rows = (
        ChainTask.objects.of_year(day.year)
        .order_by()
        .values("chain")
        .annotate(
            n=Count("pk"),
            done=Count("pk", filter=Q(done_on__lte=day)),
            late=Count("pk", filter=undone & Q(due_on__lt=day)),
        )
        .values_list("chain", "n", "done", "late")
    )
    return {chain: (n, done, late) for chain, n, done, late in rows}


def lead_counts(user: User, day: date) -> dict[int, tuple[int, Decimal]]:
    """{chain: (leads not given up on the day, what they agreed in 万元)} of leads the person sees. One query."""
    rows = (
        Lead.objects.visible_to(user)
        .on(day)
        .exclude(stage=LeadStage.ENDED)
        .exclude(industry_chain=None)
        .order_by()
        .values("industry_chain")
        .annotate(n=Count("pk"), agreed=Sum("agreed_investment"))
        .values_list("industry_chain", "n", "agreed")
    )
    return {chain: (n, round_half_up(agreed or 0, 2)) for chain, n, agreed in rows}


def projects_of(chain: IndustryChain, user: User, day: date) -> QuerySet[Any]:
    """The chain's projects of the day that a person sees, each with `segment_id`, None where it has no place in it."""
    of_chain = Belonging.objects.on(day).filter(industry_chain=chain).values("project")
    placed = Project.objects.visible_to(user).filter(pk__in=of_chain)
    own = Q(chain_placement__segment__chain=chain)
    return placed.annotate(
        segment_id=_when(own, "chain_placement__segment"),
        segment_name=_when(own, "chain_placement__segment__name"),
    ).order_by("code")


def chain_map(chain: IndustryChain, projects: Sequence[Any], leads: Sequence[Lead]) -> ChainMap:
    """The chain drawn up: `projects` of projects_of(), `leads` not yet projects. One query for the segments."""
    by_segment: dict[int | None, list[Project]] = defaultdict(list)
    leads_by: dict[int | None, list[Lead]] = defaultdict(list)
    segments = list(chain.segments.filter(is_active=True))
    known = {segment.pk for segment in segments}
    for project in projects:
        by_segment[project.segment_id if project.segment_id in known else None].append(project)
    for lead in leads:
        leads_by[lead.segment_id if lead.segment_id in known else None].append(lead)
    boxes = [SegmentBox(segment, by_segment[segment.pk], leads_by[segment.pk]) for segment in segments]
    tiers = [(tier.label, [box for box in boxes if box.segment.tier == tier]) for tier in ChainSegment.Tier]
    return ChainMap(tiers, by_segment[None], leads_by[None], len(segments))


def _when(condition: Q, column: str) -> Case:
    """The column where the condition holds, else nothing."""
    return Case(When(condition, then=F(column)))
