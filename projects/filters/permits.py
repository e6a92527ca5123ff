"""Filters of the permit list (许可筛选)."""

import datetime as dt

import django_filters
from django.db.models import Q, QuerySet

from projects.models import Permit, PermitKind, Project, Unit, Validity

LARGEST_WITHIN = 3650


class PermitFilter(django_filters.FilterSet):
    """Choices over visible permits annotated with their validity on `as_of`; `within` asks what lapses in so many days."""

    q = django_filters.CharFilter(method="by_words", label="关键词")
    kind = django_filters.ModelChoiceFilter(
        queryset=PermitKind.objects.all(), label="许可种类", empty_label="全部"
    )
    state = django_filters.ChoiceFilter(
        field_name="validity", choices=Validity, label="效力", empty_label="全部"
    )
    within = django_filters.NumberFilter(
        method="by_days", label="几天内到期", min_value=0, max_value=LARGEST_WITHIN
    )
    unit = django_filters.ModelChoiceFilter(
        field_name="project__lead_department",
        queryset=Unit.objects.filter(is_active=True),
        label="推进部门",
        empty_label="全部",
    )

    def __init__(self, *args, as_of: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of

    def by_words(self, permits: QuerySet[Permit], name: str, value: str) -> QuerySet[Permit]:
        for word in value.lower().split():
            named = Project.objects.search(word).values("pk")
            permits = permits.filter(
                Q(number__icontains=word) | Q(issued_by__icontains=word) | Q(project__in=named)
            )
        return permits

    def by_days(self, permits, name, value):
        until = self.as_of + dt.timedelta(days=int(value))
        return permits.filter(validity=Validity.RUNNING, valid_until_on__lte=until)
