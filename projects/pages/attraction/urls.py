"""Addresses of leads, industry chains, indicators (招商、产业链)."""

from django.urls import path

from . import chains, indicators, landing, leads

urlpatterns = [
    path("leads/", leads.LeadList.as_view(), name="lead_list"),
    path("leads/new/", leads.lead_create, name="lead_create"),
    path("leads/<int:pk>/", leads.lead_detail, name="lead_detail"),
    path("leads/<int:pk>/edit/", leads.lead_edit, name="lead_edit"),
    path("leads/<int:pk>/move/", leads.lead_move, name="lead_move"),
    path("leads/<int:pk>/land/", landing.lead_land, name="lead_land"),
    path("chains/", chains.ChainList.as_view(), name="chain_list"),
    path("chains/<int:pk>/", chains.chain_detail, name="chain_detail"),
    path("chains/<int:pk>/map/", chains.chain_map, name="chain_map"),
    path("chains/<int:pk>/place/", chains.chain_place, name="chain_place"),
    path("chains/<int:pk>/members/new/", chains.chain_member_create, name="chain_member_create"),
    path("chains/members/<int:pk>/end/", chains.chain_member_end, name="chain_member_end"),
    path("chains/<int:pk>/tasks/new/", chains.chain_task_create, name="chain_task_create"),
    path("chains/tasks/<int:pk>/finish/", chains.chain_task_finish, name="chain_task_finish"),
    path("indicators/", indicators.IndicatorList.as_view(), name="indicator_list"),
    path("indicators/<int:pk>/", indicators.indicator_detail, name="indicator_detail"),
    path("indicators/<int:pk>/enter/", indicators.indicator_enter, name="indicator_enter"),
]
