"""Addresses (网址) of the product; contract.md §3 fixes the outer ones."""

from django.urls import path, register_converter

from .views import (
    adjustments,
    alerts,
    attachments,
    dashboard,
    date_changes,
    desk,
    duties,
    exports,
    gantt,
    health,
    help,
    imports,
    land_catalogue,
    markers,
    handovers,
    health,
    help,
    imports,
    members,
    list_versions,
    milestones,
    notices,
    permits,
    plots,
    plan_drafts,
    plans,
    problems,
    progress,
    project_states,
    projects,
    report_entry,
    reports,
    saved_views,
    slots,
    supervision,
    visits,
    weekly,
)


class CodeConverter:
    """A 项目代码 in an address: anything a column can hold, which a null byte is not (PostgreSQL refuses it)."""

    regex = r"[^/\x00]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CodeConverter, "code")

urlpatterns: list = [
    # desk and dashboard
    path("", desk.desk, name="desk"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    # projects
    path("projects/", projects.project_list, name="project_list"),
    path("projects/export/", exports.project_export, name="project_export"),
    path("projects/<code:code>/", projects.project_detail, name="project_detail"),
    # who answers: six slots, duties, hand-overs, further people, states
    path("slots/", slots.slot_list, name="slot_list"),
    path("duties/", duties.duty_list, name="duty_list"),
    path("duties/summary/", duties.duty_summary, name="duty_summary"),
    path("duties/leaders/<int:pk>/", duties.duty_sheet, name="duty_sheet"),
    path("handovers/many/", handovers.handover_many, name="handover_many"),
    path("projects/<code:code>/handovers/", handovers.handover_list, name="handover_list"),
    path("projects/<code:code>/handovers/new/", handovers.handover_create, name="handover_create"),
    path("projects/<code:code>/members/new/", members.member_create, name="member_create"),
    path("members/<int:pk>/end/", members.member_end, name="member_end"),
    path("projects/<code:code>/state/", project_states.state_change, name="state_change"),
    path("projects/<code:code>/level/", project_states.project_level, name="project_level"),
    # reports and weekly reports
    path("reports/weekly/", weekly.weekly_list, name="weekly_list"),
    path("reports/weekly/<week>/", weekly.weekly_detail, name="weekly_detail"),
    path("reports/weekly/<week>/make/", weekly.weekly_make, name="weekly_make"),
    path("reports/weekly/<week>/sign/", weekly.weekly_sign, name="weekly_sign"),
    path("reports/weekly/<week>/send/", weekly.weekly_send, name="weekly_send"),
    path("reports/weekly/<week>/docx/", weekly.weekly_docx, name="weekly_docx"),
    path("reports/weekly/<week>/xlsx/", weekly.weekly_xlsx, name="weekly_xlsx"),
    path("projects/<code:code>/reports/<period>/", report_entry.report_edit, name="report_edit"),
    path("reports/", reports.report_list, name="report_list"),
    path("reports/confirm/", reports.report_confirm_many, name="report_confirm_many"),
    path("reports/<int:pk>/", reports.report_detail, name="report_detail"),
    path("reports/<int:pk>/pass/", reports.report_pass, name="report_pass"),
    path("reports/<int:pk>/confirm/", reports.report_confirm, name="report_confirm"),
    path("reports/<int:pk>/return/", reports.report_return, name="report_return"),
    # plans drawn and summed up
    path("projects/<code:code>/gantt/", gantt.gantt_detail, name="gantt_detail"),
    path("wallchart/", gantt.wall_chart, name="wall_chart"),
    path("progress/", progress.progress_list, name="progress_list"),
    # milestones, problems, visits, attachments
    path("attachments/<int:pk>/", attachments.attachment, name="attachment"),
    path("milestones/", milestones.milestone_list, name="milestone_list"),
    path("milestones/<int:pk>/achieve/", milestones.milestone_achieve, name="milestone_achieve"),
    path("milestones/<int:pk>/undo/", milestones.milestone_undo, name="milestone_undo"),
    # plans and their dates
    path("plans/", plans.plan_list, name="plan_list"),
    path("plans/<int:pk>/", plans.plan_detail, name="plan_detail"),
    path("plans/<int:pk>/edit/", plan_drafts.plan_edit, name="plan_edit"),
    path("plans/<int:pk>/rows/new/", plan_drafts.plan_row_create, name="plan_row_create"),
    path("plans/<int:pk>/rows/<int:row>/", plan_drafts.plan_row_edit, name="plan_row_edit"),
    path("plans/<int:pk>/rows/<int:row>/remove/", plan_drafts.plan_row_remove, name="plan_row_remove"),
    path("plans/<int:pk>/submit/", plans.plan_submit, name="plan_submit"),
    path("plans/<int:pk>/return/", plans.plan_return, name="plan_return"),
    path("plans/<int:pk>/approve/", plans.plan_approve, name="plan_approve"),
    path("plans/<int:pk>/revise/", plans.plan_revise, name="plan_revise"),
    path("plans/<int:pk>/forecast/", plans.plan_forecast, name="plan_forecast"),
    path("projects/<code:code>/plans/new/", plan_drafts.plan_create, name="plan_create"),
    path("milestones/<int:pk>/date-change/", date_changes.datechange_create, name="datechange_create"),
    path("date-changes/", date_changes.datechange_list, name="datechange_list"),
    path("date-changes/<int:pk>/decide/", date_changes.datechange_decide, name="datechange_decide"),
    path("date-changes/<int:pk>/withdraw/", date_changes.datechange_withdraw, name="datechange_withdraw"),
    path("problems/", problems.problem_list, name="problem_list"),
    path("problems/<int:pk>/", problems.problem_detail, name="problem_detail"),
    path("problems/<int:pk>/progress/", problems.problem_progress, name="problem_progress"),
    path("problems/<int:pk>/handle/", problems.problem_handle, name="problem_handle"),
    path("problems/<int:pk>/resolve/", problems.problem_resolve, name="problem_resolve"),
    path("problems/<int:pk>/reopen/", problems.problem_reopen, name="problem_reopen"),
    path("projects/<code:code>/problems/new/", problems.problem_create, name="problem_create"),
    path("visits/", visits.visit_list, name="visit_list"),
    path("projects/<code:code>/visits/new/", visits.visit_create, name="visit_create"),
    # supervision orders
    path("orders/", supervision.order_list, name="order_list"),
    path("orders/new/", supervision.order_create, name="order_create"),
    path("orders/<int:pk>/", supervision.order_detail, name="order_detail"),
    path("orders/<int:pk>/edit/", supervision.order_edit, name="order_edit"),
    path("orders/<int:pk>/lines/", supervision.order_line_add, name="order_line_add"),
    path("orders/<int:pk>/issue/", supervision.order_issue, name="order_issue"),
    path("orders/<int:pk>/void/", supervision.order_void, name="order_void"),
    path("orders/<int:pk>/receive/", supervision.order_receive, name="order_receive"),
    path("orders/<int:pk>/docx/", supervision.order_docx, name="order_docx"),
    path("orders/lines/<int:pk>/drop/", supervision.order_line_drop, name="order_line_drop"),
    path("orders/lines/<int:pk>/reply/", supervision.order_reply, name="order_reply"),
    path("orders/lines/<int:pk>/close/", supervision.order_close, name="order_close"),
    path("orders/lines/<int:pk>/return/", supervision.order_return, name="order_return"),
    # adjustments of the annual lists, their versions compared
    path("adjustments/", adjustments.adjustment_list, name="adjustment_list"),
    path("adjustments/new/", adjustments.adjustment_create, name="adjustment_create"),
    path("adjustments/<int:pk>/", adjustments.adjustment_detail, name="adjustment_detail"),
    path("adjustments/<int:pk>/edit/", adjustments.adjustment_edit, name="adjustment_edit"),
    path(
        "adjustments/<int:pk>/lines/new/", adjustments.adjustment_line_create, name="adjustment_line_create"
    ),
    path(
        "adjustments/lines/<int:pk>/remove/",
        adjustments.adjustment_line_remove,
        name="adjustment_line_remove",
    ),
    path("adjustments/<int:pk>/submit/", adjustments.adjustment_submit, name="adjustment_submit"),
    path("adjustments/<int:pk>/approve/", adjustments.adjustment_approve, name="adjustment_approve"),
    path("adjustments/<int:pk>/return/", adjustments.adjustment_return, name="adjustment_return"),
    path("adjustments/<int:pk>/withdraw/", adjustments.adjustment_withdraw, name="adjustment_withdraw"),
    path("lists/compare/", list_versions.listversion_compare, name="listversion_compare"),
    # saved views of the lists
    path("views/save/", saved_views.view_save, name="view_save"),
    path("views/<int:pk>/remove/", saved_views.view_remove, name="view_remove"),
    # permits, land, markers
    path("permits/", permits.permit_list, name="permit_list"),
    path("permits/<int:pk>/", permits.permit_detail, name="permit_detail"),
    path("permits/<int:pk>/files/", permits.permit_attach, name="permit_attach"),
    path("permits/<int:pk>/renew/", permits.permit_renew, name="permit_renew"),
    path("permits/<int:pk>/void/", permits.permit_void, name="permit_void"),
    path("projects/<code:code>/permits/new/", permits.permit_create, name="permit_create"),
    path("plots/", plots.plot_list, name="plot_list"),
    path("plots/<int:pk>/", plots.plot_detail, name="plot_detail"),
    path("plots/items/<int:pk>/", plots.plot_item, name="plot_item"),
    path("plots/items/<int:pk>/start/", plots.plot_start, name="plot_start"),
    path("plots/items/<int:pk>/finish/", plots.plot_finish, name="plot_finish"),
    path("plots/items/<int:pk>/skip/", plots.plot_skip, name="plot_skip"),
    path("plots/items/<int:pk>/undo/", plots.plot_undo, name="plot_undo"),
    path("projects/<code:code>/plots/new/", plots.plot_create, name="plot_create"),
    path("plots/catalogue/", land_catalogue.land_catalogue, name="land_catalogue"),
    path("plots/catalogue/sheet/", land_catalogue.land_sheet, name="land_sheet"),
    path("plots/catalogue/compare/", land_catalogue.land_compare, name="land_compare"),
    path("plots/catalogue/load/", land_catalogue.land_load, name="land_load"),
    path("markers/", markers.marker_list, name="marker_list"),
    path("projects/<code:code>/markers/<kind>/", markers.marker_set, name="marker_set"),
    # imports
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_create, name="import_create"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<int:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    path("imports/<int:pk>/revert/", imports.import_revert, name="import_revert"),
    # alerts and notices
    path("alerts/", alerts.alert_list, name="alert_list"),
    path("alerts/<int:pk>/acknowledge/", alerts.alert_acknowledge, name="alert_acknowledge"),
    path("alerts/<int:pk>/exempt/", alerts.alert_exempt, name="alert_exempt"),
    path("alerts/<int:pk>/lift/", alerts.alert_lift, name="alert_lift"),
    path("notices/", notices.notice_list, name="notice_list"),
    path("notices/<int:pk>/read/", notices.notice_read, name="notice_read"),
    path("notices/read/", notices.notice_read_all, name="notice_read_all"),
    # help and health
    path("help/", help.help_page, name="help"),
    path("healthz", health.healthz, name="healthz"),
]
