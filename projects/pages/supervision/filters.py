"""Filters of the supervision orders (督办单筛选)."""

import django_filters
from django.db.models import Q, QuerySet

from projects.models import Project, SupervisionLine, SupervisionOrder
from projects.pinyin import plain

from ..base.filters import ChoiceFilter, HouseFilterSet, UnitFilter

UNSETTLED, OVERDUE, TO_CHECK = "unsettled", "overdue", "to_check"
STATUSES = [
    (UNSETTLED, "未办结"),
    (OVERDUE, "逾期未回复"),
    (TO_CHECK, "待核验"),
    *SupervisionOrder.State.choices,
]


class OrderFilter(HouseFilterSet):
    """Choices over visible slips, overdue as of a day."""

    q = django_filters.CharFilter(method="by_words", label="关键词")
    status = ChoiceFilter("状态", STATUSES, method="by_status")
    type = ChoiceFilter("类型", SupervisionOrder.Type)
    unit = UnitFilter("承办单位", also_former=True)

    def by_words(self, orders: QuerySet, name: str, value: str) -> QuerySet:
        for word in value.split():
            half = plain(word)
            projects = Project.objects.search(word).values("pk")
            lines = SupervisionLine.objects.filter(
                Q(matter__icontains=word) | Q(matter__icontains=half) | Q(project__in=projects)
            )
            orders = orders.filter(
                Q(facts__icontains=word) | Q(facts__icontains=half) | Q(pk__in=lines.values("order"))
            )
        return orders

    def by_status(self, orders: QuerySet, name: str, value: str) -> QuerySet:
        lines = SupervisionLine.objects.open()
        if value == OVERDUE:
            lines = lines.overdue(self.as_of)
        elif value == TO_CHECK:
            lines = lines.filter(state=SupervisionLine.State.REPLIED)
        elif value != UNSETTLED:
            return orders.filter(state=value)
        return orders.filter(pk__in=lines.values("order"))
