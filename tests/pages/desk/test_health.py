"""The health page (运行状况)."""

import datetime as dt

import pytest
from django.db import DatabaseError
from django.utils import timezone

from projects.models import Heartbeat, User
from projects.pages.desk import health

pytestmark = pytest.mark.django_db
KEYS = {"database", "broker", "worker", "beat"}


def beat(name, age):
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": timezone.now() - age})


def test_it_answers_without_login_and_tells_strangers_no_details(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert set(response.json()) == KEYS
    assert response.json()["database"] == "ok"
    assert response.json()["worker"] == "not ok"


@pytest.mark.parametrize(("minutes", "word"), [(0, "ok"), (2, "ok"), (4, "not ok")])
def test_worker_and_beat_are_well_while_their_heartbeat_is_young(client, settings, minutes, word):
    settings.TODAY = dt.date(2023, 10, 12)  # the held clock does not count here
    beat("worker", dt.timedelta(minutes=minutes))
    beat("beat", dt.timedelta(seconds=5))
    state = client.get("/healthz").json()
    assert (state["worker"], state["beat"]) == (word, "ok")


def test_staff_are_told_why_and_others_are_not(client):
    beat("worker", dt.timedelta(hours=1))
    client.force_login(User.objects.create(username="reporter"))
    assert "details" not in client.get("/healthz").json()
    client.force_login(User.objects.create(username="staff", is_staff=True))
    details = client.get("/healthz").json()["details"]
    assert "最近一次心跳" in details["worker"]
    assert details["beat"] == "尚无心跳"


def test_an_unreachable_broker_or_database_is_said_not_raised(client, settings, monkeypatch):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    assert client.get("/healthz").json()["broker"] == "not ok"

    def broken():
        raise DatabaseError("gone")

    monkeypatch.setattr(health.connection, "ensure_connection", broken)
    state = client.get("/healthz").json()
    assert set(state) == KEYS
    assert state["database"] == state["worker"] == "not ok"


@pytest.mark.broker
def test_a_real_broker_is_ok(client, settings, broker_url):
    settings.CELERY_BROKER_URL = broker_url
    assert client.get("/healthz").json()["broker"] == "ok"
