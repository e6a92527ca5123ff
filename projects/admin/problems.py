"""Problems and what is done about them (问题): visits, corrective actions, clinics, urgent lists."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet

from ..models import (
    ClinicCase,
    ClinicSession,
    CorrectiveAction,
    LevelLimit,
    Problem,
    ProblemClosing,
    ProblemEntry,
    SiteVisit,
    UrgentList,
)
from .base import FactAdmin, HouseAdmin, ReadOnlyAdmin, ReadOnlyInline


@admin.register(SiteVisit)
class SiteVisitAdmin(FactAdmin):
    """Visits are logged on the project's page; here they are corrected."""

    list_display = ["project", "visited_on", "official", "people", "logged_by"]
    list_select_related = ["project", "official", "logged_by"]
    search_fields = ["project__search_text", "project__name", "findings", "people"]
    date_hierarchy = "visited_on"
    autocomplete_fields = ["official"]
    readonly_fields = ["project", "logged_by", "logged_at"]

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False


class ProblemEntryInline(ReadOnlyInline):
    model = ProblemEntry

    def get_queryset(self, request: Any) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("entered_by")


class ProblemClosingInline(ReadOnlyInline):
    model = ProblemClosing


@admin.register(Problem)
class ProblemAdmin(FactAdmin):
    """Problems are raised, handled and written off on their pages; here their words and unit are corrected."""

    list_display = ["text", "project", "category", "level", "lead_unit", "raised_on", "due_on", "state"]
    list_filter = ["state", "category", "level", "lead_unit"]
    list_select_related = ["project", "lead_unit"]
    search_fields = ["text", "project__search_text", "project__name"]
    date_hierarchy = "raised_on"
    autocomplete_fields = ["lead_unit"]
    inlines = [ProblemEntryInline, ProblemClosingInline]
    readonly_fields = [
        "project",
        "milestone",
        "raised_on",
        "raised_by",
        "due_on",
        "state",
        "handled_by",
        "handled_on",
        "resolved_by",
        "resolved_on",
        "resolution",
        "visit",
        "reopen_count",
        "helper_units",
    ]

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(LevelLimit)
class LevelLimitAdmin(HouseAdmin):
    """How many working days each level has (办理时限); every level has its row, so there is nothing to add."""

    list_display = ["level", "working_days"]
    readonly_fields = ["level"]

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(CorrectiveAction)
class ActionAdmin(ReadOnlyAdmin):
    list_display = ["text", "project", "unit", "made_on", "due_on", "done_on"]
    list_filter = [("done_on", admin.EmptyFieldListFilter), "unit"]
    list_select_related = ["project", "unit"]
    search_fields = ["text", "project__search_text", "project__name"]
    date_hierarchy = "due_on"


@admin.register(UrgentList)
class UrgentListAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "year", "number", "state", "as_of", "issued_by", "issued_at"]
    list_filter = ["state", "year"]
    list_select_related = ["issued_by"]
    exclude = ["content"]


class ClinicCaseInline(ReadOnlyInline):
    model = ClinicCase


@admin.register(ClinicSession)
class ClinicSessionAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "held_on", "place", "chair", "state"]
    list_filter = ["state", "year"]
    date_hierarchy = "held_on"
    inlines = [ClinicCaseInline]


@admin.register(ClinicCase)
class ClinicCaseAdmin(ReadOnlyAdmin):
    list_display = ["problem", "session", "state", "discharged_on"]
    list_filter = ["state"]
    list_select_related = ["problem", "session"]
    search_fields = ["problem__text", "problem__project__name"]
