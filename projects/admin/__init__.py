"""The admin site (管理后台), one module per subject; every change goes through base.HouseAdmin."""

from django.contrib import admin
from django.contrib.auth.models import Group

from . import (
    assessment,
    chains,
    followup,
    indicators,
    land,
    lights,
    lists,
    organizations,
    permits,
    plans,
    projects,
    publications,
    records,
    reports,
    supervision,
    targets,
    templates,
    users,
)

admin.site.unregister(Group)  # what a person may do follows from duties

__all__ = [
    "assessment",
    "chains",
    "followup",
    "indicators",
    "land",
    "lights",
    "lists",
    "organizations",
    "permits",
    "plans",
    "projects",
    "publications",
    "records",
    "reports",
    "supervision",
    "targets",
    "templates",
    "users",
]
