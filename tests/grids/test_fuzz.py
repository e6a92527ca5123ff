"""A thousand workbooks spoilt by chance (随机损坏): each is read or refused, within the limits, and never half-written."""

import subprocess
import sys
from pathlib import Path

import pytest

from projects.models import ImportBatch, Project
from projects.services.imports import Options, import_file
from tests.factories import NOW, TODAY
from tests.grids.mutations import SEEDS, mutated

CODE = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "first", [0, *(pytest.param(n * 1000, marks=pytest.mark.crawl) for n in range(1, 10))]
)
def test_a_spoilt_workbook_is_read_or_refused_within_the_limits(first):
    reading = [sys.executable, "-m", "tests.grids.mutations", str(first), "1000"]
    done = subprocess.run(reading, capture_output=True, text=True, cwd=CODE, check=False)
    assert done.returncode == 0, f"workbook {done.stderr[-600:]}"
    assert "'read': " in done.stdout and "'文件已损坏" in done.stdout


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.usefixtures("media")
@pytest.mark.parametrize("turn", [0, *(pytest.param(n, marks=pytest.mark.crawl) for n in range(1, 20))])
def test_an_import_of_a_spoilt_ledger_writes_all_or_nothing(turn):
    spoilt = (mutated(n) for n in range(turn * 100, turn * 100 + 100))
    ledgers = [content for content in spoilt if content[:2] == b"PK" and content not in SEEDS][:10]
    for content in ledgers:
        projects, batches = Project.objects.count(), ImportBatch.objects.count()
        result, refusal = import_file(
            content=content,
            file_name="台账.xlsx",
            options=Options(),
            allow_warnings=True,
            by=None,
            now=NOW,
            today=TODAY,
        )
        created = sum(sheet["created"] for sheet in result["sheets"]) if result["written"] else 0
        assert Project.objects.count() == projects + created
        assert ImportBatch.objects.count() == batches + result["written"]
        assert not (refusal and result["written"])
