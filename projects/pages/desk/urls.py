"""Addresses of the desk, saved views, help (工作台)."""

from django.urls import path

from . import desk, health, help, saved_views

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("views/save/", saved_views.view_save, name="view_save"),
    path("views/<int:pk>/remove/", saved_views.view_remove, name="view_remove"),
    path("help/", help.help_page, name="help"),
    path("healthz", health.healthz, name="healthz"),
]
