"""Addresses of before the pages were named by subject (旧网址): each leads to the page it always opened."""

import pytest

from projects.pages.base.moved import FORMER
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("former", "present"), FORMER.items())
def test_a_bookmark_of_before_opens_the_page_with_its_filters(client, former, present):
    client.force_login(make_user("office", is_staff=True))
    answer = client.get(f"/{former}/?status=open&as_of=2023-10-01")
    assert answer["Location"] == f"/{present}/?status=open&as_of=2023-10-01"
    assert client.get(answer["Location"]).status_code == 200


def test_what_follows_the_former_beginning_stays(client):
    client.force_login(make_user("office"))
    assert client.get("/orders/12/docx/")["Location"] == "/supervision/12/docx/"
