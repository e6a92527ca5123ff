"""Addresses (网址) of the product; contract.md §3 fixes the outer ones."""

from django.urls import path

from .views import desk, help, notices

urlpatterns: list = [
    # desk and dashboard
    path("", desk.desk, name="desk"),
    # projects
    # reports and weekly reports
    # milestones, problems, visits, attachments
    # imports
    # alerts and notices
    path("notices/", notices.notice_list, name="notice_list"),
    path("notices/<int:pk>/read/", notices.notice_read, name="notice_read"),
    path("notices/read/", notices.notice_read_all, name="notice_read_all"),
    # help and health
    path("help/", help.help_page, name="help"),
]
