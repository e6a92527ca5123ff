"""Addresses of delivery plans, milestones and their dates (推进方案、节点)."""

from django.urls import path

from . import claims, date_changes, drafts, gantt, milestones, plans, progress

urlpatterns = [
    path("milestones/", milestones.MilestoneList.as_view(), name="milestone_list"),
    path("milestones/<int:pk>/achieve/", milestones.milestone_achieve, name="milestone_achieve"),
    path("milestones/<int:pk>/undo/", milestones.milestone_undo, name="milestone_undo"),
    path("milestones/claims/<int:pk>/", claims.claim_detail, name="claim_detail"),
    path("milestones/claims/<int:pk>/confirm/", claims.claim_confirm, name="claim_confirm"),
    path("milestones/claims/<int:pk>/return/", claims.claim_return, name="claim_return"),
    path("milestones/claims/<int:pk>/withdraw/", claims.claim_withdraw, name="claim_withdraw"),
    path("projects/<code:code>/gantt/", gantt.gantt_detail, name="gantt_detail"),
    path("wallchart/", gantt.wall_chart, name="wall_chart"),
    path("progress/", progress.ProgressList.as_view(), name="progress_list"),
    path("plans/", plans.PlanList.as_view(), name="plan_list"),
    path("plans/<int:pk>/", plans.plan_detail, name="plan_detail"),
    path("plans/<int:pk>/edit/", drafts.plan_edit, name="plan_edit"),
    path("plans/<int:pk>/rows/new/", drafts.plan_row_create, name="plan_row_create"),
    path("plans/<int:pk>/rows/<int:row>/", drafts.plan_row_edit, name="plan_row_edit"),
    path("plans/<int:pk>/rows/<int:row>/remove/", drafts.plan_row_remove, name="plan_row_remove"),
    path("plans/<int:pk>/submit/", plans.plan_submit, name="plan_submit"),
    path("plans/<int:pk>/return/", plans.plan_return, name="plan_return"),
    path("plans/<int:pk>/approve/", plans.plan_approve, name="plan_approve"),
    path("plans/<int:pk>/revise/", plans.plan_revise, name="plan_revise"),
    path("plans/<int:pk>/forecast/", plans.plan_forecast, name="plan_forecast"),
    path("projects/<code:code>/plans/new/", drafts.plan_create, name="plan_create"),
    path("milestones/<int:pk>/date-change/", date_changes.datechange_create, name="datechange_create"),
    path("date-changes/", date_changes.DateChangeList.as_view(), name="datechange_list"),
    path("date-changes/<int:pk>/decide/", date_changes.datechange_decide, name="datechange_decide"),
    path("date-changes/<int:pk>/withdraw/", date_changes.datechange_withdraw, name="datechange_withdraw"),
]
