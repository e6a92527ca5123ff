"""Addresses of light rule sets, exemptions, history (亮灯)."""

from django.urls import path

from . import exemptions, history, rule_sets

urlpatterns = [
    path("lights/rules/", rule_sets.lightrule_list, name="lightrule_list"),
    path("lights/rules/new/", rule_sets.lightrule_create, name="lightrule_create"),
    path("lights/rules/<int:pk>/", rule_sets.lightrule_detail, name="lightrule_detail"),
    path("lights/rules/<int:pk>/edit/", rule_sets.lightrule_edit, name="lightrule_edit"),
    path("lights/rules/<int:pk>/enforce/", rule_sets.lightrule_enforce, name="lightrule_enforce"),
    path("lights/rules/<int:pk>/withdraw/", rule_sets.lightrule_withdraw, name="lightrule_withdraw"),
    path("lights/rules/<int:pk>/repeal/", rule_sets.lightrule_repeal, name="lightrule_repeal"),
    path("lights/rules/<int:pk>/try/", rule_sets.LightRuleTrial.as_view(), name="lightrule_try"),
    path("lights/exemptions/", exemptions.ExemptionList.as_view(), name="exemption_list"),
    path("projects/<code:code>/exemptions/new/", exemptions.exemption_create, name="exemption_create"),
    path("lights/exemptions/<int:pk>/decide/", exemptions.exemption_decide, name="exemption_decide"),
    path("lights/exemptions/<int:pk>/withdraw/", exemptions.exemption_withdraw, name="exemption_withdraw"),
    path("lights/exemptions/<int:pk>/end/", exemptions.exemption_end, name="exemption_end"),
    path("lights/", history.LightHistoryList.as_view(), name="lighthistory_list"),
]
