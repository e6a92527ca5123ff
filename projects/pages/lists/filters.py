"""Filters of the list adjustments (名单调整筛选)."""

import django_filters

from projects.models import AnnualList, ListAdjustment


class AdjustmentFilter(django_filters.FilterSet):
    """By list and state."""

    list = django_filters.ModelChoiceFilter(
        field_name="annual_list",
        queryset=AnnualList.objects.select_related("kind"),
        label="年度名单",
        empty_label="全部",
    )
    state = django_filters.ChoiceFilter(choices=ListAdjustment.State, label="状态", empty_label="全部")
    document = django_filters.CharFilter(lookup_expr="icontains", label="文号")
