"""Delivery plans with their milestones (推进方案、节点), their templates, the working calendar, attachments."""

import re
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.forms import TextInput
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join

from .. import clock
from ..models import (
    Attachment,
    CalendarDay,
    DateChangeRequest,
    DeliveryPlan,
    Milestone,
    MilestoneClaim,
    PlanTemplate,
    TemplateStep,
)
from ..queries.base.calendar import working_calendar
from ..queries.plans.calendar_impact import affected_plans
from ..rules import DayKind, NetworkError, NetworkStep, check_network
from ..services.base.records import record, snapshot
from ..services.plans.versions import OPEN_STATES, approve_plan, revise_plan, submit_plan
from .base import (
    AuditedFormSet,
    FactAdmin,
    FactFormSet,
    FactInline,
    HouseAdmin,
    HouseInline,
    ReadOnlyAdmin,
    WatchedForm,
)


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


@admin.register(MilestoneClaim)
class MilestoneClaimAdmin(ReadOnlyAdmin):
    """Milestones said to be done before the last confirmed period; decided on their own pages (办结待确认)."""

    list_display = ["milestone", "project", "achieved_on", "state", "claimed_by", "claimed_at", "decided_by"]
    list_filter = ["state"]
    list_select_related = ["milestone__plan__project", "claimed_by", "decided_by"]
    search_fields = ["milestone__name", "milestone__plan__project__search_text"]
    date_hierarchy = "achieved_on"

    @admin.display(description="项目")
    def project(self, claim: MilestoneClaim) -> str:
        return claim.milestone.plan.project.name


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


class PlacesField(forms.CharField):
    """Places of other rows (序号), as people write them: “30、40”."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.TextInput(attrs={"size": 10}), **kwargs)

    def to_python(self, value: Any) -> Any:
        words = [word for word in re.split(r"[、,，;；\s]+", super().to_python(value) or "") if word]
        if not all(word.isascii() and word.isdecimal() and len(word) < 6 for word in words):
            raise ValidationError("紧前节点请填写序号，多个用顿号分隔，如“30、40”。")
        return list(dict.fromkeys(map(int, words)))

    def prepare_value(self, value: Any) -> Any:
        return "、".join(map(str, value)) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return set(self.to_python(data)) != set(initial or [])
        except ValidationError:
            return True


class StepForm(WatchedForm):
    before = PlacesField(label="紧前节点（序号）")

    class Meta:
        model = TemplateStep
        fields = [
            "position", "stage", "name", "duration", "day_kind", "before", "answers", "unit", "weight",
            "is_key", "basis",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["before"] = sorted(step.position for step in self.instance.predecessors.all())


class StepFormSet(AuditedFormSet):
    """All steps of a template at once: their order is checked before anything is written."""

    def clean(self) -> None:
        super().clean()
        rows = [
            form for form in self.forms if form not in self.deleted_forms and form.cleaned_data.get("name")
        ]
        if any(form.errors for form in rows):
            return
        steps = []
        for form in rows:
            given = form.cleaned_data
            steps.append(
                NetworkStep(
                    key=str(given["position"]),
                    name=given["name"],
                    duration=given["duration"],
                    kind=DayKind(given["day_kind"]),
                    predecessors=tuple(map(str, given["before"])),
                )
            )
        try:
            check_network(steps)
        except NetworkError as error:
            raise ValidationError(str(error)) from error

    def get_unique_error_message(self, unique_check: Any) -> Any:
        fields: list[Any] = [TemplateStep._meta.get_field(name) for name in unique_check]
        words = "、".join(str(field.verbose_name) for field in fields)
        return f"{words}重复，请核对。"

    def save(self, commit: bool = True) -> Any:
        rows = super().save(commit)
        formset: Any = self  # Django sets it on the formset too
        formset.save_m2m = self.save_predecessors
        return rows

    def save_predecessors(self) -> None:
        """After every row is saved: what stands before each, looked up by place."""
        by_position = {step.position: step for step in self.instance.steps.all()}
        for form in self.forms:
            if "before" in form.changed_data and form.instance.pk and form not in self.deleted_forms:
                form.instance.predecessors.set(by_position[place] for place in form.cleaned_data["before"])


class StepInline(HouseInline):
    model = TemplateStep
    form = StepForm
    formset = StepFormSet
    autocomplete_fields = ["unit"]
    verbose_name_plural = "节点（序号可留空档；紧前节点填其序号，多个用顿号分隔）"

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("predecessors")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        sizes = {"name": 12, "basis": 16}
        if db_field.name in sizes:
            kwargs["widget"] = forms.TextInput(attrs={"size": sizes[db_field.name]})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """A step no longer needed goes: plans drafted from it have milestones of their own."""
        return super().has_change_permission(request, obj)


@admin.register(PlanTemplate)
class PlanTemplateAdmin(HouseAdmin):
    list_display = ["name", "note", "step_count", "is_active", "position"]
    list_filter = ["is_active"]
    search_fields = ["name"]
    fields = ["name", "note", "is_active", "position"]
    inlines = [StepInline]

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(counted=Count("steps"))

    @admin.display(description="节点数", ordering="counted")
    def step_count(self, template: Any) -> Any:
        return template.counted

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        """The predecessors stand in no column of the row: what changes there is recorded in words."""
        super().save_formset(request, form, formset, change)
        for row in formset.forms:
            if "before" in row.changed_data and row.instance.pk and row not in formset.deleted_forms:
                names = "、".join(step.name for step in row.instance.predecessors.order_by("position"))
                record(
                    action="调整紧前节点",
                    instance=row.instance,
                    by=request.user,
                    now=clock.now(),
                    before=snapshot(row.instance),
                    reason=f"紧前节点：{names or '无'}",
                )
