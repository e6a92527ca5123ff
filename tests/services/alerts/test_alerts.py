"""Alerts open and close by themselves, tell each person once, and survive downtime and re-runs."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Alert, AlertStep, AuditRecord, DueReminder, Notice, Permit, Unit
from projects.queries.alerts.findings import findings
from projects.queries.alerts.ladder import plan_scan
from projects.services.alerts.scanning import (
    acknowledge_alert,
    carry_over,
    exempt_alert,
    lift_exemption,
    rehearse_scan,
    scan_alerts,
)
from tests.factories import (
    NOW,
    TODAY,
    make_listing,
    make_official,
    make_permit,
    make_plan,
    make_project,
    make_unit,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]

QUIET = dt.date(2024, 1, 1)


@pytest.fixture
def people():
    department, district = make_unit("建设局"), make_unit("四宝山街道", Unit.Kind.DISTRICT)
    sponsor = make_user("sponsor", name="领导")
    found = {
        "department": department,
        "district": district,
        "reporter": make_user("reporter", unit=department, name="填报员"),
        "head": make_user("unit_head", unit=department, name="部门负责人"),
        "local": make_user("reporter", unit=district, name="属地填报员"),
        "sponsor": sponsor,
        "office": make_user("office", name="统筹"),
        "stranger": make_user("reporter", name="外单位"),
    }
    found["official"] = make_official(user=sponsor)
    return found


def late_project(people, *dues, **fields):
    project = make_project(
        reports_from_on=QUIET,
        lead_department=people["department"],
        host_district=people["district"],
        sponsor=people["official"],
        **fields,
    )
    make_plan(project, *dues)
    return project


def scan(day=TODAY):
    return scan_alerts(as_of=day, now=NOW)


def told(channel="in_app") -> dict[str, list[str]]:
    """{person: titles told}, over all messages."""
    found: dict[str, list[str]] = {}
    for notice in Notice.objects.filter(channel=channel).select_related("recipient"):
        found.setdefault(notice.recipient.full_name, []).extend(row["title"] for row in notice.rows)
    return found


def test_an_alert_opens_once_and_closes_when_its_cause_is_gone(people):
    project = late_project(people, "2023-10-11")
    assert scan().as_json() | {"as_of": ""} == {
        "as_of": "",
        "opened": 1,
        "closed": 0,
        "open": {"milestone_overdue": 1},
        "notices": 2,
    }
    again = scan()
    assert (again.opened, again.closed, len(again.digests)) == (0, 0, 0)
    project.plans.get().milestones.update(achieved_on=TODAY, evidence="备案证明")
    assert (scan().closed, scan().open) == (1, {})
    assert Alert.objects.get().closed_on == TODAY


def test_each_step_tells_its_people_and_only_once(people):
    late_project(people, "2023-10-11")
    scan(dt.date(2023, 10, 12))
    assert set(told()) == {"填报员", "部门负责人"}
    scan(dt.date(2023, 10, 13))
    assert sum(len(titles) for titles in told().values()) == 2
    scan(dt.date(2023, 10, 16))  # third working day
    assert set(told()) == {"填报员", "部门负责人", "属地填报员"}
    scan(dt.date(2023, 10, 20))  # seventh
    assert set(told()) == {"填报员", "部门负责人", "属地填报员", "领导"}
    scan(dt.date(2023, 11, 1))  # fifteenth
    assert "统筹" in told()
    assert all(len(titles) == 1 for titles in told().values())
    assert set(AlertStep.objects.values_list("working_days", flat=True)) == {1, 3, 7, 15}


def test_catching_up_tells_each_person_once_by_the_highest_step(people):
    late_project(people, "2023-09-01", "2023-09-04")
    result = scan()
    assert [len(digest.lines) for digest in result.digests] == [2] * 5
    assert Notice.objects.filter(channel="in_app").count() == 5
    steps = {row["step"] for row in Notice.objects.get(recipient=people["reporter"], channel="in_app").rows}
    assert steps == {"逾期满15个工作日"}
    assert AlertStep.objects.count() == 8, "all four steps of both alerts are recorded"
    assert scan(dt.date(2023, 10, 13)).digests == ()


def test_nobody_is_told_what_they_may_not_see(people):
    elsewhere = make_unit()
    watcher = make_user("reporter", unit=elsewhere, name="无关填报员")
    project = late_project(people, "2023-10-11")
    project.plans.get().milestones.update(unit=elsewhere)
    scan()
    assert Alert.objects.get().unit == elsewhere
    assert not Notice.objects.filter(recipient=watcher).exists(), (
        "the milestone's unit does not see the project"
    )
    assert "填报员" in told() and "外单位" not in told()


def test_the_office_hears_when_nobody_can_be_told(people):
    make_plan(make_project(reports_from_on=QUIET, lead_department=make_unit()), "2023-10-11")
    scan()
    row = Notice.objects.get(recipient=people["office"], channel="in_app").rows[0]
    assert row["step"] == "无人可通知"


def test_milestones_due_soon_remind_the_reporter_once_a_step(people):
    late_project(people, "2023-10-13")
    scan(dt.date(2023, 10, 9))  # four working days left: the step of seven
    assert told() == {"填报员": ["节点1"]}
    scan(dt.date(2023, 10, 10))  # three left
    scan(dt.date(2023, 10, 10))
    assert told() == {"填报员": ["节点1", "节点1"]}
    assert sorted(DueReminder.objects.values_list("working_days", flat=True)) == [-7, -3]
    assert not Alert.objects.exists(), "due soon is no alert"


def test_a_permit_reminds_ahead_of_its_lapse_once_a_step_and_then_alerts(people):
    permit = make_permit(late_project(people), number="建字第1号", valid_until_on=dt.date(2023, 11, 10))
    title = "建设工程规划许可证（建字第1号）"
    scan(dt.date(2023, 10, 10))
    assert told() == {}, "31 days left"
    scan(dt.date(2023, 10, 11))  # the kind's own notice of 30 days
    scan(dt.date(2023, 10, 12))
    assert told() == {"填报员": [title]}
    for day in (1, 6, 7, 8, 9, 10):
        scan(dt.date(2023, 11, day))
    assert sorted(DueReminder.objects.values_list("subject", "working_days")) == [
        (f"permit:{permit.pk}", step) for step in (-7, -3, -1, 0)
    ]
    assert told() == {"填报员": [title] * 4}
    assert not Alert.objects.exists(), "its last day itself still holds"
    assert scan(dt.date(2023, 11, 13)).open == {"permit_lapsed": 1}
    assert told()["部门负责人"] == [title]
    letter = Notice.objects.get(channel="email", recipient=people["head"]).body
    assert f"许可失效：{title}，有效期至11月10日，逾期3天" in letter
    assert "下一步：办理延续，登记新的文号和有效期" in letter


def test_a_new_validity_is_reminded_of_anew_and_a_void_permit_never(people):
    permit = make_permit(late_project(people), valid_until_on=dt.date(2023, 10, 13))
    scan(dt.date(2023, 10, 12))
    assert DueReminder.objects.count() == 4, "all steps that have come are recorded"
    assert [row["step"] for row in Notice.objects.get(channel="in_app").rows] == ["距到期不超过1个工作日"]
    Permit.objects.filter(pk=permit.pk).update(valid_until_on=dt.date(2023, 11, 10))
    scan(dt.date(2023, 10, 13))
    assert DueReminder.objects.filter(due_on=dt.date(2023, 11, 10)).count() == 1
    Permit.objects.filter(pk=permit.pk).update(state="void", void_reason="登记有误")
    scan(dt.date(2023, 11, 9))
    assert DueReminder.objects.count() == 5


def test_a_rehearsal_shows_what_is_due_soon(people):
    make_permit(late_project(people), number="建字第1号", valid_until_on=dt.date(2023, 10, 20))
    (digest,) = rehearse_scan(as_of=TODAY).digests
    (line,) = digest.lines
    assert (line.kind_words, line.when, line.is_late) == ("许可临期", "8天后到期", False)
    assert line.next_step == "到期前办理延续，登记新的文号和有效期"
    assert not DueReminder.objects.exists()


def test_as_many_queries_for_thirty_permits_due_soon_as_for_one(people):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            plan = plan_scan(TODAY)
        assert plan.reminders
        return len(captured)

    make_permit(late_project(people, "2023-10-20"), valid_until_on=dt.date(2023, 10, 20))
    for_one = queries()
    for _ in range(29):
        make_permit(late_project(people, "2023-10-20"), valid_until_on=dt.date(2023, 10, 20))
    assert queries() == for_one


def test_an_exempted_alert_stays_visible_but_is_neither_counted_nor_escalated(people):
    late_project(people, "2023-10-11")
    scan()
    alert = Alert.objects.get()
    exempt_alert(
        alert=alert, reason="用地指标待批", until_on=dt.date(2023, 10, 31), by=people["office"], now=NOW
    )
    result = scan(dt.date(2023, 10, 31))
    assert (result.open, result.digests) == ({}, ())
    assert Alert.objects.open().count() == 1
    result = scan(dt.date(2023, 11, 1))
    assert result.open == {"milestone_overdue": 1}
    assert len(result.digests) == 3, "district, sponsor and office hear what was held back"


def test_a_rehearsal_says_who_would_be_told_and_writes_nothing(people):
    late_project(people, "2023-10-11")
    result = rehearse_scan(as_of=TODAY)
    assert [digest.recipient.full_name for digest in result.digests] == ["填报员", "部门负责人"]
    line = result.digests[0].lines[0]
    assert (line.step, line.why, line.kind_words) == ("逾期满1个工作日", "填报员", "节点逾期")
    assert result.open == {"milestone_overdue": 1}
    assert not Alert.objects.exists() and not Notice.objects.exists() and not AlertStep.objects.exists()


def test_a_day_before_the_last_scan_changes_nothing(people):
    late_project(people, "2023-10-11")
    scan()
    before = scan(dt.date(2023, 10, 11))
    assert before.is_past and (before.opened, before.closed) == (0, 0)
    assert Alert.objects.open().count() == 1


def test_letters_wait_only_for_those_with_an_address(people):
    people["head"].email = ""
    people["head"].save()
    late_project(people, "2023-10-11")
    scan()
    assert set(told("email")) == {"填报员"}
    letter = Notice.objects.get(channel="email")
    assert letter.state == Notice.State.QUEUED
    assert "下一步：办结该节点并上传依据" in letter.body


def test_only_the_office_exempts_with_a_reason_and_an_end(people):
    late_project(people, "2023-10-11")
    scan()
    alert = Alert.objects.get()
    for wrong, refusal, words in (
        ({"by": people["reporter"]}, PermissionDenied, "只有发改局统筹可以豁免"),
        ({"reason": " "}, ValidationError, "请填写豁免原因"),
        ({"until_on": TODAY - dt.timedelta(days=1)}, ValidationError, "不能早于今天"),
    ):
        given = {"reason": "原因", "until_on": TODAY, "by": people["office"]} | wrong
        with pytest.raises(refusal, match=words):
            exempt_alert(alert=alert, now=NOW, **given)
    exempt_alert(alert=alert, reason="原因", until_on=TODAY, by=people["office"], now=NOW)
    lift_exemption(alert=alert, by=people["office"], now=NOW)
    assert Alert.objects.counted_on(TODAY).count() == 1
    assert list(AuditRecord.objects.order_by("pk").values_list("action", flat=True)) == [
        "豁免预警",
        "取消豁免",
    ]


def test_an_alert_is_acknowledged_once(people):
    late_project(people, "2023-10-11")
    scan()
    alert = Alert.objects.get()
    acknowledge_alert(alert=alert, by=people["reporter"], now=NOW)
    with pytest.raises(ValidationError, match="该预警已由填报员知悉"):
        acknowledge_alert(alert=alert, by=people["head"], now=NOW)
    assert Alert.objects.get().acknowledged_by == people["reporter"]


@pytest.mark.parametrize(("day", "told"), [("2023-09-05", False), ("2023-09-06", True)])
def test_seven_working_days_before_a_due_day_that_is_a_day_off(people, day, told):
    """Due on Saturday 16 September: the seventh working day before it is Thursday 7, told on the 6th as of any due day."""
    late_project(people, "2023-09-16")
    assert bool(scan(dt.date.fromisoformat(day)).digests) is told


def test_the_office_carries_over_what_last_year_s_list_had_due(people):
    """上年到期未办的 stays an alert over New Year until it is closed by a document, from that day on."""
    project = make_project(reports_from_on=dt.date(2025, 1, 1))
    make_listing(project, planned_start="2023年9月")
    scan(dt.date(2023, 12, 29))
    alert = Alert.objects.get()
    given = {"alert": alert, "document": "淄高新发改〔2024〕1号", "by": people["office"]}
    with pytest.raises(ValidationError, match="只有以前年度名单"):
        carry_over(now=dt.datetime(2023, 12, 29, 9, tzinfo=NOW.tzinfo), **given)
    assert scan(dt.date(2024, 1, 2)).closed == 0
    with pytest.raises(ValidationError, match="请填写结转文件文号"):
        carry_over(now=dt.datetime(2024, 1, 5, 9, tzinfo=NOW.tzinfo), **given | {"document": " "})
    carry_over(now=dt.datetime(2024, 1, 5, 9, tzinfo=NOW.tzinfo), **given)
    alert.refresh_from_db()
    assert alert.closed_on == dt.date(2024, 1, 5)
    result = scan(dt.date(2024, 1, 8))
    assert (result.opened, result.closed) == (0, 0)
    assert findings(dt.date(2024, 1, 4)) and not findings(dt.date(2024, 1, 5))
    with pytest.raises(ValidationError, match="该预警已解除"):
        carry_over(now=dt.datetime(2024, 1, 8, 9, tzinfo=NOW.tzinfo), **given)
