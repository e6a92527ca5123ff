"""load_demo: one account per role, passwords kept for their owner, nothing loaded twice."""

import stat
from io import StringIO
from itertools import pairwise

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test.utils import override_settings

from projects.digests.content import content_from
from projects.management.commands import load_demo
from projects.models import (
    Alert,
    Lead,
    Notice,
    Official,
    Project,
    Publication,
    Role,
    Unit,
    User,
    WeeklyReport,
)
from projects.queries.attraction.leads import stage_sums
from projects.services.alerts.scanning import scan_alerts
from tests.factories import NOW

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


def test_a_newcomer_sees_six_signed_weeks_that_join(shown):
    reports = list(WeeklyReport.objects.order_by("year", "week"))
    assert [(one.week, one.state) for one in reports] == [(week, "signed") for week in range(35, 41)]
    contents = [content_from(one.content) for one in reports]
    assert all(one.open and one.new for one in contents)
    for before, after in pairwise(contents):
        assert before.open == after.opening
    assert Publication.objects.filter(weekly_report__in=reports).count() == 6


def test_alerts_are_scanned_up_to_the_day(shown):
    before = Alert.objects.count(), Notice.objects.count()
    assert before[0] > 40 and Alert.objects.values("opened_on").distinct().count() > 5
    result = scan_alerts(as_of=load_demo.TODAY, now=NOW)
    assert (result.opened, result.closed, len(result.digests)) == (0, 0, 0)
    assert (Alert.objects.count(), Notice.objects.count()) == before


def test_nobody_of_the_demonstration_is_written_to(shown):
    """Its people have no addresses: messages stand in the product, no letter waits for a server that is none."""
    channels = set(Notice.objects.order_by().values_list("channel", flat=True))
    assert channels == {Notice.Channel.IN_APP.value}


def test_leaders_units_and_leads_are_those_of_the_ledger(shown, client):
    assert "".join(one.name[-1] for one in Official.objects.all()) == "甲乙丙丁戊己庚辛壬癸"
    assert list(Unit.objects.values_list("name", flat=True)[:3]) == ["发展改革局", "工信商务局", "建设局"]
    assert not Unit.objects.filter(phone="").exists() and not Official.objects.filter(mobile="").exists()
    leads = stage_sums(Lead.objects.on(load_demo.TODAY))
    assert (sum(row.count for row in leads), sum(row.agreed for row in leads)) == (28, 3737500)
    assert not Project.objects.filter(longitude=None).exists()
    client.force_login(User.objects.get(username="guabao"))
    page = client.get("/").content.decode()
    assert "打电话" in page and "tel:05333580" in page.replace("-", "")
