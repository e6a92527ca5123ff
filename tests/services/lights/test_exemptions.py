"""An exemption is asked by who answers for the project, approved by another, named, dated, never retroactive."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from projects import tasks
from projects.models import AuditRecord, LightExemption, Notice, Project, User
from projects.queries.desk.desk import Desk
from projects.queries.desk.owed import OwedKind
from projects.services.alerts.reminders import remind_exemptions_ending
from projects.services.lights.exemptions import (
    approve_exemption,
    ask_exemption,
    ask_step,
    end_exemption,
    refuse_exemption,
    withdraw_exemption,
)
from tests.factories import NOW, TODAY, make_exemption, make_project, make_unit, make_user
from tests.reading import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
UNTIL = dt.date(2023, 12, 31)


def ask(project, by, **given) -> LightExemption:
    given = {
        "dimension": "progress",
        "reason": "文物勘探",
        "document": "淄高新办〔2023〕27号",
        "from_on": TODAY,
        "until_on": UNTIL,
        **given,
    }
    return ask_exemption(project=project, by=by, now=NOW, **given)


def approve(exemption, by, note=""):
    return approve_exemption(exemption=exemption, note=note, by=by, now=NOW)


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(ValidationError) as caught:
        call(*args, **kwargs)
    return "".join(caught.value.messages)


def in_force(project, day=TODAY) -> list[str]:
    return [one.dimension for one in project.light_exemptions.in_force(day)]


def test_from_asking_to_its_last_day(project, reporter, office):
    asked = ask(project, reporter)
    assert (asked.state, in_force(project)) == ("asked", [])
    approved = approve(asked, office, "同意")
    assert (approved.decided_by, approved.decision_note) == (office, "同意")
    assert in_force(project) == in_force(project, UNTIL) == ["progress"]
    assert in_force(project, UNTIL + dt.timedelta(days=1)) == []
    assert [row.action for row in AuditRecord.objects.filter(project=project).order_by("pk")] == [
        "申请亮灯豁免",
        "批准亮灯豁免",
    ]
    notice = Notice.objects.get(recipient=reporter, channel="in_app")
    assert "已批准" in notice.subject and "2023年12月31日" in notice.body


def test_refusing_needs_a_reason_and_tells_the_asker(project, reporter, office):
    asked = ask(project, reporter)
    assert "写明理由" in refusal(refuse_exemption, exemption=asked, note=" ", by=office, now=NOW)
    refuse_exemption(exemption=asked, note="依据不足", by=office, now=NOW)
    assert in_force(project) == []
    assert "依据不足" in Notice.objects.get(recipient=reporter, channel="in_app").body
    assert "不能再次办理" in refusal(approve, asked, office)


def withdraw(exemption, by):
    return withdraw_exemption(exemption=exemption, by=by, now=NOW)


def test_the_asker_alone_takes_a_waiting_request_back(project, unit, reporter, office):
    asked = ask(project, reporter)
    for other in (office, make_user("reporter", unit=unit), make_user("unit_head", unit=unit)):
        with pytest.raises(PermissionDenied):
            withdraw(asked, other)
    assert project.light_exemptions.get().state == "asked"
    assert withdraw(asked, reporter).state == "withdrawn"
    entry = AuditRecord.objects.get(action="撤回亮灯豁免申请")
    assert (entry.by, entry.project, entry.changes["state"]) == (reporter, project, ["asked", "withdrawn"])
    assert LightExemption.objects.get().decided_by is None
    assert in_force(project) == [] and not LightExemption.objects.waiting().exists()
    assert "已撤回，不能再次办理" in refusal(approve, asked, office)
    assert "已撤回，不能撤回" in refusal(withdraw, asked, reporter)
    assert ask(project, reporter).pk, "the way is free for another"


@pytest.mark.parametrize("decide", [approve_exemption, refuse_exemption])
def test_what_is_decided_is_not_withdrawn(project, reporter, office, decide):
    asked = ask(project, reporter)
    decide(exemption=asked, note="同前", by=office, now=NOW)
    before = LightExemption.objects.values().get()
    assert "不能撤回" in refusal(withdraw, asked, reporter)
    assert LightExemption.objects.values().get() == before


def test_the_database_wants_a_name_for_a_decision_and_none_for_a_withdrawal(project, reporter):
    rows = LightExemption.objects.filter(pk=ask(project, reporter).pk)
    assert rows.update(state="withdrawn") == 1
    for state in ("approved", "refused"):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state=state)


def test_ended_early_it_is_judged_again_from_that_day(project, reporter, office):
    running = approve(ask(project, reporter), office)
    assert "终止原因" in refusal(end_exemption, exemption=running, reason="", by=office, now=NOW)
    with pytest.raises(PermissionDenied):
        end_exemption(exemption=running, reason="已复工", by=reporter, now=NOW)
    later = NOW + dt.timedelta(days=5)
    ended = end_exemption(exemption=running, reason="已复工", by=office, now=later)
    assert in_force(project, later.date()) == [] and in_force(project, TODAY) == ["progress"]
    assert ended.ended_by == office
    assert "无需终止" in refusal(end_exemption, exemption=ended, reason="再", by=office, now=later)
    assert AuditRecord.objects.get(action="终止亮灯豁免").reason == "已复工"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"reason": " "}, "豁免原因"),
        ({"from_on": TODAY - dt.timedelta(days=1)}, "不能追溯"),
        ({"until_on": TODAY - dt.timedelta(days=1)}, "不能早于起始日"),
        ({"until_on": dt.date(2024, 10, 13)}, "最长12个月"),
        ({"from_on": dt.date(9999, 12, 31), "until_on": dt.date(9999, 12, 31)}, "核对年份"),
        ({"dimension": "weather"}, "选择豁免的维度"),
    ],
)
def test_what_asking_refuses(project, reporter, given, words):
    assert words in refusal(ask, project, reporter, **given)
    assert not LightExemption.objects.exists()


def test_twelve_months_to_the_day_are_granted(project, reporter):
    assert ask(project, reporter, until_on=dt.date(2024, 10, 12)).pk


def test_an_ended_project_needs_none(project, reporter, office):
    asked = ask(project, reporter)
    Project.objects.filter(pk=project.pk).update(state="withdrawn")
    assert "无需豁免" in refusal(ask, project, reporter, dimension="start")
    assert "无需豁免" in refusal(approve, asked, office)


@pytest.mark.parametrize(
    ("first", "second", "overlaps"),
    [
        ("progress", "progress", True),
        ("progress", "", True),
        ("", "progress", True),
        ("", "", True),
        ("progress", "start", False),
    ],
)
def test_approved_exemptions_of_one_dimension_do_not_overlap(
    project, reporter, office, first, second, overlaps
):
    approve(ask(project, reporter, dimension=first), office)
    if overlaps:
        assert "时间重叠" in refusal(ask, project, reporter, dimension=second, from_on=UNTIL, until_on=UNTIL)
    assert ask(
        project,
        reporter,
        dimension=second,
        from_on=UNTIL + dt.timedelta(days=1),
        until_on=dt.date(2024, 3, 1),
    )
    if not overlaps:
        assert project.light_exemptions.waiting().count() == 1


def test_after_an_early_end_the_time_is_free_again(project, reporter, office):
    running = approve(ask(project, reporter), office)
    end_exemption(exemption=running, reason="已复工", by=office, now=NOW)
    assert ask(project, reporter).pk


def test_what_was_approved_meanwhile_stands_in_the_way_of_an_approval(project, reporter, office):
    waiting = make_exemption(project, reporter)
    make_exemption(project, reporter, state="approved", decided_by=office)
    assert "时间重叠" in refusal(approve, waiting, office)


def test_the_same_is_not_asked_twice(project, reporter, office):
    ask(project, reporter)
    assert "已有待批准" in refusal(ask, project, reporter)
    assert "已有待批准" in refusal(ask, project, reporter, dimension="")
    assert ask(project, reporter, dimension="start").pk


def test_nobody_approves_the_own_request_unless_alone_in_the_office(project, office):
    own = ask(project, office)
    assert "填写批准意见" in refusal(approve, own, office)
    colleague = make_user("office")
    not_alone = User.objects.get(pk=office.pk)  # who is the whole office is asked once a request
    assert "其他人员批准" in refusal(approve, own, not_alone, "同意")
    approved = approve(own, colleague)
    assert approved.decided_by == colleague
    assert Notice.objects.filter(recipient=office, channel="in_app").count() == 1


def test_alone_in_the_office_one_approves_with_a_note_and_is_not_told_so(project, office):
    approved = approve(ask(project, office), office, "经分管领导同意")
    assert approved.decided_by == office and not Notice.objects.exists()


def test_a_request_whose_time_is_over_cannot_be_approved(project, reporter, office):
    asked = ask(project, reporter, until_on=TODAY)
    late = NOW + dt.timedelta(days=1)
    assert "豁免期已过" in refusal(approve_exemption, exemption=asked, by=office, now=late)


def test_who_may_ask_and_who_may_decide(project, unit, reporter, office):
    asked = ask(project, reporter)
    host = make_unit()
    Project.objects.filter(pk=project.pk).update(host_district=host)
    project.refresh_from_db()
    assert ask_step(project, make_user("unit_head", unit=host))
    for outsider in (make_user("reporter"), make_user("inspector"), make_user("service_officer")):
        with pytest.raises(PermissionDenied):
            ask(project, outsider, dimension="start")
    for role in ("unit_head", "inspector"):
        with pytest.raises(PermissionDenied):
            approve(asked, make_user(role, unit=unit))


def test_the_desk_of_the_office_shows_what_waits_but_not_the_own(project, reporter, office):
    ask(project, reporter)
    ask(project, office, dimension="start")
    found = [
        group
        for section in Desk(office, TODAY).sections()
        for group in section.groups
        if group.kind == OwedKind.EXEMPTION
    ]
    assert [(group.count, group.rows[0].what) for group in found] == [(1, "豁免进度")]


# --- before it ends (到期提醒) ----------------------------------------------------------------------------------

LAST = dt.date(2023, 11, 15)  # a Wednesday; the seventh day before it is a Wednesday too


def remind(day: dt.date) -> int:
    return remind_exemptions_ending(as_of=day, now=NOW)


def running(project, by, until_on=LAST, **fields):
    return make_exemption(project, by, until_on=until_on, **{"state": "approved", **fields})


def told(by) -> list[str]:
    rows = Notice.objects.filter(recipient=by, channel="in_app", key__contains=":ends:").order_by("pk")
    return [row.key.split(":")[-2] for row in rows]


def before(days: int, last: dt.date = LAST) -> dt.date:
    return last - dt.timedelta(days=days)


def test_the_asker_is_told_seven_days_and_one_day_before_the_last(project, reporter, office):
    running(project, reporter, decided_by=office)
    assert [remind(before(days)) for days in (8, 7, 6, 2, 1, 0, -1)] == [0, 1, 0, 0, 1, 0, 0]
    assert (told(reporter), told(office)) == (["7", "1"], [])
    notice = Notice.objects.filter(channel="in_app").first()
    assert notice.body == (
        f"{project.name}“进度”的亮灯豁免将于2023年11月15日到期，到期后恢复评定；"
        "仍需豁免的请重新申请，起始日填2023年11月16日。"
    )


def test_run_twice_a_day_nobody_is_told_twice(project, reporter):
    running(project, reporter)
    assert [remind(before(7)), remind(before(7)), remind(before(1)), remind(before(1))] == [1, 0, 1, 0]
    assert Notice.objects.filter(channel="in_app").count() == 2


@pytest.mark.parametrize(
    ("first_run", "steps"),
    [(7, ["7", "1"]), (6, ["7", "1"]), (2, ["7", "1"]), (1, ["1"]), (0, ["1"]), (-1, [])],
)
def test_after_downtime_only_the_nearest_step_is_caught_up(project, reporter, first_run, steps):
    running(project, reporter)
    for days in range(first_run, -2, -1):
        remind(before(days))
    assert told(reporter) == steps


@pytest.mark.parametrize("weekday", ["Saturday", "Sunday"])
def test_what_falls_on_days_off_is_told_on_the_working_day_before(project, reporter, weekday):
    friday, last = dt.date(2023, 11, 10), {"Saturday": 12, "Sunday": 13}[weekday]
    running(project, reporter, dt.date(2023, 11, last))  # one day before it is the day off
    assert remind(friday) == 1 and told(reporter) == ["1"]


def test_the_task_keeps_to_working_days(project, reporter, settings):
    running(project, reporter, dt.date(2023, 11, 15))
    for day in (11, 12):  # a weekend within the seven days
        settings.TODAY = dt.date(2023, 11, day)
        tasks.remind_exemptions_ending()
    assert told(reporter) == []
    settings.TODAY = dt.date(2023, 11, 13)
    tasks.remind_exemptions_ending()
    assert told(reporter) == ["7"]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "asked"},
        {"state": "refused"},
        {"state": "withdrawn"},
        {"ended_on": before(7)},
        {"from_on": before(3)},
    ],
)
def test_what_does_not_run_has_no_end_to_be_told_of(project, reporter, fields):
    running(project, reporter, **fields)
    assert remind(before(7)) == 0


@pytest.mark.parametrize(
    ("later", "reminded"),
    [
        ({"state": "asked"}, 0),
        ({"state": "approved"}, 0),
        ({"state": "asked", "dimension": ""}, 0),
        ({"state": "asked", "dimension": "start"}, 1),
        ({"state": "refused"}, 1),
        ({"state": "withdrawn"}, 1),
        ({"state": "approved", "ended_on": before(7)}, 1),
    ],
)
def test_who_has_asked_anew_is_left_alone(project, reporter, later, reminded):
    running(project, reporter)
    make_exemption(project, reporter, from_on=before(-1), until_on=dt.date(2023, 12, 31), **later)
    assert remind(before(7)) == reminded


def test_only_who_still_sees_a_project_that_goes_on_is_told(project, unit, reporter):
    gone = make_user("reporter", unit=unit, is_active=False)
    ended = make_project(lead_department=unit, state="withdrawn")
    foreign = make_project(lead_department=make_unit())
    for of, by in ((project, gone), (ended, reporter), (foreign, reporter)):
        running(of, by)
    assert remind(before(7)) == 0
    running(make_project(lead_department=unit), reporter)
    assert remind(before(7)) == 1


def test_reminding_asks_nothing_more_for_exemptions_that_are_far_from_their_end(project, reporter):
    def asked() -> int:
        return queries_of(remind, TODAY)

    running(project, reporter)
    asked()
    few = asked()
    for _ in range(9):
        running(make_project(), make_user("reporter"))
    assert asked() == few


def ending_on_desk(user, day):
    groups = [group for section in Desk(user, day).sections() for group in section.groups]
    return [row for group in groups if group.kind == OwedKind.EXEMPTION_ENDING for row in group.rows]


def test_the_askers_desk_shows_an_exemption_in_its_last_week(project, unit, reporter, office):
    running(project, reporter)
    running(project, office, dimension="start")
    assert [ending_on_desk(reporter, before(days)) for days in (8, -1)] == [[], []]
    for person, what in ((reporter, "豁免进度"), (office, "豁免开工")):
        for days in (7, 0):
            [row] = ending_on_desk(person, before(days))
            assert (row.what, row.due_on, row.target) == (what, LAST, project.code)
    assert ending_on_desk(make_user("unit_head", unit=unit), before(1)) == []
    ask(project, reporter, from_on=before(-1), until_on=dt.date(2023, 12, 31))
    assert ending_on_desk(reporter, before(1)) == []
