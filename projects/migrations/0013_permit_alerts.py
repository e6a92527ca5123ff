"""Alerts for lapsed permits; reminders name what they are about by subject, as alerts do (columns first)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0012_land_and_permit_kinds")]

    operations = [
        migrations.AlterField(
            model_name="alert",
            name="kind",
            field=models.CharField(
                choices=[
                    ("milestone_overdue", "节点逾期"),
                    ("start_overdue", "未按期开工"),
                    ("completion_overdue", "未按期竣工"),
                    ("report_missing", "旬报未报"),
                    ("problem_overdue", "问题超期"),
                    ("permit_lapsed", "许可失效"),
                ],
                max_length=20,
                verbose_name="类别",
            ),
        ),
        migrations.AddField(
            model_name="duereminder",
            name="subject",
            field=models.CharField(default="", max_length=40, verbose_name="对象"),
            preserve_default=False,
        ),
    ]
