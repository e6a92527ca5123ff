"""Alerts whose matter changes, what is refused of them, and a scan that breaks (预警的变化、拒绝、中断)."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from projects.models import Alert, AlertExemption, AlertStep, DueReminder, Milestone, Notice, Role
from projects.queries.alerts.ladder import plan_scan
from projects.services.alerts import scanning as service
from projects.services.alerts.scanning import acknowledge_alert, exempt_alert, lift_exemption, scan_alerts
from tests.factories import NOW, TODAY, make_plan, make_project, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
QUIET = dt.date(2024, 1, 1)
NEXT_DAY = TODAY + dt.timedelta(days=1)


@pytest.fixture
def alert(unit) -> Alert:
    """An open alert of a milestone two days late."""
    make_plan(make_project(lead_department=unit, reports_from_on=QUIET), "2023-10-10")
    scan_alerts(as_of=TODAY, now=NOW)
    return Alert.objects.get()


# --- the matter changes -----------------------------------------------------------------------------------


def test_an_open_alert_follows_its_matter_and_stays_the_one_it_was(alert):
    other = make_unit("科技局")
    Milestone.objects.update(name="主体结构封顶", due="2023-10-09", due_on=dt.date(2023, 10, 9), unit=other)
    result = scan_alerts(as_of=NEXT_DAY, now=NOW)
    assert (result.opened, result.closed) == (0, 0)
    same = Alert.objects.get()
    assert (same.pk, same.opened_on) == (alert.pk, TODAY)
    assert (same.title, same.due_on, same.unit) == ("主体结构封顶", dt.date(2023, 10, 9), other)
    assert same.steps.count() == AlertStep.objects.count(), "the steps it has reached are not reached again"


@pytest.mark.parametrize(
    "change",
    [{"name": "主体结构封顶"}, {"due": "2023-10-09", "due_on": dt.date(2023, 10, 9)}, {"unit": None}],
    ids=["title", "due day", "unit"],
)
def test_each_of_title_due_day_and_unit_is_a_change(alert, change):
    if "unit" in change:
        change = {"unit": make_unit("科技局")}
    Milestone.objects.update(**change)
    assert [changed.pk for changed in plan_scan(NEXT_DAY).changed] == [alert.pk]
    scan_alerts(as_of=NEXT_DAY, now=NOW)
    assert plan_scan(NEXT_DAY).changed == []


def test_what_has_not_changed_is_not_written(alert):
    assert plan_scan(NEXT_DAY).changed == []


# --- a message ---------------------------------------------------------------------------------------------


def test_projects_of_a_message_stand_by_their_longest_overdue_matter(unit):
    reporter = make_user(Role.REPORTER, unit=unit)
    later, earlier = (make_project(name, lead_department=unit, reports_from_on=QUIET) for name in "乙甲")
    make_plan(later, "2023-09-20")
    make_plan(earlier, "2023-10-09", "2023-09-10")
    (digest,) = plan_scan(TODAY).digests
    assert digest.recipient == reporter
    assert [(line.project.name, line.due_on.day) for line in digest.lines] == [
        ("甲", 10),
        ("甲", 9),
        ("乙", 20),
    ]


# --- a scan that breaks -----------------------------------------------------------------------------------


def test_a_scan_that_breaks_leaves_nothing_and_the_next_one_does_it_all(unit, monkeypatch):
    reporter = make_user(Role.REPORTER, unit=unit)
    make_plan(make_project(lead_department=unit, reports_from_on=QUIET), "2023-10-10", "2023-10-17")

    def broken(**options):
        raise RuntimeError("the machine stopped")

    with monkeypatch.context() as machine:
        machine.setattr(service, "queue_notice", broken)
        with pytest.raises(RuntimeError, match="the machine stopped"):
            scan_alerts(as_of=TODAY, now=NOW)
    for rows in (Alert, AlertStep, DueReminder, Notice):
        assert not rows.objects.exists(), "told to nobody, and never told again"
    assert scan_alerts(as_of=TODAY, now=NOW).opened == 1
    assert Notice.objects.filter(recipient=reporter, channel="in_app").count() == 1


# --- what is refused --------------------------------------------------------------------------------------


def closed(alert: Alert) -> Alert:
    alert.closed_on = TODAY
    alert.save()
    return alert


def test_a_closed_alert_is_neither_taken_note_of_nor_exempted(alert, office):
    closed(alert)
    with pytest.raises(ValidationError, match="该预警已解除，无需知悉"):
        acknowledge_alert(alert=alert, by=office, now=NOW)
    with pytest.raises(ValidationError, match="该预警已解除，无需豁免"):
        exempt_alert(alert=alert, reason="待批", until_on=TODAY, by=office, now=NOW)


def test_who_took_note_first_is_named(alert, office):
    acknowledge_alert(alert=alert, by=office, now=NOW)
    with pytest.raises(ValidationError, match=f"该预警已由{office}知悉"):
        acknowledge_alert(alert=alert, by=make_user(Role.OFFICE), now=NOW)


def test_nobody_takes_note_of_what_he_may_not_see(alert):
    with pytest.raises(PermissionDenied, match="无权知悉该预警"):
        acknowledge_alert(alert=alert, by=make_user(Role.REPORTER), now=NOW)
    alert.refresh_from_db()
    assert alert.acknowledged_at is None


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"reason": "  "}, "reason", "请填写豁免原因"),
        ({"until_on": TODAY - dt.timedelta(days=1)}, "until_on", "豁免截止日期不能早于今天"),
    ],
)
def test_an_exemption_needs_a_reason_and_a_day_to_come(alert, office, given, field, words):
    given = {"reason": "待批", "until_on": TODAY} | given
    with pytest.raises(ValidationError, match=words) as refusal:
        exempt_alert(alert=alert, by=office, now=NOW, **given)
    assert list(refusal.value.message_dict) == [field]


def test_an_exemption_may_end_today(alert, office):
    exempt_alert(alert=alert, reason="待批", until_on=TODAY, by=office, now=NOW)
    assert alert.exemption_on(TODAY)


def test_the_office_alone_exempts_and_lifts(alert, office):
    reporter = make_user(Role.REPORTER, unit=alert.unit)
    with pytest.raises(PermissionDenied, match="只有发改局统筹可以豁免预警"):
        exempt_alert(alert=alert, reason="待批", until_on=TODAY, by=reporter, now=NOW)
    exempt_alert(alert=alert, reason="待批", until_on=TODAY, by=office, now=NOW)
    with pytest.raises(PermissionDenied, match="只有发改局统筹可以取消豁免"):
        lift_exemption(alert=alert, by=reporter, now=NOW)


def test_there_must_be_an_exemption_to_lift(alert, office):
    with pytest.raises(ValidationError, match="该预警现无豁免"):
        lift_exemption(alert=alert, by=office, now=NOW)


# --- exempted anew ----------------------------------------------------------------------------------------


def granted(alert: Alert, office, day: str, until_on: str, reason: str = "待批") -> None:
    now = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(9), tzinfo=NOW.tzinfo)
    exempt_alert(alert=alert, reason=reason, until_on=dt.date.fromisoformat(until_on), by=office, now=now)


def exempt_days(alert: Alert, *days: str) -> list[str]:
    """What holds on each of the days, asked of the rows and of the set alike."""
    alert, held = Alert.objects.get(pk=alert.pk), []
    for day in map(dt.date.fromisoformat, days):
        exemption = alert.exemption_on(day)
        assert Alert.objects.exempt_on(day).exists() is (exemption is not None)
        held.append(f"{exemption.until_on:%m-%d} {exemption.reason}" if exemption else "—")
    return held


def test_an_alert_exempted_anew_keeps_the_days_it_was_exempted_before(alert, office):
    """Exempted 12–20 October and again from 1 November: in between it counted, and the first days stay exempted."""
    granted(alert, office, "2023-10-12", "2023-10-20", "待批")
    granted(alert, office, "2023-11-01", "2023-11-10", "补正")
    days = ("2023-10-11", "2023-10-12", "2023-10-20", "2023-10-21", "2023-10-31", "2023-11-01", "2023-11-11")
    assert exempt_days(alert, *days) == ["—", "10-20 待批", "10-20 待批", "—", "—", "11-10 补正", "—"]


def test_an_exemption_changed_while_it_runs_stays_as_granted_for_the_days_before(alert, office):
    granted(alert, office, "2023-10-12", "2023-12-31", "待批")
    granted(alert, office, "2023-10-16", "2023-10-18", "改为月内办结")
    assert exempt_days(alert, "2023-10-15", "2023-10-16", "2023-10-19", "2023-12-31") == [
        "12-31 待批",
        "10-18 改为月内办结",
        "—",
        "—",
    ]


def test_an_exemption_granted_twice_on_a_day_is_the_later_one(alert, office):
    granted(alert, office, "2023-10-12", "2023-12-31", "录错")
    granted(alert, office, "2023-10-12", "2023-10-31", "待批")
    assert exempt_days(alert, "2023-10-12", "2023-10-31", "2023-11-01") == ["10-31 待批", "10-31 待批", "—"]


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"from_on": dt.date(2023, 10, 12)}, "one_alert_exemption_a_day"),
        ({"from_on": dt.date(2024, 2, 1)}, "alert_exemption_ends_after_it_begins"),
        ({"from_on": dt.date(2023, 11, 1), "reason": ""}, "alert_exempted_with_reason"),
        (
            {"from_on": dt.date(2023, 11, 1), "ended_on": dt.date(2023, 10, 31)},
            "alert_exemption_ended_after_it_began",
        ),
    ],
)
def test_the_database_refuses_an_exemption_that_cannot_be(alert, office, fields, constraint):
    granted(alert, office, "2023-10-12", "2023-10-20")
    row = {"alert": alert, "reason": "待批", "until_on": dt.date(2023, 12, 31)} | fields
    with pytest.raises(IntegrityError, match="alert" if connection.vendor == "sqlite" else constraint):
        AlertExemption.objects.create(**row)


@pytest.mark.postgres
def test_two_exemptions_never_hold_on_one_day(alert, office):
    granted(alert, office, "2023-10-12", "2023-10-20")
    days = {"from_on": dt.date(2023, 10, 20), "until_on": dt.date(2023, 10, 31)}
    AlertExemption.objects.create(alert=alert, reason="待批", **days)
    with pytest.raises(IntegrityError, match="alert_exemptions_apart"), transaction.atomic():
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    transaction.set_rollback(True)
