"""The process that reads a workbook (读表进程): grids come back, and whatever ends it ends in words."""

import os
import pickle
import signal
import sys
import threading

import pytest

from projects.grids import __main__ as process
from projects.services.imports import reader
from projects.services.imports.reader import KILLED, UnreadableWorkbook, read_workbook
from tests.grids.hostile import ONE, cell, far_corners, sheet, xlsx


def child(monkeypatch, code: str) -> None:
    """Let a process of this code stand in for the reading: what the file might make of it."""
    monkeypatch.setattr(reader, "READING", [sys.executable, "-c", code])


def test_grids_come_back_from_the_process_with_merged_cells_filled():
    body = f'<row r="1">{cell("A1", "甲")}<c r="B1"><v>2.5</v></c></row><row r="2" hidden="1">{cell("B2", "乙")}</row>'
    after = '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>'
    (grid,) = read_workbook(xlsx(sheet(body, after=after), states={1: "hidden"}))
    assert grid.rows == [["甲", 2.5], ["甲", "乙"]]
    assert (grid.filled, grid.hidden_rows, grid.is_hidden) == ({(1, 0)}, [2], True)


def test_a_refusal_comes_back_in_its_words():
    with pytest.raises(UnreadableWorkbook, match="直到XFD1048576"):
        read_workbook(far_corners())


@pytest.mark.parametrize(
    "code",
    [
        f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})",
        "import sys; sys.exit(1)",
        "print('no pickle')",
        f"import sys; sys.stdout.buffer.write({pickle.dumps(os.system)!r})",
    ],
    ids=["killed", "failed", "nonsense", "a call"],
)
def test_a_reading_that_ends_otherwise_is_refused_in_words(monkeypatch, code):
    child(monkeypatch, code)
    with pytest.raises(UnreadableWorkbook) as refusal:
        read_workbook(xlsx(ONE))
    assert str(refusal.value) == KILLED


def test_a_reading_that_hangs_is_ended(monkeypatch):
    child(monkeypatch, "import time; time.sleep(100)")
    monkeypatch.setattr(reader, "WALL_SECONDS", 0.2)
    with pytest.raises(UnreadableWorkbook) as refusal:
        read_workbook(xlsx(ONE))
    assert str(refusal.value) == KILLED


LIMITED = "import projects.grids.__main__ as p; p.{name} = {value}; p.limit_itself(); {work}; print(1)"


@pytest.mark.skipif(process.resource is None, reason="this system knows no limits")
@pytest.mark.parametrize(
    ("name", "value", "work"),
    [
        ("MEMORY_BYTES", 20 * 2**20, "x = bytearray(40 * 2**20)"),
        ("CPU_SECONDS", 1, "sum(1 for _ in iter(int, 1))"),
    ],
)
def test_the_process_keeps_to_its_limits(monkeypatch, name, value, work):
    child(monkeypatch, LIMITED.format(name=name, value=value, work=work))
    with pytest.raises(UnreadableWorkbook) as refusal:
        read_workbook(xlsx(ONE))
    assert str(refusal.value) == KILLED


def test_two_threads_read_at_once():
    found = []
    threads = [threading.Thread(target=lambda: found.extend(read_workbook(xlsx(ONE)))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [grid.rows for grid in found] == [[["甲"]]] * 2
