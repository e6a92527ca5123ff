"""How problems stood until they were reopened, read from their dated entries: a past day is answered with its facts."""

import django.db.models.deletion
from django.db import migrations, models


def from_entries(apps, schema_editor):
    """Each 重新办理 with the 办结 and 销号 before it, entries in the order they were made."""
    entries = (
        apps.get_model("projects", "ProblemEntry")
        .objects.filter(problem__reopen_count__gt=0, kind__in=["handled", "resolved", "reopened"])
        .order_by("problem", "pk")
        .values_list("problem", "kind", "entered_on", "text")
    )
    closing = apps.get_model("projects", "ProblemClosing")
    found, stood, of = [], {}, None
    for problem, kind, day, text in entries.iterator(chunk_size=2000):
        if problem != of:
            of, stood = problem, {}
        if kind != "reopened":
            stood[kind] = (day, text)
        elif stood:
            handled, resolved = stood.get("handled", (None, "")), stood.get("resolved", (None, ""))
            found.append(
                closing(
                    problem_id=problem,
                    handled_on=handled[0],
                    resolved_on=resolved[0],
                    reopened_on=max(day, handled[0] or day, resolved[0] or day),
                    resolution=handled[1].removeprefix("办结："),
                )
            )
            stood = {}
    closing.objects.bulk_create(found, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0034_last_day_of_a_duty"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProblemClosing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("handled_on", models.DateField(blank=True, null=True, verbose_name="办理完成日期")),
                ("resolved_on", models.DateField(blank=True, null=True, verbose_name="销号日期")),
                ("reopened_on", models.DateField(verbose_name="重新办理日期")),
                ("resolution", models.CharField(blank=True, max_length=400, verbose_name="办理结果")),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closings",
                        to="projects.problem",
                        verbose_name="问题",
                    ),
                ),
            ],
            options={
                "verbose_name": "曾办结",
                "verbose_name_plural": "曾办结",
                "ordering": ["problem", "reopened_on", "pk"],
                "indexes": [models.Index(fields=["reopened_on", "resolved_on"], name="problem_closed_then")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("handled_on__isnull", False), ("resolved_on__isnull", False), _connector="OR"
                        ),
                        name="closing_was_handled_or_resolved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("handled_on__isnull", True),
                                ("handled_on__lte", models.F("reopened_on")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("resolved_on__isnull", True),
                                ("resolved_on__lte", models.F("reopened_on")),
                                _connector="OR",
                            ),
                        ),
                        name="closing_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.RunPython(from_entries, migrations.RunPython.noop),
    ]
