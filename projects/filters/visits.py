"""Filters of the visit list (走访筛选)."""

import django_filters
from django import forms
from django.db.models import Q

from projects.models import Official


def _day_input():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class VisitFilter(django_filters.FilterSet):
    """Choices over visible visits."""

    q = django_filters.CharFilter(method="by_words", label="关键词")
    official = django_filters.ModelChoiceFilter(
        queryset=Official.objects.all(), label="带队领导", empty_label="全部"
    )
    since = django_filters.DateFilter(
        field_name="visited_on", lookup_expr="gte", label="自", widget=_day_input()
    )
    until = django_filters.DateFilter(
        field_name="visited_on", lookup_expr="lte", label="至", widget=_day_input()
    )

    def by_words(self, visits, name, value):
        for word in value.lower().split():
            visits = visits.filter(
                Q(findings__icontains=word)
                | Q(decisions__icontains=word)
                | Q(project__search_text__contains=word)
            )
        return visits
