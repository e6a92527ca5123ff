"""Kinds of permits with their validity, and a draft of the 48 items of 用地一件事, marked 待核 until the office has checked it.

The public text names only the counts (3 stages, 9 classes, 48 items); names, units, limits and order are a draft.
"""

from django.db import migrations

from .reference.permits_and_land import add_permit_kinds, add_catalogue


class Migration(migrations.Migration):
    dependencies = [("projects", "0011_industrial_template")]

    operations = [
        migrations.RunPython(add_permit_kinds, migrations.RunPython.noop),
        migrations.RunPython(add_catalogue, migrations.RunPython.noop),
    ]
