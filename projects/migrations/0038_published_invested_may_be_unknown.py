import projects.models.fields
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0037_headers_of_rosters_leads_and_places"),
    ]

    operations = [
        migrations.AlterField(
            model_name="publishedrow",
            name="invested",
            field=projects.models.fields.MoneyField(
                decimal_places=2, max_digits=16, null=True, verbose_name="本年累计完成投资（万元）"
            ),
        ),
    ]
