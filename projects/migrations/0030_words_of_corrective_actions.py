"""What is kept under the former names: kinds of entries, the models of audit and import rows, pages of saved views."""

from django.db import migrations

MODELS = {"measure": "correctiveaction"}
PAGES = {
    "measure_list": "action_list",
    "duty_list": "responsibility_list",
    "duty_summary": "responsibility_summary",
}


def rename(apps, former_to_present, kinds, fields):
    entry, view = (apps.get_model("projects", name) for name in ("ProblemEntry", "SavedView"))
    for former, present in kinds.items():
        entry.objects.filter(kind=former).update(kind=present)
    for former, present in former_to_present(PAGES):
        view.objects.filter(page=former).update(page=present)
    for former, present in former_to_present(MODELS):
        for name in ("AuditRecord", "ImportedRow"):
            apps.get_model("projects", name).objects.filter(model=former).update(model=present)
    audit = apps.get_model("projects", "AuditRecord")
    for record in audit.objects.filter(model="lightband").iterator():
        for former, present in fields.items():
            if former in record.changes:
                record.changes[present] = record.changes.pop(former)
                record.save(update_fields=["changes"])


def forward(apps, editor):
    rename(apps, dict.items, {"measure": "action"}, {"measure": "gauge"})


def backward(apps, editor):
    rename(
        apps, lambda names: [(b, a) for a, b in names.items()], {"action": "measure"}, {"gauge": "measure"}
    )


class Migration(migrations.Migration):
    dependencies = [("projects", "0029_corrective_actions_and_gauges")]
    operations = [migrations.RunPython(forward, backward)]
