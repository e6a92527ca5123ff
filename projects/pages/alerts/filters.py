"""Filters of the alert list (预警筛选)."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from projects.models import AlertKind, Handover

from ..base.filters import ChoiceFilter, HolderFilter, HouseFilterSet, ListFilter, UnitFilter, WordsFilter

OPEN, EXEMPT, CLOSED = "open", "exempt", "closed"
STATUSES = [(OPEN, "未解除"), (EXEMPT, "豁免中"), (CLOSED, "已解除")]
LATENESS = [(7, "逾期7天以上"), (15, "逾期15天以上"), (30, "逾期30天以上"), (90, "逾期90天以上")]


class AlertFilter(HouseFilterSet):
    """Choices over visible alerts; days late are counted to `as_of`."""

    q = WordsFilter("title")
    status = ChoiceFilter("状态", STATUSES, method="by_status")
    kind = ChoiceFilter("类别", AlertKind)
    unit = UnitFilter("下一步责任单位", also_former=True)
    department = HolderFilter(Handover.Slot.LEAD_DEPARTMENT)
    list = ListFilter()
    late = ChoiceFilter("逾期天数", LATENESS, method="by_lateness")

    def by_status(self, alerts: Any, name: str, value: str) -> QuerySet:
        if value == CLOSED:
            return alerts.filter(closed_on__isnull=False)
        if value == EXEMPT:
            return alerts.open().exempt_on(self.as_of)
        return alerts.counted_on(self.as_of)

    def by_lateness(self, alerts: QuerySet, name: str, value: str) -> QuerySet:
        return alerts.filter(due_on__lte=self.as_of - dt.timedelta(days=int(value)))
