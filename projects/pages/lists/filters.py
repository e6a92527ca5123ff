"""Filters of the list adjustments (名单调整筛选)."""

import django_filters

from projects.models import AnnualList, ListAdjustment

from ..base.filters import ChoiceFilter, HouseFilterSet, RowFilter


class AdjustmentFilter(HouseFilterSet):
    """By list and state."""

    list = RowFilter("年度名单", AnnualList.objects.select_related("kind"), field_name="annual_list")
    state = ChoiceFilter("状态", ListAdjustment.State)
    document = django_filters.CharFilter(lookup_expr="icontains", label="文号")
