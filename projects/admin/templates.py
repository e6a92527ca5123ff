"""Plan templates (方案模板) with their steps; a network that cannot be scheduled is refused with its cycle named."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet

from .. import clock
from ..models import PlanTemplate, TemplateStep
from ..rules import DayKind, NetworkError, NetworkStep, check_network
from ..services.base.records import record, snapshot
from .base import AuditedFormSet, HouseAdmin, HouseInline


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


class StepForm(forms.ModelForm):
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
