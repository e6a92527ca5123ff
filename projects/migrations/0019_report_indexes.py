from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0018_problem_limits")]

    operations = [
        migrations.RemoveIndex(model_name="progressreport", name="report_latest"),
        migrations.AddIndex(
            model_name="progressreport",
            index=models.Index(
                fields=["project", "-period_ends_on", "state", "counts_from_on", "invested_this_year"],
                name="report_latest",
            ),
        ),
        migrations.AddIndex(
            model_name="progressreport",
            index=models.Index(fields=["period_ends_on", "state", "project"], name="report_of_period"),
        ),
        migrations.AddIndex(
            model_name="progressreport",
            index=models.Index(fields=["state", "submitted_at"], name="report_waiting"),
        ),
    ]
