"""Addresses (网址) of the product; contract.md §3 fixes the outer ones."""

from django.urls import path, register_converter

from .views import (
    alerts,
    attachments,
    clinics,
    dashboard,
    desk,
    exports,
    health,
    help,
    imports,
    measures,
    milestones,
    notices,
    problems,
    projects,
    report_entry,
    reports,
    saved_views,
    supervision,
    urgent,
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
    # milestones, problems, visits, attachments
    path("attachments/<int:pk>/", attachments.attachment, name="attachment"),
    path("milestones/", milestones.milestone_list, name="milestone_list"),
    path("milestones/<int:pk>/achieve/", milestones.milestone_achieve, name="milestone_achieve"),
    path("milestones/<int:pk>/undo/", milestones.milestone_undo, name="milestone_undo"),
    path("problems/", problems.problem_list, name="problem_list"),
    path("problems/ageing/", problems.problem_ageing, name="problem_ageing"),
    path("problems/<int:pk>/", problems.problem_detail, name="problem_detail"),
    path("problems/<int:pk>/progress/", problems.problem_progress, name="problem_progress"),
    path("problems/<int:pk>/handle/", problems.problem_handle, name="problem_handle"),
    path("problems/<int:pk>/resolve/", problems.problem_resolve, name="problem_resolve"),
    path("problems/<int:pk>/reopen/", problems.problem_reopen, name="problem_reopen"),
    path("problems/<int:pk>/escalate/", problems.problem_escalate, name="problem_escalate"),
    path("problems/<int:pk>/helpers/", problems.problem_helpers, name="problem_helpers"),
    path("problems/<int:pk>/measure/", problems.problem_measure, name="problem_measure"),
    path("projects/<code:code>/problems/new/", problems.problem_create, name="problem_create"),
    path("measures/", measures.measure_list, name="measure_list"),
    path("measures/<int:pk>/finish/", measures.measure_finish, name="measure_finish"),
    path("urgent/", urgent.urgent_list, name="urgent_list"),
    path("urgent/new/", urgent.urgent_create, name="urgent_create"),
    path("urgent/<int:pk>/", urgent.urgent_detail, name="urgent_detail"),
    path("urgent/<int:pk>/edit/", urgent.urgent_edit, name="urgent_edit"),
    path("urgent/<int:pk>/issue/", urgent.urgent_issue, name="urgent_issue"),
    path("urgent/<int:pk>/docx/", urgent.urgent_docx, name="urgent_docx"),
    path("urgent/<int:pk>/xlsx/", urgent.urgent_xlsx, name="urgent_xlsx"),
    path("clinics/", clinics.clinic_list, name="clinic_list"),
    path("clinics/new/", clinics.clinic_create, name="clinic_create"),
    path("clinics/<int:pk>/", clinics.clinic_detail, name="clinic_detail"),
    path("clinics/<int:pk>/add/", clinics.clinic_add, name="clinic_add"),
    path("clinics/<int:pk>/held/", clinics.clinic_held, name="clinic_held"),
    path("clinics/cases/<int:pk>/", clinics.clinic_case, name="clinic_case"),
    path("clinics/cases/<int:pk>/diagnose/", clinics.clinic_diagnose, name="clinic_diagnose"),
    path("clinics/cases/<int:pk>/prescribe/", clinics.clinic_prescribe, name="clinic_prescribe"),
    path("clinics/cases/<int:pk>/follow/", clinics.clinic_follow, name="clinic_follow"),
    path("clinics/cases/<int:pk>/discharge/", clinics.clinic_discharge, name="clinic_discharge"),
    path("visits/", visits.visit_list, name="visit_list"),
    path("visits/sponsors/", visits.visit_sponsors, name="visit_sponsors"),
    path("visits/<int:pk>/", visits.visit_detail, name="visit_detail"),
    path("visits/<int:pk>/measure/", visits.visit_measure, name="visit_measure"),
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
    # saved views of the lists
    path("views/save/", saved_views.view_save, name="view_save"),
    path("views/<int:pk>/remove/", saved_views.view_remove, name="view_remove"),
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
