"""Headers met in sheets and the field each means: the starting dictionary of docs/rules.md §13, extended by the office."""

from django.db import migrations

from .reference.headers import add_aliases


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_ladder_tells_districts")]

    operations = [migrations.RunPython(add_aliases, migrations.RunPython.noop)]
