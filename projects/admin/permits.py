"""Permits and markers in the admin: kinds are the office's; the rest is written on its pages."""

from typing import Any

from django import forms
from django.contrib import admin

from ..models import Permit, PermitKind, ProjectMarker
from .base import OFFICE_ONLY, AuditedForm, HouseAdmin, ReadOnlyAdmin

LONGEST_MONTHS, LONGEST_NOTICE = 600, 365


class PermitKindForm(AuditedForm):
    def clean_validity_months(self) -> Any:
        months = self.cleaned_data["validity_months"]
        if months is not None and not 1 <= months <= LONGEST_MONTHS:
            raise forms.ValidationError(f"有效期应为1至{LONGEST_MONTHS}个月；长期有效的不填。")
        return months

    def clean_remind_days(self) -> Any:
        days = self.cleaned_data["remind_days"]
        if days > LONGEST_NOTICE:
            raise forms.ValidationError(f"提前提醒不能超过{LONGEST_NOTICE}天；填0为不提前提醒。")
        return days


@admin.register(PermitKind)
class PermitKindAdmin(HouseAdmin):
    form = PermitKindForm
    editors = OFFICE_ONLY
    list_display = [
        "name", "validity_months", "lapses_unless_started", "remind_days", "basis", "position", "is_active",
    ]  # fmt: skip
    list_filter = ["is_active"]
    search_fields = ["name"]


@admin.register(Permit)
class PermitAdmin(ReadOnlyAdmin):
    list_display = ["number", "kind", "project", "issued_on", "valid_until_on", "state", "made_by"]
    list_filter = ["state", "kind"]
    list_select_related = ["kind", "project", "made_by"]
    search_fields = ["number", "project__search_text", "project__name"]
    date_hierarchy = "issued_on"


@admin.register(ProjectMarker)
class ProjectMarkerAdmin(ReadOnlyAdmin):
    list_display = ["project", "kind", "state", "since_on", "document", "made_by"]
    list_filter = ["kind", "state"]
    list_select_related = ["project", "made_by"]
    search_fields = ["project__search_text", "project__name", "document"]
