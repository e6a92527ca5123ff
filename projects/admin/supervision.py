"""Supervision orders (督办单), to look up: they are drafted, issued and closed on their own pages."""

from typing import Any

from django.contrib import admin

from ..models import SupervisionLine, SupervisionOrder
from .base import ReadOnlyAdmin, ReadOnlyInline


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
