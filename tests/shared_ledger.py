"""The office's own workbook (demo/ledger-2023-full.xlsx) in the database, read once for a whole test module."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from projects.services.imports import Options, import_file

from .factories import NOW, TODAY

WORKBOOK = Path(__file__).resolve().parent.parent / "demo" / "ledger-2023-full.xlsx"


@pytest.fixture(scope="module")
def imported_ledger(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The imported workbook under every test of a module; each test rolls back to it, the module to nothing.

    For `usefixtures` of a whole module: what does not ask for it would meet its rows all the same.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        _, refusal = import_file(
            content=WORKBOOK.read_bytes(),
            file_name=WORKBOOK.name,
            options=Options(),
            by=None,
            now=NOW,
            today=TODAY,
        )
        assert not refusal, refusal
        yield
        transaction.set_rollback(True)
