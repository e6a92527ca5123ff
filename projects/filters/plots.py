"""Filters of the plot list (地块筛选)."""

import django_filters
from django.db.models import F, Q, QuerySet

from projects.models import Plot, Project, Unit

WAITING, RUNNING, FINISHED, OVERDUE = "waiting", "running", "finished", "overdue"
STATES = [(WAITING, "未启动"), (RUNNING, "办理中"), (FINISHED, "全部办结"), (OVERDUE, "有逾期")]


class PlotFilter(django_filters.FilterSet):
    """Choices over visible plots annotated with their progress (queries.land.with_progress)."""

    q = django_filters.CharFilter(method="by_words", label="关键词")
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", label="进度", empty_label="全部")
    unit = django_filters.ModelChoiceFilter(
        field_name="project__lead_department",
        queryset=Unit.objects.filter(is_active=True),
        label="推进部门",
        empty_label="全部",
    )
    district = django_filters.ModelChoiceFilter(
        field_name="project__host_district",
        queryset=Unit.objects.filter(kind=Unit.Kind.DISTRICT),
        label="属地",
        empty_label="全部",
    )

    def by_words(self, plots: QuerySet[Plot], name: str, value: str) -> QuerySet[Plot]:
        for word in value.lower().split():
            named = Project.objects.search(word).values("pk")
            plots = plots.filter(Q(name__icontains=word) | Q(address__icontains=word) | Q(project__in=named))
        return plots

    def by_state(self, plots, name, value):
        if value == OVERDUE:
            return plots.filter(overdue__gt=0)
        finished = Q(total=F("settled"))
        if value == FINISHED:
            return plots.filter(finished)
        begun = Q(settled__gt=0) | Q(running__gt=0)
        return plots.filter(begun).exclude(finished) if value == RUNNING else plots.exclude(begun)
