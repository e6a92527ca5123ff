"""Addresses of baselines, targets, publications and dashboards (指标)."""

from django.urls import path

from . import baselines, definitions, publications, targets
from .dashboard import comparison, lagging, overview, ranking, screen

urlpatterns = [
    path("dashboard/", overview.dashboard, name="dashboard"),
    path("dashboard/ranking/", ranking.ranking_list, name="ranking_list"),
    path("dashboard/compare/", comparison.dashboard_compare, name="dashboard_compare"),
    path("dashboard/lagging/", lagging.LaggingList.as_view(), name="lagging_list"),
    path("dashboard/screen/", screen.dashboard_screen, name="dashboard_screen"),
    path("publications/", publications.PublicationList.as_view(), name="publication_list"),
    path("publications/seal/", publications.publication_seal, name="publication_seal"),
    path("publications/<int:pk>/", publications.publication_detail, name="publication_detail"),
    path("definitions/", definitions.definition_list, name="definition_list"),
    path("targets/", targets.TargetList.as_view(), name="target_list"),
    path("targets/<int:pk>/edit/", targets.target_edit, name="target_edit"),
    path("baselines/", baselines.baseline_list, name="baseline_list"),
    path("baselines/new/", baselines.baseline_create, name="baseline_create"),
    path("baselines/<int:pk>/edit/", baselines.baseline_edit, name="baseline_edit"),
    path("baselines/lists/<int:pk>/", baselines.baseline_choose, name="baseline_choose"),
    path("baselines/lists/<int:pk>/plan/", baselines.baseline_plan, name="baseline_plan"),
]
