"""A list of two pages as a file (列表导出): all its pages as on the screen, in as many queries as a short list takes."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.test.utils import override_settings

from projects.models import Role
from tests.factories import TODAY, make_user
from tests.reading import queries_of

from .test_list_exports import LISTS, asked_file, each_list, make_rows, on_screen, workbook

FORMS = ("xlsx", "docx")


def queries(client: Client, kind: str, form: str) -> int:
    """How many queries a list's file takes to its last byte."""
    return queries_of(lambda: b"".join(asked_file(client, kind, form).streaming_content))


@pytest.fixture(scope="module")
def of_three(django_db_setup, django_db_blocker) -> Iterator[dict[tuple[str, str], int]]:
    """The queries of each list's files over three rows; sixty rows of each stand under every test of this module."""
    with override_settings(TODAY=TODAY), django_db_blocker.unblock(), transaction.atomic():
        client, found = Client(), {}
        client.force_login(make_user(Role.OFFICE))
        make_rows(range(3))
        for kind in LISTS:
            for form in FORMS:
                queries(client, kind, form)  # what is read once and kept
                found[kind, form] = queries(client, kind, form)
        make_rows(range(3, 60))
        yield found
        transaction.set_rollback(True)


@each_list
@pytest.mark.parametrize("form", FORMS)
def test_it_takes_as_many_queries_for_sixty_rows_as_for_three(of_three, as_office, kind, form):
    assert queries(as_office, kind, form) == of_three[kind, form] > 0


@each_list
def test_it_holds_all_pages_in_the_order_and_columns_of_the_screen(of_three, as_office, kind):
    heads, names = on_screen(as_office, kind)
    _note, rows = workbook(as_office, kind)
    assert len(names) == 60
    assert [row[LISTS[kind][2]] for row in rows] == names
    assert [head.removesuffix("（%）") for head in rows[0]] == heads
    assert not {"办理", "操作", "登记"} & set(rows[0])
