"""Units, leaders and industry chains (机构、领导干部、产业链)."""

from django.contrib import admin
from django.db.models import Count

from ..models import IndustryChain, Official, Unit, UnitName
from .base import HouseAdmin, HouseInline


class UnitNameInline(HouseInline):
    """Earlier and other names; a renamed unit keeps one history."""

    model = UnitName


@admin.register(Unit)
class UnitAdmin(HouseAdmin):
    list_display = ["name", "short_name", "kind", "phone", "position", "is_active"]
    list_filter = ["kind", "is_active"]
    search_fields = ["name", "short_name", "names__name"]
    ordering = ["position", "name"]
    inlines = [UnitNameInline]

    def get_search_results(self, request, queryset, search_term):
        """Offered for new duties: units in use only; the list itself shows all."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if request.path.endswith("/autocomplete/"):
            found = found.filter(is_active=True)
        return found, may_repeat


@admin.register(Official)
class OfficialAdmin(HouseAdmin):
    list_display = ["name", "post", "phone", "projects_led", "user", "position", "is_active"]
    list_filter = ["is_active"]
    list_select_related = ["user"]
    ordering = ["position", "pk"]
    search_fields = ["name", "post"]
    autocomplete_fields = ["user"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(led=Count("projects"))

    @admin.display(description="挂包项目数", ordering="led")
    def projects_led(self, official):
        return official.led


@admin.register(IndustryChain)
class IndustryChainAdmin(HouseAdmin):
    list_display = ["name", "chain_leader", "anchor_enterprise", "position"]
    list_select_related = ["chain_leader"]
    search_fields = ["name", "anchor_enterprise"]
    autocomplete_fields = ["chain_leader"]
