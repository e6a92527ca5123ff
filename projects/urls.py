"""Addresses (网址) of the product; contract.md §3 fixes the outer ones."""

from django.urls import path

from .views import dashboard, desk, health, help, imports, notices, problems, projects, visits

urlpatterns: list = [
    # desk and dashboard
    path("", desk.desk, name="desk"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    # projects
    path("projects/", projects.project_list, name="project_list"),
    path("projects/<code>/", projects.project_detail, name="project_detail"),
    # reports and weekly reports
    # milestones, problems, visits, attachments
    path("problems/", problems.problem_list, name="problem_list"),
    path("problems/<int:pk>/", problems.problem_detail, name="problem_detail"),
    path("problems/<int:pk>/progress/", problems.problem_progress, name="problem_progress"),
    path("problems/<int:pk>/handle/", problems.problem_handle, name="problem_handle"),
    path("problems/<int:pk>/resolve/", problems.problem_resolve, name="problem_resolve"),
    path("problems/<int:pk>/reopen/", problems.problem_reopen, name="problem_reopen"),
    path("projects/<code>/problems/new/", problems.problem_create, name="problem_create"),
    path("visits/", visits.visit_list, name="visit_list"),
    path("projects/<code>/visits/new/", visits.visit_create, name="visit_create"),
    # imports
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_create, name="import_create"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<int:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    path("imports/<int:pk>/revert/", imports.import_revert, name="import_revert"),
    # alerts and notices
    path("notices/", notices.notice_list, name="notice_list"),
    path("notices/<int:pk>/read/", notices.notice_read, name="notice_read"),
    path("notices/read/", notices.notice_read_all, name="notice_read_all"),
    # help and health
    path("help/", help.help_page, name="help"),
    path("healthz", health.healthz, name="healthz"),
]
