"""Typed work outlives what is amiss: cut bodies, dead ends, ended sessions, full disks, busy rows."""

import datetime as dt
import errno
import io
import sqlite3

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import Client
from django.urls import get_resolver

from projects import clock
from projects.models import ProgressReport
from projects.pages.desk.safeguards import BUSY, CUT, FULL, NOT_DONE, cannot_now, page_above

BROWSER = {"HTTP_ACCEPT": "text/html,application/xhtml+xml"}


def _signed_in(scene, person: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(scene.people[person])
    return client


def _cut(client: Client, address: str, body: bytes, kind: str, announced: int):
    """A form whose line broke: fewer bytes than announced, then the end."""
    whole = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(announced), "CONTENT_TYPE": kind}
    return client.generic("POST", address, **whole)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_a_form_cut_short_writes_nothing(scene, kind):
    client, address = _signed_in(scene, "reporter"), scene.address("report_edit")
    before = list(ProgressReport.objects.values())
    body = b"action=draft&invested_this_year=7"
    if "multipart" in kind:
        body = b'--b\r\nContent-Disposition: form-data; name="action"\r\n\r\ndraft\r\n--b\r\nContent-Dispo'
    answer = _cut(client, address, body, kind, 90_000)
    assert (answer.status_code, CUT in answer.content.decode()) == (400, True)
    assert list(ProgressReport.objects.values()) == before


def test_the_address_of_a_step_leads_to_its_page_with_a_sentence(scene):
    client = _signed_in(scene, "office")
    tried, refused = set(), []
    for name in _names():
        try:
            address = scene.address(name)
        except (KeyError, LookupError):
            continue
        if name != "logout" and client.delete(address).headers.get("Allow") == "POST":
            tried.add(name)
            answer = client.get(address, follow=True, **BROWSER)
            said = answer.content.decode().count(NOT_DONE)
            if (answer.status_code, said) != (200, 1):
                refused.append((name, address, answer.redirect_chain, answer.status_code, said))
    assert not refused and {"problem_progress", "notice_read", "report_confirm"} <= tried


def _names() -> set[str]:
    return {name for name in get_resolver().reverse_dict if isinstance(name, str)}


def test_a_step_without_a_page_above_leads_to_the_desk():
    assert page_above("/nowhere/1/at-all/") == "/"


def test_a_session_rolls_while_one_works_and_at_most_every_ten_minutes(scene):
    client = _signed_in(scene, "reporter")
    row = Session.objects.get(session_key=client.cookies["sessionid"].value)
    fresh = row.expire_date
    assert "sessionid" not in client.get("/help/").cookies
    row.expire_date = clock.real_now() + dt.timedelta(hours=1)
    row.save()
    assert client.get("/help/").cookies["sessionid"]["max-age"] == settings.SESSION_COOKIE_AGE
    row.refresh_from_db()
    assert row.expire_date >= fresh


def _sqlite(code: int) -> OperationalError:
    error, cause = OperationalError("sqlite"), sqlite3.OperationalError("sqlite")
    cause.sqlite_errorcode = code
    error.__cause__ = cause
    return error


def _postgresql(cause: Exception) -> OperationalError:
    error = OperationalError("postgresql")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (_sqlite(sqlite3.SQLITE_BUSY), BUSY),
        (_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), BUSY),
        (_sqlite(sqlite3.SQLITE_FULL), FULL),
        (_sqlite(sqlite3.SQLITE_READONLY), FULL),
        (_sqlite(sqlite3.SQLITE_ERROR), ""),  # no such table: our mistake
        (_postgresql(psycopg.errors.SerializationFailure()), BUSY),
        (_postgresql(psycopg.errors.DeadlockDetected()), BUSY),
        (_postgresql(psycopg.errors.DiskFull()), FULL),
        (_postgresql(psycopg.OperationalError("connection refused")), BUSY),
        (OSError(errno.ENOSPC, "full"), FULL),
        (OSError(errno.EROFS, "read-only"), FULL),
        (OSError(errno.ENOENT, "no file"), ""),
        (KeyError("ours"), ""),
        (None, ""),
    ],
)
def test_what_passes_by_itself_is_told_from_our_mistakes(error, words):
    assert cannot_now(error) == words
