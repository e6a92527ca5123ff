"""Alerts whose matter changes, what is refused of them, and a scan that breaks (预警的变化、拒绝、中断)."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import Alert, AlertStep, DueReminder, Milestone, Notice, Role
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
    assert exempt_alert(alert=alert, reason="待批", until_on=TODAY, by=office, now=NOW).is_exempt_on(TODAY)


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
