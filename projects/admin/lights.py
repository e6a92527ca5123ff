"""Lights (亮灯), to look up: rule sets, exemptions and records are made on their own pages and by the timetable."""

from django.contrib import admin

from ..models import LightBand, LightExemption, LightRecord, LightRuleSet
from .base import ReadOnlyAdmin, ReadOnlyInline


class BandInline(ReadOnlyInline):
    model = LightBand
    fields = ["gauge", "light", "low", "low_closed", "high", "high_closed", "running"]


@admin.register(LightRuleSet)
class LightRuleSetAdmin(ReadOnlyAdmin):
    list_display = [
        "name",
        "effective_on",
        "repealed_on",
        "source",
        "min_planned_investment",
        "red_needs",
        "enforced_by",
    ]
    list_select_related = ["enforced_by"]
    search_fields = ["name", "source", "document", "repeal_document"]
    inlines = [BandInline]


@admin.register(LightExemption)
class LightExemptionAdmin(ReadOnlyAdmin):
    list_display = [
        "project",
        "dimension",
        "from_on",
        "until_on",
        "state",
        "asked_by",
        "decided_by",
        "ended_on",
    ]
    list_filter = ["state"]
    list_select_related = ["project", "asked_by", "decided_by"]
    search_fields = ["project__search_text", "project__name", "project__code", "reason", "document"]


@admin.register(LightRecord)
class LightRecordAdmin(ReadOnlyAdmin):
    list_display = ["project", "period_ends_on", "light", "rule_set", "recorded_at"]
    list_filter = ["light"]
    list_select_related = ["project", "rule_set"]
    search_fields = ["project__search_text", "project__name", "project__code"]
    date_hierarchy = "period_ends_on"
