"""The admin of land and permits (用地、许可): the office keeps kinds and catalogue in order, the rest is read only."""

import datetime as dt

import pytest

from projects.models import AuditRecord, LandItem, Permit, PermitKind, Plot, PlotItem, ProjectMarker
from tests.admin_pages import errors, save, url
from tests.factories import NOW, make_permit, make_plot, make_project, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_office")]


def test_the_office_changes_a_kinds_validity_within_reason(client):
    kind = PermitKind.objects.get(name="建筑工程施工许可证")
    address = url(PermitKind, "change", kind.pk)
    assert "1至600个月" in errors(save(client, address, validity_months="0"))
    assert "1至600个月" in errors(save(client, address, validity_months="30000"))
    assert "不能超过365天" in errors(save(client, address, remind_days="400"))
    assert save(client, address, validity_months="6").status_code == 302
    kind.refresh_from_db()
    assert kind.validity_months == 6
    assert AuditRecord.objects.get().changes == {"validity_months": [3, 6]}


def test_an_item_takes_no_place_in_a_circle(client):
    first, survey = LandItem.objects.get(position=1), LandItem.objects.get(name="勘测定界")
    refusal = errors(save(client, url(LandItem, "change", first.pk), predecessors=[survey.pk]))
    assert "互为前置，形成循环" in refusal and "勘测定界" in refusal
    assert "互为前置" in errors(save(client, url(LandItem, "change", first.pk), predecessors=[first.pk]))
    second = LandItem.objects.get(position=2)
    assert save(client, url(LandItem, "change", first.pk), predecessors=[second.pk]).status_code == 302
    assert list(first.predecessors.all()) == [second]


def test_names_and_positions_stay_readable_for_the_sheet(client):
    address = url(LandItem, "change", LandItem.objects.get(position=1).pk)
    assert "不能含顿号" in errors(save(client, address, name="核查、复核"))
    assert "1至9999" in errors(save(client, address, position="10000"))
    assert save(client, address, is_checked="on", predecessors=[]).status_code == 302
    assert LandItem.objects.get(position=1).is_checked


def test_the_administrator_reads_and_the_office_alone_writes_the_catalogue(client):
    client.force_login(make_user("administrator", is_staff=True))
    for model in (PermitKind, LandItem):
        row = model.objects.first()
        assert client.get(url(model, "change", row.pk)).status_code == 200
        assert client.post(url(model, "change", row.pk), {"name": "改名"}).status_code == 403


def test_what_is_written_on_its_own_pages_is_read_only_here(client):
    project = make_project()
    make_permit(project)
    plot = make_plot(project)
    ProjectMarker.objects.create(
        project=project, kind="six_in_one", since_on=dt.date(2023, 9, 1), made_at=NOW
    )
    assert plot.items.exists()
    for model in (Permit, Plot, PlotItem, ProjectMarker):
        row = model.objects.first()
        assert client.get(url(model, "change", row.pk)).status_code == 200
        assert client.post(url(model, "change", row.pk), {"name": "改名"}).status_code == 403
        assert client.get(url(model, "add")).status_code == 403
