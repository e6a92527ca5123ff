"""The admin site itself: its tables in groups that follow the work, not the alphabet.

It stands outside projects.admin: Django makes the site before it reads that package's registrations.
"""

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.urls import reverse

GROUPS = {
    "台账": ["Project", "AnnualList", "Listing", "DeliveryPlan", "ListKind", "Indicator"],
    "跟踪": ["ProgressReport", "SiteVisit", "Problem", "Alert", "WeeklyReport", "Attachment"],
    "机构与人员": ["Unit", "Official", "User", "IndustryChain"],
    "规则": ["OfficeSettings", "CalendarDay", "BaselineCurve", "EscalationStep", "HeaderAlias"],
    "记录": ["AuditRecord", "ImportBatch", "ImportedRow", "Notice", "Heartbeat"],
}


class HouseSite(admin.AdminSite):
    """Django's admin with the index in groups."""

    site_header = "重大项目推进 · 管理后台"
    site_title = "管理后台"
    index_title = "基础数据与台账维护"

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        found = {model["object_name"]: model for app in apps for model in app["models"]}
        groups = []
        for name, wanted in GROUPS.items():
            models = [found.pop(model) for model in wanted if model in found]
            if models:
                groups.append(self._group(name, models))
        return [*groups, self._group("其他", list(found.values()))] if found else groups

    def _group(self, name: str, models: list[Any]) -> dict[str, Any]:
        return {
            "name": name,
            "app_label": "projects",
            # with its fragment never part of the page's own address: no group counts as the current one
            "app_url": f"{reverse('admin:app_list', args=['projects'], current_app=self.name)}#{name}",
            "has_module_perms": True,
            "models": models,
        }


class HouseAdminConfig(AdminConfig):
    """Django's admin on our site class."""

    default_site = "zibo_projects.admin_site.HouseSite"
