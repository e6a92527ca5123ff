"""Undoing a change from the history (撤销更改)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from projects.models import AuditRecord, Project
from projects.services.base.changing import changed
from projects.services.register.projects import correct_facts
from projects.services.register.states import change_state
from projects.services.register.undoing import undo_change
from tests.factories import NOW
from tests.reading import page

pytestmark = pytest.mark.django_db


def change(project: Project, by, **values) -> AuditRecord:
    with changed(project, "修改项目", by=by, now=NOW, unchecked={"developer", "code"}):
        for name, value in values.items():
            setattr(project, name, value)
    return AuditRecord.objects.order_by("-pk")[0]


def undo_url(entry: AuditRecord) -> str:
    return reverse("change_undo", args=[entry.pk])


def test_the_values_before_are_set_back_as_a_change_with_its_author(client, office, project):
    entry = change(project, office, name="改错的名称", total_investment=Decimal("99999"))
    client.force_login(office)
    assert undo_url(entry) in page(client.get(reverse("project_detail", args=[project.code])))
    text = page(client.get(undo_url(entry)))
    assert "改错的名称" in text and "新材料项目" in text
    client.post(undo_url(entry), {"reason": "录错了行"})
    project.refresh_from_db()
    assert (project.name, project.total_investment) == ("新材料项目", Decimal("10000"))
    assert "新材料项目" in project.search_text
    latest = AuditRecord.objects.order_by("-pk")[0]
    assert (latest.action, latest.by, latest.changes["name"]) == (
        "撤销更改",
        office,
        ["改错的名称", "新材料项目"],
    )
    assert latest.reason.startswith("录错了行")
    assert AuditRecord.objects.filter(pk=entry.pk).exists()


def test_an_undoing_can_be_undone(office, project):
    entry = change(project, office, name="新名称项目")
    undo_change(entry=entry, reason="改回", by=office, now=NOW)
    undo_change(entry=AuditRecord.objects.order_by("-pk")[0], reason="原来没错", by=office, now=NOW)
    project.refresh_from_db()
    assert project.name == "新名称项目"


def test_what_changed_again_since_is_not_written_over(office, project):
    entry = change(project, office, name="第一次改")
    change(project, office, name="第二次改")
    with pytest.raises(ValidationError, match="此后又改过项目名称"):
        undo_change(entry=entry, reason="改回", by=office, now=NOW)
    project.refresh_from_db()
    assert project.name == "第二次改"


def test_another_fact_changed_since_stays(office, project):
    entry = change(project, office, name="第一次改")
    change(project, office, address="高新区")
    undo_change(entry=entry, reason="改回", by=office, now=NOW)
    project.refresh_from_db()
    assert (project.name, project.address) == ("新材料项目", "高新区")


def test_a_date_of_fact_set_back_must_fit_the_others(office, project):
    correct_facts(
        project=project,
        facts={"started_on": dt.date(2023, 3, 1), "completed_on": dt.date(2023, 6, 1)},
        reason="补录",
        by=office,
        now=NOW,
    )
    correct_facts(
        project=project, facts={"started_on": dt.date(2023, 2, 1)}, reason="更正", by=office, now=NOW
    )
    entry = AuditRecord.objects.order_by("-pk")[0]
    correct_facts(
        project=project, facts={"completed_on": dt.date(2023, 2, 10)}, reason="更正", by=office, now=NOW
    )
    with pytest.raises(ValidationError):
        undo_change(entry=entry, reason="改回", by=office, now=NOW)
    project.refresh_from_db()
    assert project.started_on == dt.date(2023, 2, 1)


def test_production_taken_back_takes_full_production_first(office, project):
    begun, full = {"in_production_on": dt.date(2023, 6, 1)}, {"full_production_on": dt.date(2023, 8, 1)}
    for facts in ({"started_on": dt.date(2023, 3, 1)}, {"completed_on": dt.date(2023, 5, 1)}, begun, full):
        correct_facts(project=project, facts=facts, reason="补录", by=office, now=NOW)
    entry = AuditRecord.objects.order_by("-pk")[1]
    with pytest.raises(ValidationError, match="已有达产日期"):
        undo_change(entry=entry, reason="改回", by=office, now=NOW)
    project.refresh_from_db()
    assert project.in_production_on == dt.date(2023, 6, 1)


def test_a_verb_is_not_undone_by_its_record(client, office, project):
    change_state(
        project=project,
        state="suspended",
        document="停工通知",
        reason="资金",
        effective_on=NOW.date(),
        by=office,
        now=NOW,
    )
    entry = AuditRecord.objects.filter(model="project").order_by("-pk")[0]
    client.force_login(office)
    assert "请用对应的办理功能更正" in page(client.get(undo_url(entry)))
    assert undo_url(entry) not in page(client.get(reverse("project_detail", args=[project.code])))


def test_without_a_reason_nothing_happens(client, office, project):
    entry = change(project, office, name="改错的名称")
    client.force_login(office)
    assert client.post(undo_url(entry), {"reason": " "}).status_code == 200
    project.refresh_from_db()
    assert project.name == "改错的名称"


def test_nobody_but_the_office_undoes(client, office, reporter, project):
    entry = change(project, office, name="改错的名称")
    client.force_login(reporter)
    assert client.get(undo_url(entry)).status_code == 403
    assert client.post(undo_url(entry), {"reason": "改回"}).status_code == 403
    assert undo_url(entry) not in page(client.get(reverse("project_detail", args=[project.code])))
