"""Alerts, reminders and issues call a milestone by its first row (Milestone.matter), whatever version of the plan it stands in.

A version put in force used to end the alerts of all its milestones and begin new ones on the same day. Such a pair is one
matter: the alert before goes on, with its first day, its steps, who took note of it and its exemption.
"""

from django.db import migrations
from django.db.models.functions import Coalesce

KIND, PREFIX = "milestone_overdue", "milestone:"
TAKEN_OVER = {  # what the alert after brings to the one it continues: always, or where that has none
    "always": ["title", "due_on", "unit_id", "closed_on"],
    "acknowledged_by_id": ["acknowledged_by_id", "acknowledged_at"],
    "exempted_until_on": ["exempted_until_on", "exempted_by_id", "exemption_reason"],
}


def name_by_root(apps, schema_editor):
    milestones = apps.get_model("projects", "Milestone").objects
    roots = {
        f"{PREFIX}{pk}": f"{PREFIX}{root}"
        for pk, root in milestones.values_list("pk", Coalesce("baseline_id", "pk"))
        if pk != root
    }
    if roots:
        _alerts(apps, roots)
        _reminders(apps, roots)
        _issues(apps, roots)


def _alerts(apps, roots):
    alerts = apps.get_model("projects", "Alert").objects.filter(kind=KIND)
    before = {}
    for alert in alerts.order_by("opened_on", "pk"):
        root = roots.get(alert.subject, alert.subject)
        former = before.get(root)
        if former is not None and former.closed_on == alert.opened_on:
            _join(apps, former, alert)
            continue
        if root != alert.subject:
            alert.subject = root
            alert.save(update_fields=["subject"])
        before[root] = alert


def _join(apps, former, alert):
    steps = apps.get_model("projects", "AlertStep").objects
    taken = former.steps.values_list("working_days", flat=True)
    steps.filter(alert=alert).exclude(working_days__in=list(taken)).update(alert=former)
    steps.filter(alert=alert).delete()
    apps.get_model("projects", "AuditRecord").objects.filter(model="alert", object_id=alert.pk).update(
        object_id=former.pk
    )
    alert.delete()  # first: one open alert a matter
    for wanted, fields in TAKEN_OVER.items():
        if wanted == "always" or getattr(alert, wanted):
            for field in fields:
                setattr(former, field, getattr(alert, field))
    former.save()


def _reminders(apps, roots):
    reminders = apps.get_model("projects", "DueReminder").objects
    known = set(reminders.values_list("subject", "due_on", "working_days"))
    for reminder in reminders.filter(subject__startswith=PREFIX).order_by("pk"):
        root = roots.get(reminder.subject)
        if root is None:
            continue
        key = (root, reminder.due_on, reminder.working_days)
        if key in known:
            reminder.delete()
            continue
        known.add(key)
        reminder.subject = root
        reminder.save(update_fields=["subject"])


def _issues(apps, roots):
    """The names of the rows of signed and drafted issues; what they print stays."""
    for report in apps.get_model("projects", "WeeklyReport").objects.all():
        rows = [
            row
            for part in ("new", "still", "cleared", "exempt")
            for row in (report.content or {}).get(part, ())
            if row.get("kind") == KIND and row.get("subject") in roots
        ]
        for row in rows:
            row["subject"] = roots[row["subject"]]
        if rows:
            report.save(update_fields=["content"])


class Migration(migrations.Migration):
    dependencies = [("projects", "0031_milestone_once_a_version")]

    operations = [migrations.RunPython(name_by_root, migrations.RunPython.noop)]
