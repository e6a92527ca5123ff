from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0047_listings_carried_over"),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="statistics_stated_on",
            field=models.DateField(
                blank=True,
                help_text="台账“是否纳统”填“是”而没有日期时，所填台账的截止日；纳统日期待补。",
                null=True,
                verbose_name="台账载明已纳统",
            ),
        ),
        migrations.AddField(
            model_name="publishedrow",
            name="statistics_stated_on",
            field=models.DateField(null=True, verbose_name="纳统（日期待补）"),
        ),
    ]
