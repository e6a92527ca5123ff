"""What people are told (预警、通知、督办、周报): looked up here, made on their own pages and by the timetable."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet

from .. import clock
from ..models import (
    Alert,
    AlertExemption,
    AlertStep,
    EscalationStep,
    Notice,
    SupervisionLine,
    SupervisionOrder,
    WeeklyReport,
)
from ..services.alerts.outbox import queue_again
from .base import AuditedForm, HouseAdmin, ReadOnlyAdmin, ReadOnlyInline
from .words import RolesField


class AlertStepInline(ReadOnlyInline):
    model = AlertStep


class AlertExemptionInline(ReadOnlyInline):
    model = AlertExemption


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
    ]
    list_filter = ["kind", ("closed_on", admin.EmptyFieldListFilter), "unit"]
    list_select_related = ["project", "unit"]
    search_fields = ["title", "project__search_text", "project__name"]
    date_hierarchy = "due_on"
    inlines = [AlertExemptionInline, AlertStepInline]


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


class LineInline(ReadOnlyInline):
    model = SupervisionLine
    fields = ["project", "matter", "state", "reply", "replied_by", "closed_by", "closed_on"]


@admin.register(SupervisionOrder)
class SupervisionOrderAdmin(ReadOnlyAdmin):
    list_display = ["number_as_printed", "type", "unit", "state", "issued_on", "due_on", "received_by"]
    list_filter = ["type", "state"]
    list_select_related = ["unit", "received_by"]
    search_fields = ["facts", "lines__project__name"]
    date_hierarchy = "issued_on"
    inlines = [LineInline]

    @admin.display(description="文号", ordering="number")
    def number_as_printed(self, order: Any) -> Any:
        return order.document_number or "拟稿"


@admin.register(SupervisionLine)
class SupervisionLineAdmin(ReadOnlyAdmin):
    list_display = ["project", "order", "matter", "state", "closed_on"]
    list_filter = ["state"]
    list_select_related = ["project", "order__unit"]
    search_fields = ["project__name", "project__code", "matter"]
