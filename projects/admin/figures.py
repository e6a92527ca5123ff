"""Lights, targets and published figures (亮灯、目标、数据发布), to look up: all are made on their own pages and by the timetable."""

from django.contrib import admin

from ..models import (
    LightBand,
    LightExemption,
    LightRecord,
    LightRuleSet,
    PeriodTarget,
    Publication,
    PublishedRow,
    TargetPlan,
)
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


class TargetInline(ReadOnlyInline):
    model = PeriodTarget
    fields = ["period_ends_on", "amount"]


@admin.register(TargetPlan)
class TargetPlanAdmin(ReadOnlyAdmin):
    list_display = ["listing", "effective_on", "reason", "made_by", "made_at"]
    list_select_related = ["listing__project", "listing__annual_list__kind", "made_by"]
    search_fields = ["listing__project__search_text", "listing__project__name", "listing__project__code"]
    inlines = [TargetInline]


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ["name", "as_of", "year", "published_by", "published_at"]
    list_filter = ["year"]
    list_select_related = ["published_by"]
    search_fields = ["name"]
    date_hierarchy = "as_of"


@admin.register(PublishedRow)
class PublishedRowAdmin(ReadOnlyAdmin):
    list_display = ["publication", "listing", "category", "planned_investment", "invested", "light"]
    list_select_related = ["publication", "listing__project", "listing__annual_list__kind"]
    search_fields = ["publication__name", "listing__project__name", "listing__project__code"]
