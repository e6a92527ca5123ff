"""Two duties of a kind of one person never share a day: PostgreSQL refuses them, as it does spans (0033).

Rows that overlap are mended first, so that every day keeps whoever had the duty on it: the later row begins when the
earlier has ended, one that lies wholly within another goes. Both are recorded (操作记录). A duty without a unit counts
as one of unit 0, which no unit is; each role has its guard, for without an extension no text is compared in such a one.
"""

from datetime import date, timedelta
from itertools import groupby

from django.db import migrations
from django.utils import timezone

ROLES = ["reporter", "unit_head", "sponsor", "service_officer", "office", "inspector", "administrator"]
REASON = "系统升级整理：同一职务任期重叠"


def mend(apps, schema_editor):
    duties = apps.get_model("projects", "Duty").objects
    written = apps.get_model("projects", "AuditRecord").objects
    rows = duties.order_by("user_id", "role", "unit_id", "starts_on", "pk")
    for _kind, run in groupby(list(rows), key=lambda row: (row.user_id, row.role, row.unit_id)):
        held_until = None  # the last day so far
        for row in run:
            begins, ends = row.starts_on, row.ends_on or date.max
            if held_until is None or begins > held_until:
                held_until = ends
                continue
            if ends <= held_until:
                written.create(action="删除", **_trace(row, ends_on=[row.ends_on and str(row.ends_on), None]))
                row.delete()
                continue
            row.starts_on = held_until + timedelta(days=1)
            row.save(update_fields=["starts_on"])
            written.create(action="修改", **_trace(row, starts_on=[str(begins), str(row.starts_on)]))
            held_until = ends


def _trace(row, **changes):
    return {
        "at": timezone.now(),
        "model": "duty",
        "object_id": row.pk,
        "object_text": f"{row.user.full_name} {row.get_role_display()}",
        "changes": {"starts_on": [str(row.starts_on), None], **changes},
        "reason": REASON,
    }


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for role in ROLES:
            schema_editor.execute(
                f"ALTER TABLE projects_duty ADD CONSTRAINT duties_apart_{role} EXCLUDE USING gist ("
                "int8range(user_id, user_id, '[]') WITH &&, "
                "int8range(coalesce(unit_id, 0), coalesce(unit_id, 0), '[]') WITH &&, "
                f"daterange(starts_on, ends_on, '[]') WITH &&) WHERE (role = '{role}')"
            )


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for role in ROLES:
            schema_editor.execute(f"ALTER TABLE projects_duty DROP CONSTRAINT duties_apart_{role}")


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0059_alerts_without_exemption_columns"),
    ]

    operations = [
        migrations.RunPython(mend, migrations.RunPython.noop),
        migrations.RunPython(guard, unguard),
    ]
