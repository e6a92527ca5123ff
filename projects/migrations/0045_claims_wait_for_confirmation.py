"""Dates of fact that reports still waiting brought leave their projects until the report is confirmed (开竣工日期待确认)."""

from collections import defaultdict

from django.db import migrations
from django.utils import timezone

FACTS = ("started_on", "completed_on", "in_production_on")


def take_back(apps, schema_editor):
    """What stands in the project as the report told it; a date somebody has changed since stays."""
    reports = apps.get_model("projects", "ProgressReport").objects.filter(state__in=["submitted", "passed"])
    record = apps.get_model("projects", "AuditRecord")
    gone, records = defaultdict(list), []
    for report in reports.exclude(reported_facts={}).select_related("project").iterator(chunk_size=500):
        project = report.project
        changes = {
            name: [day, None]
            for name, day in report.reported_facts.items()
            if name in FACTS and day == str(getattr(project, name) or "")
        }
        for name in changes:
            gone[name].append(project.pk)
        if changes:
            records.append(
                record(
                    at=timezone.now(),
                    action="开竣工日期待旬报确认后登记",
                    project=project,
                    model="project",
                    object_id=project.pk,
                    object_text=project.name[:160],
                    changes=changes,
                )
            )
    projects = apps.get_model("projects", "Project").objects
    for name, keys in gone.items():
        for start in range(0, len(keys), 500):
            projects.filter(pk__in=keys[start : start + 500]).update(**{name: None})
    record.objects.bulk_create(records, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0044_list_says_total_investment"),
    ]

    operations = [migrations.RunPython(take_back, migrations.RunPython.noop)]
