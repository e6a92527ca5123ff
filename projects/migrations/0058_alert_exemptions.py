"""Exemptions of alerts are rows of their own: one granted anew no longer overwrites the days of the one before.

PostgreSQL refuses two of one alert that hold on the same day, asked at the end of the transaction as in 0033.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def as_recorded(apps, schema_editor):
    exemption = apps.get_model("projects", "AlertExemption")
    exempted = apps.get_model("projects", "Alert").objects.filter(exempted_from_on__isnull=False)
    exemption.objects.bulk_create(
        [
            exemption(
                alert=alert,
                reason=alert.exemption_reason,
                from_on=alert.exempted_from_on,
                until_on=alert.exempted_until_on,
                granted_by_id=alert.exempted_by_id,
            )
            for alert in exempted
        ],
        batch_size=500,
    )


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE projects_alertexemption ADD CONSTRAINT alert_exemptions_apart EXCLUDE USING gist ("
            "int8range(alert_id, alert_id, '[]') WITH &&, daterange(from_on, LEAST(until_on + 1, ended_on)) WITH &&)"
            " DEFERRABLE INITIALLY DEFERRED"
        )


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE projects_alertexemption DROP CONSTRAINT alert_exemptions_apart")


class Migration(migrations.Migration):
    dependencies = [("projects", "0057_further_fields")]

    operations = [
        migrations.CreateModel(
            name="AlertExemption",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exemptions",
                        to="projects.alert",
                        verbose_name="预警",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="批准人",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="豁免原因")),
                ("from_on", models.DateField(verbose_name="豁免自")),
                ("until_on", models.DateField(verbose_name="豁免至")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="提前终止日")),
            ],
            options={
                "verbose_name": "预警豁免",
                "verbose_name_plural": "预警豁免",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True)),
                        fields=("alert", "from_on"),
                        name="one_alert_exemption_a_day",
                        violation_error_message="该预警当日已有豁免。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="alert_exempted_with_reason",
                        violation_error_message="豁免须说明原因。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_on__lte", models.F("until_on"))),
                        name="alert_exemption_ends_after_it_begins",
                        violation_error_message="豁免起始日不能晚于截止日。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on__isnull", True),
                            ("ended_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="alert_exemption_ended_after_it_began",
                    ),
                ],
                "ordering": ["alert", "from_on", "pk"],
            },
        ),
        migrations.RunPython(guard, unguard),
        migrations.RunPython(as_recorded, migrations.RunPython.noop),
    ]
