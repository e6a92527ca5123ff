"""Annual lists (名单): kinds, years, a project's place in them with its versions, baseline curves."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery

from ..models import (
    AnnualList,
    BaselineCurve,
    ListAdjustment,
    ListAdjustmentLine,
    Listing,
    ListingVersion,
    ListKind,
    ProjectStage,
)
from .base import AuditedForm, FactAdmin, FactInline, HouseAdmin, ReadOnlyAdmin, ReadOnlyInline
from .words import CurvePointsField, WordsField


class ListKindForm(AuditedForm):
    aliases = WordsField(label="别名", help_text="台账标题或表名中的其他叫法，多个请用顿号分隔。")

    class Meta:
        model = ListKind
        fields = ["name", "aliases", "level", "rate_places", "position"]

    def clean_rate_places(self) -> Any:
        places = self.cleaned_data["rate_places"]
        if places > 4:
            raise forms.ValidationError("比率小数位为0至4位。")
        return places


@admin.register(ListKind)
class ListKindAdmin(HouseAdmin):
    form = ListKindForm
    list_display = ["name", "other_names", "level", "rate_places", "position"]
    search_fields = ["name"]

    @admin.display(description="别名")
    def other_names(self, kind: Any) -> str:
        return "、".join(kind.aliases)


class AdminCurveForm(AuditedForm):
    points = CurvePointsField(label="时点与累计比例")

    class Meta:
        model = BaselineCurve
        fields = ["name", "points", "is_joined"]


@admin.register(BaselineCurve)
class BaselineCurveAdmin(HouseAdmin):
    form = AdminCurveForm
    list_display = ["name", "is_joined"]
    search_fields = ["name"]


class YearForm(AuditedForm):
    """A plan year within reach of the calendar."""

    def clean_year(self) -> Any:
        year = self.cleaned_data["year"]
        if not 2000 <= year <= 2099:
            raise forms.ValidationError("年度应为2000至2099年。")
        return year


@admin.register(AnnualList)
class AnnualListAdmin(HouseAdmin):
    form = YearForm
    list_display = [
        "__str__",
        "kind",
        "year",
        "document",
        "counts_level",
        "baseline",
        "curve",
        "projects_listed",
    ]
    list_filter = ["year", "kind"]
    list_select_related = ["kind", "curve"]
    search_fields = ["kind__name", "document"]
    ordering = ["-year", "kind__position"]

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(listed=Count("listings"))

    @admin.display(description="列入项目数", ordering="listed")
    def projects_listed(self, annual_list: Any) -> Any:
        return annual_list.listed


class ListingVersionInline(FactInline):
    """The versions of a listing; an adjustment is a new version, not an overwritten one."""

    model = ListingVersion
    fields = [
        "effective_on",
        "change",
        "category",
        "planned_investment",
        "planned_start",
        "planned_completion",
        "document",
    ]
    verbose_name_plural = "名单版本（调整请新增一行，写明生效日期和文号）"
    min_num = 1
    validate_min = True


@admin.register(Listing)
class ListingAdmin(FactAdmin):
    list_display = [
        "project",
        "annual_list",
        "number",
        "category",
        "planned_investment",
        "planned_start",
        "planned_completion",
    ]
    list_filter = ["annual_list__year", "annual_list__kind"]
    list_select_related = ["project", "annual_list__kind"]
    search_fields = ["project__search_text", "project__name", "project__code"]
    autocomplete_fields = ["project", "annual_list"]
    inlines = [ListingVersionInline]

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        """With what the latest version says, in the same query."""
        latest = ListingVersion.objects.filter(listing=OuterRef("pk")).order_by("-effective_on")
        columns = ["category", "planned_investment", "planned_start", "planned_completion"]
        return (
            super()
            .get_queryset(request)
            .annotate(**{f"latest_{name}": Subquery(latest.values(name)[:1]) for name in columns})
        )

    def get_readonly_fields(self, request: Any, obj: Any = None) -> list[str]:
        """A place in a list stays with its project and list."""
        return ["project", "annual_list"] if obj else []

    @admin.display(description="项目类别", ordering="latest_category")
    def category(self, listing: Any) -> Any:
        return dict(ProjectStage.choices).get(listing.latest_category)

    @admin.display(description="年度计划投资（万元）", ordering="latest_planned_investment")
    def planned_investment(self, listing: Any) -> Any:
        return listing.latest_planned_investment

    @admin.display(description="计划开工时间")
    def planned_start(self, listing: Any) -> Any:
        return listing.latest_planned_start

    @admin.display(description="计划竣工时间")
    def planned_completion(self, listing: Any) -> Any:
        return listing.latest_planned_completion


class ListAdjustmentLineInline(ReadOnlyInline):
    model = ListAdjustmentLine

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("project", "adjustment")


@admin.register(ListAdjustment)
class ListAdjustmentAdmin(ReadOnlyAdmin):
    """Adjustments are drafted and approved on their own pages; here they are looked up."""

    list_display = ["document", "annual_list", "effective_on", "state", "made_by", "reviewed_by"]
    list_filter = ["state", "annual_list__year", "annual_list__kind"]
    list_select_related = ["annual_list__kind", "made_by", "reviewed_by"]
    search_fields = ["document", "note", "lines__project__name"]
    date_hierarchy = "effective_on"
    inlines = [ListAdjustmentLineInline]
