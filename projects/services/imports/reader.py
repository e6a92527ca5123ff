"""Reading a workbook (读取工作簿): bytes in, grids out, by a process of its own that a hostile file may kill.

A subprocess and not a fork: Celery's workers are daemons and may have no children of multiprocessing, and threads do
not survive a fork. It imports `projects.grids` alone, no Django, and costs some 0.1 s for a small file.
"""

import logging
import os
import pickle
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from projects.grids.book import check as check_package
from projects.grids.formats import KILLED, MAX_FILE_BYTES, is_package
from projects.grids.grid import Cell, Grid, UnreadableWorkbook, column_letter
from projects.grids.marks import MAX_ROWS

__all__ = [
    "MAX_FILE_BYTES",
    "MAX_ROWS",
    "Cell",
    "Grid",
    "UnreadableWorkbook",
    "check_package",
    "column_letter",
    "read_workbook",
]

log = logging.getLogger(__name__)

WALL_SECONDS = 60
CODE = Path(__file__).resolve().parents[3]
# a panic of calamine's that draws its backtrace without memory left hangs until the clock ends it
ENVIRONMENT = {**os.environ, "RUST_BACKTRACE": "0"}
READING = [sys.executable, "-m", "projects.grids"]


def read_workbook(content: bytes) -> list[Grid]:
    """Every worksheet of a workbook, in its order, merged cells filled. UnreadableWorkbook when the file is refused.

    Never takes more than WALL_SECONDS, nor more memory than the process allows itself (`projects.grids.__main__`).
    """
    is_package(content)  # what needs no process needs none
    answer = _answer(content)
    if "refused" in answer:
        raise UnreadableWorkbook(answer["refused"])
    grids = [Grid(*values) for values in answer["grids"]]
    for grid in grids:
        grid.fill_merges()
    return grids


def _answer(content: bytes) -> dict[str, Any]:
    try:
        done = subprocess.run(
            READING,
            input=content,
            capture_output=True,
            timeout=WALL_SECONDS,
            cwd=CODE,
            env=ENVIRONMENT,
            check=True,
        )
        return _Answer(BytesIO(done.stdout)).load()
    except (subprocess.SubprocessError, pickle.UnpicklingError, EOFError) as error:
        said = (getattr(error, "stderr", None) or b"")[-2000:].decode("utf-8", "replace")
        log.warning("the reading of a workbook of %d bytes ended: %s %s", len(content), error, said)
        raise UnreadableWorkbook(KILLED) from error


class _Answer(pickle.Unpickler):
    """An answer may hold values and days, and name nothing else: the process has met the file."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime":
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no value")
