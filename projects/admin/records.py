"""The memory of the product (记录): audit, imports, header dictionary, the office's rules, signs of life."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.html import format_html_join

from ..models import (
    AuditRecord,
    CellCorrection,
    FurtherField,
    HeaderAlias,
    Heartbeat,
    ImportAnswer,
    ImportBatch,
    ImportedRow,
    OfficeSettings,
    SavedView,
    SenderAnswer,
)
from ..queries.base.changes import described
from ..services.imports.staging.columns import FIELDS
from .base import NOTHING_CHOSEN, OFFICE_ONLY, AuditedForm, HouseAdmin, ReadOnlyAdmin
from .words import WordsField


@admin.register(AuditRecord)
class AuditRecordAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "action", "model", "object_text", "project", "reason"]
    list_filter = ["action", "model"]
    list_select_related = ["by", "project"]
    search_fields = ["object_text", "reason", "by__full_name", "project__name", "project__code"]
    date_hierarchy = "at"
    fields = ["at", "by", "action", "project", "object_text", "changes_in_words", "reason", "source"]
    readonly_fields = ["changes_in_words", "source"]

    @admin.display(description="变更内容（原值 → 新值）")
    def changes_in_words(self, record: Any) -> Any:
        (entry,) = described([record])
        rows = ((change.label, change.before, change.after) for change in entry.changes)
        return format_html_join("", "<div>{}：{} → {}</div>", rows) or "—"

    @admin.display(description="来源")
    def source(self, record: Any) -> Any:
        (entry,) = described([record])
        return entry.source or "—"


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    list_display = [
        "__str__",
        "sender",
        "state",
        "made_by",
        "made_at",
        "confirmed_by",
        "written_at",
        "reverted_at",
    ]
    list_filter = ["state"]
    list_select_related = ["made_by", "confirmed_by"]
    search_fields = ["file_name", "sender"]
    date_hierarchy = "made_at"
    exclude = ["file", "result", "plan"]


@admin.register(ImportAnswer)
class ImportAnswerAdmin(ReadOnlyAdmin):
    list_display = ["batch", "question", "answer", "made_by", "made_at"]
    list_select_related = ["batch", "made_by"]
    search_fields = ["question", "batch__file_name"]


@admin.register(CellCorrection)
class CellCorrectionAdmin(ReadOnlyAdmin):
    list_display = ["batch", "sheet", "row", "header", "was", "value", "made_by", "made_at"]
    list_select_related = ["batch", "made_by"]
    search_fields = ["header", "value", "batch__file_name"]


@admin.register(SenderAnswer)
class SenderAnswerAdmin(ReadOnlyAdmin):
    """To look up; changed and taken back on the page 沿用的回答."""

    list_display = ["sender", "met", "answer", "made_by", "made_at", "taken_back_by", "taken_back_at"]
    list_filter = ["kind"]
    list_select_related = ["made_by", "taken_back_by"]
    search_fields = ["sender", "met", "answer"]


@admin.register(ImportedRow)
class ImportedRowAdmin(ReadOnlyAdmin):
    list_display = ["batch", "sheet", "row", "model", "object_id"]
    list_filter = ["model"]
    list_select_related = ["batch"]
    search_fields = ["sheet", "batch__file_name"]


class HeaderAliasForm(AuditedForm):
    """A header of the office's own, and the column it means."""

    class Meta:
        model = HeaderAlias
        fields = ["header", "field"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "field" in self.fields:
            self.fields["field"] = forms.ChoiceField(label="对应字段", choices=field_choices)


def field_choices() -> list[tuple[str, str]]:
    """The columns an import knows, by their Chinese names."""
    return [("", NOTHING_CHOSEN), *((field.name, field.label) for field in FIELDS)]


@admin.register(HeaderAlias)
class HeaderAliasAdmin(HouseAdmin):
    form = HeaderAliasForm
    list_display = ["header", "meaning"]
    search_fields = ["header"]

    @admin.display(description="对应字段", ordering="field")
    def meaning(self, alias: HeaderAlias) -> str:
        return dict(field_choices()).get(alias.field, alias.field)


class FurtherFieldForm(AuditedForm):
    """A column of the office's own; a field with values keeps its kind."""

    choices = WordsField(label="选项", help_text="类型为“选项”时填写，多个请用顿号分隔。")

    class Meta:
        model = FurtherField
        fields = ["name", "kind", "choices", "hint", "position", "is_active"]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if name in {header for field in FIELDS for header in field.all_headers()}:
            raise forms.ValidationError(f"“{name}”是台账已有的列，请另取名称。")
        return name


@admin.register(FurtherField)
class FurtherFieldAdmin(HouseAdmin):
    """The office's own columns of projects (自定义字段)."""

    form = FurtherFieldForm
    editors = OFFICE_ONLY
    list_display = ["name", "kind", "hint", "position", "is_active"]
    list_filter = ["kind", "is_active"]
    search_fields = ["name"]


@admin.register(OfficeSettings)
class OfficeSettingsAdmin(HouseAdmin):
    """One row of rules: there is nothing to add."""

    list_display = [
        "__str__",
        "office_name",
        "report_grace_days",
        "problem_limit_days",
        "unit_review_required",
    ]

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ["name", "beat_at"]


@admin.register(SavedView)
class SavedViewAdmin(ReadOnlyAdmin):
    list_display = ["name", "page", "owner", "is_active", "made_at"]
    list_filter = ["page", "is_active"]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__full_name"]
