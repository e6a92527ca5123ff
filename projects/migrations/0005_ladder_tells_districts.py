"""The step of three working days tells the district's reporters too (docs/rules.md §10)."""

from django.db import migrations


def add_district(apps, schema_editor):
    for step in apps.get_model("projects", "EscalationStep").objects.filter(working_days=3):
        if "district" not in step.roles:
            step.roles = ["district", *step.roles]
            step.save(update_fields=["roles"])


class Migration(migrations.Migration):
    dependencies = [("projects", "0004_due_reminders_and_links")]

    operations = [migrations.RunPython(add_district, migrations.RunPython.noop)]
