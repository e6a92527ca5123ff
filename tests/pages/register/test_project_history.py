"""The history on the project page (变更记录): single changes beside imports folded by batch."""

import datetime as dt

import pytest

from projects.models import AuditRecord, ImportBatch, ImportedRow, Project, Role
from projects.queries.register.history import project_history
from tests.factories import NOW, make_project, make_user
from tests.reading import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def imported(project: Project, batch: ImportBatch, model: str, *, action="导入新增", **changes) -> None:
    row = ImportedRow.objects.create(batch=batch, model=model, object_id=1, sheet="节点计划", row=3)
    AuditRecord.objects.create(
        at=batch.made_at, action=action, project=project, model=model, object_id=1,
        object_text="主体封顶", changes=changes, imported_row=row,
    )  # fmt: skip


def make_batch(days_ago: int = 0) -> ImportBatch:
    return ImportBatch.objects.create(
        file_name="ledger-2023.xlsx", sha256="0" * 64, made_at=NOW - dt.timedelta(days=days_ago)
    )


def test_the_rows_of_an_import_are_one_event_and_hide_no_other(client):
    project, batch = make_project(), make_batch()
    AuditRecord.objects.create(
        at=NOW - dt.timedelta(days=2), action="责任交接", project=project, model="Handover", object_id=1,
        object_text="推进部门", changes={}, reason="机构调整",
    )  # fmt: skip
    for _ in range(20):
        imported(project, batch, "Milestone")
    imported(project, batch, "ProgressReport")
    imported(project, batch, "Milestone", action="导入更新", name=["封顶", "主体封顶"])
    folds = {event.action: event for event in project_history(project, number=12)[:2]}
    assert folds["导入新增"].counts[0][1] == 20 and folds["导入新增"].entries == []
    client.force_login(make_user(Role.OFFICE))
    page = client.get(f"/projects/{project.code}/").content.decode()
    assert "节点20项" in page and f"/imports/{batch.pk}/" in page
    assert "封顶 → 主体封顶" in page and "机构调整" in page
    client.force_login(make_user(Role.INSPECTOR))
    assert f"/imports/{batch.pk}/" not in client.get(f"/projects/{project.code}/").content.decode()


def test_the_latest_events_come_first_and_no_more_than_asked():
    project = make_project()
    for days in (3, 1, 2):
        imported(project, make_batch(days), "Milestone")
    found = project_history(project, number=2)
    assert [event.at for event in found] == [NOW - dt.timedelta(days=1), NOW - dt.timedelta(days=2)]


def test_many_imported_rows_cost_no_further_queries():
    def queries(number: int) -> int:
        project = make_project()
        for _ in range(number):
            batch = make_batch()
            imported(project, batch, "Milestone")
            imported(project, batch, "Milestone", action="导入更新", name=["甲", "乙"])
        return queries_of(project_history, project, number=12)

    assert queries(3) == queries(30)
