"""The office's own workbook goes out and comes back (export_ledger): unchanged here, with the same figures elsewhere."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from projects.models import AuditRecord, ImportBatch, ImportedRow, Project
from projects.services.imports.comparing.changes import MODEL_ORDER
from tests.crawling import turns
from tests.management.test_export_ledger import export, run_import

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("imported_ledger")]


@pytest.mark.parametrize("as_of", turns(["2023-10-12", "2023-06-30", "2023-12-31"]))
def test_the_shared_ledger_comes_back_unchanged(tmp_path, as_of):
    export(tmp_path / "out.xlsx", "--as-of", as_of)
    before = AuditRecord.objects.count()
    result = run_import(tmp_path / "out.xlsx")
    for sheet in result["sheets"]:
        assert sheet["errors"] == []
        assert (sheet["created"], sheet["updated"], sheet["unchanged"]) == (0, 0, sheet["rows"]), sheet[
            "sheet"
        ]
    assert not result["written"]
    assert AuditRecord.objects.count() == before
    kinds = {sheet["sheet"]: sheet["kind"] for sheet in result["sheets"]}
    assert kinds == {
        "省级重点": "ledger",
        "市级重大": "ledger",
        "技改": "ledger",
        "节点计划": "milestones",
        "投资调度": "investment",
        "问题清单": "problems",
    } | ({"主要指标": "indicators"} if as_of > "2023-09" else {})


@pytest.mark.crawl
def test_an_empty_office_gets_the_same_figures_from_the_exported_file(tmp_path):
    def figures():
        out = StringIO()
        call_command("figures", "--as-of", "2023-10-12", "--json", stdout=out)
        return json.loads(out.getvalue())

    export(tmp_path / "out.xlsx")
    told = figures()
    for model in (AuditRecord, ImportedRow, ImportBatch, *reversed(MODEL_ORDER)):
        model.objects.all().delete()
    assert not Project.objects.exists()
    assert run_import(tmp_path / "out.xlsx")["written"]
    assert figures() == told
