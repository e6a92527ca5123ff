"""One chromium, one server and one scene for all browser tests; a context of its own and a fresh database for each."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test.utils import override_settings
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.conftest import chromium
from tests.factories import TODAY
from tests.scene import Scene, make_scene

FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run"
).split()
PATIENCE = 60_000  # milliseconds until what should appear is missing, on however busy a machine


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    # Playwright's loop lives in this thread until the end; no test runs a coroutine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Site:
    """The product served to a browser, with the scene in its database."""

    url: str
    scene: Scene
    new_context: Callable[..., BrowserContext]

    def context(self, person: str | None, screen: dict[str, int]) -> BrowserContext:
        """A browser of this person's own, signed in."""
        made = self.new_context(viewport=screen)
        made.set_default_timeout(PATIENCE)
        if person:
            key = session_of(self.scene.people[person])
            made.add_cookies([{"name": "sessionid", "value": key, "url": self.url}])
        return made


def session_of(user) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def copy_of_database() -> sqlite3.Connection:
    kept = sqlite3.connect(":memory:")
    connection.ensure_connection()
    connection.connection.backup(kept)
    return kept


def bring_back(kept: sqlite3.Connection) -> None:
    """All of the test database as it was kept: flushing a hundred tables takes a hundred times as long."""
    connection.ensure_connection()
    kept.backup(connection.connection)


@pytest.fixture(scope="session")
def _served(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple]:
    """The server's address, the scene's rows and files, and the database without and with them."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(TODAY=TODAY, MEDIA_ROOT=media):
        empty = copy_of_database()
        scene = make_scene()
        full = copy_of_database()
        bring_back(empty)
        server = LiveServer("localhost")
    yield server.url, scene, media, empty, full
    server.stop()
    empty.close()
    full.close()


@pytest.fixture
def db() -> None:
    """Asks for the test database without a transaction around the test: what the server writes is really written."""


@pytest.fixture
def site(db, _served, chrome, django_db_blocker) -> Iterator[Site]:
    url, scene, media, empty, full = _served
    contexts: list[BrowserContext] = []

    def new_context(**screen) -> BrowserContext:
        contexts.append(chrome.new_context(**screen))
        return contexts[-1]

    with django_db_blocker.unblock(), override_settings(TODAY=TODAY, MEDIA_ROOT=media):
        bring_back(full)
        yield Site(url, deepcopy(scene), new_context)
        for context in contexts:
            context.close()
        bring_back(empty)
