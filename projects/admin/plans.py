"""Delivery plans with their milestones (推进方案、节点), the working calendar, attachments."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import TextInput
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join

from .. import clock
from ..models import Attachment, CalendarDay, DateChangeRequest, DeliveryPlan, Milestone
from ..queries.base.calendar import working_calendar
from ..queries.plans.calendar_impact import affected_plans
from ..services.plans.versions import OPEN_STATES, approve_plan, revise_plan, submit_plan
from .base import FactAdmin, FactFormSet, FactInline, HouseAdmin, ReadOnlyAdmin


class MilestoneFormSet(FactFormSet):
    """A draft is written freely; milestones of a plan in force are facts."""

    def clean(self) -> None:
        self.reason_required = self.instance.state not in OPEN_STATES
        super().clean()


class MilestoneInline(FactInline):
    """Milestones in order. Once the plan is in force its dates stand: a new version moves them, 节点办结 achieves them."""

    model = Milestone
    formset = MilestoneFormSet
    fields = [
        "position",
        "stage",
        "name",
        "unit",
        "duration",
        "day_kind",
        "due",
        "achieved_on",
        "evidence",
        "weight",
        "is_key",
        "note",
    ]
    autocomplete_fields = ["unit"]
    sizes: ClassVar = {"name": 18, "due": 14, "note": 14}

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Narrow boxes: twelve columns stand side by side."""
        if db_field.name in self.sizes:
            kwargs["widget"] = TextInput(attrs={"size": self.sizes[db_field.name]})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request: Any, obj: Any = None) -> list[str]:
        in_force = obj is not None and obj.state not in OPEN_STATES
        return ["due", "achieved_on", "evidence"] if in_force else ["achieved_on", "evidence"]

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and (obj is None or obj.state in OPEN_STATES)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return (
            obj is not None
            and obj.state == DeliveryPlan.State.DRAFT
            and super().has_change_permission(request, obj)
        )


@admin.register(DeliveryPlan)
class DeliveryPlanAdmin(FactAdmin):
    list_display = ["project", "number", "state", "document", "approved_on", "made_by", "made_at"]
    list_filter = ["state", ("approved_on", admin.DateFieldListFilter)]
    list_select_related = ["project", "made_by"]
    search_fields = ["project__search_text", "project__name", "project__code", "document"]
    date_hierarchy = "approved_on"
    autocomplete_fields = ["project"]
    inlines = [MilestoneInline]
    actions = ["submit", "approve", "revise"]
    fields = [
        "project",
        "number",
        "template",
        "starts_on",
        "finish_on",
        "reason_given",
        "document",
        "state",
        "submitted_by",
        "submitted_at",
        "return_reason",
        "approved_by",
        "approved_on",
        "made_by",
        "made_at",
    ]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> list[str]:
        fixed = [
            "state",
            "submitted_by",
            "submitted_at",
            "return_reason",
            "approved_by",
            "approved_on",
            "made_by",
            "made_at",
            "reason_given",
        ]
        return ["project", "number", *fixed] if obj else fixed

    @admin.display(description="编制（调整）说明")
    def reason_given(self, plan: Any) -> Any:
        """Shown alone: the page's own 变更原因 is called `reason` too. It is written on the draft's page."""
        return plan.reason or "—"

    def get_actions(self, request: Any) -> dict[str, Any]:
        actions = super().get_actions(request)
        if not self.has_change_permission(request):
            for name in ("submit", "approve", "revise"):
                actions.pop(name, None)
        return actions

    @admin.action(description="报审所选推进方案")
    def submit(self, request: Any, queryset: QuerySet[Any]) -> None:
        self._each(request, queryset, submit_plan, "已报审")

    @admin.action(description="批准所选推进方案（自今日起执行）")
    def approve(self, request: Any, queryset: QuerySet[Any]) -> None:
        self._each(request, queryset, approve_plan, "已批准", approved_on=clock.today())

    @admin.action(description="据所选推进方案拟订新版")
    def revise(self, request: Any, queryset: QuerySet[Any]) -> None:
        self._each(request, queryset, revise_plan, "已拟订新版")

    def _each(self, request: Any, queryset: QuerySet[Any], verb: Any, words: str, **given: Any) -> None:
        done = 0
        for plan in queryset.select_related("project"):
            try:
                verb(plan=plan, by=request.user, now=clock.now(), **given)
                done += 1
            except (ValidationError, PermissionDenied) as error:
                text = "；".join(error.messages) if isinstance(error, ValidationError) else str(error)
                self.message_user(request, text, messages.ERROR)
        if done:
            self.message_user(request, f"{done}个推进方案{words}。", messages.SUCCESS)


@admin.register(CalendarDay)
class CalendarDayAdmin(HouseAdmin):
    """A changed day moves no plan by itself: it is said which plans the new calendar would schedule otherwise."""

    list_display = ["day", "is_working", "note"]
    list_filter = ["is_working"]
    search_fields = ["note"]
    date_hierarchy = "day"
    named = 8  # plans told by name; the rest are counted

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        before = working_calendar()
        super().save_model(request, obj, form, change)
        affected = affected_plans(before, working_calendar())
        if not affected:
            return
        plans = format_html_join(
            "、",
            '<a href="{}">{}</a>（{}个节点，余量{}→{}个工作日）',
            (
                (
                    reverse("plan_detail", args=[row.plan.pk]),
                    row.plan.project.name,
                    row.milestones,
                    row.days_in_hand_before,
                    row.days_in_hand_after,
                )
                for row in affected[: self.named]
            ),
        )
        more = f"等{len(affected)}个方案" if len(affected) > self.named else ""
        self.message_user(
            request,
            format_html(
                "按新日历倒排，以下在执行的推进方案会有变化：{}{}。方案不会自动改动，需要调整的请拟订新版。",
                plans,
                more,
            ),
            messages.WARNING,
        )


@admin.register(DateChangeRequest)
class DateChangeAdmin(ReadOnlyAdmin):
    """Requests are made and decided on their own pages (调整申请)."""

    list_display = [
        "milestone",
        "project",
        "old_due",
        "new_due",
        "state",
        "asked_by",
        "asked_on",
        "decided_by",
    ]
    list_filter = ["state", ("asked_on", admin.DateFieldListFilter)]
    list_select_related = ["milestone__plan__project", "asked_by", "decided_by"]
    search_fields = ["milestone__name", "milestone__plan__project__search_text"]

    @admin.display(description="项目", ordering="milestone__plan__project__name")
    def project(self, request: Any) -> Any:
        return request.milestone.plan.project


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    list_display = ["name", "project", "content_type", "size", "uploaded_by", "uploaded_at", "opened"]
    list_select_related = ["project", "uploaded_by"]
    search_fields = ["name", "project__name", "project__code"]
    date_hierarchy = "uploaded_at"
    exclude = ["file"]
    readonly_fields = ["opened"]

    @admin.display(description="查看")
    def opened(self, attachment: Any) -> Any:
        try:
            address = reverse("attachment", args=[attachment.pk])
        except NoReverseMatch:
            return "—"
        return format_html('<a href="{}">打开</a>', address)
