"""Rows of the investment leads (招商项目) as of a day, and what they come to by stage."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from projects.models import Lead, LeadStage, User
from projects.money import round_half_up

LIVE = "live"  # every stage but 终止


@dataclass(frozen=True)
class StageSum:
    """How many leads stand in a stage, and what was agreed (万元)."""

    stage: str
    words: str
    count: int
    agreed: Decimal


def leads_seen_by(user: User, day: date) -> QuerySet[Any]:
    """Leads a person may read, in their stage of the day, with what a list shows beside them."""
    return (
        Lead.objects.visible_to(user)
        .on(day)
        .select_related("unit", "industry_chain", "segment", "project", "made_by")
    )


def in_stage(leads: QuerySet[Any], stage: str) -> QuerySet[Any]:
    """Leads (annotated by `on(day)`) in a stage, or in any but 终止 for "live"."""
    return leads.exclude(stage=LeadStage.ENDED) if stage == LIVE else leads.filter(stage=stage)


def stage_sums(leads: QuerySet[Any]) -> list[StageSum]:
    """Counts and sums of every stage, empty ones too, in their order. One query."""
    found = {
        stage: (count, agreed)
        for stage, count, agreed in leads.order_by()
        .values("stage")
        .annotate(n=Count("pk"), agreed=Sum("agreed_investment"))
        .values_list("stage", "n", "agreed")
    }
    rows = []
    for stage in LeadStage:
        count, agreed = found.get(stage.value, (0, None))
        rows.append(StageSum(stage.value, stage.label, count, round_half_up(agreed or 0, 2)))
    return rows


def agreed_sum(leads: QuerySet[Lead]) -> Decimal:
    """约定投资额之和（万元）. One query."""
    total = leads.order_by().aggregate(total=Sum("agreed_investment"))["total"]
    return round_half_up(total or 0, 2)
