"""`manage.py up`: web, worker, beat and, unless CELERY_BROKER_URL names another, the embedded broker."""

import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from projects.management.supervisor import Child, StartRefused, Supervisor
from zibo_projects import broker

LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


class Command(BaseCommand):
    help = "启动网站、后台任务和定时器（前台运行，Ctrl-C 全部停止）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1", help="监听地址")
        parser.add_argument("--port", type=int, default=settings.PORT, help="端口，默认取 PORT，否则 8000")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        os.chdir(settings.BASE_DIR)
        supervisor = Supervisor(data_dir=settings.DATA_DIR, host=host, port=port, say=self._say)
        try:
            supervisor.claim()
        except StartRefused as refusal:
            raise CommandError(str(refusal)) from None
        if not settings.HTTPS and not set(settings.ALLOWED_HOSTS) <= LOOPBACK:
            self._say(
                "注意：HTTPS=0，口令和登录凭证以明文传输，只可用于封闭的内部网络。有证书时请设 HTTPS=1。"
            )
        code = supervisor.run(_children(host, port), ready=lambda: _listens(host, port))
        if code:
            sys.exit(code)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _children(host: str, port: int) -> list[Child]:
    celery = [sys.executable, "-m", "celery", "--quiet", "--app", "zibo_projects"]
    web = [sys.executable, "-m", "gunicorn", "zibo_projects.wsgi", "--no-control-socket"]
    web += ["--bind", f"{host}:{port}", "--worker-class", "gthread", "--log-level", "warning"]
    web += ["--workers", os.environ.get("WEB_WORKERS") or "2", "--threads", "4", "--max-requests", "5000"]
    # below the supervisor's own patience: a web process that hangs on its way out (a pool's threads on PostgreSQL) is
    # killed by its master, and not left behind when the master is
    web += ["--graceful-timeout", "5"]
    worker = [*celery, "worker", "--pool", "prefork", "--concurrency", "2", "--loglevel", "WARNING"]
    worker += ["--without-gossip", "--without-mingle", "--hostname", f"zibo-{port}@%h"]
    # No pid file: one that a kill -9 leaves behind would stop the next start. The lock of `claim` does its work.
    schedule = str(settings.DATA_DIR / "beat-schedule")
    beat = [*celery, "beat", "--schedule", schedule, "--pidfile", "", "--loglevel", "WARNING"]
    children = [
        Child("网站（web）", lambda: web),
        Child("后台任务（worker）", lambda: worker),
        Child("定时器（beat）", lambda: beat),
    ]
    if settings.BROKER_IS_EMBEDDED:
        children.insert(
            0,
            Child(
                "消息服务（broker）",
                lambda: broker.command(settings.DATA_DIR),
                answers=lambda: broker.answers(settings.DATA_DIR),
                is_foundation=True,
            ),
        )
    return children


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
