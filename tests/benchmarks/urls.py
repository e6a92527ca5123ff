"""The product's addresses and one more: an empty signed-in page, the yardstick of a run."""

from django.shortcuts import render
from django.urls import path

from zibo_projects.urls import urlpatterns as product

urlpatterns = [path("benchmark/empty/", lambda request: render(request, "base.html"), name="empty"), *product]
