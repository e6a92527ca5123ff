"""The office's own workbook (demo/ledger-2023.xlsx) in the database, read once for a whole test module."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction

from projects.services.imports import Options, import_file

from .factories import NOW, TODAY

WORKBOOK = Path(__file__).resolve().parent.parent / "demo" / "ledger-2023.xlsx"
AS_OF = dt.date(2023, 10, 12)


@contextmanager
def imported_ledger(blocker) -> Iterator[None]:
    """The imported workbook under every test of a module; each test rolls back to it, the module to nothing.

    For a module's own fixture: `@pytest.fixture(scope="module", autouse=True)`, with django_db_setup and
    django_db_blocker as arguments.
    """
    with blocker.unblock(), transaction.atomic():
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
