"""Packaging (打包、分期) and 产业链 hold from a day until a day: what the projects say today has held since before any figure.

That is the first day a list says anything of the project, or its registration where that came earlier: no figure of a
past day changes. PostgreSQL refuses two rows of one project and kind that hold on the same day, as in 0033.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Min, Q

GUARDS = {"packages_apart": "package", "chains_apart": "industry_chain"}


def as_recorded(apps, schema_editor):
    projects = apps.get_model("projects", "Project").objects
    belonging = apps.get_model("projects", "Belonging")
    rows = []
    somewhere = ~Q(level="single") | Q(parent__isnull=False) | Q(industry_chain__isnull=False)
    for project in projects.filter(somewhere).annotate(listed_on=Min("listings__versions__effective_on")):
        registered_on = project.created_at.date()
        since = {
            "project": project,
            "from_on": min(project.listed_on or registered_on, registered_on),
            "made_at": project.created_at,
        }
        if project.level != "single" or project.parent_id:
            packaged = {"level": project.level, "parent_id": project.parent_id}
            rows.append(belonging(kind="package", **packaged, **since))
        if project.industry_chain_id:
            rows.append(
                belonging(kind="industry_chain", industry_chain_id=project.industry_chain_id, **since)
            )
    belonging.objects.bulk_create(rows, batch_size=500)


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, kind in GUARDS.items():
            schema_editor.execute(
                f"ALTER TABLE projects_belonging ADD CONSTRAINT {name} EXCLUDE USING gist ("
                "int8range(project_id, project_id, '[]') WITH &&, daterange(from_on, until_on) WITH &&)"
                f" WHERE (kind = '{kind}') DEFERRABLE INITIALLY DEFERRED"
            )


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in GUARDS:
            schema_editor.execute(f"ALTER TABLE projects_belonging DROP CONSTRAINT {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0051_visits_confirmed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Belonging",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "until_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="被接替日期"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("package", "打包、分期"), ("industry_chain", "产业链")],
                        max_length=16,
                        verbose_name="归属类型",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[("single", "单体项目"), ("package", "打包项目"), ("phase", "分期项目")],
                        max_length=10,
                        verbose_name="项目层级",
                    ),
                ),
                ("from_on", models.DateField(verbose_name="起始日期")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "industry_chain",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.industrychain",
                        verbose_name="所属产业链",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="belongings_beneath",
                        to="projects.project",
                        verbose_name="所属打包项目",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="belongings",
                        to="projects.project",
                        verbose_name="项目",
                    ),
                ),
            ],
            options={
                "verbose_name": "项目归属",
                "verbose_name_plural": "项目归属",
                "ordering": ["project", "kind", "from_on"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "kind", "from_on"),
                        name="one_belonging_a_day",
                        violation_error_message="同一日期已有该归属的登记。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("industry_chain__isnull", True),
                                ("kind", "package"),
                                models.Q(("level", ""), _negated=True),
                            ),
                            models.Q(("kind", "industry_chain"), ("level", ""), ("parent__isnull", True)),
                            _connector="OR",
                        ),
                        name="belonging_of_its_kind",
                        violation_error_message="打包、分期应写明层级，产业链应写明所属产业链。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", True),
                            models.Q(("parent", models.F("project")), _negated=True),
                            _connector="OR",
                        ),
                        name="belongs_not_to_itself",
                        violation_error_message="项目不能隶属于自身。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True),
                            ("until_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="belonging_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.RunPython(guard, unguard),
        migrations.RunPython(as_recorded, migrations.RunPython.noop),
    ]
