"""A date is moved by request before it is due, by the office alone, and the old date is kept."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from projects.models import AuditRecord, DateChangeRequest, DeliveryPlan, Milestone, Notice
from projects.services.base.attachments import prepare_file
from projects.services.plans.date_changes import (
    approve_date_changes,
    refuse_date_changes,
    request_date_change,
    withdraw_date_change,
)
from projects.services.plans.milestones import achieve_milestone
from projects.services.plans.versions import approve_plan, revise_plan
from tests.factories import NOW, TODAY, handed_in, make_plan, make_project, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("media")]
DUE = "2023-12-01"
PDF = b"%PDF-1.7\n...\n%%EOF\n"


@pytest.fixture
def plan(unit):
    plan = make_plan(make_project(lead_department=unit), DUE, "2024-03-01", "2024-06-30")
    rows = list(plan.milestones.all())
    rows[1].predecessors.add(rows[0])
    rows[2].predecessors.add(rows[1])
    return plan


def row(plan, place=1) -> Milestone:
    return plan.milestones.get(position=place)


def ask(milestone, by, **given):
    given = {"new_due": "2024年1月底前", "reason": "冬季停工", "document": "淄高新〔2023〕9号", **given}
    return request_date_change(milestone=milestone, by=by, now=given.pop("now", NOW), **given)


def approve(*requests, by, **given):
    return approve_date_changes(requests=requests, by=by, now=NOW, **given)


def test_asked_before_the_due_date_with_reason_and_evidence(plan, reporter):
    request = ask(row(plan), reporter)
    assert (request.state, request.old_due, request.new_due_on) == ("waiting", DUE, dt.date(2024, 1, 31))
    assert (request.asked_on, request.asked_by) == (TODAY, reporter)
    entry = AuditRecord.objects.get(action="申请调整节点时间")
    assert (entry.project, entry.reason) == (plan.project, "冬季停工")
    assert row(plan).due == DUE


@pytest.mark.parametrize("due", ["2023-10-12", "2023-10-11", "2023年10月上旬"])
def test_on_or_after_the_due_date_it_is_too_late(plan, reporter, due):
    milestone = row(plan)
    milestone.due = due
    milestone.save()
    with pytest.raises(ValidationError, match="已到计划完成时间，不能再申请调整"):
        ask(milestone, reporter)
    assert not DateChangeRequest.objects.exists()
    assert not AuditRecord.objects.exists()


def test_the_day_before_the_due_date_is_in_time(plan, reporter):
    milestone = row(plan)
    milestone.due = "2023-10-13"
    milestone.save()
    assert ask(milestone, reporter).old_due_on == dt.date(2023, 10, 13)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"new_due": ""}, "new_due"),
        ({"new_due": "待定"}, "new_due"),
        ({"new_due": "下辈子"}, "new_due"),
        ({"new_due": "2023-10-12"}, "new_due"),
        ({"new_due": "2023年12月1日"}, "new_due"),
        ({"new_due": "1023-12-01"}, "new_due"),
        ({"reason": " "}, "reason"),
        ({"document": " "}, "document"),
    ],
)
def test_refused_with_the_field_named_and_nothing_written(plan, reporter, given, field):
    with pytest.raises(ValidationError) as refused:
        ask(row(plan), reporter, **given)
    assert set(refused.value.message_dict) == {field}
    assert not DateChangeRequest.objects.exists()


def test_a_file_is_evidence_enough(plan, reporter):
    request = ask(row(plan), reporter, document="", files=[prepare_file(SimpleUploadedFile("说明.pdf", PDF))])
    assert request.attachments.get().name == "说明.pdf"


def test_one_request_waits_at_a_time_and_may_be_withdrawn_by_who_asked(plan, reporter, unit):
    request = ask(row(plan), reporter)
    with pytest.raises(ValidationError, match="已有待审定"):
        ask(row(plan), reporter)
    with pytest.raises(PermissionDenied):
        withdraw_date_change(request=request, by=make_user("reporter", unit=unit), now=NOW)
    assert withdraw_date_change(request=request, by=reporter, now=NOW).state == "withdrawn"
    with pytest.raises(ValidationError, match="不能撤回"):
        withdraw_date_change(request=request, by=reporter, now=NOW)
    ask(row(plan), reporter)


def test_a_done_milestone_and_one_of_an_old_plan_are_not_moved(plan, reporter):
    milestone = row(plan)
    achieve_milestone(milestone=milestone, achieved_on=TODAY, evidence="1号", by=reporter, now=NOW)
    with pytest.raises(ValidationError, match="已办结"):
        ask(milestone, reporter)
    DeliveryPlan.objects.update(state="superseded", until_on=TODAY)
    with pytest.raises(ValidationError, match="不在执行中"):
        ask(row(plan, 2), reporter)


def test_the_responsible_unit_asks_for_its_own_milestone_alone(plan):
    bureau = make_unit("审批局")
    Milestone.objects.filter(pk=row(plan).pk).update(unit=bureau)
    person = make_user("reporter", unit=bureau)
    ask(row(plan), person)
    with pytest.raises(PermissionDenied):
        ask(row(plan, 2), person)
    with pytest.raises(PermissionDenied):
        ask(row(plan, 2), make_user("sponsor"))


def test_agreeing_makes_one_version_for_all_and_keeps_the_old_dates(plan, reporter, office):
    first, second = (
        ask(row(plan), reporter),
        ask(row(plan, 2), reporter, new_due="2024-05-01", document="会议纪要3号"),
    )
    new = approve(first, second, by=office, decision="同意")
    plan.refresh_from_db()
    assert (plan.state, new.state, new.number) == ("superseded", "approved", 2)
    assert [one.due_on for one in plan.milestones.all()][:2] == [dt.date(2023, 12, 1), dt.date(2024, 3, 1)]
    assert [one.due for one in new.milestones.all()] == ["2024年1月底前", "2024-05-01", "2024-06-30"]
    assert [one.baseline.plan_id for one in new.milestones.all()] == [plan.pk] * 3
    assert row(new, 3).predecessors.get() == row(new, 2)
    assert (new.approved_on, new.approved_by, new.document) == (
        TODAY, office, "淄高新〔2023〕9号、会议纪要3号",
    )  # fmt: skip
    first.refresh_from_db()
    assert (first.state, first.decided_by, first.new_plan, first.milestone) == (
        "approved", office, new, row(plan),
    )  # fmt: skip
    told = Notice.objects.filter(channel="in_app", recipient=reporter)
    assert told.count() == 2
    assert "2024年1月底前" in told.get(key__startswith=f"date-change:{first.pk}:").body
    with pytest.raises(ValidationError, match="已同意，不能再审定"):
        approve(first, by=office)
    assert plan.project.plans.count() == 2


def test_the_target_date_follows_when_the_last_milestone_goes_past_it(plan, reporter, office):
    DeliveryPlan.objects.filter(pk=plan.pk).update(starts_on=TODAY, finish_on=dt.date(2024, 6, 30))
    new = approve(ask(row(plan, 3), reporter, new_due="2024-09-30"), by=office)
    assert new.finish_on == dt.date(2024, 9, 30)


def test_a_waiting_request_follows_its_milestone_into_the_new_version(plan, reporter, office):
    waiting = ask(row(plan, 2), reporter, new_due="2024-05-01")
    new = approve(ask(row(plan), reporter), by=office)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.milestone) == ("waiting", row(new, 2))
    assert approve(waiting, by=office).number == 3


def test_a_request_whose_milestone_is_dropped_is_closed_with_the_reason(plan, reporter, office):
    waiting = ask(row(plan, 3), reporter, new_due="2024-09-30")
    draft = revise_plan(plan=plan, by=reporter, now=NOW)
    row(draft, 3).delete()
    approve_plan(plan=handed_in(draft), approved_on=TODAY, by=office, now=NOW)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decision) == ("refused", "该节点未列入新版推进方案。")


def test_an_open_draft_takes_the_new_date_over_and_comes_into_force_as_the_latest(plan, reporter, office):
    draft = revise_plan(plan=plan, by=reporter, now=NOW)
    Milestone.objects.filter(pk=row(draft, 2).pk).update(due="2024-04-01", due_on=dt.date(2024, 4, 1))
    one, two = ask(row(plan), reporter), ask(row(plan, 2), reporter, new_due="2024-05-01")
    new = approve(one, two, by=office)
    assert row(draft).due == "2024年1月底前"
    assert row(draft, 2).due == "2024-04-01"  # the draft had a date of its own
    draft = approve_plan(plan=handed_in(draft), approved_on=TODAY, by=office, now=NOW)
    assert draft.number > new.number


def test_refusing_needs_a_reason_and_moves_nothing(plan, reporter, office):
    request = ask(row(plan), reporter)
    with pytest.raises(ValidationError, match="写明理由"):
        refuse_date_changes(requests=[request], decision=" ", by=office, now=NOW)
    refuse_date_changes(requests=[request], decision="可以并联办理", by=office, now=NOW)
    request.refresh_from_db()
    assert (request.state, request.decision) == ("refused", "可以并联办理")
    assert plan.project.plans.count() == 1
    assert "可以并联办理" in Notice.objects.get(channel="in_app").body


def test_only_the_office_decides_and_only_for_one_project_at_once(plan, reporter, office, unit):
    request = ask(row(plan), reporter)
    with pytest.raises(PermissionDenied):
        approve(request, by=reporter)
    with pytest.raises(PermissionDenied):
        refuse_date_changes(requests=[request], decision="否", by=make_user("inspector"), now=NOW)
    other = make_plan(make_project(lead_department=unit), DUE)
    with pytest.raises(ValidationError, match="同一项目"):
        approve(request, ask(row(other), reporter), by=office)
    with pytest.raises(ValidationError, match="请勾选"):
        approve(by=office)
    request.refresh_from_db()
    assert request.state == "waiting"


def test_a_milestone_done_while_the_request_waited_is_not_moved(plan, reporter, office):
    request = ask(row(plan), reporter)
    achieve_milestone(milestone=row(plan), achieved_on=TODAY, evidence="1号", by=reporter, now=NOW)
    with pytest.raises(ValidationError, match="已办结"):
        approve(request, by=office)
    assert plan.project.plans.count() == 1
