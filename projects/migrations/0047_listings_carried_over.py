from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0046_saved_views_live_on"),
    ]

    operations = [
        migrations.AlterField(
            model_name="listingversion",
            name="change",
            field=models.CharField(
                choices=[
                    ("initial", "年初"),
                    ("added", "调入"),
                    ("removed", "调出"),
                    ("raised", "调增"),
                    ("lowered", "调减"),
                    ("reclassified", "调整"),
                    ("carried", "结转"),
                ],
                default="initial",
                max_length=14,
                verbose_name="变动",
            ),
        ),
    ]
