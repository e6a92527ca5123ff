"""Addresses of alerts, the ladder, notices (预警、通知)."""

from django.urls import path

from . import alerts, notices

urlpatterns = [
    path("alerts/", alerts.AlertList.as_view(), name="alert_list"),
    path("alerts/<int:pk>/acknowledge/", alerts.alert_acknowledge, name="alert_acknowledge"),
    path("alerts/<int:pk>/exempt/", alerts.alert_exempt, name="alert_exempt"),
    path("alerts/<int:pk>/carry/", alerts.alert_carry, name="alert_carry"),
    path("alerts/<int:pk>/lift/", alerts.alert_lift, name="alert_lift"),
    path("notices/", notices.notice_list, name="notice_list"),
    path("notices/<int:pk>/read/", notices.notice_read, name="notice_read"),
    path("notices/read/", notices.notice_read_all, name="notice_read_all"),
]
