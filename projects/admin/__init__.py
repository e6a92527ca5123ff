"""The admin site (管理后台), one module per subject; every change goes through base.HouseAdmin."""

from django.contrib import admin
from django.contrib.auth.models import Group

from . import (
    alerts,
    assessment,
    attraction,
    figures,
    lists,
    organizations,
    papers,
    plans,
    problems,
    projects,
    records,
    reports,
    users,
)

admin.site.unregister(Group)  # what a person may do follows from duties

__all__ = [
    "alerts",
    "assessment",
    "attraction",
    "figures",
    "lists",
    "organizations",
    "papers",
    "plans",
    "problems",
    "projects",
    "records",
    "reports",
    "users",
]
