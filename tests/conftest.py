"""What every test stands on; people and rows are in tests/factories.py."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connection

from tests import template_database
from zibo_projects import broker

# A slow machine is no failure: tests never judge times.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")


def pytest_configure(config) -> None:
    """Fast and plain where a test would only wait: hashes, file names, lock-out."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STATIC_ROOT = Path(settings.DATA_DIR) / "static"
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    settings.AXES_ENABLED = False


def pytest_collection_modifyitems(items) -> None:
    """Name as skipped what this machine cannot run."""
    without_postgres = pytest.mark.skip(reason="needs PostgreSQL: set TEST_DATABASE_URL")
    without_chromium = pytest.mark.skip(reason="needs chromium on this machine")
    has_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    for item in items:
        if item.get_closest_marker("postgres") and not has_postgres:
            item.add_marker(without_postgres)
        if item.get_closest_marker("browser") and not chromium():
            item.add_marker(without_chromium)


def chromium() -> str | None:
    """The browser for tests marked `browser`."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def clean_environment(data_dir: Path, /, **more: str) -> dict[str, str]:
    """The environment of a process of its own: a data directory, and nothing of this run's configuration."""
    kept = {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}
    return {**{k: v for k, v in os.environ.items() if k in kept}, "DATA_DIR": str(data_dir), **more}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix) -> None:
    """The test database of this worker is a copy of the migrated one (tests/template_database.py)."""
    template_database.copy_into(connection)


@pytest.fixture
def own_data_dir(tmp_path) -> Path:
    """A data directory of its own with an empty migrated SQLite database, for processes that a test starts."""
    directory = tmp_path / "data"
    directory.mkdir()
    shutil.copy(template_database.sqlite_file(), directory / "db.sqlite3")
    return directory


@pytest.fixture(scope="session")
def broker_url() -> Iterator[str]:
    """A real broker: TEST_BROKER_URL, else an embedded one for this run. For tests marked `broker`."""
    if os.environ.get("TEST_BROKER_URL"):
        yield os.environ["TEST_BROKER_URL"]
        return
    with tempfile.TemporaryDirectory(prefix="zibo-broker-") as name:
        directory = Path(name)
        server = subprocess.Popen(broker.command(directory), stdout=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 10
            while not broker.answers(directory):
                assert time.monotonic() < deadline, "the embedded broker did not start"
                time.sleep(0.05)
            yield broker.url(directory)
        finally:
            server.terminate()
            server.wait(10)
