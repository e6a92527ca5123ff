"""Tags of states (状态标签): the words of a row's state in the tone it has on every page."""

from django import template
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString

from projects.models import ImportBatch, ListAdjustment, WeeklyReport

register = template.Library()

WAITING, SETTLED = "tag waiting", "tag blue"
TONES: dict[type[Model], dict[str, str]] = {
    ImportBatch: {ImportBatch.State.READY: WAITING, ImportBatch.State.WRITTEN: SETTLED},
    ListAdjustment: {ListAdjustment.State.SUBMITTED: WAITING, ListAdjustment.State.APPROVED: SETTLED},
    WeeklyReport: {WeeklyReport.State.DRAFT: WAITING, WeeklyReport.State.SENT: SETTLED},
}


@register.filter
def state_tag(row: ImportBatch | ListAdjustment | WeeklyReport) -> SafeString:
    """What waits for somebody and what is settled stand out."""
    return format_html(
        '<span class="{}">{}</span>', TONES[type(row)].get(row.state, "tag"), row.get_state_display()
    )
