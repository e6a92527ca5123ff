"""Who comes into the admin besides the office (tests/people.py)."""

import pytest
from django.test import Client

from projects.models import Role, User
from tests.factories import make_user


@pytest.fixture
def administrator(client: Client) -> User:
    """A system administrator (系统管理员), signed in."""
    user = make_user(Role.ADMINISTRATOR, is_staff=True)
    client.force_login(user)
    return user
