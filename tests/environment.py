"""The environment of a test run, set before pytest-django reads the settings (loaded by `-p` in pyproject.toml).

A run neither sees nor touches the office's own configuration and data: its data directory is temporary, its
database is TEST_DATABASE_URL or SQLite, its broker TEST_BROKER_URL or one in memory.
"""

import os
import shutil
import tempfile

OFFICE_NAMES = [
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "DEBUG",
    "DEFAULT_FROM_EMAIL",
    "DEMO",
    "EMAIL_URL",
    "HTTPS",
    "HSTS_SECONDS",
    "LOG_LEVEL",
    "PORT",
    "SITE_URL",
    "TODAY",
]
DATA_DIR = tempfile.mkdtemp(prefix="zibo-test-")

for _name in OFFICE_NAMES:
    os.environ.pop(_name, None)
os.environ["DATA_DIR"] = DATA_DIR
os.environ["SECRET_KEY"] = "only-for-tests-" * 4
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")
os.environ["CELERY_BROKER_URL"] = os.environ.get("TEST_BROKER_URL") or "memory://"


def pytest_unconfigure(config) -> None:
    shutil.rmtree(DATA_DIR, ignore_errors=True)
