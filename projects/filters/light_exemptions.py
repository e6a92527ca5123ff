"""Filters of the exemptions from lights (亮灯豁免筛选)."""

import datetime as dt

import django_filters
from django.db.models import Q, QuerySet

from projects.models import Project, Unit
from projects.rules import Dimension

WAITING, RUNNING, COMING, OVER, REFUSED = "waiting", "running", "coming", "over", "refused"
WITHDRAWN = "withdrawn"
STATES = [
    (WAITING, "待批准"),
    (RUNNING, "豁免中"),
    (COMING, "已批准，未起始"),
    (OVER, "已到期或终止"),
    (REFUSED, "未批准"),
    (WITHDRAWN, "已撤回"),
]
ALL_DIMENSIONS = "all"


class LightExemptionFilter(django_filters.FilterSet):
    """Choices over visible exemptions, as they stand on a day."""

    q = django_filters.CharFilter(method="by_words", label="关键词", help_text="项目、原因或文号")
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", label="状态", empty_label="全部")
    dimension = django_filters.ChoiceFilter(
        choices=[(ALL_DIMENSIONS, "全部维度"), *((one.value, one.words) for one in Dimension)],
        method="by_dimension",
        label="豁免维度",
        empty_label="不限",
    )
    unit = django_filters.ModelChoiceFilter(
        field_name="project__lead_department",
        queryset=Unit.objects.all(),
        label="推进部门",
        empty_label="全部",
    )

    def __init__(self, *args, as_of: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of

    def by_words(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        for word in value.lower().split():
            named = Project.objects.search(word).values("pk")
            rows = rows.filter(Q(project__in=named) | Q(reason__icontains=word) | Q(document__icontains=word))
        return rows

    def by_state(self, rows, name, value):
        if value == WAITING:
            return rows.waiting()
        if value in (REFUSED, WITHDRAWN):
            return rows.filter(state=value)
        if value == COMING:
            return rows.coming(self.as_of)
        return rows.over(self.as_of) if value == OVER else rows.in_force(self.as_of)

    def by_dimension(self, rows, name, value):
        return rows.filter(dimension="" if value == ALL_DIMENSIONS else value)
