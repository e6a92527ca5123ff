"""Addresses of problems, corrective actions, clinics, visits (问题、措施、诊所、走访)."""

from django.urls import path

from . import actions, clinics, problems, urgent, visits

urlpatterns = [
    path("problems/", problems.ProblemList.as_view(), name="problem_list"),
    path("problems/ageing/", problems.problem_ageing, name="problem_ageing"),
    path("problems/<int:pk>/", problems.problem_detail, name="problem_detail"),
    path("problems/<int:pk>/progress/", problems.problem_progress, name="problem_progress"),
    path("problems/<int:pk>/handle/", problems.problem_handle, name="problem_handle"),
    path("problems/<int:pk>/resolve/", problems.problem_resolve, name="problem_resolve"),
    path("problems/<int:pk>/reopen/", problems.problem_reopen, name="problem_reopen"),
    path("problems/<int:pk>/escalate/", problems.problem_escalate, name="problem_escalate"),
    path("problems/<int:pk>/helpers/", problems.problem_helpers, name="problem_helpers"),
    path("problems/<int:pk>/action/", problems.problem_action, name="problem_action"),
    path("projects/<code:code>/problems/new/", problems.problem_create, name="problem_create"),
    path("actions/", actions.ActionList.as_view(), name="action_list"),
    path("actions/<int:pk>/finish/", actions.action_finish, name="action_finish"),
    path("urgent/", urgent.urgent_list, name="urgent_list"),
    path("urgent/new/", urgent.urgent_create, name="urgent_create"),
    path("urgent/<int:pk>/", urgent.urgent_detail, name="urgent_detail"),
    path("urgent/<int:pk>/edit/", urgent.urgent_edit, name="urgent_edit"),
    path("urgent/<int:pk>/issue/", urgent.urgent_issue, name="urgent_issue"),
    path("urgent/<int:pk>/docx/", urgent.urgent_docx, name="urgent_docx"),
    path("urgent/<int:pk>/xlsx/", urgent.urgent_xlsx, name="urgent_xlsx"),
    path("clinics/", clinics.ClinicList.as_view(), name="clinic_list"),
    path("clinics/new/", clinics.clinic_create, name="clinic_create"),
    path("clinics/<int:pk>/", clinics.clinic_detail, name="clinic_detail"),
    path("clinics/<int:pk>/add/", clinics.clinic_add, name="clinic_add"),
    path("clinics/<int:pk>/held/", clinics.clinic_held, name="clinic_held"),
    path("clinics/cases/<int:pk>/", clinics.clinic_case, name="clinic_case"),
    path("clinics/cases/<int:pk>/diagnose/", clinics.clinic_diagnose, name="clinic_diagnose"),
    path("clinics/cases/<int:pk>/prescribe/", clinics.clinic_prescribe, name="clinic_prescribe"),
    path("clinics/cases/<int:pk>/follow/", clinics.clinic_follow, name="clinic_follow"),
    path("clinics/cases/<int:pk>/discharge/", clinics.clinic_discharge, name="clinic_discharge"),
    path("visits/", visits.VisitList.as_view(), name="visit_list"),
    path("visits/sponsors/", visits.visit_sponsors, name="visit_sponsors"),
    path("visits/<int:pk>/", visits.visit_detail, name="visit_detail"),
    path("visits/<int:pk>/action/", visits.visit_action, name="visit_action"),
    path("projects/<code:code>/visits/new/", visits.visit_create, name="visit_create"),
]
