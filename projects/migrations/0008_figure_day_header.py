"""One more header: 数据截至, the day of a row's own figure, as the exported ledger writes it."""

from django.db import migrations


def add_alias(apps, schema_editor):
    apps.get_model("projects", "HeaderAlias").objects.get_or_create(
        header="数据截至", defaults={"field": "figure_as_of"}
    )


class Migration(migrations.Migration):
    dependencies = [("projects", "0007_one_duty_without_unit")]

    operations = [migrations.RunPython(add_alias, migrations.RunPython.noop)]
