"""A scheme to start from (缺省方案): a draft that scores nobody until the office has checked it and put it in force."""

from django.db import migrations

from .reference.scoring_scheme import add_scheme


class Migration(migrations.Migration):
    dependencies = [("projects", "0022_assessment")]

    operations = [migrations.RunPython(add_scheme, migrations.RunPython.noop)]
