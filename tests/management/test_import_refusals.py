"""What import_ledger refuses, asks about or only looks at (contract.md §2): the exit code and the words."""

import pytest
from django.core.management import call_command

from projects.models import Project
from tests.management.test_import_command import run
from tests.workbooks_for_import import SHARED, ledger, row

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_dry_run_and_sheet_choice_write_nothing_and_only_read_that_sheet():
    code, result, _ = run("import_ledger", SHARED, "--dry-run", "--sheet", "省级重点")
    assert (code, result["written"], [s["sheet"] for s in result["sheets"]]) == (0, False, ["省级重点"])
    assert result["sheets"][0]["created"] == 14
    assert Project.objects.count() == 0


def test_refusal_is_exit_1_with_the_reason_in_words_and_in_the_json(tmp_path):
    path = tmp_path / "错误.xlsx"
    path.write_bytes(ledger([row(计划竣工时间="2022年1月")]))
    code, result, err = run("import_ledger", path)
    assert (code, result["written"], result["batch"]) == (1, False, None)
    assert "第4行" in err and result["reason"] in err
    assert result["sheets"][0]["errors"][0]["row"] == 4
    assert Project.objects.count() == 0


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_refused_in_words(tmp_path, content):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    code, result, err = run("import_ledger", path)
    assert (code, result["written"], result["sheets"]) == (1, False, [])
    assert "xlsx" in err


def test_missing_file_is_a_usage_error(tmp_path):
    with pytest.raises(SystemExit) as leave:
        call_command("import_ledger", str(tmp_path / "none.xlsx"), skip_checks=True)
    assert leave.value.code == 2


def test_warnings_that_ask_wait_for_the_flag(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(ledger([row()], before=[["合计（2个）"]]))
    code, result, err = run("import_ledger", path)
    assert (code, Project.objects.count()) == (1, 0)
    assert "--allow-warnings" in err
    assert "--allow-warnings" in result["sheets"][0]["warnings"][0]["message"]
    code, result, _ = run("import_ledger", path, "--allow-warnings")
    assert (code, result["written"], Project.objects.count()) == (0, True, 1)
