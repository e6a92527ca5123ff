"""Reference data with the defaults of docs/rules.md: list kinds, ladder, office settings, curves, working calendar."""

from django.db import migrations

from .reference.office import add_reference_data


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]

    operations = [migrations.RunPython(add_reference_data, migrations.RunPython.noop)]
