"""The admin site itself: its tables in groups that follow the work, not the alphabet.

It stands outside projects.admin: Django makes the site before it reads that package's registrations.
"""

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.urls import reverse

_WORDS = {
    "台账": "Project AnnualList Listing ListAdjustment ListKind Indicator TargetPlan",
    "推进": "DeliveryPlan DateChangeRequest MilestoneClaim PlanTemplate Permit ProjectMarker Plot PlotItem",
    "跟踪": "ProgressReport PeriodReopening SiteVisit Problem CorrectiveAction UrgentList ClinicSession ClinicCase Alert"
    " LightExemption Attachment",
    "督办与考核": "SupervisionOrder SupervisionLine WeeklyReport ScoringScheme AssessmentRound AssessmentAppeal Publication",
    "招商与产业链": "Lead IndustryChain ChainPlacement",
    "机构与人员": "Unit Official User",
    "规则": "OfficeSettings CalendarDay BaselineCurve LightRuleSet EscalationStep LevelLimit PermitKind LandClass LandItem"
    " HeaderAlias FurtherField",
    "记录": "AuditRecord ImportBatch ImportAnswer CellCorrection SenderAnswer Notice SavedView",
    # what the product keeps for itself; nobody edits it, and only who manages the machine looks it up
    "系统内部": "ImportedRow ReportRound LightRecord PublishedRow YearAmounts Heartbeat",
}
GROUPS = {name: models.split() for name, models in _WORDS.items()}
INNER = "系统内部"


class HouseSite(admin.AdminSite):
    """Django's admin with the index in groups."""

    site_header = "重大项目推进 · 管理后台"
    site_title = "管理后台"
    index_title = "基础数据与台账维护"

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        found = {model["object_name"]: model for app in apps for model in app["models"]}
        shown = [name for name in GROUPS if name != INNER or request.user.is_superuser]
        groups = []
        for name in shown:
            models = [found[model] for model in GROUPS[name] if model in found]
            if models:
                groups.append(self._group(name, models))
        return groups

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
