"""Addresses of annual lists, their versions and adjustments (名单)."""

from django.urls import path

from . import adjustments, versions

urlpatterns = [
    path("lists/adjustments/", adjustments.AdjustmentList.as_view(), name="adjustment_list"),
    path("lists/adjustments/new/", adjustments.adjustment_create, name="adjustment_create"),
    path("lists/adjustments/roll/", adjustments.adjustment_roll, name="adjustment_roll"),
    path("lists/adjustments/<int:pk>/", adjustments.adjustment_detail, name="adjustment_detail"),
    path("lists/adjustments/<int:pk>/effect/", adjustments.adjustment_effect, name="adjustment_effect"),
    path("lists/adjustments/<int:pk>/edit/", adjustments.adjustment_edit, name="adjustment_edit"),
    path(
        "lists/adjustments/<int:pk>/lines/new/",
        adjustments.adjustment_line_create,
        name="adjustment_line_create",
    ),
    path(
        "lists/adjustments/lines/<int:pk>/remove/",
        adjustments.adjustment_line_remove,
        name="adjustment_line_remove",
    ),
    path("lists/adjustments/<int:pk>/submit/", adjustments.adjustment_submit, name="adjustment_submit"),
    path("lists/adjustments/<int:pk>/approve/", adjustments.adjustment_approve, name="adjustment_approve"),
    path("lists/adjustments/<int:pk>/return/", adjustments.adjustment_return, name="adjustment_return"),
    path("lists/adjustments/<int:pk>/withdraw/", adjustments.adjustment_withdraw, name="adjustment_withdraw"),
    path("lists/compare/", versions.listversion_compare, name="listversion_compare"),
]
