"""The rounds of a report (报送轮次): what each hand-in said, and what became of it.

A round is written with the hand-in and completed by passing, confirming and returning. Reports that a ledger brought
have none until the office reopens one: then what it said is kept as its round, so that the mended one can be compared.
"""

from typing import Any

from projects.models import ProgressReport, ReportRound

from ..base.records import snapshot
from .content import ENTRY_FIELDS

FACTS_FIELD, PHOTOS = "reported_facts", "photos"


def content_of(report: ProgressReport) -> dict[str, Any]:
    """A report's entry as JSON holds it: amounts, words, dates of fact, names of the photos."""
    saved = snapshot(report)
    content = {name: saved[name] for name in (*ENTRY_FIELDS, FACTS_FIELD)}
    names = report.attachments.order_by("pk").values_list("name", flat=True)
    return content | {PHOTOS: list(names)}


def keep_round(report: ProgressReport) -> ReportRound:
    """The round of a report as it stands handed in; one a number, whoever asks."""
    kept, _ = ReportRound.objects.get_or_create(
        report=report,
        number=report.round,
        defaults={
            "content": content_of(report),
            "warnings": report.overruled_warnings,
            "overrule_reason": report.overrule_reason,
            "submitted_by": report.submitted_by,
            "submitted_at": report.submitted_at or report.filled_at,
        },
    )
    return kept


def complete_round(report: ProgressReport, **fields: Any) -> None:
    """Write down on the present round what became of it (审核、确认、退回)."""
    kept = keep_round(report)
    for name, value in fields.items():
        setattr(kept, name, value)
    kept.save(update_fields=list(fields))
