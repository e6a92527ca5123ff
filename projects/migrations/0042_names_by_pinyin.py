"""Projects, units and officials keep what their name is sorted by; the text a project is found by holds whole pinyin,
half-width letters and the code without hyphens: both made anew for existing rows."""

from django.db import migrations

import projects.models.fields
from projects.pinyin import found_by, sort_key

BATCH = 1000


def write_keys(apps, schema_editor):
    for name in ("Unit", "Official", "Project"):
        rows, columns = apps.get_model("projects", name).objects, ["name_key"]
        if name == "Project":
            columns.append("search_text")
        several = []
        for row in rows.only("pk", "name", *(["code", "developer"] if name == "Project" else [])).iterator(
            BATCH
        ):
            row.name_key = sort_key(row.name)
            if name == "Project":
                row.search_text = found_by(row.name, row.code, row.developer)
            several.append(row)
            if len(several) == BATCH:
                rows.bulk_update(several, columns)
                several = []
        rows.bulk_update(several, columns)


class Migration(migrations.Migration):
    dependencies = [("projects", "0041_one_of_each")]

    operations = [
        migrations.AlterModelOptions(
            name="unit",
            options={
                "ordering": ["position", "name_key", "pk"],
                "verbose_name": "单位",
                "verbose_name_plural": "单位",
            },
        ),
        migrations.AddField("official", "name_key", projects.models.fields.SortKeyField()),
        migrations.AddField("project", "name_key", projects.models.fields.SortKeyField(db_index=True)),
        migrations.AddField("unit", "name_key", projects.models.fields.SortKeyField()),
        migrations.RunPython(write_keys, migrations.RunPython.noop),
    ]
