"""The default plan template of docs/rules.md §7: an industrial project from 签约 to 投产, with limits and dependencies."""

from django.db import migrations

from .reference.industrial_template import add_template


class Migration(migrations.Migration):
    dependencies = [("projects", "0010_saved_views")]

    operations = [migrations.RunPython(add_template, migrations.RunPython.noop)]
