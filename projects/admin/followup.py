"""What follows a project (跟踪事项): visits, problems, alerts, notices, weekly reports."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet

from .. import clock
from ..models import (
    Alert,
    AlertStep,
    ClinicCase,
    ClinicSession,
    CorrectiveAction,
    EscalationStep,
    LevelLimit,
    Notice,
    Problem,
    ProblemClosing,
    ProblemEntry,
    SiteVisit,
    UrgentList,
    WeeklyReport,
)
from ..services.alerts.outbox import queue_again
from .base import AuditedForm, FactAdmin, HouseAdmin, ReadOnlyAdmin, ReadOnlyInline
from .words import RolesField


@admin.register(SiteVisit)
class SiteVisitAdmin(FactAdmin):
    """Visits are logged on the project's page; here they are corrected."""

    list_display = ["project", "visited_on", "official", "people", "logged_by"]
    list_select_related = ["project", "official", "logged_by"]
    search_fields = ["project__search_text", "project__name", "findings", "people"]
    date_hierarchy = "visited_on"
    autocomplete_fields = ["official"]
    readonly_fields = ["project", "logged_by", "logged_at"]

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False


class ProblemEntryInline(ReadOnlyInline):
    model = ProblemEntry

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("entered_by")


class ProblemClosingInline(ReadOnlyInline):
    model = ProblemClosing


@admin.register(Problem)
class ProblemAdmin(FactAdmin):
    """Problems are raised, handled and written off on their pages; here their words and unit are corrected."""

    list_display = ["text", "project", "category", "level", "lead_unit", "raised_on", "due_on", "state"]
    list_filter = ["state", "category", "level", "lead_unit"]
    list_select_related = ["project", "lead_unit"]
    search_fields = ["text", "project__search_text", "project__name"]
    date_hierarchy = "raised_on"
    autocomplete_fields = ["lead_unit"]
    inlines = [ProblemEntryInline, ProblemClosingInline]
    readonly_fields = [
        "project",
        "milestone",
        "raised_on",
        "raised_by",
        "due_on",
        "state",
        "handled_by",
        "handled_on",
        "resolved_by",
        "resolved_on",
        "resolution",
        "visit",
        "reopen_count",
        "helper_units",
    ]

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(LevelLimit)
class LevelLimitAdmin(HouseAdmin):
    """How many working days each level has (办理时限); every level has its row, so there is nothing to add."""

    list_display = ["level", "working_days"]
    readonly_fields = ["level"]

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(CorrectiveAction)
class ActionAdmin(ReadOnlyAdmin):
    list_display = ["text", "project", "unit", "made_on", "due_on", "done_on"]
    list_filter = [("done_on", admin.EmptyFieldListFilter), "unit"]
    list_select_related = ["project", "unit"]
    search_fields = ["text", "project__search_text", "project__name"]
    date_hierarchy = "due_on"


@admin.register(UrgentList)
class UrgentListAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "year", "number", "state", "as_of", "issued_by", "issued_at"]
    list_filter = ["state", "year"]
    list_select_related = ["issued_by"]
    exclude = ["content"]


class ClinicCaseInline(ReadOnlyInline):
    model = ClinicCase


@admin.register(ClinicSession)
class ClinicSessionAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "held_on", "place", "chair", "state"]
    list_filter = ["state", "year"]
    date_hierarchy = "held_on"
    inlines = [ClinicCaseInline]


@admin.register(ClinicCase)
class ClinicCaseAdmin(ReadOnlyAdmin):
    list_display = ["problem", "session", "state", "discharged_on"]
    list_filter = ["state"]
    list_select_related = ["problem", "session"]
    search_fields = ["problem__text", "problem__project__name"]


class AlertStepInline(ReadOnlyInline):
    model = AlertStep


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = [
        "kind",
        "title",
        "project",
        "unit",
        "due_on",
        "opened_on",
        "closed_on",
        "exempted_until_on",
    ]
    list_filter = ["kind", ("closed_on", admin.EmptyFieldListFilter), "unit"]
    list_select_related = ["project", "unit"]
    search_fields = ["title", "project__search_text", "project__name"]
    date_hierarchy = "due_on"
    inlines = [AlertStepInline]


class EscalationStepForm(AuditedForm):
    roles = RolesField(label="通知对象")

    class Meta:
        model = EscalationStep
        fields = ["working_days", "roles", "is_active"]


@admin.register(EscalationStep)
class EscalationStepAdmin(HouseAdmin):
    form = EscalationStepForm
    list_display = ["__str__", "working_days", "is_active"]


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """The outbox (发件台账): what was sent to whom, what failed and why."""

    list_display = [
        "subject",
        "recipient",
        "channel",
        "state",
        "attempts",
        "made_at",
        "sent_at",
        "last_error",
    ]
    list_filter = ["state", "channel"]
    list_select_related = ["recipient"]
    search_fields = ["subject", "recipient__full_name", "recipient__username"]
    date_hierarchy = "made_at"
    actions = ["send_again"]
    exclude = ["rows"]

    @admin.action(description="重发所选已放弃的消息")
    def send_again(self, request: Any, queryset: QuerySet[Any]) -> None:
        count = queue_again(notices=queryset, by=request.user, now=clock.now())
        words = f"{count}条消息已重新排入待发送。" if count else "所选消息中没有“已放弃”的。"
        self.message_user(request, words, messages.SUCCESS if count else messages.WARNING)


@admin.register(WeeklyReport)
class WeeklyReportAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "year", "week", "number", "state", "made_at", "signed_by", "sent_at"]
    list_filter = ["state", "year"]
    list_select_related = ["signed_by"]
    exclude = ["content"]
