"""Rows that take over from each other keep both ends, however and in whatever order they are written."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from projects.models import Handover, ListingVersion, Project, StateChange
from tests.factories import NOW, make_list, make_listing, make_official, make_project, make_unit
from tests.properties import costly

pytestmark = [pytest.mark.django_db, pytest.mark.database]
JUNE = [dt.date(2023, 6, day) for day in range(1, 11)]


def change(project: Project, day: dt.date, state=Project.State.ACTIVE) -> StateChange:
    return StateChange(project=project, state=state, effective_on=day, reason="依据", made_at=NOW)


def standing(project: Project, day: dt.date) -> list[int]:
    return list(StateChange.objects.on(day).filter(project=project).values_list("pk", flat=True))


def latest(project: Project, day: dt.date) -> list[int]:
    """The rule from the first days alone: the last row begun by the day."""
    rows = StateChange.objects.filter(project=project, effective_on__lte=day)
    return list(rows.order_by("-effective_on", "-pk").values_list("pk", flat=True)[:1])


WAYS = st.lists(
    st.tuples(st.sampled_from(["save", "bulk", "delete", "delete set", "move"]), st.sampled_from(JUNE)),
    min_size=1,
    max_size=6,
)


@costly(25)
@given(ways=WAYS)
def test_the_row_of_a_day_is_the_last_begun_by_then(ways):
    with transaction.atomic():
        project, other = make_project(), make_project()
        change(other, JUNE[3]).save()
        for way, day in ways:
            rows = StateChange.objects.filter(project=project)
            first = rows.order_by("pk").first()
            if way == "bulk":
                StateChange.objects.bulk_create([change(project, day), change(project, JUNE[0])])
            elif way == "save" or first is None:
                change(project, day).save()
            elif way == "delete":
                first.delete()
            elif way == "delete set":
                rows.filter(effective_on=first.effective_on).delete()
            else:
                first.effective_on = day
                first.save()
            for asked in JUNE:
                assert standing(project, asked) == latest(project, asked)
        assert [len(standing(other, day)) for day in JUNE] == [0] * 3 + [1] * 7
        transaction.set_rollback(True)


def test_each_slot_and_each_listing_has_a_run_of_its_own():
    project, unit = make_project(lead_department=make_unit()), make_unit()
    to = {"project": project, "from_on": JUNE[0], "made_at": NOW}
    Handover.objects.create(slot="lead_department", unit=unit, **to)
    Handover.objects.create(slot="sponsor", official=make_official(), **to)
    held = Handover.objects.on(JUNE[0]).filter(project=project)
    assert held.filter(slot="lead_department").get().unit == unit
    assert held.count() == 2
    first = make_listing(project, make_list("市级重大"), effective_on=JUNE[0])
    other = make_listing(project, make_list("省级重点"), effective_on=JUNE[2])
    assert set(ListingVersion.objects.on(JUNE[5])) == {first, other}


def test_the_end_is_no_change_of_the_row_in_the_audit_record():
    from projects.services.base.records import snapshot

    version = make_listing(make_project(), effective_on=JUNE[0])
    assert "until_on" not in snapshot(version)


@pytest.mark.postgres
def test_postgres_refuses_two_that_hold_on_one_day():
    project = make_project()
    change(project, JUNE[0]).save()
    change(project, JUNE[5]).save()
    StateChange.objects.filter(project=project).update(until_on=None)
    with pytest.raises(IntegrityError, match="states_apart"), transaction.atomic():
        connection.check_constraints()  # what is asked at the end of a transaction
    transaction.set_rollback(True)
