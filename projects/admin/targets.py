"""Period targets (分旬目标), to look up: they are entered on their own pages."""

from django.contrib import admin

from ..models import PeriodTarget, TargetPlan
from .base import ReadOnlyAdmin, ReadOnlyInline


class TargetInline(ReadOnlyInline):
    model = PeriodTarget
    fields = ["period_ends_on", "amount"]


@admin.register(TargetPlan)
class TargetPlanAdmin(ReadOnlyAdmin):
    list_display = ["listing", "effective_on", "reason", "made_by", "made_at"]
    list_select_related = ["listing__project", "listing__annual_list__kind", "made_by"]
    search_fields = ["listing__project__search_text", "listing__project__name", "listing__project__code"]
    inlines = [TargetInline]
