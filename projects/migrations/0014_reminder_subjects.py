"""What each reminder was about, in the words of the new column: milestone 12 → “milestone:12”."""

from django.db import migrations
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat


def name_subjects(apps, schema_editor):
    reminders = apps.get_model("projects", "DueReminder").objects.all()
    reminders.update(subject=Concat(Value("milestone:"), Cast(F("milestone_id"), CharField(max_length=20))))


class Migration(migrations.Migration):
    dependencies = [("projects", "0013_permit_alerts")]

    operations = [migrations.RunPython(name_subjects, migrations.RunPython.noop)]
