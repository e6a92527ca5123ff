"""Yearly indicators beside the projects (招商等指标)."""

from django.contrib import admin

from ..models import Indicator, IndicatorValue
from .base import HouseAdmin, ReadOnlyInline
from .lists import YearForm


class IndicatorValueInline(ReadOnlyInline):
    """Values by day; entered on the indicator's page, where a falling one must say why."""

    model = IndicatorValue


@admin.register(Indicator)
class IndicatorAdmin(HouseAdmin):
    form = YearForm
    list_display = ["name", "year", "unit", "target", "position"]
    list_filter = ["year"]
    search_fields = ["name"]
    inlines = [IndicatorValueInline]
