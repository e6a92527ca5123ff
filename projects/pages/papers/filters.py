"""Filters of permits, land, markers of joint services (手续、用地)."""

import datetime as dt
from decimal import Decimal

import django_filters
from django.db.models import F, Q, QuerySet

from projects.models import Handover, PermitKind, ProjectMarker, Validity

from ..base.filters import ChoiceFilter, HolderFilter, HouseFilterSet, RowFilter, WordsFilter

# --- permits --------------------------------------------------------------------------------------------

LARGEST_WITHIN = 3650


class PermitFilter(HouseFilterSet):
    """Choices over visible permits annotated with their validity on `as_of`; `within` asks what lapses in so many days."""

    q = WordsFilter("number", "issued_by")
    kind = RowFilter("许可种类", PermitKind.objects.all())
    state = ChoiceFilter("效力", Validity, field_name="validity")
    within = django_filters.NumberFilter(
        method="by_days", label="几天内到期", min_value=0, max_value=LARGEST_WITHIN
    )
    unit = HolderFilter(Handover.Slot.LEAD_DEPARTMENT)

    def by_days(self, permits: QuerySet, name: str, value: Decimal) -> QuerySet:
        until = self.as_of + dt.timedelta(days=int(value))
        return permits.filter(validity=Validity.RUNNING, valid_until_on__lte=until)


# --- plots ----------------------------------------------------------------------------------------------

WAITING, RUNNING, FINISHED, OVERDUE = "waiting", "running", "finished", "overdue"
STATES = [(WAITING, "未启动"), (RUNNING, "办理中"), (FINISHED, "全部办结"), (OVERDUE, "有逾期")]


class PlotFilter(HouseFilterSet):
    """Choices over visible plots annotated with their progress (queries.land.with_progress)."""

    q = WordsFilter("name", "address")
    state = ChoiceFilter("进度", STATES, method="by_state")
    unit = HolderFilter(Handover.Slot.LEAD_DEPARTMENT)
    district = HolderFilter(Handover.Slot.HOST_DISTRICT, label="属地")

    def by_state(self, plots: QuerySet, name: str, value: str) -> QuerySet:
        if value == OVERDUE:
            return plots.filter(overdue__gt=0)
        finished = Q(total=F("settled"))
        if value == FINISHED:
            return plots.filter(finished)
        begun = Q(settled__gt=0) | Q(running__gt=0)
        return plots.filter(begun).exclude(finished) if value == RUNNING else plots.exclude(begun)


# --- markers --------------------------------------------------------------------------------------------


class MarkerFilter(HouseFilterSet):
    """Choices over visible markers."""

    q = WordsFilter(label="项目")
    kind = ChoiceFilter("服务事项", ProjectMarker.Kind)
    state = ChoiceFilter("状态", ProjectMarker.State)
    unit = HolderFilter(Handover.Slot.LEAD_DEPARTMENT)
