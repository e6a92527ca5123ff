"""The health page (运行状况) for the people and machines that watch the server."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection

from projects.models.records import Heartbeat

SILENT_AFTER = dt.timedelta(minutes=3)  # a beat a minute; two may be late


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether database, broker, worker and beat are well: always 200, `ok` or `not ok` each.

    Worker and beat are judged by the rows that the task `heartbeat` writes, not by asking them: a worker
    that answers may still not work. Heartbeats are compared with the real time, even when TODAY holds the clock.
    Why something is not well is told to staff only.
    """
    state: dict[str, Any] = {}
    why: dict[str, str] = {}
    beats: dict[str, dt.datetime] = {}
    try:
        connection.ensure_connection()
        beats = dict(Heartbeat.objects.values_list("name", "beat_at"))
        state["database"] = "ok"
    except DatabaseError as error:
        state["database"], why["database"] = "not ok", str(error)
    broker_error = _broker_error()
    state["broker"] = "not ok" if broker_error else "ok"
    if broker_error:
        why["broker"] = broker_error
    for name in ("worker", "beat"):
        beat_at = beats.get(name)
        alive = beat_at is not None and timezone.now() - beat_at < SILENT_AFTER
        state[name] = "ok" if alive else "not ok"
        if not alive:
            why[name] = (
                f"最近一次心跳：{timezone.localtime(beat_at):%Y-%m-%d %H:%M:%S}" if beat_at else "尚无心跳"
            )
    if state["database"] == "ok" and request.user.is_staff and why:
        state["details"] = why
    return JsonResponse(state, json_dumps_params={"ensure_ascii": False})


def _broker_error() -> str:
    """Why the broker cannot be reached, or nothing when it can. Waits two seconds at most."""
    try:
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=2) as link:
            link.transport_options = {"socket_connect_timeout": 2, "socket_timeout": 2, "max_retries": 0}
            link.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=2)
            link.default_channel.client.ping()
    except Exception as error:  # noqa: BLE001 - whatever it is, the broker is not well; this page never answers 500
        return f"{type(error).__name__}: {error}"
    return ""
