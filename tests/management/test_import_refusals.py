"""What import_ledger refuses, asks about or only looks at (contract.md §2): the exit code and the words."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.core.management import call_command
from django.db import transaction
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from projects.models import Project
from tests.management.test_import_command import run
from tests.workbooks_for_import import SHARED, ledger, row, saved

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


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "文件是空的"), (b"not a workbook", "xlsx"), (b"PK\x03\x04broken", "xlsx")]
)
def test_what_is_no_workbook_is_refused_in_words(tmp_path, content, words):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    code, result, err = run("import_ledger", path)
    assert (code, result["written"], result["sheets"]) == (1, False, [])
    assert words in err


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


def test_a_file_above_the_bound_is_not_read_to_its_end(tmp_path):
    file = tmp_path / "台账.xlsx"
    with file.open("wb") as huge:
        huge.truncate(2**40)  # a hole: to read it whole would end the test
    code, result, error = run("import_ledger", file)
    assert (code, result["written"]) == (1, False)
    assert "文件超过20MB" in error


def opened(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def test_hidden_sheets_and_macros_are_said_of_a_sheet(tmp_path):
    book = opened(ledger([row()]))
    book.create_sheet("封面")
    book["市级重大"].sheet_state = "veryHidden"
    file = tmp_path / "台账.xlsm"
    file.write_bytes(saved(book))
    with zipfile.ZipFile(file, "a") as package:
        package.writestr("xl/vbaProject.bin", b"macro")
    _, result, _ = run("import_ledger", file, "--dry-run")
    said = [warning["message"] for sheet in result["sheets"] for warning in sheet["warnings"]]
    assert "本表为隐藏工作表，已一并读取" in said
    assert "文件含有宏，宏没有运行，只读取单元格内容" in said


def test_a_serial_day_counts_from_the_day_that_its_workbook_says(tmp_path):
    for epoch, serial in ((WINDOWS_EPOCH, 45087), (MAC_EPOCH, 43625)):
        book = opened(ledger([row(实际开工时间=serial)]))
        book.epoch = epoch
        file = tmp_path / "台账.xlsx"
        file.write_bytes(saved(book))
        with transaction.atomic():
            code, _, error = run("import_ledger", file, "--allow-warnings")
            assert (code, error) == (0, "")
            assert Project.objects.get(name="氢能电堆项目").started_on == date(2023, 6, 10)
            transaction.set_rollback(True)
