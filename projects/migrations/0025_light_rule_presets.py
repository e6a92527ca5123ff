"""Rule sets of lights to start from (亮灯规则预设): 银川 in force from the beginning, 武汉 and 三亚 as drafts."""

from django.db import migrations

from .reference.light_rules import add_presets


def add_presets_by_measure(apps, schema_editor):
    add_presets(apps, schema_editor, gauge_field="measure")


class Migration(migrations.Migration):
    dependencies = [("projects", "0024_targets_lights_publications")]

    operations = [migrations.RunPython(add_presets_by_measure, migrations.RunPython.noop)]
