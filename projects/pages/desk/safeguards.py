"""What keeps typed work when something is amiss (提交保护): cut bodies, dead ends, full disks, busy rows."""

import datetime as dt
import errno
import logging
import sqlite3
import sys
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.views import defaults

from projects import clock

log = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponse]

FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
ROLLS_AFTER = dt.timedelta(minutes=10)  # a session is written anew at most this often

CUT = "提交的内容没有传完整，什么都没有保存。请检查网络后重新提交。"
NOT_DONE = "上一步没有办理（登录已过期，或直接打开了它的地址）。请在本页重新操作。"
BUSY = "系统正忙，这一步没有完成，什么都没有保存。请稍候一分钟再提交；填写的内容请勿关闭。"
FULL = (
    "服务器磁盘已满或不可写入，这一步没有完成，什么都没有保存。请保留填写的内容，并联系管理员处理后再提交。"
)

# SQLite's primary codes, and the classes and states of PostgreSQL (its manual, appendix A).
BUSY_IN_SQLITE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
FULL_IN_SQLITE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
BUSY_IN_POSTGRESQL = ("08", "40", "53", "55P03", "57")
FULL_IN_POSTGRESQL = ("53100", "58030")
FULL_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES}


class Refused(BadRequest):
    """A request that writes nothing (400); its words are shown to the person."""


def whole_bodies(get_response: Answer) -> Answer:
    """Refuses a form shorter than announced: the server hands it on as if it were whole, fields missing (断传)."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and request.content_type in FORMS:
            stream = getattr(request, "_stream", None)  # reading the form may put another in its place
            try:
                request.POST  # noqa: B018  read now, whole
            except UnreadablePostError as error:
                raise Refused(CUT) from error
            announced = getattr(stream, "limit", 0)
            if getattr(stream, "_pos", announced) < announced:
                raise Refused(CUT)
        return get_response(request)

    return answer


def rolling_sessions(get_response: Answer) -> Answer:
    """A session ends SESSION_COOKIE_AGE after the last work, not after the sign-in (登录顺延)."""
    age = dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        ends_at = getattr(request.session, "ends_at", None)
        if ends_at and not request.session.is_empty() and ends_at - clock.real_now() < age - ROLLS_AFTER:
            request.session.modified = True
        return response

    return answer


def no_dead_ends(get_response: Answer) -> Answer:
    """A step's address opened in a browser, as after a sign-in, leads to the page it belongs to, with a sentence."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        opened = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        if opened and isinstance(response, HttpResponseNotAllowed) and request.user.is_authenticated:
            messages.warning(request, NOT_DONE)
            return redirect(page_above(request.path_info))
        return response

    return answer


def page_above(path: str) -> str:
    """The nearest address above a step's own that is a page of ours; the desk where there is none."""
    above = path
    while above != "/":
        above = above.rstrip("/").rpartition("/")[0] + "/"
        try:
            found = resolve(above)
        except Resolver404:
            continue
        if found.url_name != "former_address":
            return above
    return "/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: with the words of what was refused, where it has any."""
    if isinstance(exception, Refused):
        return _say(request, HTTPStatus.BAD_REQUEST, "没有提交", str(exception))
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; but 503 with what to do where the disk or the database cannot take it now."""
    words = cannot_now(sys.exception())
    if not words:
        return defaults.server_error(request)
    response = _say(request, HTTPStatus.SERVICE_UNAVAILABLE, "没有提交", words)
    response["Retry-After"] = "60"
    return response


def cannot_now(error: BaseException | None) -> str:
    """What to say of an error that passes by itself or with the administrator's help; "" of every other."""
    if isinstance(error, OperationalError):
        return _of_database(error.__cause__)
    if isinstance(error, OSError) and error.errno in FULL_DISK:
        return FULL
    return ""


def _of_database(cause: BaseException | None) -> str:
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        return BUSY if code in BUSY_IN_SQLITE else FULL if code in FULL_IN_SQLITE else ""
    state = getattr(cause, "sqlstate", None) or "08"  # a server that cannot be reached gives none
    if state.startswith(FULL_IN_POSTGRESQL):
        return FULL
    return BUSY if state.startswith(BUSY_IN_POSTGRESQL) else ""


def _say(request: HttpRequest, status: HTTPStatus, heading: str, text: str) -> HttpResponse:
    return render(request, "refused.html", {"heading": heading, "text": text}, status=status)
