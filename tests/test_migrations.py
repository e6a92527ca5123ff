"""Migrating from nothing (迁移): it works, it ends in the models, and the database that all tests copy is the same.

A database that stopped among the thirty migrations that the first one replaces goes on to the same tables and rows.
"""

import ast
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from tests import template_database

pytestmark = pytest.mark.crash


SET_BY_DJANGO = {"django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"}
# as an office of that day did: up to a migration in the middle, none of them replaced
HALF_WAY = """
import django; django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
executor.loader.replace_migrations = False
executor.loader.build_graph()
executor.migrate([("projects", "0028_light_rules_end")])
"""


def laid_out(file) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The schema of a database by table and index, clauses in any order; the rows of each table, columns by name."""
    database = sqlite3.connect(file)
    laid = database.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    schema = {name: clauses(sql) for name, sql in laid}
    rows = {}
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if name not in SET_BY_DJANGO:
            columns = sorted(f'"{row[1]}"' for row in database.execute(f'PRAGMA table_info("{name}")'))
            rows[name] = sorted(map(repr, database.execute(f'SELECT {", ".join(columns)} FROM "{name}"')))
    database.close()
    return schema, rows


def clauses(sql: str) -> list[str]:
    """The head of CREATE TABLE and its parts between the outermost commas, sorted; another statement as it is."""
    if not sql.startswith("CREATE TABLE"):
        return [sql]
    head, _, inside = sql.rpartition(")")[0].partition("(")
    parts, depth = [""], 0
    for sign in inside:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [head.strip(), *sorted(part.strip() for part in parts)]


def test_what_the_tests_copy_was_made_by_the_migrations_there_are():
    """All of them, from nothing (template_database.migrate), and never by older ones: it is named after their text."""
    schema, rows = laid_out(template_database.sqlite_file())
    assert len(schema) > 100 and rows["projects_listkind"]
    assert imported_by_migrations() <= {Path(one) for one in template_database.MADE_OF}


def imported_by_migrations() -> set[Path]:
    """The files of ours that migrations import, besides one another."""
    found = set()
    for file in Path(settings.BASE_DIR, "projects/migrations").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            found |= {
                Path(name.replace(".", "/") + ".py")
                for name in names
                if name.startswith(("projects", "zibo_projects"))
            }
    return {one for one in found if Path("projects/migrations") not in one.parents}


@pytest.mark.crawl
def test_an_empty_database_migrates_to_what_the_tests_copy(tmp_path):
    made = tmp_path / "db.sqlite3"
    template_database.migrate(f"sqlite:///{made}")
    assert laid_out(made) == laid_out(template_database.sqlite_file())


@pytest.mark.crawl
def test_a_database_that_stopped_on_the_way_ends_in_the_same(tmp_path):
    made = tmp_path / "db.sqlite3"
    given = {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{made}",
        "DJANGO_SETTINGS_MODULE": "zibo_projects.settings",
    }
    subprocess.run(
        [sys.executable, "-c", HALF_WAY], cwd=settings.BASE_DIR, env={**os.environ, **given}, check=True
    )
    assert "projects_measure" in laid_out(made)[0]
    assert (
        laid_out(made)[1]["projects_lightband"]
        != laid_out(template_database.sqlite_file())[1]["projects_lightband"]
    )
    template_database.migrate(given["DATABASE_URL"])
    assert laid_out(made) == laid_out(template_database.sqlite_file())


@pytest.mark.django_db
def test_the_models_need_no_further_migration(capsys):
    call_command("makemigrations", check=True, dry_run=True, skip_checks=True)
    assert "No changes detected" in capsys.readouterr().out
