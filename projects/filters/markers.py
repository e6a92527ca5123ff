"""Filters of the marker list (服务标记筛选)."""

import django_filters
from django.db.models import QuerySet

from projects.models import Project, ProjectMarker, Unit


class MarkerFilter(django_filters.FilterSet):
    """Choices over visible markers."""

    q = django_filters.CharFilter(method="by_words", label="项目")
    kind = django_filters.ChoiceFilter(choices=ProjectMarker.Kind, label="服务事项", empty_label="全部")
    state = django_filters.ChoiceFilter(choices=ProjectMarker.State, label="状态", empty_label="全部")
    unit = django_filters.ModelChoiceFilter(
        field_name="project__lead_department",
        queryset=Unit.objects.filter(is_active=True),
        label="推进部门",
        empty_label="全部",
    )

    def by_words(self, markers: QuerySet[ProjectMarker], name: str, value: str) -> QuerySet[ProjectMarker]:
        for word in value.lower().split():
            markers = markers.filter(project__in=Project.objects.search(word).values("pk"))
        return markers
