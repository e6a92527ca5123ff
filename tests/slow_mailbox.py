"""A mailbox that keeps a diary of every try and stops at the third, so that a test can kill the worker there."""

import time
from pathlib import Path

from django.conf import settings

from zibo_projects.mailbox import OneFileEachBackend


class DawdlingBackend(OneFileEachBackend):
    def send_messages(self, email_messages):
        count = super().send_messages(email_messages)
        tries = Path(settings.DATA_DIR) / "tries"
        with tries.open("a") as diary:
            diary.write(f"{email_messages[0].extra_headers['Message-ID']}\n")
        if len(tries.read_text().splitlines()) == 3:
            while True:  # until it is killed
                time.sleep(60)
        return count
