"""Tables of one connection alone (预演): a write is rehearsed on temporary copies that hide the real tables.

The same code writes and the same code computes as afterwards, so that what is promised agrees to the last digit; no
real row is touched and no lock is taken, whatever the database.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

_CREATE = re.compile(r'^CREATE TABLE ("?)')
_INDEX = re.compile(r'^(CREATE (?:UNIQUE )?INDEX )(")')
_REFERENCES = re.compile(r' REFERENCES "\w+" \("\w+"\)(?: DEFERRABLE INITIALLY DEFERRED)?')


@contextmanager
def rehearsed_on(tables: Iterable[type[models.Model]]) -> Iterator[None]:
    """While it lasts, this connection reads and writes copies of the tables; afterwards they are gone.

    What is written within must not refer to a new row of a table that is not copied.
    """
    copy, schema = (_copy_sqlite, "temp") if connection.vendor == "sqlite" else (_copy_postgres, "pg_temp")
    made: list[str] = []
    with _without_lock():
        try:
            for model in tables:
                copy(model._meta.db_table)
                made.append(model._meta.db_table)
            yield
        finally:
            if not connection.needs_rollback:  # a transaction that failed takes its tables along
                with connection.cursor() as cursor:
                    for name in made:
                        cursor.execute(f'DROP TABLE {schema}."{name}"')


@contextmanager
def _without_lock() -> Iterator[None]:
    """An immediate transaction of SQLite would lock the real tables as well; one that is deferred locks what it writes."""
    if connection.vendor != "sqlite":
        yield
        return
    sqlite: Any = connection  # whose transaction mode Django's types do not know
    mode = sqlite.transaction_mode
    try:
        sqlite.transaction_mode = "DEFERRED"
        yield
    finally:
        sqlite.transaction_mode = mode


def _copy_sqlite(name: str) -> None:
    """The table with its checks, numbers and indexes; its references point at nothing here and are left out."""
    with connection.cursor() as cursor:
        wanted = "SELECT sql FROM main.sqlite_master WHERE tbl_name = %s AND type = %s AND sql IS NOT NULL"
        cursor.execute(wanted, [name, "table"])
        (made,) = cursor.fetchone()
        cursor.execute(_CREATE.sub(r"CREATE TEMP TABLE \1", _REFERENCES.sub("", made)).replace("%", "%%"))
        cursor.execute(wanted, [name, "index"])
        for (index,) in cursor.fetchall():
            cursor.execute(_INDEX.sub(r"\1temp.\2", index).replace("%", "%%"))
        cursor.execute(f'INSERT INTO temp."{name}" SELECT * FROM main."{name}"')  # noqa: S608 - our own tables


def _copy_postgres(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
        real, copied = f'"{schema}"."{name}"', f'pg_temp."{name}"'
        # without the constraints: what they refuse is found by the write itself, and deferred ones hold the table
        likeness = "INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING GENERATED"
        cursor.execute(f'CREATE TEMP TABLE "{name}" (LIKE {real} {likeness}, PRIMARY KEY (id))')
        cursor.execute(f"INSERT INTO {copied} SELECT * FROM {real}")  # noqa: S608 - our own tables
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{copied}', 'id'), (SELECT COALESCE(MAX(id), 1) FROM {copied}))"  # noqa: S608
        )
        cursor.execute(f"ANALYZE {copied}")
