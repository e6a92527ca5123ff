"""The import pages: upload, preview, confirmation, taking back; only the office comes in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects import tasks
from projects.models import ImportBatch, ListingVersion, Project, Role
from projects.services import imports as excel_import
from projects.services.imports.claims import STALE
from tests.factories import NOW, TODAY, make_user
from tests.workbooks_for_import import ledger, row, rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_office")]


@pytest.fixture(autouse=True)
def queued(monkeypatch):
    """What the pages hand to the broker: (task, batch id)."""
    sent = []
    for task in (tasks.read_import, tasks.write_import):
        monkeypatch.setattr(
            task,
            "apply_async",
            lambda args, retry, task=task: sent.append((task.name.rsplit(".")[-1], *args)),
        )
    return sent


def upload(client, content, name="台账.xlsx", **fields):
    return client.post(reverse("import_create"), {"file": SimpleUploadedFile(name, content), **fields})


def read(batch):
    excel_import.read_batch(batch.pk, now=NOW, today=TODAY)
    batch.refresh_from_db()
    return batch


def test_upload_preview_confirm_write_and_revert(client, office, queued):
    response = upload(client, ledger(rows(3)))
    batch = ImportBatch.objects.get()
    page = reverse("import_detail", args=[batch.pk])
    assert (response.status_code, response.url) == (302, page)
    assert queued == [("read_import", batch.pk)]
    assert b"hx-get" in client.get(page).content  # still running: the page asks again

    read(batch)
    assert (batch.state, Project.objects.count()) == ("ready", 0)
    assert client.get(reverse("import_progress", args=[batch.pk]))["HX-Refresh"] == "true"
    preview = client.get(page).content.decode()
    assert "确认导入" in preview
    assert [(n.channel, n.link) for n in office.notices.filter(channel="in_app")] == [("in_app", page)]
    assert {(r["list"], r["rate"], r["before"], r["after"]) for r in batch.result["rates"]} >= {
        ("2023年市级重大", "投资完成率", "—", "40%"),
        ("2023年市级重大", "新开工项目开工率", "—", "100%"),
    }

    client.post(reverse("import_confirm", args=[batch.pk]))
    assert queued[-1] == ("write_import", batch.pk)
    excel_import.write_batch(batch.pk, now=NOW, today=TODAY)
    excel_import.write_batch(batch.pk, now=NOW, today=TODAY)  # the message may come twice
    batch.refresh_from_db()
    assert (batch.state, Project.objects.count(), batch.rows.count()) == ("written", 3, batch.rows.count())
    assert "撤销本批导入" in client.get(page).content.decode()

    assert client.get(reverse("import_revert", args=[batch.pk])).status_code == 200
    client.post(reverse("import_revert", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.state, Project.objects.count()) == ("reverted", 0)


def test_errors_are_shown_with_their_place_and_cannot_be_confirmed(client):
    upload(client, ledger([row(总投资="很多")]))
    batch = read(ImportBatch.objects.get())
    assert batch.state == "refused"
    page = client.get(reverse("import_detail", args=[batch.pk])).content.decode()
    assert "“很多”不是金额" in page
    assert reverse("import_confirm", args=[batch.pk]) not in page
    response = client.post(reverse("import_confirm", args=[batch.pk]), follow=True)
    assert "不在待确认状态" in response.content.decode()
    assert Project.objects.count() == 0


def test_questions_need_the_tick(client):
    upload(client, ledger([row()], before=[["合计（2个）"]]))
    batch = read(ImportBatch.objects.get())
    response = client.post(reverse("import_confirm", args=[batch.pk]))
    assert "请核对后勾选" in response.content.decode()
    batch.refresh_from_db()
    assert batch.state == "ready"
    client.post(reverse("import_confirm", args=[batch.pk]), {"accept_warnings": "on"})
    batch.refresh_from_db()
    assert batch.state == "writing"


def test_preview_names_what_would_change_on_record(client, office):
    for plan, leader in ((5000, "领导甲"), (6000, "领导乙")):
        upload(client, ledger([row(挂包领导=leader, **{"2023年计划投资": plan, "总投资": plan * 2})]))
        batch = read(ImportBatch.objects.first())
        excel_import.confirm_batch(batch=batch, accept_warnings=True, by=office, now=NOW)
        excel_import.write_batch(batch.pk, now=NOW, today=TODAY)
    changes = {(c["field"], c["from"], c["to"]) for c in batch.result["changes"]}
    assert changes >= {("总投资（万元）", "10000.00", "12000.00"), ("挂包领导", "领导甲", "领导乙")}
    assert list(ListingVersion.objects.values_list("change", "effective_on__month")) == [
        ("initial", 1),
        ("raised", 10),
    ]


@pytest.mark.parametrize("content", [b"<html>", b"PK\x03\x04"])
def test_what_is_no_workbook_is_refused_at_the_field(client, content):
    response = upload(client, content)
    assert response.status_code == 200
    assert "xlsx" in response.content.decode()
    assert not ImportBatch.objects.exists()


def test_without_a_broker_the_upload_is_kept_and_the_sweep_finds_it(client, monkeypatch):
    def refuse(**kwargs):
        raise ConnectionError

    monkeypatch.setattr(tasks.read_import, "apply_async", refuse)
    response = client.post(
        reverse("import_create"), {"file": SimpleUploadedFile("a.xlsx", ledger([row()]))}, follow=True
    )
    assert "几分钟内自动处理" in response.content.decode()
    batch = ImportBatch.objects.get()
    ImportBatch.objects.update(made_at=NOW)
    later = NOW + STALE
    assert list(excel_import.unfinished_batches(later)) == [(batch.pk, "reading")]
    ImportBatch.objects.update(claimed_at=later)
    assert list(excel_import.unfinished_batches(later)) == []  # somebody is at work


@pytest.mark.parametrize("role", [r for r in Role.values if r != Role.OFFICE])
def test_others_are_kept_out(client, role):
    batch = ImportBatch.objects.create(file_name="a.xlsx", sha256="x", made_at=NOW)
    client.force_login(make_user(role))
    for name in ("import_list", "import_create"):
        assert client.get(reverse(name)).status_code == 403
    for name in ("import_detail", "import_progress", "import_revert"):
        assert client.get(reverse(name, args=[batch.pk])).status_code == 403
    for name in ("import_confirm", "import_cancel", "import_revert"):
        assert client.post(reverse(name, args=[batch.pk])).status_code == 403


def test_list_shows_batches_and_an_empty_state(client):
    assert "还没有导入过台账" in client.get(reverse("import_list")).content.decode()
    upload(client, ledger([row()]), name="十月台账.xlsx")
    assert "十月台账.xlsx" in client.get(reverse("import_list")).content.decode()


def test_a_batch_is_cancelled_on_its_page(client, queued):
    upload(client, ledger([row()]))
    batch = ImportBatch.objects.get()
    page = reverse("import_detail", args=[batch.pk])
    assert reverse("import_cancel", args=[batch.pk]) in client.get(page).content.decode()
    told = client.post(reverse("import_cancel", args=[batch.pk]), follow=True).content.decode()
    assert "已取消，未写入任何数据。" in told
    assert reverse("import_cancel", args=[batch.pk]) not in told


def test_a_page_says_that_who_was_at_the_batch_is_dead(client, queued):
    upload(client, ledger([row()]))
    ImportBatch.objects.update(claimed_at=NOW - 2 * STALE, claimed_by="elsewhere/1/7", claims=1)
    batch = ImportBatch.objects.get()
    assert "处理进程中断" in client.get(reverse("import_progress", args=[batch.pk])).content.decode()
