"""Filters of the investment leads (招商项目筛选)."""

from typing import Any

from django.db.models import QuerySet

from projects.models import IndustryChain, Lead, LeadStage
from projects.queries.attraction.leads import LIVE, in_stage

from ..base.filters import ChoiceFilter, HouseFilterSet, RowFilter, UnitFilter, WordsFilter

STAGES = [*LeadStage.choices, (LIVE, "未终止")]


class LeadFilter(HouseFilterSet):
    """Choices over visible leads in their stage of the day (queries.leads.leads_seen_by)."""

    q = WordsFilter("name", "investor", "sector", project="")
    stage = ChoiceFilter("阶段", STAGES, method="by_stage")
    origin = ChoiceFilter("资金来源地", Lead.Origin)
    industry_chain = RowFilter("产业链", IndustryChain.objects.all())
    unit = UnitFilter("责任单位")
    linked = ChoiceFilter("转为项目", [("yes", "已转为项目"), ("no", "未转为项目")], method="by_link")

    def by_stage(self, leads: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return in_stage(leads, value)

    def by_link(self, leads: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        return leads.filter(project__isnull=value == "no")
