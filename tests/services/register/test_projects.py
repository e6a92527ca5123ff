"""Visits, hand-overs, states and dates of fact: each dated, each with its author."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import AuditRecord, Handover, Project, Role, SiteVisit, StateChange
from projects.services.problems import visits
from projects.services.register import handovers, projects
from projects.services.register import states as project_states
from tests.factories import (
    NOW,
    TODAY,
    make_official,
    make_plan,
    make_problem,
    make_project,
    make_unit,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TOMORROW = TODAY + dt.timedelta(days=1)


def visit(project, by, **fields):
    fields = {"visited_on": TODAY, "findings": "主体施工至三层", **fields}
    return visits.log_visit(project=project, by=by, now=NOW, **fields)


def test_a_sponsor_logs_a_visit_once_however_often_it_is_sent():
    sponsor = make_user(Role.SPONSOR)
    official = make_official(user=sponsor)
    project = make_project(sponsor=official)
    visit(project, sponsor, official=official)
    visit(project, sponsor, official=official)
    assert SiteVisit.objects.count() == AuditRecord.objects.filter(action="登记走访").count() == 1


@pytest.mark.parametrize(
    ("fields", "named"), [({"visited_on": TOMORROW}, "visited_on"), ({"findings": "  "}, "findings")]
)
def test_a_visit_in_the_future_or_without_findings_is_refused(office, fields, named):
    with pytest.raises(ValidationError) as refusal:
        visit(make_project(), office, **fields)
    assert list(refusal.value.message_dict) == [named]
    assert not SiteVisit.objects.exists()


@pytest.mark.parametrize("role", [Role.REPORTER, Role.SPONSOR, Role.INSPECTOR])
def test_others_may_not_log_a_visit(role):
    with pytest.raises(PermissionDenied):
        visit(make_project(), make_user(role))


def hand_over(project, to, by, **fields):
    fields = {
        "slot": Handover.Slot.LEAD_DEPARTMENT,
        "from_on": TODAY,
        "document": "淄高新办〔2023〕8号",
        **fields,
    }
    return handovers.hand_over(project=project, to=to, by=by, now=NOW, **fields)


def test_a_hand_over_changes_the_holder_and_keeps_the_old_one(office):
    old, new = make_unit(), make_unit()
    project = make_project(lead_department=old)
    hand_over(project, new, office)
    project.refresh_from_db()
    assert project.lead_department == new
    assert [row.unit for row in project.handovers.order_by("from_on")] == [old, new]
    assert AuditRecord.objects.get(action="责任交接").changes == {"lead_department_id": [old.pk, new.pk]}


def test_a_hand_over_needs_a_new_holder_and_a_later_day_not_in_the_future(office):
    unit = make_unit()
    project = make_project(lead_department=unit)
    retired = make_unit()
    retired.is_active = False
    retired.save()
    for to, fields, words in [
        (unit, {}, "没有变化"),
        (retired, {}, "不在用"),
        (make_unit(), {"from_on": TOMORROW}, "不能晚于今天"),
        (make_unit(), {"from_on": dt.date(2023, 1, 1)}, "须晚于上一次交接"),
    ]:
        with pytest.raises(ValidationError, match=words):
            hand_over(project, to, office, **fields)
    with pytest.raises(ValueError, match="goes to"):
        hand_over(project, make_official(), office)
    assert project.handovers.count() == 1


def test_a_slot_may_be_left_vacant(office):
    project = make_project(sponsor=make_official())
    hand_over(project, None, office, slot=Handover.Slot.SPONSOR)
    project.refresh_from_db()
    assert project.sponsor is None


def change_state(project, state, by, **fields):
    fields = {"effective_on": TODAY, "reason": "企业资金调整", **fields}
    return project_states.change_state(project=project, state=state, by=by, now=NOW, **fields)


def test_suspension_and_resumption_are_remembered(office):
    project = make_project()
    change_state(project, Project.State.SUSPENDED, office)
    change_state(project, Project.State.ACTIVE, office, reason="复工")
    project.refresh_from_db()
    assert project.state == Project.State.ACTIVE
    assert list(StateChange.objects.values_list("state", "reason")) == [
        ("suspended", "企业资金调整"),
        ("active", "复工"),
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": " "}, "请填写变更原因"),
        ({"effective_on": TOMORROW}, "不能晚于今天"),
        ({"state": "active"}, "已是“正常推进”"),
    ],
)
def test_a_change_without_reason_in_the_future_or_to_the_same_is_refused(office, fields, words):
    state = fields.pop("state", Project.State.SUSPENDED)
    with pytest.raises(ValidationError, match=words):
        change_state(make_project(), state, office, **fields)
    assert not StateChange.objects.exists()


def test_a_project_closes_only_when_nothing_is_open(office):
    project = make_project()
    plan = make_plan(project, "2023-09-01")
    problem = make_problem(project)
    with pytest.raises(ValidationError, match="1个节点未完成、1个问题未销号"):
        change_state(project, Project.State.CLOSED, office)
    plan.milestones.update(achieved_on=TODAY, evidence="验收单")
    problem.state, problem.resolved_on = "resolved", TODAY
    problem.save()
    change_state(project, Project.State.CLOSED, office)
    project.refresh_from_db()
    assert project.state == Project.State.CLOSED


def test_facts_are_corrected_with_a_reason_and_audited(office):
    project = make_project(started_on=dt.date(2023, 5, 1))
    projects.correct_facts(
        project=project,
        facts={"started_on": dt.date(2023, 6, 1)},
        reason="以施工许可为准",
        by=office,
        now=NOW,
    )
    project.refresh_from_db()
    assert project.started_on == dt.date(2023, 6, 1)
    entry = AuditRecord.objects.get(action="更正日期")
    assert entry.changes == {"started_on": ["2023-05-01", "2023-06-01"]}
    assert entry.reason == "以施工许可为准"


@pytest.mark.parametrize(
    ("facts", "reason", "words"),
    [
        ({"started_on": dt.date(2023, 6, 1)}, "", "请填写更正原因"),
        ({"started_on": TOMORROW}, "笔误", "不能晚于今天"),
        ({"started_on": dt.date(2023, 5, 1)}, "笔误", "都没有变化"),
        ({"completed_on": dt.date(2023, 4, 1)}, "笔误", "不能早于实际开工日期"),
        ({"full_production_on": dt.date(2023, 9, 1)}, "笔误", "须同时填写投产日期"),
    ],
)
def test_wrong_corrections_are_refused(office, facts, reason, words):
    project = make_project(started_on=dt.date(2023, 5, 1))
    with pytest.raises(ValidationError, match=words):
        projects.correct_facts(project=project, facts=facts, reason=reason, by=office, now=NOW)
    project.refresh_from_db()
    assert project.started_on == dt.date(2023, 5, 1) and project.completed_on is None


def test_only_the_office_hands_over_changes_states_and_corrects():
    unit = make_unit()
    project, reporter = make_project(lead_department=unit), make_user(Role.REPORTER, unit=unit)
    with pytest.raises(PermissionDenied):
        hand_over(project, make_unit(), reporter)
    with pytest.raises(PermissionDenied):
        change_state(project, Project.State.SUSPENDED, reporter)
    with pytest.raises(PermissionDenied):
        projects.correct_facts(project=project, facts={}, reason="笔误", by=reporter, now=NOW)
