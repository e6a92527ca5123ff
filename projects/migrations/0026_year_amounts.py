"""The year's amounts: for each project and plan year what stood confirmed at the end of each period, from the reports."""

import calendar
import datetime as dt

import django.db.models.deletion
from django.db import migrations, models

import projects.models.fields

COLUMNS = [f"by_{number:02d}" for number in range(1, 37)]


def fill(apps, schema_editor):
    """One statement a year, whatever the number of projects; a later change of the service leaves it as it is."""
    connection = schema_editor.connection
    report = apps.get_model("projects", "ProgressReport")
    table = apps.get_model("projects", "YearAmounts")._meta.db_table
    for first in report.objects.filter(state="confirmed").order_by().dates("period_ends_on", "year"):
        ends = [
            connection.ops.adapt_datefield_value(dt.date(first.year, month, day))
            for month in range(1, 13)
            for day in (10, 20, calendar.monthrange(first.year, month)[1])
        ]
        spans = "MAX(CASE WHEN period_ends_on <= %s AND (next_on IS NULL OR next_on > %s) THEN invested_this_year END)"
        bits = " ".join(f"WHEN %s THEN {1 << number}" for number in range(36))
        sql = f"""
            INSERT INTO {table} (project_id, year, reported, early, {", ".join(COLUMNS)})
            SELECT project_id, {first.year}, SUM(bit),
                SUM(CASE WHEN counts_from_on < period_ends_on THEN bit ELSE 0 END), {", ".join([spans] * 36)}
            FROM (
                SELECT project_id, period_ends_on, counts_from_on, invested_this_year,
                    LEAD(period_ends_on) OVER (PARTITION BY project_id ORDER BY period_ends_on) AS next_on,
                    CASE period_ends_on {bits} END AS bit
                FROM {report._meta.db_table}
                WHERE state = 'confirmed' AND period_ends_on BETWEEN %s AND %s
            ) AS confirmed GROUP BY project_id"""
        january = connection.ops.adapt_datefield_value(dt.date(first.year, 1, 1))
        with connection.cursor() as cursor:
            cursor.execute(sql, [*(end for end in ends for _ in range(2)), *ends, january, ends[-1]])


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0025_light_rule_presets"),
    ]

    operations = [
        migrations.CreateModel(
            name="YearAmounts",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("reported", models.BigIntegerField(default=0, verbose_name="已报各旬")),
                ("early", models.BigIntegerField(default=0, verbose_name="旬内计入各旬")),
                *(
                    (
                        column,
                        projects.models.fields.MoneyField(
                            decimal_places=2,
                            max_digits=16,
                            null=True,
                            verbose_name=f"第{number}旬末累计（万元）",
                        ),
                    )
                    for number, column in enumerate(COLUMNS, 1)
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="year_amounts",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
            ],
            options={
                "verbose_name": "年度累计",
                "verbose_name_plural": "年度累计",
                "ordering": ["project", "-year"],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "year"), name="one_row_a_project_and_year")
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
