# A value of an indicator says who entered it and, where one is owed, why it changed.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0020_leads_and_chains"),
    ]

    operations = [
        migrations.AddField(
            model_name="indicatorvalue",
            name="made_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="登记时间"),
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="made_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="登记人",
            ),
        ),
        migrations.AddField(
            model_name="indicatorvalue",
            name="note",
            field=models.CharField(blank=True, max_length=200, verbose_name="说明"),
        ),
    ]
