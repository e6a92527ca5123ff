"""Published figures (数据发布), to look up: they are sealed on their own page and with weekly reports."""

from django.contrib import admin

from ..models import Publication, PublishedRow
from .base import ReadOnlyAdmin


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ["name", "as_of", "year", "published_by", "published_at"]
    list_filter = ["year"]
    list_select_related = ["published_by"]
    search_fields = ["name"]
    date_hierarchy = "as_of"


@admin.register(PublishedRow)
class PublishedRowAdmin(ReadOnlyAdmin):
    list_display = ["publication", "listing", "category", "planned_investment", "invested", "light"]
    list_select_related = ["publication", "listing__project", "listing__annual_list__kind"]
    search_fields = ["publication__name", "listing__project__name", "listing__project__code"]
