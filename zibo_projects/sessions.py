"""Sessions that know their end (登录有效期), so that they roll while one works without a query or a write a page."""

import datetime as dt
from typing import Any, cast

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session


class SessionStore(DatabaseStore):
    """The database's sessions; `ends_at` is the moment of the row that was read, None before it was."""

    ends_at: dt.datetime | None = None

    def _get_session_from_db(self) -> Session | None:
        row: Session | None = cast(Any, super())._get_session_from_db()  # the stubs leave it out
        self.ends_at = row.expire_date if row else None
        return row
