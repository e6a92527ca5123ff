"""Migration 0060: duties of a kind that overlap are put one behind the other; who held what on which day stays."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from projects.models import AuditRecord, Duty, Role
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db
migration = import_module("projects.migrations.0060_duties_apart")
SPANS = [("2023-01-01", "2023-06-30"), ("2023-02-01", "2023-03-31"), ("2023-06-30", None)]


def with_guards(change) -> None:
    """Take or set the guards where the database has them."""
    if connection.vendor == "postgresql":
        connection.check_constraints()  # no table is altered while keys of its rows wait to be checked
        with connection.schema_editor() as editor:
            change(apps, editor)


@pytest.fixture
def overlapping():
    """Three terms of a reporter in one unit: one within the first, one from its last day on; and one in another unit."""
    with_guards(migration.unguard)
    user, unit, other = make_user(), make_unit(), make_unit()
    for of, begins, ends in [*((unit, *span) for span in SPANS), (other, "2023-02-01", "2023-03-31")]:
        Duty.objects.create(user=user, role=Role.REPORTER, unit=of, starts_on=begins, ends_on=ends)
    return user


def held(user, day: dt.date) -> set[int]:
    return set(user.duties.in_force(day).values_list("unit", flat=True))


def test_every_day_keeps_who_had_the_duty_and_no_two_terms_share_one(overlapping):
    days = [dt.date(2022, 12, 1) + dt.timedelta(days=step) for step in range(240)]
    before = [held(overlapping, day) for day in days]
    migration.mend(apps, None)
    assert [held(overlapping, day) for day in days] == before
    terms = overlapping.duties.order_by("unit", "starts_on").values_list("starts_on", "ends_on")
    assert list(terms) == [
        (dt.date(2023, 1, 1), dt.date(2023, 6, 30)),
        (dt.date(2023, 7, 1), None),
        (dt.date(2023, 2, 1), dt.date(2023, 3, 31)),
    ]
    trail = AuditRecord.objects.filter(model="duty").order_by("pk").values_list("action", "changes")
    assert list(trail) == [
        ("删除", {"starts_on": ["2023-02-01", None], "ends_on": ["2023-03-31", None]}),
        ("修改", {"starts_on": ["2023-06-30", "2023-07-01"]}),
    ]
    migration.mend(apps, None)
    assert AuditRecord.objects.filter(model="duty").count() == 2, "mended once"
    with_guards(migration.guard)


def test_every_role_has_its_guard():
    assert set(migration.ROLES) == set(Role.values)
