"""A real worker on a real broker is killed between sending and marking: nothing lost, nothing sent twice."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LETTERS = 6
PREPARE = f"""
import django; django.setup()
import datetime as dt
from projects.models import User
from projects.services.base.notices import queue_notice
person = User.objects.create(username="p", full_name="收件人", email="p@example.invalid")
for number in range({LETTERS}):
    queue_notice(recipient=person, key=f"crash-{{number}}", subject=f"第{{number}}封", body="正文",
                 now=dt.datetime.now(dt.timezone.utc))
"""
DELIVER = "import django; django.setup(); from projects import tasks; tasks.deliver_notices.delay()"


class House:
    """A data directory of its own with database, mail and worker."""

    def __init__(self, directory: Path, broker_url: str):
        self.directory = directory
        self.environment = {
            **os.environ,
            "DATA_DIR": str(directory),
            "DATABASE_URL": "",
            "CELERY_BROKER_URL": broker_url,
            "DJANGO_SETTINGS_MODULE": "tests.crash_settings",
            "PYTHONPATH": str(ROOT),
        }
        self.workers: list[subprocess.Popen] = []

    def run(self, *arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], env=self.environment, cwd=ROOT, check=True)

    def start_worker(self) -> subprocess.Popen:
        line = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "zibo_projects",
            "worker",
            "-c",
            "1",
            "--loglevel=ERROR",
        ]
        line += ["--without-gossip", "--without-mingle"]
        worker = subprocess.Popen(line, env=self.environment, cwd=ROOT, start_new_session=True)
        self.workers.append(worker)
        return worker

    def sql(self, text: str) -> list[tuple]:
        with sqlite3.connect(self.directory / "db.sqlite3", timeout=20) as link:
            return link.execute(text).fetchall()

    def states(self) -> dict[str, int]:
        found = self.sql("SELECT state, COUNT(*) FROM projects_notice WHERE channel = 'email' GROUP BY state")
        return dict(found)

    def letters(self) -> list[str]:
        return sorted(path.name for path in (self.directory / "mail").glob("*.eml"))

    def tries(self) -> list[str]:
        diary = self.directory / "tries"
        return diary.read_text().splitlines() if diary.exists() else []

    def close(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                os.killpg(worker.pid, signal.SIGKILL)
                worker.wait()


@pytest.fixture
def house(own_data_dir: Path, broker_url: str) -> Iterator[House]:
    made = House(own_data_dir, broker_url)
    try:
        made.run("-c", PREPARE)
        yield made
    finally:
        made.close()


def wait_for(condition: Callable[[], bool], worker: subprocess.Popen, what: str) -> None:
    while not condition():
        assert worker.poll() is None, what
        time.sleep(0.02)


@pytest.mark.crash
@pytest.mark.broker
def test_a_killed_worker_loses_no_letter_and_sends_none_twice(house: House) -> None:
    worker = house.start_worker()
    house.run("-c", DELIVER)
    wait_for(lambda: len(house.tries()) == 3, worker, "the worker did not begin to deliver")
    os.killpg(worker.pid, signal.SIGKILL)  # while it dawdles: the third letter is written and not yet marked
    worker.wait()
    assert house.states() == {"sent": 2, "sending": 1, "queued": LETTERS - 3}
    assert len(house.letters()) == 3

    # the next minute's sweep, ten minutes later
    house.sql(
        "UPDATE projects_notice SET claimed_at = datetime('now', '-11 minutes') WHERE state = 'sending'"
    )
    worker = house.start_worker()
    house.run("-c", DELIVER)
    wait_for(
        lambda: house.states() == {"sent": LETTERS}, worker, "the letters left behind were not delivered"
    )
    assert len(house.tries()) == LETTERS + 1, (
        "the third letter was sent again, as nobody could know it had left"
    )
    assert len(house.letters()) == LETTERS, "and yet it lies in the box once"
