"""Filters of the investment leads (招商项目筛选)."""

import django_filters
from django.db.models import Q, QuerySet

from projects.models import IndustryChain, Lead, LeadStage, Unit
from projects.queries.attraction.leads import LIVE, in_stage

STAGES = [*LeadStage.choices, (LIVE, "未终止")]


class LeadFilter(django_filters.FilterSet):
    """Choices over visible leads in their stage of the day (queries.leads.leads_seen_by)."""

    q = django_filters.CharFilter(method="by_words", label="关键词")
    stage = django_filters.ChoiceFilter(choices=STAGES, method="by_stage", label="阶段", empty_label="全部")
    origin = django_filters.ChoiceFilter(choices=Lead.Origin, label="资金来源地", empty_label="全部")
    industry_chain = django_filters.ModelChoiceFilter(
        queryset=IndustryChain.objects.all(), label="产业链", empty_label="全部"
    )
    unit = django_filters.ModelChoiceFilter(
        queryset=Unit.objects.filter(is_active=True), label="责任单位", empty_label="全部"
    )
    linked = django_filters.ChoiceFilter(
        choices=[("yes", "已转为项目"), ("no", "未转为项目")],
        method="by_link",
        label="转为项目",
        empty_label="全部",
    )

    def by_words(self, leads: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        for word in value.split():
            leads = leads.filter(
                Q(name__icontains=word) | Q(investor__icontains=word) | Q(sector__icontains=word)
            )
        return leads

    def by_stage(self, leads, name, value):
        return in_stage(leads, value)

    def by_link(self, leads, name, value):
        return leads.filter(project__isnull=value == "no")
