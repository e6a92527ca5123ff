"""Migrating from nothing (迁移): it works, it ends in the models, and the database that all tests copy is the same."""

import sqlite3

import pytest
from django.core.management import call_command

from tests import template_database

pytestmark = pytest.mark.crash


def laid_out(file) -> tuple[dict[str, str], dict[str, int]]:
    """The schema of a database by table and index, and the rows of each table."""
    database = sqlite3.connect(file)
    schema = dict(database.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    rows = {
        name: database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]
        for name in tables
        if name != "sqlite_sequence"
    }
    database.close()
    return schema, rows


def test_an_empty_database_migrates_to_what_the_tests_copy(tmp_path):
    made = tmp_path / "db.sqlite3"
    template_database.migrate(f"sqlite:///{made}")
    schema, rows = laid_out(made)
    assert (schema, rows) == laid_out(template_database.sqlite_file())
    assert len(schema) > 100 and rows["projects_listkind"] and rows["django_migrations"] > 20


@pytest.mark.django_db
def test_the_models_need_no_further_migration(capsys):
    call_command("makemigrations", check=True, dry_run=True, skip_checks=True)
    assert "No changes detected" in capsys.readouterr().out
