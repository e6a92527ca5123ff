"""Filters of the plan list and of the requests to move dates (推进方案、调整申请筛选)."""

import django_filters
from django.db.models import Q, QuerySet

from projects.models import DateChangeRequest, DeliveryPlan, Unit

CURRENT = "current"
OPEN_PLANS = [state for state in DeliveryPlan.State if state != DeliveryPlan.State.SUPERSEDED]


class PlanFilter(django_filters.FilterSet):
    """Choices over visible plans; without a state, all that still matter."""

    q = django_filters.CharFilter(method="by_words", label="关键词", help_text="项目、文号")
    state = django_filters.ChoiceFilter(
        choices=[(CURRENT, "在办和在执行"), *DeliveryPlan.State.choices],
        method="by_state",
        label="状态",
        empty_label="全部",
    )
    unit = django_filters.ModelChoiceFilter(
        field_name="project__lead_department",
        queryset=Unit.objects.all(),
        label="推进部门",
        empty_label="全部",
    )
    district = django_filters.ModelChoiceFilter(
        field_name="project__host_district",
        queryset=Unit.objects.filter(kind=Unit.Kind.DISTRICT),
        label="属地",
        empty_label="全部",
    )

    def by_words(self, plans: QuerySet[DeliveryPlan], name: str, value: str) -> QuerySet[DeliveryPlan]:
        for word in value.lower().split():
            plans = plans.filter(Q(project__search_text__contains=word) | Q(document__icontains=word))
        return plans

    def by_state(self, plans, name, value):
        return plans.filter(state__in=OPEN_PLANS) if value == CURRENT else plans.filter(state=value)


class DateChangeFilter(django_filters.FilterSet):
    """Choices over visible requests (调整申请)."""

    q = django_filters.CharFilter(method="by_words", label="关键词", help_text="节点或项目")
    state = django_filters.ChoiceFilter(choices=DateChangeRequest.State, label="状态", empty_label="全部")
    unit = django_filters.ModelChoiceFilter(
        field_name="milestone__unit", queryset=Unit.objects.all(), label="责任单位", empty_label="全部"
    )

    def by_words(self, requests: QuerySet, name: str, value: str) -> QuerySet:
        for word in value.lower().split():
            requests = requests.filter(
                Q(milestone__name__icontains=word) | Q(milestone__plan__project__search_text__contains=word)
            )
        return requests
