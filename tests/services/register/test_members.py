"""Further people: who may enter whom, from when until when."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import AuditRecord, Project, ProjectMember, Role
from projects.services.register.members import add_member, end_member, kinds_for
from tests.factories import NOW, TODAY, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TOMORROW = TODAY + dt.timedelta(days=1)
KIND = ProjectMember.Kind


def add(project, by, kind=KIND.ENTERPRISE_CONTACT, **fields):
    fields = {"from_on": TODAY, **({"name": "李娜"} if "unit" not in fields else {}), **fields}
    return add_member(project=project, kind=kind, by=by, now=NOW, **fields)


def test_a_reporter_enters_contacts_and_the_office_all(project, unit, office):
    reporter = make_user(Role.REPORTER, unit=unit)
    add(project, reporter, phone="0533-3580101")
    assert AuditRecord.objects.get().action == "登记企业联系人"
    with pytest.raises(PermissionDenied):
        add(project, reporter, KIND.SERVICE_OFFICER)
    assert set(kinds_for(project, office)) == set(KIND)
    assert kinds_for(project, make_user(Role.INSPECTOR)) == []


def test_a_supporting_unit_sees_the_project_to_its_last_day(project, office, settings):
    helper = make_unit()
    reporter = make_user(Role.REPORTER, unit=helper)
    member = add(project, office, KIND.SUPPORTING_UNIT, unit=helper)
    assert project in Project.objects.visible_to(reporter)
    end_member(member=member, until_on=TODAY, by=office, now=NOW)
    assert project in Project.objects.visible_to(reporter)
    settings.TODAY = TOMORROW
    assert project not in Project.objects.visible_to(reporter)
    assert AuditRecord.objects.filter(action="协办单位不再担任").count() == 1


@pytest.mark.parametrize(
    ("kind", "fields", "named"),
    [
        (KIND.ENTERPRISE_CONTACT, {"name": " "}, "name"),
        (KIND.ENTERPRISE_CONTACT, {"from_on": TOMORROW}, "from_on"),
        (KIND.SUPPORTING_UNIT, {}, "unit"),
        (KIND.SUPPORTING_UNIT, {"unit": "own"}, "unit"),
        (KIND.SUPPORTING_UNIT, {"unit": "old"}, "unit"),
    ],
)
def test_wrong_entries_are_refused(project, unit, office, kind, fields, named):
    old = make_unit()
    old.is_active = False
    old.save()
    if "unit" in fields:
        fields = {**fields, "unit": {"own": unit, "old": old}[fields["unit"]]}
    with pytest.raises(ValidationError) as refusal:
        add(project, office, kind, **fields)
    assert list(refusal.value.message_dict) == [named]
    assert not ProjectMember.objects.exists()


def test_somebody_is_entered_once(project, office):
    add(project, office)
    with pytest.raises(ValidationError, match="无需重复登记"):
        add(project, office, name="李 娜")
    assert ProjectMember.objects.count() == 1


@pytest.mark.parametrize(
    ("until_on", "words"), [(TOMORROW, "不能晚于今天"), (dt.date(2023, 10, 11), "不能早于起始日期")]
)
def test_an_end_in_the_future_or_before_the_start_is_refused(project, office, until_on, words):
    with pytest.raises(ValidationError, match=words):
        end_member(member=add(project, office), until_on=until_on, by=office, now=NOW)
    assert ProjectMember.objects.get().until_on is None


def test_a_service_ends_once(project, office):
    member = add(project, office)
    end_member(member=member, until_on=TODAY, by=office, now=NOW)
    with pytest.raises(ValidationError, match="无需重复登记"):
        end_member(member=member, until_on=TODAY, by=office, now=NOW)


def test_a_reporter_does_not_end_a_service_officer(project, unit, office):
    member = add(project, office, KIND.SERVICE_OFFICER)
    with pytest.raises(PermissionDenied):
        end_member(member=member, until_on=TODAY, by=make_user(Role.REPORTER, unit=unit), now=NOW)
