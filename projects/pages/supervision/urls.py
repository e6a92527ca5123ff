"""Addresses of supervision orders (督办)."""

from django.urls import path

from . import orders

urlpatterns = [
    path("supervision/", orders.OrderList.as_view(), name="order_list"),
    path("supervision/new/", orders.order_create, name="order_create"),
    path("supervision/<int:pk>/", orders.order_detail, name="order_detail"),
    path("supervision/<int:pk>/edit/", orders.order_edit, name="order_edit"),
    path("supervision/<int:pk>/lines/", orders.order_line_add, name="order_line_add"),
    path("supervision/<int:pk>/issue/", orders.order_issue, name="order_issue"),
    path("supervision/<int:pk>/void/", orders.order_void, name="order_void"),
    path("supervision/<int:pk>/receive/", orders.order_receive, name="order_receive"),
    path("supervision/<int:pk>/docx/", orders.order_docx, name="order_docx"),
    path("supervision/lines/<int:pk>/drop/", orders.order_line_drop, name="order_line_drop"),
    path("supervision/lines/<int:pk>/reply/", orders.order_reply, name="order_reply"),
    path("supervision/lines/<int:pk>/close/", orders.order_close, name="order_close"),
    path("supervision/lines/<int:pk>/return/", orders.order_return, name="order_return"),
]
