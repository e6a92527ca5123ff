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
    ImportBatch,
    ListAdjustment,
    MilestoneClaim,
    PlotItem,
    Problem,
    ProjectMarker,
    SiteVisit,
    UrgentList,
    WeeklyReport,
)

register = template.Library()

WAITING, SETTLED = "tag waiting", "tag blue"
TONES: dict[type, dict[str, str]] = {
    DeliveryPlan: {DeliveryPlan.State.SUBMITTED: WAITING, DeliveryPlan.State.APPROVED: SETTLED},
    DateChangeRequest: {
        DateChangeRequest.State.WAITING: WAITING,
        DateChangeRequest.State.APPROVED: SETTLED,
    },
    Problem: {Problem.State.HANDLED: WAITING, Problem.State.RESOLVED: SETTLED},
    MilestoneClaim: {MilestoneClaim.State.WAITING: WAITING, MilestoneClaim.State.CONFIRMED: SETTLED},
    SiteVisit: {SiteVisit.State.WAITING: WAITING, SiteVisit.State.CONFIRMED: SETTLED},
    ClinicSession: {ClinicSession.State.PLANNED: WAITING, ClinicSession.State.HELD: SETTLED},
    ClinicCase: {ClinicCase.State.WAITING: WAITING, ClinicCase.State.DISCHARGED: SETTLED},
    UrgentList: {UrgentList.State.DRAFT: WAITING, UrgentList.State.ISSUED: SETTLED},
    PlotItem: {PlotItem.State.WAITING: WAITING, PlotItem.State.RUNNING: SETTLED},
    ProjectMarker: {ProjectMarker.State.PLANNED: WAITING, ProjectMarker.State.RUNNING: SETTLED},
    ImportBatch: {ImportBatch.State.READY: WAITING, ImportBatch.State.WRITTEN: SETTLED},
    ListAdjustment: {ListAdjustment.State.SUBMITTED: WAITING, ListAdjustment.State.APPROVED: SETTLED},
    WeeklyReport: {WeeklyReport.State.DRAFT: WAITING, WeeklyReport.State.SENT: SETTLED},
}


@register.filter
def state_tag(row: Any, state: str | None = None) -> SafeString:
    """The row's state, or the one it had on another day: what waits for somebody and what is settled stand out."""
    said = type(row).State(state or row.state)
    return format_html('<span class="{}">{}</span>', TONES[type(row)].get(said, "tag"), said.label)
