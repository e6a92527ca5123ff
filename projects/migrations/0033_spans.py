"""List versions, slots, states and plans hold from a day until a day: the ends of existing rows, and the guards.

PostgreSQL refuses two rows of one project or listing that hold on the same day; it is asked at the end of a transaction,
because a new row and the end of the one before are two statements. A whole number is a range of its own here, so that no
extension is needed.
"""

from django.db import migrations, models
from django.db.models import Min, OuterRef, Q, Subquery

SPANS = {  # model: (first day, columns of one run)
    "ListingVersion": ("effective_on", ["listing_id"]),
    "Handover": ("from_on", ["project_id", "slot"]),
    "StateChange": ("effective_on", ["project_id"]),
}
GUARDS = [  # name, table, column of the run, first day, of which rows
    ("listing_versions_apart", "projects_listingversion", "listing_id", "effective_on", ""),
    ("sponsors_apart", "projects_handover", "project_id", "from_on", "slot = 'sponsor'"),
    ("lead_departments_apart", "projects_handover", "project_id", "from_on", "slot = 'lead_department'"),
    ("host_districts_apart", "projects_handover", "project_id", "from_on", "slot = 'host_district'"),
    ("states_apart", "projects_statechange", "project_id", "effective_on", ""),
    ("plans_apart", "projects_deliveryplan", "project_id", "from_on", "state IN ('approved', 'superseded')"),
]


def write_ends(apps, schema_editor):
    for name, (begins, run) in SPANS.items():
        rows = apps.get_model("projects", name).objects
        following = (
            rows.filter(**{column: OuterRef(column) for column in run})
            .filter(
                Q(**{f"{begins}__gt": OuterRef(begins)})
                | Q(**{begins: OuterRef(begins)}, pk__gt=OuterRef("pk"))
            )
            .order_by()
            .values(run[0])
            .annotate(day=Min(begins))
            .values("day")
        )
        rows.update(until_on=Subquery(following))
    _plans(apps.get_model("projects", "DeliveryPlan").objects)


def _plans(plans):
    """The first version holds from the beginning; each ends on the day the next was approved on."""
    before, ended = None, []
    for plan in plans.filter(state__in=["approved", "superseded"]).order_by("project", "number"):
        if before is not None and before.project_id == plan.project_id:
            plan.from_on = before.until_on = max(plan.approved_on, before.from_on or plan.approved_on)
        ended.append(plan)
        before = plan
    for plan in ended:  # one that was superseded without a successor never holds again
        if plan.state == "superseded" and plan.until_on is None:
            plan.until_on = plan.from_on or plan.approved_on
    plans.bulk_update(ended, ["from_on", "until_on"], batch_size=500)


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, table, run, begins, which in GUARDS:
            schema_editor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist ("
                f"int8range({run}, {run}, '[]') WITH &&, daterange({begins}, until_on) WITH &&)"
                f"{f' WHERE ({which})' if which else ''} DEFERRABLE INITIALLY DEFERRED"
            )


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, table, *_ in GUARDS:
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0032_milestones_by_their_root"),
    ]

    operations = [
        migrations.AddField(
            model_name="deliveryplan",
            name="from_on",
            field=models.DateField(
                blank=True,
                editable=False,
                help_text="首版为空：批准前也以其为准。",
                null=True,
                verbose_name="执行起始日",
            ),
        ),
        migrations.AddField(
            model_name="deliveryplan",
            name="until_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="被替代日期"),
        ),
        migrations.AddField(
            model_name="handover",
            name="until_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="被接替日期"),
        ),
        migrations.AddField(
            model_name="listingversion",
            name="until_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="被接替日期"),
        ),
        migrations.AddField(
            model_name="statechange",
            name="until_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="被接替日期"),
        ),
        migrations.RunPython(write_ends, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(fields=["slot", "official", "from_on"], name="slots_of_an_official"),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(fields=["slot", "unit", "from_on"], name="slots_of_a_unit"),
        ),
        migrations.AddIndex(
            model_name="listingversion",
            index=models.Index(fields=["effective_on", "until_on"], name="listing_version_span"),
        ),
        migrations.AddConstraint(
            model_name="deliveryplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "superseded"), ("until_on__isnull", False)),
                    models.Q(models.Q(("state", "superseded"), _negated=True), ("until_on__isnull", True)),
                    _connector="OR",
                ),
                name="superseded_plan_has_an_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_on__isnull", True), ("until_on__gte", models.F("from_on")), _connector="OR"
                ),
                name="handover_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="listingversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_on__isnull", True), ("until_on__gte", models.F("effective_on")), _connector="OR"
                ),
                name="listing_version_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="statechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_on__isnull", True), ("until_on__gte", models.F("effective_on")), _connector="OR"
                ),
                name="state_ends_after_it_begins",
            ),
        ),
        migrations.RunPython(guard, unguard),
    ]
