"""load_demo: one account per role, passwords kept for their owner, nothing loaded twice."""

import stat

import pytest
from django.conf import settings
from django.core.management import call_command

from projects.models import Project, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    return tmp_path


def test_demonstration_opens_one_account_per_role_and_holds_the_clock(data_dir, capsys):
    call_command("load_demo", skip_checks=True)
    kept = data_dir / "demo-accounts.txt"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert (data_dir / "settings.env").read_text() == "TODAY=2023-10-12\n"
    assert kept.read_text() in capsys.readouterr().out
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


def test_second_run_changes_nothing(data_dir, capsys):
    call_command("load_demo", skip_checks=True)
    before = (data_dir / "demo-accounts.txt").read_text()
    capsys.readouterr()
    call_command("load_demo", skip_checks=True)
    assert "未载入演示数据" in capsys.readouterr().out
    assert (data_dir / "demo-accounts.txt").read_text() == before
    assert User.objects.count() == len(Role.values)


def test_a_day_already_held_is_left_alone(data_dir):
    (data_dir / "settings.env").write_text("TODAY=2023-11-01\nPORT=9000\n")
    call_command("load_demo", skip_checks=True)
    assert (data_dir / "settings.env").read_text() == "TODAY=2023-11-01\nPORT=9000\n"
