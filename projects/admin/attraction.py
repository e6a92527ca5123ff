"""链长制, 招商 and the main indicators: segments are kept with their chain; leads and values are written on their own pages."""

from django.contrib import admin

from ..models import (
    ChainMember,
    ChainPlacement,
    ChainSegment,
    ChainTask,
    Indicator,
    IndicatorValue,
    Lead,
    LeadStep,
)
from .base import FactInline, HouseAdmin, HouseInline, ReadOnlyAdmin, ReadOnlyInline
from .lists import YearForm


class ChainSegmentInline(HouseInline):
    """上游、中游、下游 of the chain's map; a segment no longer used is unticked."""

    model = ChainSegment


class ChainMemberInline(ReadOnlyInline):
    """The team, entered on the chain's page."""

    model = ChainMember


class ChainTaskInline(FactInline):
    """The year's work; entered on the chain's page, corrected here with a reason."""

    model = ChainTask
    fields = ["year", "text", "unit", "due_on", "done_on", "result"]
    autocomplete_fields = ["unit"]


class LeadStepInline(ReadOnlyInline):
    model = LeadStep


@admin.register(Lead)
class LeadAdmin(ReadOnlyAdmin):
    list_display = ["name", "investor", "origin", "agreed_investment", "industry_chain", "unit", "project"]
    list_filter = ["origin", "industry_chain"]
    list_select_related = ["industry_chain", "unit", "project"]
    search_fields = ["name", "investor", "sector"]
    inlines = [LeadStepInline]


@admin.register(ChainPlacement)
class ChainPlacementAdmin(ReadOnlyAdmin):
    list_display = ["project", "segment", "made_by"]
    list_filter = ["segment__chain"]
    list_select_related = ["project", "segment", "made_by"]
    search_fields = ["project__search_text", "project__name", "segment__name"]


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
