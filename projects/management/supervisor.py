"""The supervisor (进程看护): web, worker, beat and the embedded broker as children of one foreground process.

A child that dies is started again; when this process dies, even by kill -9, the kernel takes the children with it.
"""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

RESTARTS_MAX = 5
RESTARTS_WITHIN_SECONDS = 60
GRACE_SECONDS = 15
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process to keep alive.

    `is_foundation`: the others talk to it, so it answers (`answers`) before they start, stops after them, and sits
    in a process group of its own, where a Ctrl-C does not reach it.
    """

    title: str
    command: Callable[[], list[str]]
    answers: Callable[[], bool] | None = None
    is_foundation: bool = False
    process: subprocess.Popen | None = None
    started_at: list[float] = field(default_factory=list)

    def start(self) -> None:
        parent = os.getpid()

        def before_exec() -> None:
            if sys.platform == "linux":
                ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
                if os.getppid() != parent:  # the supervisor died in between
                    os._exit(1)

        self.started_at.append(time.monotonic())
        self.process = subprocess.Popen(
            self.command(),
            preexec_fn=before_exec,
            start_new_session=self.is_foundation,
            stdin=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + GRACE_SECONDS
        while self.answers and not self.answers() and not self.is_gone() and time.monotonic() < deadline:
            time.sleep(0.05)

    def is_gone(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def restarts_lately(self) -> int:
        since = time.monotonic() - RESTARTS_WITHIN_SECONDS
        return sum(1 for moment in self.started_at[1:] if moment > since)

    def stop(self, kill: bool = False) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill() if kill else self.process.terminate()


class StartRefused(Exception):
    """Starting makes no sense; the message says why and what to do."""


class Supervisor:
    """Starts the children in order, watches them, stops them all."""

    def __init__(self, *, data_dir: Path, host: str, port: int, say: Callable[[str], None]) -> None:
        self.data_dir, self.host, self.port, self.say = data_dir, host, port, say
        self.stopping = False
        self.lock: IO[str] | None = None

    def claim(self) -> None:
        """Refuse a second supervisor on the same data, and a port that somebody else holds."""
        self.lock = lock = open(self.data_dir / "up.lock", "w")  # noqa: SIM115 - held as long as the process lives
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StartRefused(
                f"{self.data_dir} 已有一个实例在运行。请先停止它，或用 DATA_DIR= 换一个数据目录。"
            ) from None
        with socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise StartRefused(
                    f"端口 {self.port} 不可用（{error.strerror}）。请停止占用它的程序，"
                    f"或换一个端口，例如 make run PORT={self.port + 1 if self.port < 65535 else 8000}。"
                ) from None

    def run(self, children: list[Child], *, ready: Callable[[], bool]) -> int:
        """Serve until a signal comes (0) or a child cannot be kept alive (1)."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        announced = False
        try:
            for child in children:
                child.start()
            while not self.stopping:
                time.sleep(0.2)
                for child in children:
                    if child.is_gone() and not self.stopping and not self._revive(child):
                        return 1
                if not announced and ready():
                    announced = True
                    self.say(f"已就绪：http://{self._shown_host()}:{self.port}/ （按 Ctrl-C 全部停止）")
            return 0
        finally:
            self._stop_all(children)

    def _shown_host(self) -> str:
        return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 - shown, not bound

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if not self.stopping:
            self.stopping = True
            self.say("正在停止……")

    def _revive(self, child: Child) -> bool:
        code = child.process.returncode if child.process else None
        if child.restarts_lately() >= RESTARTS_MAX:
            self.say(
                f"{child.title}在一分钟内连续退出 {RESTARTS_MAX + 1} 次（最后退出码 {code}），"
                "已停止全部进程。原因见上面的输出。"
            )
            return False
        self.say(f"{child.title}意外退出（退出码 {code}），正在重新启动。")
        time.sleep(min(child.restarts_lately(), 3))
        if not self.stopping:
            child.start()
        return True

    def _stop_all(self, children: list[Child]) -> None:
        """Foundations stop after those who talk to them."""
        self.stopping = True
        for last in (False, True):
            group = [child for child in children if child.is_foundation is last]
            for child in group:
                child.stop()
            deadline = time.monotonic() + GRACE_SECONDS
            while any(c.process and c.process.poll() is None for c in group) and time.monotonic() < deadline:
                time.sleep(0.05)
            for child in group:
                child.stop(kill=True)
                if child.process:
                    child.process.wait()
