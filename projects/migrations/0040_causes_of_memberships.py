"""Memberships carry what they are for; what was written twice by two at once is made one (0041 then holds it so).

Supporting units were let in without a word of why, and never let out. Those that nobody entered by hand get a row for
each thing they still owe; where they owe nothing any more, the day before is their last.
"""

from collections import defaultdict
from datetime import timedelta

from django.db import migrations, models
from django.utils import timezone

SUPPORTING = "supporting_unit"
VISIT = ("project_id", "visited_on", "official_id", "logged_by_id", "place", "people")
ACTION = ("problem_id", "visit_id", "case_id", "unit_id", "text", "due_on", "made_on", "made_by_id")


def one_of_each(apps, schema_editor):
    def rows(name):
        return apps.get_model("projects", name).objects.all()

    merge_visits(rows)
    merge_actions(rows)
    end_doubles(rows)
    give_causes(rows)


def doubles(found, key):
    """{first row: the later ones of the same key}, in the order they were made."""
    groups = defaultdict(list)
    for row in found.order_by("pk").iterator(chunk_size=2000):
        groups[key(row)].append(row)
    return {group[0]: group[1:] for group in groups.values() if len(group) > 1}


def merge_visits(rows):
    """The same visit logged twice is one; what hangs on the second hangs on the first. Others get a mark of their own."""

    def key(visit):
        return (*(getattr(visit, name) for name in VISIT), visit.findings[:200], visit.decisions[:200])

    for first, later in doubles(rows("SiteVisit"), key).items():
        for number, visit in enumerate(later, 2):
            if (visit.findings, visit.decisions) != (first.findings, first.decisions):
                rows("SiteVisit").filter(pk=visit.pk).update(place=f"{visit.place[:110]}（{number}）")
                continue
            for name in ("Attachment", "Problem", "CorrectiveAction"):
                rows(name).filter(visit=visit.pk).update(visit=first.pk)
            rows("SiteVisit").filter(pk=visit.pk).delete()


def merge_actions(rows):
    """The same action set twice is one: the one carried out, where one was."""
    for first, later in doubles(
        rows("CorrectiveAction"), lambda row: tuple(getattr(row, name) for name in ACTION)
    ).items():
        kept = next((row for row in (first, *later) if row.done_on), first)
        gone = [row.pk for row in (first, *later) if row.pk != kept.pk]
        rows("CorrectiveAction").filter(pk__in=gone).delete()


def end_doubles(rows):
    """Of memberships without a last day each stands once: the earliest; the others end on their own first day."""

    def key(member):
        if member.kind == SUPPORTING:
            return member.project_id, member.kind, member.unit_id, None
        return member.project_id, member.kind, member.user_id, None if member.user_id else member.name

    for later in doubles(rows("ProjectMember").filter(until_on=None), key).values():
        for member in later:
            rows("ProjectMember").filter(pk=member.pk).update(until_on=member.from_on)


def give_causes(rows):
    """A row for each thing a unit owes, in place of the row without a cause that nobody entered by hand."""
    by_hand = set(
        rows("AuditRecord")
        .filter(model="projectmember", action="登记协办单位")
        .values_list("object_id", flat=True)
    )
    standing = [
        one
        for one in rows("ProjectMember").filter(kind=SUPPORTING, until_on=None, cause="")
        if one.pk not in by_hand
    ]
    owing, ever = owed(rows, {one.project_id for one in standing})
    member, yesterday = rows("ProjectMember").model, timezone.localdate() - timedelta(days=1)
    made, ended = [], []
    for one in standing:
        place = (one.project_id, one.unit_id)
        if place not in ever:  # nothing of ours let it in
            continue
        ended.append(one.pk)
        made += [
            member(
                project_id=one.project_id,
                kind=SUPPORTING,
                unit_id=one.unit_id,
                from_on=one.from_on,
                cause=cause,
            )
            for cause in sorted(owing[place])
        ]
    ending = rows("ProjectMember").filter(pk__in=ended)
    ending.filter(from_on__gt=yesterday).update(until_on=models.F("from_on"))
    ending.filter(from_on__lte=yesterday).update(until_on=yesterday)
    member.objects.bulk_create(made, batch_size=500)


def owed(rows, projects):
    """{(project, unit): names of what is owed still}, and every (project, unit) of which anything ever was."""
    owing, ever = defaultdict(set), set()

    def note(found, is_open):
        for project, unit, cause, *state in found:
            if unit is not None:
                ever.add((project, unit))
                if is_open(*state):
                    owing[project, unit].add(cause)

    def named(prefix, found):
        return ((project, unit, f"{prefix}:{pk}", *state) for project, unit, pk, *state in found)

    problems = rows("Problem").filter(project__in=projects)
    for field in ("lead_unit", "helper_units"):
        found = problems.values_list("project", field, "pk", "state")
        note(named("problem", found), lambda state: state != "resolved")
    lines = rows("SupervisionLine").filter(project__in=projects).exclude(order__state="draft")
    found = lines.values_list("project", "order__unit", "pk", "state", "order__state")
    note(named("supervisionline", found), lambda state, order: state != "closed" and order == "issued")
    actions = rows("CorrectiveAction").filter(project__in=projects)
    note(
        named("correctiveaction", actions.values_list("project", "unit", "pk", "done_on")),
        lambda done: done is None,
    )
    cases = rows("ClinicCase").filter(problem__project__in=projects)
    found = cases.values_list("problem__project", "session__units", "pk", "state")
    note(named("cliniccase", found), lambda state: state != "discharged")
    milestones = rows("Milestone").filter(
        plan__project__in=projects, plan__state__in=["approved", "superseded"], unit__isnull=False
    )
    found = milestones.values_list("plan__project", "unit", "baseline", "pk", "plan__state", "achieved_on")
    note(
        (
            (project, unit, f"milestone:{baseline or pk}", state, done)
            for project, unit, baseline, pk, state, done in found
        ),
        lambda state, done: state == "approved" and done is None,
    )
    return owing, ever


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0039_ledger_readings"),
    ]

    operations = [
        migrations.AddField(
            model_name="projectmember",
            name="cause",
            field=models.CharField(
                blank=True, db_index=True, editable=False, max_length=40, verbose_name="事由"
            ),
        ),
        migrations.RunPython(one_of_each, migrations.RunPython.noop),
    ]
