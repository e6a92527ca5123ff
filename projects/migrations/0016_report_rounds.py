"""Reports handed in already get the round they stand in (旬报轮次), so that the next one can be compared with it.

Reports that a ledger brought were never handed in and get none. A returned report has its last round only while nobody
has changed the words since; what a draft has overwritten is told by the audit records alone.
"""

from django.db import migrations
from django.db.models import F, OuterRef, Q, Subquery

BATCH = 1000
ENTRY = ("invested_this_year", "invested_to_date", "physical_progress", "work_done", "next_steps")
PEOPLE = ("submitted_by", "submitted_at", "passed_by", "passed_at", "confirmed_by", "confirmed_at")
RETURNED = "退回旬报"  # the action of the audit record


def keep_rounds(apps, schema_editor):
    """Batch by batch in the order of the key: as much memory for 360,000 reports as for a thousand."""
    ReportRound = apps.get_model("projects", "ReportRound")
    reports = _handed_in(apps, schema_editor.connection.alias)
    last = 0
    while batch := list(reports.filter(pk__gt=last).order_by("pk")[:BATCH]):
        rounds = [_round(ReportRound, row) for row in batch]
        ReportRound.objects.using(schema_editor.connection.alias).bulk_create(rounds, ignore_conflicts=True)
        last = batch[-1]["pk"]


def _handed_in(apps, alias):
    audit = apps.get_model("projects", "AuditRecord").objects.filter(
        model="progressreport", object_id=OuterRef("pk"), action=RETURNED
    )
    last_return = audit.order_by("-at", "-pk")
    reports = (
        apps.get_model("projects", "ProgressReport").objects.using(alias).filter(submitted_at__isnull=False)
    )
    as_handed_in = Q(
        state="returned", filled_at__lte=F("submitted_at"), round__gt=1, invested_this_year__isnull=False
    )
    return (
        reports.filter(Q(state__in=["submitted", "passed", "confirmed"]) | as_handed_in)
        .exclude(source="ledger")
        .annotate(returned_by=Subquery(last_return.values("by")[:1]), returned_at=Subquery(last_return.values("at")[:1]))
        .values(
            "pk", "state", "round", "return_reason", "reported_facts", "overruled_warnings", "overrule_reason",
            "returned_by", "returned_at", *ENTRY, *PEOPLE,
        )
    )  # fmt: skip


def _round(ReportRound, row):
    is_returned = row["state"] == "returned"
    content = {name: row[name] for name in ENTRY} | {"reported_facts": row["reported_facts"]}
    for name in ("invested_this_year", "invested_to_date"):
        content[name] = None if row[name] is None else str(row[name])
    return ReportRound(
        report_id=row["pk"],
        number=row["round"] - is_returned,
        content=content,
        warnings=row["overruled_warnings"],
        overrule_reason=row["overrule_reason"],
        submitted_by_id=row["submitted_by"],
        submitted_at=row["submitted_at"],
        passed_by_id=row["passed_by"],
        passed_at=row["passed_at"],
        confirmed_by_id=row["confirmed_by"],
        confirmed_at=row["confirmed_at"],
        returned_by_id=row["returned_by"] if is_returned else None,
        returned_at=row["returned_at"] if is_returned else None,
        return_reason=row["return_reason"] if is_returned else "",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0015_reminders_by_subject"),
    ]

    operations = [migrations.RunPython(keep_rounds, migrations.RunPython.noop)]
