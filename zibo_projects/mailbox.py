"""Letters as files: one file for each letter, and the same letter never twice."""

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class OneFileEachBackend(BaseEmailBackend):
    """Writes each letter to EMAIL_FILE_PATH under a name made from its Message-ID.

    A letter appears whole or not at all (written aside, then linked), and a letter whose Message-ID is there
    already is left alone: a sender that was killed after writing may safely send again.
    """

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently, **kwargs)
        self.directory = Path(kwargs.get("file_path") or settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.directory.mkdir(mode=0o750, parents=True, exist_ok=True)
        for letter in email_messages:
            self._keep(letter)
        return len(email_messages)

    def _keep(self, letter: EmailMessage) -> None:
        message = letter.message()
        name = re.sub(r"[^\w.-]+", "_", message["Message-ID"].strip("<>")) + ".eml"
        handle, aside = tempfile.mkstemp(prefix=".writing-", dir=self.directory)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            os.link(aside, self.directory / name)
        except FileExistsError:
            pass  # sent before
        finally:
            os.unlink(aside)
