"""Renamed units keep one history, and ledgers with the old name still find them."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import AuditRecord, Role, UnitName
from projects.queries.register.handovers import terms_of
from projects.queries.register.units import unit_name_on
from projects.services.imports.comparing.changes import Changes
from projects.services.imports.comparing.world import World
from projects.services.imports.staging.cells import match_key
from projects.services.register.units import rename_unit
from tests.factories import NOW, TODAY, make_project, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DAY = dt.date(2023, 4, 1)


def rename(unit, by, **fields):
    fields = {"name": "工业和信息化局", "on": DAY, "document": "淄编〔2023〕3号", **fields}
    return rename_unit(unit=unit, by=by, now=NOW, **fields)


def test_the_row_stays_and_the_old_name_with_its_last_day(office):
    unit = make_unit("经信局")
    project = make_project(lead_department=unit)
    rename(unit, office)
    project.lead_department.refresh_from_db()
    assert project.lead_department.name == "工业和信息化局"
    former = UnitName.objects.get()
    assert (former.name, former.until_on, former.document) == (
        "经信局",
        dt.date(2023, 3, 31),
        "淄编〔2023〕3号",
    )
    assert unit_name_on(unit, dt.date(2023, 3, 31)) == "经信局"
    (term,) = terms_of(project)
    assert (term.name_on(dt.date(2023, 3, 31)), term.name_on(DAY)) == ("经信局", "工业和信息化局")
    assert unit_name_on(project.lead_department, DAY) == "工业和信息化局"
    assert AuditRecord.objects.get(action="单位更名").reason == "淄编〔2023〕3号"


def test_ledgers_still_find_it_by_every_name_it_had(office):
    unit = make_unit("经济和信息化局")
    unit.short_name = "经信局"
    unit.save()
    rename(unit, office, short_name="工信局")
    world = World(Changes())
    for name in ("经济和信息化局", "经信局", "工业和信息化局", "工信局"):
        assert world.units[match_key(name)] == unit, name


def test_a_unit_may_take_an_earlier_name_back(office):
    unit = make_unit("经信局")
    unit = rename(unit, office)
    unit = rename(unit, office, name="经信局", on=dt.date(2023, 9, 1))
    assert [unit_name_on(unit, dt.date(2023, month, 15)) for month in (3, 6, 9)] == [
        "经信局",
        "工业和信息化局",
        "经信局",
    ]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"name": " "}, "name"),
        ({"name": "经信局"}, "name"),
        ({"name": "科技局"}, "name"),
        ({"name": "原科技局"}, "name"),
        ({"document": " "}, "document"),
        ({"on": TODAY + dt.timedelta(days=1)}, "on"),
    ],
)
def test_wrong_renamings_are_refused(office, fields, named):
    unit, other = make_unit("经信局"), make_unit("科技局")
    UnitName.objects.create(unit=other, name="原科技局")
    with pytest.raises(ValidationError) as refusal:
        rename(unit, office, **fields)
    assert list(refusal.value.message_dict) == [named]
    unit.refresh_from_db()
    assert unit.name == "经信局" and UnitName.objects.count() == 1


def test_a_renaming_comes_after_the_last(office):
    unit = rename(make_unit("经信局"), office)
    with pytest.raises(ValidationError, match="须晚于上一次更名"):
        rename(unit, office, name="工信商务局", on=DAY)


def test_only_the_office_renames():
    with pytest.raises(PermissionDenied):
        rename(make_unit(), make_user(Role.ADMINISTRATOR))
