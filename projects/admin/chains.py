"""链长制 and 招商 in the admin: segments are kept with their chain; leads are written on their own pages."""

from django.contrib import admin

from ..models import ChainMember, ChainPlacement, ChainSegment, ChainTask, Lead, LeadStep
from .base import FactInline, HouseInline, ReadOnlyAdmin, ReadOnlyInline


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
