"""措施 is CorrectiveAction and 亮灯指标 is a gauge: names of the code alone, the table of the actions keeps its name."""

import django.db.models.deletion
from django.db import migrations, models


def source(model: str, words: str, **more) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="actions",
        to=f"projects.{model}",
        verbose_name=words,
        **more,
    )


class Migration(migrations.Migration):
    dependencies = [("projects", "0028_light_rules_end")]

    operations = [
        migrations.AlterModelTable(name="measure", table="projects_measure"),
        migrations.RenameModel(old_name="Measure", new_name="CorrectiveAction"),
        migrations.AlterField("correctiveaction", "project", source("project", "项目")),
        migrations.AlterField(
            "correctiveaction", "problem", source("problem", "问题", null=True, blank=True)
        ),
        migrations.AlterField(
            "correctiveaction", "visit", source("sitevisit", "走访", null=True, blank=True)
        ),
        migrations.AlterField(
            "correctiveaction", "case", source("cliniccase", "诊所病例", null=True, blank=True)
        ),
        migrations.AlterField("correctiveaction", "unit", source("unit", "责任单位")),
        migrations.RenameField("lightband", "measure", "gauge"),
        migrations.AlterModelOptions(
            "lightband",
            {
                "ordering": ["rule_set", "gauge", "pk"],
                "verbose_name": "亮灯档",
                "verbose_name_plural": "亮灯档",
            },
        ),
        migrations.AlterField(
            "problementry",
            "kind",
            models.CharField(
                choices=[
                    ("progress", "进展"),
                    ("escalated", "提级"),
                    ("action", "措施"),
                    ("handled", "办结"),
                    ("resolved", "销号"),
                    ("reopened", "重新办理"),
                ],
                default="progress",
                max_length=10,
                verbose_name="类型",
            ),
        ),
    ]
