"""Filters of the alert list (预警筛选)."""

import datetime as dt

import django_filters
from django.db.models import Q, QuerySet

from projects.models import Alert, AlertKind, Project, Unit

from ..base.filters import ListFilter

OPEN, EXEMPT, CLOSED = "open", "exempt", "closed"
STATUSES = [(OPEN, "未解除"), (EXEMPT, "豁免中"), (CLOSED, "已解除")]
LATENESS = [(7, "逾期7天以上"), (15, "逾期15天以上"), (30, "逾期30天以上"), (90, "逾期90天以上")]


class AlertFilter(django_filters.FilterSet):
    """Choices over visible alerts; days late are counted to `as_of`."""

    q = django_filters.CharFilter(method="by_words", label="关键词", help_text="事项或项目")
    status = django_filters.ChoiceFilter(
        choices=STATUSES, method="by_status", label="状态", empty_label="全部"
    )
    kind = django_filters.ChoiceFilter(choices=AlertKind, label="类别", empty_label="全部")
    unit = django_filters.ModelChoiceFilter(
        queryset=Unit.objects.all(), label="下一步责任单位", empty_label="全部"
    )
    department = django_filters.ModelChoiceFilter(
        field_name="project__lead_department",
        queryset=Unit.objects.filter(kind=Unit.Kind.DEPARTMENT),
        label="推进部门",
        empty_label="全部",
    )
    list = ListFilter()
    late = django_filters.ChoiceFilter(
        choices=LATENESS, method="by_lateness", label="逾期天数", empty_label="全部"
    )

    def __init__(self, *args, as_of: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of

    def by_words(self, alerts: QuerySet[Alert], name: str, value: str) -> QuerySet[Alert]:
        for word in value.lower().split():
            named = Project.objects.search(word).values("pk")
            alerts = alerts.filter(Q(title__icontains=word) | Q(project__in=named))
        return alerts

    def by_status(self, alerts, name, value):
        if value == CLOSED:
            return alerts.filter(closed_on__isnull=False)
        if value == EXEMPT:
            return alerts.open().exempt_on(self.as_of)
        return alerts.counted_on(self.as_of)

    def by_lateness(self, alerts, name, value):
        return alerts.filter(due_on__lte=self.as_of - dt.timedelta(days=int(value)))
