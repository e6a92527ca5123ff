"""Ten-day reports in the admin (旬报): looked at, confirmed in bulk; their rounds and the periods opened again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet

from .. import clock
from ..models import PENDING_STATES, PeriodReopening, ProgressReport, ReportRound, YearAmounts
from ..services.reports.review import confirm_reports
from .base import ReadOnlyAdmin, ReadOnlyInline


class ReportRoundInline(ReadOnlyInline):
    model = ReportRound
    fk_name = "report"
    fields = ["number", "submitted_by", "submitted_at", "confirmed_at", "returned_at", "return_reason"]

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("submitted_by", "report__project")


@admin.register(ProgressReport)
class ProgressReportAdmin(ReadOnlyAdmin):
    """Reports are written by their units; the office may confirm several here."""

    list_display = [
        "project",
        "period_ends_on",
        "invested_this_year",
        "physical_progress",
        "state",
        "filled_by",
        "source",
    ]
    list_filter = ["state", "source"]
    list_select_related = ["project", "filled_by"]
    search_fields = ["project__search_text", "project__name", "project__code"]
    date_hierarchy = "period_ends_on"
    inlines = [ReportRoundInline]
    actions = ["confirm"]

    def get_actions(self, request: Any) -> dict[str, Any]:
        actions = super().get_actions(request)
        if not request.user.is_office:
            actions.pop("confirm", None)
        return actions

    @admin.action(description="确认所选旬报")
    def confirm(self, request: Any, queryset: QuerySet[Any]) -> None:
        waiting = queryset.filter(state__in=PENDING_STATES).select_related("project")
        outcome = confirm_reports(reports=waiting, by=request.user, now=clock.now())
        for refusal in outcome.refusals:
            self.message_user(request, refusal, messages.ERROR)
        words = f"已确认{outcome.done}份旬报。"
        self.message_user(request, words, messages.SUCCESS if outcome.done else messages.WARNING)


@admin.register(ReportRound)
class ReportRoundAdmin(ReadOnlyAdmin):
    """Every hand-in as it was (报送轮次)."""

    list_display = [
        "report",
        "number",
        "submitted_by",
        "submitted_at",
        "confirmed_at",
        "returned_at",
        "return_reason",
    ]
    list_filter = ["is_reopening", ("returned_at", admin.EmptyFieldListFilter)]
    list_select_related = ["report__project", "submitted_by"]
    search_fields = ["report__project__search_text", "report__project__name"]
    date_hierarchy = "submitted_at"


@admin.register(PeriodReopening)
class PeriodReopeningAdmin(ReadOnlyAdmin):
    """Periods are opened again on the product's own page; here they are looked up."""

    list_display = ["period_ends_on", "project", "until_on", "reason", "made_by", "made_at"]
    list_select_related = ["project", "made_by"]
    search_fields = ["project__search_text", "project__name", "reason"]
    date_hierarchy = "period_ends_on"


@admin.register(YearAmounts)
class YearAmountsAdmin(ReadOnlyAdmin):
    """What the year's line is drawn from (年度累计), written by the services."""

    list_display = ["project", "year", "by_12", "by_24", "by_36"]
    list_filter = ["year"]
    list_select_related = ["project"]
    search_fields = ["project__search_text", "project__name", "project__code"]
