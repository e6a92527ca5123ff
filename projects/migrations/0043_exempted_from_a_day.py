"""An exemption of an alert has a first day; of those granted before, the day the alert was opened."""

from django.db import migrations, models
from django.db.models import F, Q


def begin_with_the_alert(apps, schema_editor):
    rows = apps.get_model("projects", "Alert").objects.filter(exempted_until_on__isnull=False)
    rows.filter(exempted_until_on__lt=F("opened_on")).update(exempted_from_on=F("exempted_until_on"))
    rows.filter(exempted_until_on__gte=F("opened_on")).update(exempted_from_on=F("opened_on"))


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0042_names_by_pinyin"),
    ]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="exempted_from_on",
            field=models.DateField(blank=True, null=True, verbose_name="豁免自"),
        ),
        migrations.RunPython(begin_with_the_alert, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=Q(exempted_from_on__isnull=True, exempted_until_on__isnull=True)
                | Q(exempted_from_on__lte=F("exempted_until_on")),
                name="exempted_from_a_day_to_another",
                violation_error_message="豁免须有起止日期，起始日不能晚于截止日。",
            ),
        ),
    ]
