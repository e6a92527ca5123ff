"""What every test stands on; people and places are in tests/people.py, rows in tests/factories.py."""

import gc
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import override_settings

from tests import template_database
from tests.factories import TODAY
from tests.no_skips import NoSkips
from tests.properties import register_profiles
from tests.scene import Scene, make_scene
from zibo_projects import broker

pytest_plugins = ["tests.people", "tests.shared_ledger"]
register_profiles()


def pytest_configure(config) -> None:
    """Fast and plain where a test would only wait: hashes, file names, lock-out. In CI no test may be skipped."""
    if os.environ.get("CI") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(NoSkips())
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STATIC_ROOT = Path(settings.DATA_DIR) / "static"
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    settings.AXES_ENABLED = False


def pytest_xdist_auto_num_workers(config) -> int:
    """One worker more than cores: tests of browsers and processes mostly wait."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config, items) -> None:
    """Leave out what runs on the other database, skip what this machine lacks, begin with what takes longest."""
    on_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    elsewhere = "browser" if on_postgres else "postgres"
    left_out = [item for item in items if item.get_closest_marker(elsewhere)]
    items[:] = [item for item in items if not item.get_closest_marker(elsewhere)]
    config.hook.pytest_deselected(items=left_out)
    without_chromium = pytest.mark.skip(reason="needs chromium on this machine")
    for item in items:
        if item.get_closest_marker("browser") and not chromium():
            item.add_marker(without_chromium)
    items.sort(key=lambda item: not (item.get_closest_marker("browser") or item.get_closest_marker("crash")))


def pytest_collection_finish(session) -> None:
    """What stands after collecting stays to the end: the collector need not walk over it again, nor come so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


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


@pytest.fixture(scope="module")
def scene_of_module(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Scene]:
    """tests/scene.py under every test of a module, on its day: each test rolls back to it, the module to nothing.

    Use it by an `autouse` fixture, or by every test: what does not ask for it would meet its rows all the same.
    """
    with (
        override_settings(TODAY=TODAY, MEDIA_ROOT=tmp_path_factory.mktemp("media")),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        yield make_scene()
        transaction.set_rollback(True)


@pytest.fixture
def scene(scene_of_module: Scene, db) -> Scene:
    """The module's scene, in objects of this test's own."""
    return deepcopy(scene_of_module)


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
            while not broker.answers(directory):
                assert server.poll() is None, "the embedded broker did not start"
                time.sleep(0.05)
            yield broker.url(directory)
        finally:
            server.terminate()
            server.wait()
