"""Addresses of the application. No namespace: names are listed in the permission matrix test."""

from django.urls import path

from projects.views.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
]
