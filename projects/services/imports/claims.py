"""A batch in a worker's hands (领取批次): claimed by one, kept alive by its heartbeat, given up when it died.

A claim is a number, counted up by a conditional update; whoever holds it writes to the batch only under that number and
the state it was claimed in. So a claim that was taken over, or a batch that a person cancelled, ends the work: the next
word it says finds no row, and what it was writing is rolled back.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection

from projects.models import ImportBatch

log = logging.getLogger(__name__)

BEAT_SECONDS = 10
STALE = timedelta(seconds=45)  # some beats missed
LONGEST = timedelta(minutes=20)  # above the longest task: whoever lives on longer works on something else
MOST_CLAIMS = 2
GIVEN_UP = "处理进程两次中断，已停止，未写入任何数据。文件可能过大或结构异常，请拆分后重新上传；仍不成功的请联系管理员。"


class ClaimLostError(Exception):
    """The batch was cancelled, or another worker has taken it over; what was begun is to be left."""


class Claim:
    """What a worker holds of a batch while it reads or writes it."""

    def __init__(self, batch: ImportBatch, now: datetime):
        self.batch, self._now, self._began = batch, now, time.monotonic()
        self._own = {"pk": batch.pk, "state": batch.state, "claims": batch.claims}

    def keep(self, **values: Any) -> None:
        """Write to the batch as long as the claim holds, else ClaimLostError."""
        if not self._update(**values):
            raise ClaimLostError(f"batch {self.batch.pk} is no longer ours")
        for name, value in values.items():
            setattr(self.batch, name, value)

    def say(self, progress: int, message: str) -> None:
        """How far it is, for who watches; a sign of life as well."""
        self.keep(progress=progress, message=message, claimed_at=self._moment())

    def settle(self, state: str, message: str, **values: Any) -> None:
        """The end of the work: the batch's new state and what belongs to it."""
        self.keep(state=state, progress=100, message=message[:300], **values)

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Give signs of life from a thread of its own, however long a step takes."""
        done = threading.Event()
        thread = threading.Thread(target=self._beat, args=(done,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _beat(self, done: threading.Event) -> None:
        while not done.wait(BEAT_SECONDS):
            try:
                self._update(claimed_at=self._moment())
            except DatabaseError as error:  # on SQLite while another writes; the next beat comes
                log.info("batch %s: no beat, %s", self.batch.pk, error)
            finally:
                connection.close()  # the thread's own

    def _update(self, **values: Any) -> int:
        return ImportBatch.objects.filter(**self._own).update(**values)

    def _moment(self) -> datetime:
        return self._now + timedelta(seconds=time.monotonic() - self._began)


def claim(batch_id: int, state: str, now: datetime) -> Claim | None:
    """The batch in this state, if nobody is at it; None else. A third claim in vain is not made: see `is_given_up`."""
    batch = ImportBatch.objects.select_related("made_by").filter(pk=batch_id, state=state).first()
    if batch is None or not is_free(batch, now) or is_given_up(batch):
        return None
    values = {"claimed_at": now, "claimed_by": _this_process(), "claims": batch.claims + 1}
    same = ImportBatch.objects.filter(pk=batch_id, state=state, claims=batch.claims)
    if not same.update(**values):
        return None
    for name, value in values.items():
        setattr(batch, name, value)
    return Claim(batch, now)


def is_free(batch: ImportBatch, now: datetime) -> bool:
    """Nobody has claimed the batch, or who did is dead.

    A process of this machine is asked for itself: it is dead at once when it is gone, and alive while it runs, beats
    or not (SQLite lets nobody beat while it writes). Of another machine only the beats are heard.
    """
    if batch.claimed_at is None:
        return True
    age = now - batch.claimed_at
    machine, _, process = batch.claimed_by.rpartition("/")
    if machine == _machine():
        return age > LONGEST or not _runs(int(process))
    return age > STALE


def is_given_up(batch: ImportBatch) -> bool:
    """Two workers died of it; a third would as well."""
    return batch.claims >= MOST_CLAIMS


def _this_process() -> str:
    return f"{_machine()}/{os.getpid()}"


def _machine() -> str:
    """The machine, and where there are several in one, the space whose process numbers ours are."""
    try:
        space = os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        space = 0
    return f"{socket.gethostname()[:60]}/{space}"


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it runs, and is another's
        return True
    return True
