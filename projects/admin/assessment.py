"""Assessment (考核), to look up: schemes, scores, appeals and corrections are made on their own pages."""

from django.contrib import admin

from ..models import (
    AssessmentAppeal,
    AssessmentCorrection,
    AssessmentEntry,
    AssessmentRound,
    ScoringItem,
    ScoringScheme,
)
from .base import ReadOnlyAdmin, ReadOnlyInline


class ItemInline(ReadOnlyInline):
    model = ScoringItem
    fields = [
        "position",
        "name",
        "figure",
        "weight",
        "method",
        "zero_at",
        "full_at",
        "per_point",
        "floor",
        "cap",
    ]


@admin.register(ScoringScheme)
class ScoringSchemeAdmin(ReadOnlyAdmin):
    list_display = ["name", "year", "subject", "version", "state", "effective_on", "document"]
    list_filter = ["year", "state", "subject"]
    search_fields = ["name", "document"]
    inlines = [ItemInline]


class EntryInline(ReadOnlyInline):
    model = AssessmentEntry
    fields = ["unit", "item", "points", "reason", "document", "made_by", "made_at"]


class CorrectionInline(ReadOnlyInline):
    model = AssessmentCorrection
    fields = ["number", "unit", "item", "published_points", "points", "reason", "made_by", "made_at"]


@admin.register(AssessmentRound)
class AssessmentRoundAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "scheme", "as_of", "state", "document", "published_by", "published_at"]
    list_filter = ["year", "kind", "state"]
    list_select_related = ["scheme", "published_by"]
    search_fields = ["document", "scheme__name"]
    inlines = [EntryInline, CorrectionInline]


@admin.register(AssessmentAppeal)
class AssessmentAppealAdmin(ReadOnlyAdmin):
    list_display = ["round", "unit", "item", "state", "filed_by", "filed_at", "decided_by"]
    list_filter = ["state"]
    list_select_related = ["round", "unit", "item", "filed_by", "decided_by"]
    search_fields = ["unit__name", "reason"]
