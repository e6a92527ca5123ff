"""Filters of the supervision orders (督办单筛选)."""

import datetime as dt

import django_filters
from django.db.models import Q

from projects.models import SupervisionLine, SupervisionOrder, Unit

UNSETTLED, OVERDUE, TO_CHECK = "unsettled", "overdue", "to_check"
STATUSES = [
    (UNSETTLED, "未办结"),
    (OVERDUE, "逾期未回复"),
    (TO_CHECK, "待核验"),
    *SupervisionOrder.State.choices,
]


class OrderFilter(django_filters.FilterSet):
    """Choices over visible slips, overdue as of a day."""

    q = django_filters.CharFilter(method="by_words", label="关键词", help_text="事由、事项或项目")
    status = django_filters.ChoiceFilter(
        choices=STATUSES, method="by_status", label="状态", empty_label="全部"
    )
    type = django_filters.ChoiceFilter(choices=SupervisionOrder.Type, label="类型", empty_label="全部")
    unit = django_filters.ModelChoiceFilter(queryset=Unit.objects.all(), label="承办单位", empty_label="全部")

    def __init__(self, *args, as_of: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.as_of = as_of

    def by_words(self, orders, name, value):
        for word in value.lower().split():
            lines = SupervisionLine.objects.filter(
                Q(matter__icontains=word) | Q(project__search_text__contains=word)
            )
            orders = orders.filter(Q(facts__icontains=word) | Q(pk__in=lines.values("order")))
        return orders

    def by_status(self, orders, name, value):
        lines = SupervisionLine.objects.open()
        if value == OVERDUE:
            lines = lines.overdue(self.as_of)
        elif value == TO_CHECK:
            lines = lines.filter(state=SupervisionLine.State.REPLIED)
        elif value != UNSETTLED:
            return orders.filter(state=value)
        return orders.filter(pk__in=lines.values("order"))
