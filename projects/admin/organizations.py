"""Units, leaders and industry chains (机构、领导干部、产业链)."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.urls import path

from ..models import IndustryChain, Official, Unit, UnitName
from .attraction import ChainMemberInline, ChainSegmentInline, ChainTaskInline
from .base import HouseAdmin, HouseInline
from .project_verbs import RenameUnitForm, verb_page


class UnitNameInline(HouseInline):
    """Earlier and other names; a renamed unit keeps one history."""

    model = UnitName
    verbose_name_plural = "曾用名、别名（机构改革更名请点右上“单位更名”）"


@admin.register(Unit)
class UnitAdmin(HouseAdmin):
    list_display = ["name", "short_name", "kind", "contact", "phone", "position", "is_active"]
    list_filter = ["kind", "is_active"]
    search_fields = ["name", "short_name", "names__name"]
    ordering = ["position", "name"]
    inlines = [UnitNameInline]

    def get_urls(self) -> Any:
        rename = path(
            "<path:object_id>/do/rename/",
            self.admin_site.admin_view(self.rename_view),
            name="projects_unit_verb",
        )
        return [rename, *super().get_urls()]

    def rename_view(self, request: Any, object_id: str) -> Any:
        """单位更名: the office's, although the administrator may correct the row."""
        if not request.user.is_office:
            raise PermissionDenied
        return verb_page(self, request, object_id, RenameUnitForm)

    def get_search_results(self, request: Any, queryset: QuerySet[Any], search_term: str) -> Any:
        """Offered for new duties: units in use only; the list itself shows all."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if request.path.endswith("/autocomplete/"):
            found = found.filter(is_active=True)
        return found, may_repeat


@admin.register(Official)
class OfficialAdmin(HouseAdmin):
    list_display = ["name", "post", "phone", "mobile", "projects_led", "user", "position", "is_active"]
    list_filter = ["is_active"]
    list_select_related = ["user"]
    ordering = ["position", "pk"]
    search_fields = ["name", "post"]
    autocomplete_fields = ["user"]

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(led=Count("projects"))

    @admin.display(description="挂包项目数", ordering="led")
    def projects_led(self, official: Any) -> Any:
        return official.led


@admin.register(IndustryChain)
class IndustryChainAdmin(HouseAdmin):
    list_display = ["name", "chain_leader", "anchor_enterprise", "position"]
    list_select_related = ["chain_leader"]
    search_fields = ["name", "anchor_enterprise"]
    autocomplete_fields = ["chain_leader"]
    inlines = [ChainSegmentInline, ChainMemberInline, ChainTaskInline]
