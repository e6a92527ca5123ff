"""Addresses of the weekly overdue report (逾期周报)."""

from django.urls import path

from . import weekly

urlpatterns = [
    path("reports/weekly/", weekly.weekly_list, name="weekly_list"),
    path("reports/weekly/<week>/", weekly.weekly_detail, name="weekly_detail"),
    path("reports/weekly/<week>/make/", weekly.weekly_make, name="weekly_make"),
    path("reports/weekly/<week>/sign/", weekly.weekly_sign, name="weekly_sign"),
    path("reports/weekly/<week>/send/", weekly.weekly_send, name="weekly_send"),
    path("reports/weekly/<week>/docx/", weekly.weekly_docx, name="weekly_docx"),
    path("reports/weekly/<week>/xlsx/", weekly.weekly_xlsx, name="weekly_xlsx"),
]
