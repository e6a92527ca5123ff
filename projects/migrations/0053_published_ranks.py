"""What a publication froze says the rank and the places of each list too: those of today for what was published so far."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def as_ranked(apps, schema_editor):
    listings = apps.get_model("projects", "Listing").objects.filter(pk=OuterRef("listing"))
    kind = "annual_list__kind__"
    apps.get_model("projects", "PublishedRow").objects.update(
        position=Subquery(listings.values(f"{kind}position")[:1]),
        rate_places=Subquery(listings.values(f"{kind}rate_places")[:1]),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0052_belongings"),
    ]

    operations = [
        migrations.AddField(
            model_name="publishedrow",
            name="position",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="名单位次"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="publishedrow",
            name="rate_places",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="比率小数位"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="publishedrow",
            name="listing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="published_rows",
                to="projects.listing",
                verbose_name="列入名单",
            ),
        ),
        migrations.RunPython(as_ranked, migrations.RunPython.noop),
    ]
