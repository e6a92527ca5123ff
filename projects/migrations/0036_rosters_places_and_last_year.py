"""Rosters with phones, places of projects, last year beside an indicator, which may have no task."""

from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0035_problem_closings"),
    ]

    operations = [
        migrations.AddField(
            model_name="indicatorvalue",
            name="last_year",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=16, null=True, verbose_name="上年同期"
            ),
        ),
        migrations.AddField(
            model_name="official",
            name="mobile",
            field=models.CharField(blank=True, max_length=40, verbose_name="手机"),
        ),
        migrations.AddField(
            model_name="project",
            name="latitude",
            field=models.DecimalField(
                blank=True,
                decimal_places=6,
                help_text="北纬，CGCS2000，以度计，如 36.788947。",
                max_digits=8,
                null=True,
                verbose_name="纬度",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="longitude",
            field=models.DecimalField(
                blank=True,
                decimal_places=6,
                help_text="东经，CGCS2000，以度计，如 118.019693；与纬度一并填写。",
                max_digits=9,
                null=True,
                verbose_name="经度",
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="contact",
            field=models.CharField(blank=True, max_length=40, verbose_name="联系人"),
        ),
        migrations.AlterField(
            model_name="indicator",
            name="target",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="未下达任务的不填。",
                max_digits=16,
                null=True,
                verbose_name="年度任务",
            ),
        ),
        migrations.AlterField(
            model_name="official",
            name="phone",
            field=models.CharField(blank=True, max_length=40, verbose_name="办公电话"),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    models.Q(
                        ("longitude__isnull", False),
                        ("longitude__range", (Decimal("73"), Decimal("136"))),
                        ("latitude__isnull", False),
                        ("latitude__range", (Decimal("3"), Decimal("54"))),
                    ),
                    _connector="OR",
                ),
                name="project_place_in_the_country",
                violation_error_message="经度、纬度须一并填写，以度计，经度在73至136之间，纬度在3至54之间。",
            ),
        ),
    ]
