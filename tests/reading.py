"""What a test reads of an answer: its text, the queries it took."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext


def folded(text: str) -> str:
    """HTML with every run of whitespace as one space, however its template breaks the lines."""
    return re.sub(r"[ \t\r\n\f]+", " ", text)


def page(response: HttpResponse) -> str:
    """The text of a page that opened, folded."""
    assert response.status_code == 200
    return folded(response.content.decode())


def queries_of(call: Callable[..., object], *args: Any, **kwargs: Any) -> int:
    """How many queries a call takes."""
    with CaptureQueriesContext(connection) as captured:
        call(*args, **kwargs)
    return len(captured)


def page_queries(client: Client, address: str, **query: str) -> int:
    """How many queries a page takes that opens."""
    return queries_of(lambda: page(client.get(address, query)))
