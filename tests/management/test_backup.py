"""Backup and restore (备份与恢复), each run as a process of its own on a data directory of its own."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from projects.management.supervisor import Supervisor
from tests import template_database
from tests.conftest import clean_environment

pytestmark = pytest.mark.crash
BASE = Path(__file__).resolve().parents[2]


@pytest.fixture
def data_dir(own_data_dir) -> Path:
    (own_data_dir / "media").mkdir()
    (own_data_dir / "media" / "photo.jpg").write_bytes(b"photo")
    return own_data_dir


def manage(directory: Path, *arguments, **more: str) -> subprocess.CompletedProcess:
    line = [sys.executable, "manage.py", *map(str, arguments)]
    environment = clean_environment(directory, **more)
    return subprocess.run(line, cwd=BASE, env=environment, capture_output=True, text=True)


def mark(directory: Path, name: str) -> None:
    with sqlite3.connect(directory / "db.sqlite3") as database:
        database.execute("INSERT INTO projects_heartbeat (name, beat_at) VALUES (?, '2023-10-12')", [name])
    database.close()


def marks(directory: Path) -> list[str]:
    database = sqlite3.connect(directory / "db.sqlite3")
    rows = database.execute("SELECT name FROM projects_heartbeat ORDER BY name").fetchall()
    database.close()
    return [name for (name,) in rows]


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory) -> tuple[Path, Path]:
    """A data directory with a mark, a picture and settings, and its backup; for tests that change neither."""
    data_dir, file = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("kept") / "backup.tar.gz"
    shutil.copy(template_database.sqlite_file(), data_dir / "db.sqlite3")
    mark(data_dir, "before")
    (data_dir / "settings.env").write_text("TODAY=2023-10-12\n")
    assert manage(data_dir, "backup", file).returncode == 0
    return data_dir, file


def test_restore_brings_back_the_day_of_the_backup_and_keeps_what_was_there(data_dir, tmp_path):
    mark(data_dir, "before")
    file = tmp_path / "kept" / "backup.tar.gz"
    assert manage(data_dir, "backup", file).returncode == 0
    assert file.stat().st_mode & 0o777 == 0o600
    mark(data_dir, "after")
    (data_dir / "media" / "photo.jpg").write_bytes(b"spoilt")

    result = manage(data_dir, "restore", file)

    assert result.returncode == 0, result.stderr
    assert marks(data_dir) == ["before"]
    assert (data_dir / "media" / "photo.jpg").read_bytes() == b"photo"
    (old,) = data_dir.glob("media.before-restore-*")
    assert (old / "photo.jpg").read_bytes() == b"spoilt"
    assert list(data_dir.glob("db.sqlite3.before-restore-*"))


def test_a_backup_goes_to_an_empty_machine_with_its_settings(backed_up, tmp_path):
    _data_dir, file = backed_up
    other = tmp_path / "other"
    assert manage(other, "restore", file).returncode == 0
    assert marks(other) == ["before"]
    assert (other / "settings.env").read_text() == "TODAY=2023-10-12\n"


# `manage.py restore` of several files, one after the other: what it says of each that it refuses
RESTORE_EACH = """
import sys, django; django.setup()
from django.core.management import CommandError, call_command
for file in sys.argv[1:]:
    try:
        call_command("restore", file)
    except CommandError as refusal:
        print(refusal)
"""


def test_a_damaged_or_foreign_file_changes_nothing(backed_up, tmp_path):
    data_dir, whole = backed_up
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(whole.read_bytes()[:2000])
    foreign = tmp_path / "foreign.tar.gz"
    with tarfile.open(foreign, "w:gz") as archive:
        archive.add(BASE / "LICENSE", "LICENSE")
    line = [sys.executable, "-c", RESTORE_EACH, cut, foreign, tmp_path / "no"]
    environment = clean_environment(data_dir, DJANGO_SETTINGS_MODULE="zibo_projects.settings")
    result = subprocess.run(line, cwd=BASE, env=environment, capture_output=True, text=True)
    said = result.stdout.splitlines()
    assert len(said) == 3, result.stderr
    for refusal, words in zip(
        said, ("不是完整的备份文件", "不是本系统的备份文件", "找不到备份文件"), strict=True
    ):
        assert words in refusal
    assert marks(data_dir) == ["before"]
    assert not list(data_dir.glob("*.before-restore-*"))


def test_restore_refuses_while_the_site_runs_and_backup_never_overwrites(backed_up):
    data_dir, file = backed_up
    again = manage(data_dir, "backup", file)
    assert again.returncode == 1
    assert "已存在" in again.stderr
    supervisor = Supervisor(data_dir=data_dir, host="127.0.0.1", port=0, say=print)
    supervisor.claim()
    try:
        result = manage(data_dir, "restore", file)
    finally:
        supervisor.lock.close()
    assert result.returncode == 1
    assert "网站正在运行" in result.stderr


@pytest.fixture
def postgres_url():
    """A database of its own on the server of TEST_DATABASE_URL, empty and migrated."""
    if not shutil.which("pg_dump"):
        pytest.skip("needs pg_dump and pg_restore on this machine")
    server, name = urlsplit(os.environ["TEST_DATABASE_URL"]), f"zibo_backup_{os.getpid()}"
    migrated = template_database.postgres_name(server.geturl())
    with psycopg.connect(server._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {migrated}")
        yield server._replace(path=f"/{name}").geturl()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.postgres
def test_the_same_two_commands_serve_postgresql_and_keep_the_old_database_as_a_dump(postgres_url, tmp_path):
    data_dir, file = tmp_path / "data", tmp_path / "backup.tar.gz"
    data_dir.mkdir()

    def beats(*names: str) -> list[str]:
        """Writes the marks given, and reads all."""
        with psycopg.connect(postgres_url) as database:
            for name in names:
                database.execute("INSERT INTO projects_heartbeat (name, beat_at) VALUES (%s, now())", [name])
            rows = database.execute("SELECT name FROM projects_heartbeat ORDER BY name").fetchall()
        return [name for (name,) in rows]

    def run(*arguments) -> subprocess.CompletedProcess:
        return manage(data_dir, *arguments, DATABASE_URL=postgres_url)

    beats("before")
    assert run("backup", file).returncode == 0
    beats("after")

    result = run("restore", file)

    assert result.returncode == 0, result.stderr
    assert beats() == ["before"]
    assert list((data_dir / "backups").glob("database.before-restore-*.pgdump"))
    sqlite = manage(tmp_path / "elsewhere", "restore", file)  # a dump of another kind
    assert sqlite.returncode == 1 and "当前数据库是 sqlite" in sqlite.stderr
