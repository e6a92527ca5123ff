"""Addresses of ledgers as they come (数据导入)."""

from django.urls import path

from . import answers, imports, template

urlpatterns = [
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_create, name="import_create"),
    path("imports/template/", template.import_template, name="import_template"),
    path("imports/answers/", answers.import_answers, name="import_answers"),
    path("imports/answers/<int:pk>/", answers.import_answer_edit, name="import_answer_edit"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<int:pk>/answer/", imports.import_answer, name="import_answer"),
    path("imports/<int:pk>/columns/<int:number>/", imports.import_columns, name="import_columns"),
    path("imports/<int:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    path("imports/<int:pk>/cancel/", imports.import_cancel, name="import_cancel"),
    path("imports/<int:pk>/revert/", imports.import_revert, name="import_revert"),
]
