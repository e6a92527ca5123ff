"""import_ledger and revert_import (docs/contract.md §2): the shared workbook, twice, and back."""

import json
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from projects.models import (
    AuditRecord,
    Handover,
    ImportBatch,
    ImportedRow,
    ListingVersion,
    Milestone,
    Official,
    Problem,
    ProgressReport,
    Project,
    Unit,
)
from tests.workbooks_for_import import SHARED

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def run(name, *arguments) -> tuple[int, dict, str]:
    """(exit code, the JSON on standard output, standard error)."""
    code, out, err = 0, StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            call_command(name, *map(str, arguments), "--json", skip_checks=True)
        except SystemExit as leave:
            code = leave.code
    return code, json.loads(out.getvalue()), err.getvalue()


@pytest.fixture(scope="module", autouse=True)
def shared(django_db_setup, django_db_blocker):
    """The workbook imported once; each test rolls back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield run("import_ledger", SHARED)
        transaction.set_rollback(True)


def test_shared_workbook_is_written_without_a_flag(shared):
    code, result, err = shared
    assert (code, result["written"], err) == (0, True, "")
    assert result["batch"] == ImportBatch.objects.get().pk
    assert [(s["sheet"], s["kind"], s["rows"], s["created"], s["updated"]) for s in result["sheets"]] == [
        ("省级重点", "ledger", 14, 14, 0),
        ("市级重大", "ledger", 86, 80, 6),
        ("技改项目", "ledger", 86, 86, 0),
        ("节点计划", "milestones", 1034, 1034, 0),
        ("投资调度", "investment", 180, 180, 0),
        ("问题清单", "problems", 26, 26, 0),
        ("主要指标", "indicators", 3, 3, 0),
        ("签约在谈", "leads", 28, 28, 0),
        ("领导名册", "officials", 10, 10, 0),
        ("单位名册", "units", 16, 16, 0),
        ("项目位置", "places", 180, 0, 180),
    ]


def test_sheet_says_what_was_read_in_the_contracts_words(shared):
    sheet = shared[1]["sheets"][1]
    assert (sheet["list"], sheet["year"], sheet["unit"], sheet["as_of"]) == (
        "市级重大",
        2023,
        "万元",
        "2023-10-10",
    )
    assert sheet["header_rows"] == [3, 4]
    assert {"row": 5, "why": "合计"} in sheet["ignored"]
    assert {"row": 6, "text": "一、新开工项目（32个）", "declared": 32, "parsed": 32} in sheet["declared"]
    assert sheet["unmapped_columns"] == ["备注"]
    assert sheet["errors"] == []
    assert all(set(warning) == {"row", "column", "value", "message"} for warning in sheet["warnings"])


def test_project_in_two_lists_is_one_and_says_where_the_sheets_differ(shared):
    assert Project.objects.count() == 180
    assert (
        Project.objects.filter(listings__annual_list__kind__name="省级重点")
        .filter(listings__annual_list__kind__name="市级重大")
        .count()
        == 6
    )
    project = Project.objects.get(name="中材高新高性能氮化硅项目")
    report = project.reports.get(period_ends_on="2023-10-10")
    assert report.physical_progress == "桩基施工"  # the first sheet wins
    messages = [w["message"] for w in shared[1]["sheets"][1]["warnings"] if w["row"] == 7]
    assert any("省级重点第7行" in message and "桩基施工" in message for message in messages)


def test_rows_become_the_records_the_product_works_with(shared):
    project = Project.objects.get(name="先导ITO靶材项目")
    assert (str(project.started_on), str(project.in_production_on)) == ("2022-07-04", "2023-04-08")
    # “是” names no day: known from the ledger's day on
    assert (project.entered_statistics_on, str(project.statistics_stated_on)) == (None, "2023-10-10")
    assert str(project.reports_from_on) == "2023-10-11"
    assert (project.sponsor.name, project.sponsor.post) == ("领导甲", "工委书记")
    assert (project.lead_department.kind, project.host_district.kind) == ("department", "district")
    assert "xdit" in project.search_text
    assert set(project.handovers.values_list("slot", "from_on")) == {
        (slot, project.handovers.first().from_on) for slot in Handover.Slot.values
    }
    version = ListingVersion.objects.get(
        listing__project=project, listing__annual_list__kind__name="市级重大"
    )
    assert (str(version.effective_on), version.change, version.planned_investment) == (
        "2023-01-01",
        "initial",
        55300,
    )
    assert project.carry_overs.get().amount == Decimal("176640")
    june = project.reports.get(period_ends_on="2023-06-30")
    assert (june.invested_this_year, june.invested_to_date) == (Decimal("27650"), Decimal("204290"))
    assert (june.state, june.source, str(june.counts_from_on)) == ("confirmed", "ledger", "2023-06-30")
    milestone = Milestone.objects.get(plan__project=project, name="联合验收")
    assert milestone.evidence == "台账登记：ledger-2023-full.xlsx 节点计划 第12行"
    assert Problem.objects.filter(state="resolved").count() == 17
    assert Unit.objects.filter(name__in=["先进制造业创新示范区服务中心", "先创区"]).count() == 2
    assert Official.objects.count() == 10


def test_everything_written_is_remembered(shared):
    rows = ImportedRow.objects.count()
    assert rows == AuditRecord.objects.filter(imported_row__isnull=False).count() > 3000
    assert not ImportedRow.objects.filter(before__isnull=False).exists()


def test_second_import_of_the_same_file_writes_nothing(shared):
    records = AuditRecord.objects.count()
    code, result, err = run("import_ledger", SHARED)
    assert (code, result["written"], result["batch"], err) == (0, False, None, "")
    assert all(s["created"] == s["updated"] == 0 and s["unchanged"] == s["rows"] for s in result["sheets"])
    assert (AuditRecord.objects.count(), ImportBatch.objects.count()) == (records, 1)


def test_reverted_batch_leaves_only_its_memory(shared):
    batch = shared[1]["batch"]
    code, result, _ = run("revert_import", batch)
    assert (code, result["reverted"]) == (0, True)
    assert Project.objects.count() == ProgressReport.objects.count() == Unit.objects.count() == 0
    assert ImportedRow.objects.filter(batch=batch).count() == result["deleted"]
    code, result, err = run("revert_import", batch)
    assert (code, result["reverted"]) == (1, False)
    assert "已撤销" in err


def test_revert_refuses_once_something_newer_depends_on_it(shared):
    Project.objects.filter(name="特种玻璃项目").update(address="新址")
    code, _, err = run("revert_import", shared[1]["batch"])
    assert code == 1
    assert "特种玻璃项目" in err
    assert Project.objects.count() == 180
