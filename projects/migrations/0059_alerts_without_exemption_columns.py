"""The columns of the one exemption an alert could hold go: 0058 carried what they said."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("projects", "0058_alert_exemptions")]

    operations = [
        migrations.RemoveConstraint(
            model_name="alert",
            name="exempted_with_reason",
        ),
        migrations.RemoveConstraint(
            model_name="alert",
            name="exempted_from_a_day_to_another",
        ),
        migrations.RemoveField(
            model_name="alert",
            name="exempted_by",
        ),
        migrations.RemoveField(
            model_name="alert",
            name="exempted_from_on",
        ),
        migrations.RemoveField(
            model_name="alert",
            name="exempted_until_on",
        ),
        migrations.RemoveField(
            model_name="alert",
            name="exemption_reason",
        ),
    ]
