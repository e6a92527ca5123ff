"""总投资 belongs to what a list says from a day on: the versions so far say what the project's record holds now."""

import projects.models.fields
from django.db import migrations
from django.db.models import OuterRef, Subquery


def as_recorded(apps, schema_editor):
    versions = apps.get_model("projects", "ListingVersion").objects
    versions.update(
        total_investment=Subquery(
            apps.get_model("projects", "Listing")
            .objects.filter(pk=OuterRef("listing"))
            .values("project__total_investment")[:1]
        )
    )


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0043_exempted_from_a_day"),
    ]

    operations = [
        migrations.AddField(
            model_name="listingversion",
            name="total_investment",
            field=projects.models.fields.MoneyField(
                blank=True,
                decimal_places=2,
                help_text="空为项目台账所载。",
                max_digits=16,
                null=True,
                verbose_name="总投资（万元）",
            ),
        ),
        migrations.RunPython(as_recorded, migrations.RunPython.noop),
    ]
