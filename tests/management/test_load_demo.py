"""load_demo: one account per role, passwords kept for their owner, nothing loaded twice."""

import stat
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test.utils import override_settings

from projects.management.commands import load_demo
from projects.models import Project, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def shown(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demonstration, loaded once into a data directory of its own; what the command said."""
    out = StringIO()
    with (
        override_settings(DATA_DIR=tmp_path_factory.mktemp("data")),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        call_command("load_demo", skip_checks=True, stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)


def test_demonstration_opens_one_account_per_role_and_holds_the_clock(shown):
    kept = settings.DATA_DIR / "demo-accounts.txt"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert (settings.DATA_DIR / "settings.env").read_text() == "TODAY=2023-10-12\n"
    assert kept.read_text() in shown
    lines = [line.split("\t") for line in kept.read_text().splitlines()[1:]]
    assert {line[0].strip() for line in lines} == set(Role.labels)
    for _, username, password, _ in lines:
        user = User.objects.get(username=username)
        assert user.check_password(password)
        assert len(user.roles) == 1
    seen = {next(iter(user.roles)): Project.objects.visible_to(user).count() for user in User.objects.all()}
    assert seen[Role.OFFICE] == seen[Role.INSPECTOR] == 180
    assert 0 < seen[Role.REPORTER] == seen[Role.UNIT_HEAD] <= 10
    assert seen[Role.SERVICE_OFFICER] == 5
    assert seen[Role.SPONSOR] > 5


def test_second_run_changes_nothing(capsys):
    before = (settings.DATA_DIR / "demo-accounts.txt").read_text()
    call_command("load_demo", skip_checks=True)
    assert "未载入演示数据" in capsys.readouterr().out
    assert (settings.DATA_DIR / "demo-accounts.txt").read_text() == before
    assert User.objects.count() == len(Role.values)


def test_a_day_already_held_is_left_alone(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    (tmp_path / "settings.env").write_text("TODAY=2023-11-01\nPORT=9000\n")
    load_demo.hold_clock()
    assert (tmp_path / "settings.env").read_text() == "TODAY=2023-11-01\nPORT=9000\n"
