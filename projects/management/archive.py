"""Backup and restore (备份与恢复): database, uploads, settings and key in one tar.gz."""

import datetime as dt
import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import connection, connections

from projects.services.base.changing import sure

FORMAT = 1
DUMP = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
SMALL_FILES = ("settings.env", "secret_key")


class ArchiveRefused(Exception):
    """Nothing was changed; the message says why and what to do."""


def write_backup(*, target: Path, now: dt.datetime) -> None:
    """One archive of everything that must not be lost, taken while the site runs.

    Appears under its name only when it is whole, and is readable by its owner alone.
    """
    if target.exists():
        raise ArchiveRefused(f"{target} 已存在，请换一个文件名。")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".partial")
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as name:
        dump = Path(name) / DUMP[connection.vendor]
        _dump_database(dump)
        manifest = Path(name) / "manifest.json"
        manifest.write_text(
            json.dumps({"format": FORMAT, "database": connection.vendor, "made_at": now.isoformat()})
        )
        handle = os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with (
            os.fdopen(handle, "wb") as file,
            tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive,
        ):
            archive.add(manifest, manifest.name)
            archive.add(dump, dump.name)
            for small in SMALL_FILES:
                if (settings.DATA_DIR / small).exists():
                    archive.add(settings.DATA_DIR / small, small)
            if settings.MEDIA_ROOT.exists():
                archive.add(settings.MEDIA_ROOT, "media")
    unfinished.rename(target)


def restore_backup(*, source: Path, now: dt.datetime) -> list[str]:
    """Put an archive in the place of what is there; answers what was kept of the old, in words.

    Refuses while the site runs on this data directory, and an archive that is damaged, of another product or
    of another kind of database: before anything is changed.
    """
    with open(settings.DATA_DIR / "up.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ArchiveRefused("网站正在运行。请先停止（Ctrl-C 或 systemctl stop），再恢复。") from None
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as name:
            stage = Path(name)
            _unpack(source, stage)
            _inspect(stage, source)
            suffix = f".before-restore-{now:%Y%m%d-%H%M%S}"
            kept = _restore_database(stage / DUMP[connection.vendor], suffix)
            if settings.MEDIA_ROOT.exists():
                aside = settings.MEDIA_ROOT.with_name(settings.MEDIA_ROOT.name + suffix)
                settings.MEDIA_ROOT.rename(aside)
                kept.append(f"原附件保留为 {aside}")
            if (stage / "media").exists():
                shutil.move(stage / "media", settings.MEDIA_ROOT)
            for small in SMALL_FILES:
                here = settings.DATA_DIR / small
                if (stage / small).exists() and not here.exists():
                    shutil.move(stage / small, here)
                    here.chmod(0o600)
    return kept


def _dump_database(target: Path) -> None:
    if connection.vendor == "sqlite":
        source, copy = sqlite3.connect(connection.settings_dict["NAME"]), sqlite3.connect(target)
        try:
            source.backup(copy)
        finally:
            source.close()
            copy.close()
    else:
        _postgres("pg_dump", "--format=custom", "--no-owner", "--file", str(target))


def _restore_database(dump: Path, suffix: str) -> list[str]:
    connections.close_all()
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        kept = []
        for ending in ("", "-wal", "-shm"):
            file = database.with_name(database.name + ending)
            if file.exists():
                file.rename(database.with_name(database.name + suffix + ending))
                kept = [f"原数据库保留为 {database.name + suffix}"]
        shutil.move(dump, database)
        return kept
    before = settings.DATA_DIR / "backups" / f"database{suffix}.pgdump"
    before.parent.mkdir(mode=0o700, exist_ok=True)
    _postgres("pg_dump", "--format=custom", "--no-owner", "--file", str(before))
    _postgres(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(dump), into=True
    )
    return [f"原数据库保留为 {before}"]


def _postgres(program: str, *arguments: str, into: bool = False) -> None:
    """Run one of PostgreSQL's own programs on the configured database."""
    where = connection.settings_dict
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = {name: str(where[key]) for name, key in named.items() if where.get(key)}
    line = [program, *(["--dbname"] if into else []), where["NAME"], *arguments]
    try:
        result = subprocess.run(line, env={**os.environ, **environment}, capture_output=True, text=True)
    except FileNotFoundError:
        raise ArchiveRefused(f"找不到 {program}，请先安装 postgresql-client。") from None
    if result.returncode:
        raise ArchiveRefused(f"{program} 未成功：{result.stderr.strip()}")


def _unpack(source: Path, stage: Path) -> None:
    """Plain files under known names only, whatever the archive says of itself."""
    known = {"manifest.json", *DUMP.values(), *SMALL_FILES}
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                path = PurePosixPath(member.name)
                ours = member.name in known or (path.parts[:1] == ("media",) and ".." not in path.parts)
                if not (ours and member.isfile()):
                    continue
                target = stage / path
                target.parent.mkdir(parents=True, exist_ok=True)
                with sure(archive.extractfile(member)) as inside, open(target, "wb") as outside:
                    shutil.copyfileobj(inside, outside)
    except FileNotFoundError:
        raise ArchiveRefused(f"找不到备份文件 {source}。") from None
    except (OSError, EOFError, tarfile.TarError) as error:
        raise ArchiveRefused(f"{source} 不是完整的备份文件（{error}），请换一份。") from error


def _inspect(stage: Path, source: Path) -> None:
    try:
        manifest = json.loads((stage / "manifest.json").read_text())
        is_ours = manifest["format"] == FORMAT and (stage / DUMP[manifest["database"]]).exists()
    except (OSError, ValueError, KeyError, TypeError):
        is_ours = False
    if not is_ours:
        raise ArchiveRefused(f"{source} 不是本系统的备份文件。")
    if manifest["database"] != connection.vendor:
        raise ArchiveRefused(
            f"备份取自 {manifest['database']}，当前数据库是 {connection.vendor}，不能直接恢复。"
        )
    if connection.vendor == "sqlite":
        database = sqlite3.connect(stage / DUMP["sqlite"])
        try:
            answer = database.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError as error:
            answer = str(error)
        finally:
            database.close()
        if answer != "ok":
            raise ArchiveRefused(f"备份中的数据库已损坏（{answer}），请换一份。")
