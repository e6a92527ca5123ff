"""Every page in a real browser: nothing that the Content-Security-Policy blocks, no other host, no sideways scroll."""

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse

from tests.conftest import chromium

from .factories import TODAY
from .scene import make_scene, url_names

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run"
).split()
ADMIN_NAMES = ["index", "projects_project_changelist", "projects_project_add", "projects_unit_add"]
LEAVES = {"logout", "login"}


@pytest.fixture
def browser(monkeypatch):
    from playwright.sync_api import sync_playwright

    # Playwright's loop lives in this thread; the test itself runs no coroutine.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield chrome
        chrome.close()


def session_of(user) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def pages_of(user, scene) -> list[str]:
    """The addresses that answer this person with a whole page."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    addresses = [scene.address(name) for name in url_names() if name not in LEAVES]
    addresses += [reverse(f"admin:{name}") for name in ADMIN_NAMES] if user.is_staff else []
    found = []
    for address in addresses:
        response = client.get(address)
        if response.status_code == 200 and response.getvalue().lstrip()[:9].lower() == b"<!doctype":
            found.append(address)
        response.close()
    return found


@pytest.mark.parametrize(("person", "width"), [("office", 1440), ("reporter", 360), ("sponsor", 360)])
def test_pages_are_quiet_local_and_fit_the_screen(live_server, browser, monkeypatch, person, width, tmp_path):
    monkeypatch.setattr(settings, "TODAY", TODAY)
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    scene = make_scene()
    user = scene.people[person]
    context = browser.new_context(viewport={"width": width, "height": 800})
    context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": live_server.url}])
    page = context.new_page()
    wrong = []
    page.on("console", lambda m: wrong.append(f"{page.url}: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on(
        "request",
        lambda r: None if r.url.startswith((live_server.url, "data:")) else wrong.append(f"asked {r.url}"),
    )
    addresses = pages_of(user, scene)
    assert len(addresses) >= 8
    for address in addresses:
        page.goto(live_server.url + address)
        page.wait_for_timeout(150)  # charts are drawn after the load
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if overflow > 0 and not address.startswith("/admin/"):
            wrong.append(f"{address}: {overflow} px wider than the screen")
    context.close()
    assert not wrong
