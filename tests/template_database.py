"""One migrated database for every test run of the same migrations, copied instead of migrated again.

Migrating costs 14 CPU seconds a worker, copying a tenth of one. SQLite: a file under build/. PostgreSQL: a database of
the server, by `CREATE DATABASE … TEMPLATE`. Making it is the proof that migrating from nothing works: with a migration
that does not, no test of the database runs. tests/test_migrations.py holds that MADE_OF leaves nothing out.
"""

import datetime as dt
import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

BUILD = settings.BASE_DIR / "build"
NAME = "zibo_template_"
MADE_OF = ("projects/migrations", "projects/models/fields.py", "projects/pinyin.py", "requirements.lock")


def version() -> str:
    """What the template was made of: our migrations, what of ours they stand on, and the packages' versions."""
    total = hashlib.sha256()
    for part in MADE_OF:
        path = settings.BASE_DIR / part
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            total.update(file.read_bytes())
    return total.hexdigest()[:12]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """The workers of a run wait here for the first of them, which makes the template."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "test-template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate(database_url: str) -> None:
    """`manage.py migrate` of an empty database, in a process of its own with nothing of this run's settings."""
    with tempfile.TemporaryDirectory() as data_dir:
        kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}}
        env = {
            **kept,
            "DATA_DIR": data_dir,
            "DATABASE_URL": database_url,
            "SECRET_KEY": "only-for-tests-" * 4,
        }
        line = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(line, cwd=settings.BASE_DIR, env=env, check=True)


def sqlite_file() -> Path:
    """The migrated SQLite file of these migrations; made when missing, the ones of other migrations put away."""
    file = BUILD / f"test-template-{version()}.sqlite3"
    with one_at_a_time():
        if not file.exists():
            for older in BUILD.glob("test-template-*.sqlite3"):
                older.unlink()
            with tempfile.TemporaryDirectory(dir=BUILD) as name:
                made = Path(name) / "db.sqlite3"
                migrate(f"sqlite:///{made}")
                with sqlite3.connect(made) as database:
                    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                database.close()
                shutil.move(made, file)
    return file


def postgres_name(url: str) -> str:
    """The migrated database of these migrations on the server of `url`, which other checkouts may use as well.

    Made by one process of one checkout at a time. A template is marked with its day; those of other migrations are
    dropped when they are older than yesterday and nobody is connected to them.
    """
    import psycopg

    wanted, today = NAME + version(), dt.datetime.now(dt.UTC).date()
    place = urllib.parse.urlsplit(url)
    with psycopg.connect(place._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [NAME])
        met = server.execute(
            "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE starts_with(datname, %s)",
            [NAME],
        )
        days = dict(met.fetchall())
        for name, day in days.items():
            if name != wanted and (day or "") < (today - dt.timedelta(days=1)).isoformat():
                with suppress(psycopg.errors.ObjectInUse):
                    server.execute(f'DROP DATABASE "{name}"')
        if wanted not in days:
            making = f"making_{wanted}"
            server.execute(f'DROP DATABASE IF EXISTS "{making}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{making}"')
            migrate(place._replace(path=f"/{making}").geturl())
            server.execute(f'ALTER DATABASE "{making}" RENAME TO "{wanted}"')
        server.execute(f"COMMENT ON DATABASE \"{wanted}\" IS '{today.isoformat()}'")
    return wanted


def own_name(name: str) -> str:
    """The name of a test database that no run of another checkout on the same server takes."""
    return f"{name}_{hashlib.sha256(str(settings.BASE_DIR).encode()).hexdigest()[:8]}"


def copy_into(connection: BaseDatabaseWrapper) -> None:
    """Let the test database of a connection begin as a copy; the migrations that follow then find nothing to do."""
    if connection.vendor == "postgresql":
        name = postgres_name(os.environ["TEST_DATABASE_URL"])
        test = connection.settings_dict["TEST"]
        test["TEMPLATE"] = name
        test["NAME"] = own_name(test["NAME"] or f"test_{connection.settings_dict['NAME']}")
        return
    creation = connection.creation
    make_empty = creation._create_test_db

    def make_copy(*args, **kwargs) -> str:
        name = make_empty(*args, **kwargs)
        # in memory: it lives as long as one connection to it is open
        creation.template_keeper = sqlite3.connect(name, uri=True, check_same_thread=False)
        with sqlite3.connect(sqlite_file()) as template:
            template.backup(creation.template_keeper)
        template.close()
        return name

    creation._create_test_db = make_copy
