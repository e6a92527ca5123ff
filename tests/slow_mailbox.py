"""A mailbox that keeps a diary of every try and dawdles after writing, so that a test can kill the worker there."""

import time
from pathlib import Path

from django.conf import settings

from zibo_projects.mailbox import OneFileEachBackend


class DawdlingBackend(OneFileEachBackend):
    def send_messages(self, email_messages):
        count = super().send_messages(email_messages)
        with (Path(settings.DATA_DIR) / "tries").open("a") as diary:
            diary.write(f"{email_messages[0].extra_headers['Message-ID']}\n")
        time.sleep(0.5)
        return count
