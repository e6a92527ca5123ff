"""The tag that says in which state a row is (状态标签): {% load states %}{{ plan|state_tag }}. Nothing here decides."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from projects.models import (
    ClinicCase,
    ClinicSession,
    DateChangeRequest,
    DeliveryPlan,
    PlotItem,
    Problem,
    ProjectMarker,
    UrgentList,
)

register = template.Library()

# What waits for somebody is "waiting"; what is under way, in force or settled is "blue"; the rest is plain.
TONES: dict[type, dict[str, str]] = {
    DeliveryPlan: {DeliveryPlan.State.SUBMITTED: "waiting", DeliveryPlan.State.APPROVED: "blue"},
    DateChangeRequest: {
        DateChangeRequest.State.WAITING: "waiting",
        DateChangeRequest.State.APPROVED: "blue",
    },
    Problem: {Problem.State.HANDLED: "waiting", Problem.State.RESOLVED: "blue"},
    ClinicSession: {ClinicSession.State.PLANNED: "waiting", ClinicSession.State.HELD: "blue"},
    ClinicCase: {ClinicCase.State.WAITING: "waiting", ClinicCase.State.DISCHARGED: "blue"},
    UrgentList: {UrgentList.State.DRAFT: "waiting", UrgentList.State.ISSUED: "blue"},
    PlotItem: {PlotItem.State.WAITING: "waiting", PlotItem.State.RUNNING: "blue"},
    ProjectMarker: {ProjectMarker.State.PLANNED: "waiting", ProjectMarker.State.RUNNING: "blue"},
}


@register.filter
def state_tag(row: Any, state: str | None = None) -> SafeString:
    """The row's state as a tag, or the state it had on another day where that is given."""
    model = type(row)
    state = model.State(state or row.state)
    tone = TONES[model].get(state)
    return format_html('<span class="{}">{}</span>', f"tag {tone}" if tone else "tag", state.label)
