"""Addresses of ten-day reports (旬报)."""

from django.urls import path

from . import entry, grid, missing, reopenings, reports, review

urlpatterns = [
    path("projects/<code:code>/reports/<period>/", entry.report_edit, name="report_edit"),
    path("reports/", reports.report_list, name="report_list"),
    path("reports/confirm/", review.report_confirm_many, name="report_confirm_many"),
    path("reports/pass/", review.report_pass_many, name="report_pass_many"),
    path("reports/<int:pk>/", review.report_detail, name="report_detail"),
    path("reports/<int:pk>/pass/", review.report_pass, name="report_pass"),
    path("reports/<int:pk>/confirm/", review.report_confirm, name="report_confirm"),
    path("reports/<int:pk>/return/", review.report_return, name="report_return"),
    path("reports/<int:pk>/reopen/", review.report_reopen, name="report_reopen"),
    path("reports/grid/<period>/", grid.ReportGrid.as_view(), name="report_grid"),
    path("reports/grid/<period>/sheet/", grid.period_sheet, name="period_sheet"),
    path("reports/grid/<period>/upload/", grid.period_upload, name="period_upload"),
    path("reports/missing/", missing.MissingList.as_view(), name="missing_list"),
    path("reports/missing/urge/", missing.missing_urge, name="missing_urge"),
    path("reports/reopenings/", reopenings.ReopeningList.as_view(), name="reopening_list"),
    path("reports/reopenings/<int:pk>/close/", reopenings.reopening_close, name="reopening_close"),
]
