"""Reminders of anything that is due: the milestone's own column goes, each step once per subject and due date."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0014_reminder_subjects")]

    operations = [
        migrations.RemoveConstraint(model_name="duereminder", name="each_reminder_once"),
        migrations.RemoveField(model_name="duereminder", name="milestone"),
        migrations.AlterField(
            model_name="duereminder",
            name="due_on",
            field=models.DateField(verbose_name="到期日期"),
        ),
        migrations.AlterField(
            model_name="duereminder",
            name="working_days",
            field=models.SmallIntegerField(
                help_text="负数为到期前的工作日；0 为提前提醒。", verbose_name="距到期工作日"
            ),
        ),
        migrations.AddConstraint(
            model_name="duereminder",
            constraint=models.UniqueConstraint(
                fields=("subject", "due_on", "working_days"), name="each_reminder_once"
            ),
        ),
    ]
