"""Saved views name a list of the year they were saved in by its kind, and that year as the one at hand."""

from django.db import migrations
from django.http import QueryDict
from django.utils import timezone


def live_on(apps, schema_editor):
    lists = {
        (str(pk), str(year)): kind
        for pk, year, kind in apps.get_model("projects", "AnnualList").objects.values_list(
            "pk", "year", "kind"
        )
    }
    changed = []
    views = apps.get_model("projects", "SavedView").objects
    for view in views.exclude(page="adjustment_list").iterator():
        query = QueryDict(view.query, mutable=True)
        own = str(timezone.localtime(view.made_at).year)
        year = query.get("year") or own
        if query.get("year") == own:
            query["year"] = ""
        if kind := lists.get((query.get("list", ""), year)):
            query["list"] = f"kind-{kind}"
        if query.urlencode() != QueryDict(view.query).urlencode():
            view.query = query.urlencode()
            changed.append(view)
    views.bulk_update(changed, ["query"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("projects", "0045_claims_wait_for_confirmation")]
    operations = [migrations.RunPython(live_on, migrations.RunPython.noop)]
