"""A person's own views of the lists (我的视图)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0009_mechanism_in_full"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("page", models.CharField(max_length=60, verbose_name="列表")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("query", models.TextField(blank=True, max_length=2000, verbose_name="筛选与排序")),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
                ("made_at", models.DateTimeField(verbose_name="保存时间")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="所有人",
                    ),
                ),
            ],
            options={
                "verbose_name": "我的视图",
                "verbose_name_plural": "我的视图",
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("owner", "page", "name"),
                        name="one_saved_view_a_name",
                        violation_error_message="已有同名视图。",
                    )
                ],
            },
        ),
    ]
