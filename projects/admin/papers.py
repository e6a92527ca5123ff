"""Permits, markers and 用地一件事: kinds, classes and items are the office's; the rest is written on its pages."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet

from ..models import LandClass, LandItem, Permit, PermitKind, Plot, PlotItem, ProjectMarker
from ..services.papers.land_catalogue import ASIDE, find_cycle
from .base import OFFICE_ONLY, AuditedForm, HouseAdmin, ReadOnlyAdmin, ReadOnlyInline

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


class PositionedForm(AuditedForm):
    """A place in the order, below the positions that loading a sheet uses while it rewrites the order."""

    def clean_position(self) -> Any:
        position = self.cleaned_data["position"]
        if not 1 <= position < ASIDE:
            raise forms.ValidationError(f"次序应为1至{ASIDE - 1}。")
        return position


@admin.register(LandClass)
class LandClassAdmin(HouseAdmin):
    form = PositionedForm
    editors = OFFICE_ONLY
    list_display = ["name", "stage", "position"]
    list_filter = ["stage"]
    search_fields = ["name"]


class LandItemForm(PositionedForm):
    def clean_name(self) -> Any:
        name = self.cleaned_data["name"]
        if any(mark in name for mark in "、；;"):
            raise forms.ValidationError("事项名称不能含顿号或分号，目录表用它们分隔前置事项。")
        return name

    def clean_predecessors(self) -> Any:
        """No circle of items that wait for each other (前置循环)."""
        chosen = self.cleaned_data["predecessors"]
        items = LandItem.objects.prefetch_related("predecessors")
        before = {item.name: [other.name for other in item.predecessors.all()] for item in items}
        if self.instance.pk:
            before[self._saved_name()] = [item.name for item in chosen]
        if cycle := find_cycle(before):
            raise forms.ValidationError(f"互为前置，形成循环：{' → '.join(cycle)}。")
        return chosen

    def _saved_name(self) -> str:
        """The name as the other items know it, whatever this form says."""
        return LandItem.objects.values_list("name", flat=True).get(pk=self.instance.pk)


@admin.register(LandItem)
class LandItemAdmin(HouseAdmin):
    """Items of the catalogue (用地事项); a whole sheet is loaded on the catalogue's page."""

    form = LandItemForm
    editors = OFFICE_ONLY
    list_display = ["position", "name", "land_class", "unit_name", "limit_days", "is_checked", "is_active"]
    list_display_links = ["name"]
    list_filter = ["land_class__stage", "land_class", "is_checked", "is_active"]
    list_select_related = ["land_class"]
    search_fields = ["name", "unit_name"]
    filter_horizontal = ["predecessors"]  # unlike the autocomplete of several it survives any input


class PlotItemInline(ReadOnlyInline):
    model = PlotItem
    fields = ["item", "state", "unit", "started_on", "due_on", "done_on", "document"]

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("item", "unit")


@admin.register(Plot)
class PlotAdmin(ReadOnlyAdmin):
    list_display = ["name", "project", "area", "address", "made_by", "made_at"]
    list_select_related = ["project", "made_by"]
    search_fields = ["name", "project__search_text", "project__name"]
    inlines = [PlotItemInline]


@admin.register(PlotItem)
class PlotItemAdmin(ReadOnlyAdmin):
    list_display = ["plot", "item", "state", "unit", "started_on", "due_on", "done_on", "document"]
    list_filter = ["state"]
    list_select_related = ["plot", "item", "unit"]
    search_fields = ["plot__name", "item__name", "document"]
