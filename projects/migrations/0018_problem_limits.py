"""Working days each level has for a problem: where the office starts (docs/rules.md §9); it changes them in the admin."""

from django.db import migrations

from .reference.problem_limits import add_limits


class Migration(migrations.Migration):
    dependencies = [("projects", "0017_fields_to_mend")]

    operations = [migrations.RunPython(add_limits, migrations.RunPython.noop)]
