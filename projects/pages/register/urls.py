"""Addresses of projects, their six slots, duties, hand-overs and states (项目台账、六个一)."""

from django.urls import path

from . import (
    attachments,
    entry,
    handovers,
    history,
    ledger,
    members,
    projects,
    responsibilities,
    slots,
    states,
)

urlpatterns = [
    path("projects/", ledger.ProjectList.as_view(), name="project_list"),
    path("projects/export/", ledger.ProjectExport.as_view(), name="project_export"),
    path("projects/new/", entry.project_create, name="project_create"),
    path("projects/<code:code>/", projects.project_detail, name="project_detail"),
    path("slots/", slots.SlotList.as_view(), name="slot_list"),
    path("responsibilities/", responsibilities.ResponsibilityList.as_view(), name="responsibility_list"),
    path("responsibilities/summary/", responsibilities.responsibility_summary, name="responsibility_summary"),
    path(
        "responsibilities/leaders/<int:pk>/",
        responsibilities.responsibility_sheet,
        name="responsibility_sheet",
    ),
    path("handovers/many/", handovers.handover_many, name="handover_many"),
    path("projects/<code:code>/handovers/", handovers.handover_list, name="handover_list"),
    path("projects/<code:code>/handovers/new/", handovers.handover_create, name="handover_create"),
    path("projects/<code:code>/members/new/", members.member_create, name="member_create"),
    path("members/<int:pk>/end/", members.member_end, name="member_end"),
    path("projects/<code:code>/state/", states.state_change, name="state_change"),
    path("projects/<code:code>/fields/", entry.project_fields, name="project_fields"),
    path("projects/<code:code>/level/", states.project_level, name="project_level"),
    path("changes/<int:pk>/undo/", history.change_undo, name="change_undo"),
    path("attachments/<int:pk>/", attachments.attachment, name="attachment"),
]
