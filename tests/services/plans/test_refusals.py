"""What drafting, submitting, approving and revising a plan refuses, and what a recomputed draft leaves alone."""

import datetime as dt
from functools import partial

import pytest
from django.core.exceptions import ValidationError

from projects.models import (
    AuditRecord,
    DeliveryPlan,
    Milestone,
    Notice,
    Problem,
    SiteVisit,
    StepDayKind,
)
from projects.services.plans import drafting
from projects.services.plans.milestones import achieve_milestone, undo_achievement
from projects.services.plans.versions import approve_plan, return_plan, revise_plan, submit_plan
from projects.services.problems.handling import raise_problem
from tests.factories import NOW, TODAY, handed_in, make_plan, make_project

pytestmark = [pytest.mark.django_db, pytest.mark.database]
State = DeliveryPlan.State
TOMORROW = TODAY + dt.timedelta(days=1)


def plan_of(project, *dues, state=State.DRAFT, **fields) -> DeliveryPlan:
    fields.setdefault("approved_on", None if state in {State.DRAFT, State.SUBMITTED} else dt.date(2023, 1, 1))
    return make_plan(project, *dues, state=state, **fields)


# --- drafting ---------------------------------------------------------------------------------------------


def test_recomputing_leaves_what_is_done_where_it_was(project, office):
    plan = plan_of(
        project, "2023-09-01", "2023-11-01", starts_on=dt.date(2023, 10, 16), finish_on=dt.date(2023, 12, 29)
    )
    plan.milestones.update(duration=5, day_kind=StepDayKind.WORKING)
    done, open_one = plan.milestones.order_by("position")
    open_one.predecessors.set([done])
    Milestone.objects.filter(pk=done.pk).update(achieved_on=dt.date(2023, 9, 4), evidence="验收单")
    assert drafting.recompute_draft(plan=plan, by=office, now=NOW) == 1
    done.refresh_from_db()
    open_one.refresh_from_db()
    assert (done.due, done.due_on) == ("2023-09-01", dt.date(2023, 9, 1))
    assert open_one.due_on == dt.date(2023, 12, 29)
    assert [row.object_id for row in AuditRecord.objects.filter(action="按倒排重算")] == [open_one.pk]


def test_a_draft_without_its_dates_cannot_be_recomputed(project, office):
    with pytest.raises(ValidationError, match="不能按倒排重算："):
        drafting.recompute_draft(plan=plan_of(project, "2023-11-01"), by=office, now=NOW)


def test_a_row_waits_for_rows_of_its_own_plan_alone(project, office):
    foreign = plan_of(make_project(), "2023-11-01").milestones.get()
    plan = plan_of(project, "2023-12-01")
    with pytest.raises(ValidationError, match="紧前节点须在同一方案内") as refusal:
        drafting.save_row(
            plan=plan, milestone=plan.milestones.get(), values={}, predecessors=[foreign], by=office, now=NOW
        )
    assert list(refusal.value.message_dict) == ["predecessors"]
    assert not plan.milestones.get().predecessors.exists()


def test_a_row_of_another_version_is_foreign_too(project, office):
    old = plan_of(project, "2023-11-01", state=State.APPROVED)
    plan = plan_of(project, "2023-12-01", number=2)
    with pytest.raises(ValidationError, match="紧前节点须在同一方案内"):
        drafting.save_row(
            plan=plan,
            milestone=None,
            values={"name": "竣工", "stage": "completion", "due": "2024-01-01"},
            predecessors=list(old.milestones.all()),
            by=office,
            now=NOW,
        )
    assert plan.milestones.count() == 1


def test_a_plan_holds_so_many_rows(project, office, monkeypatch):
    monkeypatch.setattr(drafting, "MOST_ROWS", 1)
    plan = plan_of(project, "2023-12-01")
    given = {"plan": plan, "predecessors": [], "by": office, "now": NOW}
    with pytest.raises(ValidationError, match="一个方案最多1个节点"):
        drafting.save_row(milestone=None, values={"name": "竣工"}, **given)
    drafting.save_row(milestone=plan.milestones.get(), values={"name": "封顶"}, **given)
    assert plan.milestones.get().name == "封顶"


# --- the way into force -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.SUBMITTED, State.APPROVED, State.SUPERSEDED])
def test_a_draft_alone_is_handed_in(project, office, state):
    plan = plan_of(project, "2023-12-01", state=state)
    with pytest.raises(ValidationError, match="，不能报审"):
        submit_plan(plan=plan, by=office, now=NOW)
    plan.refresh_from_db()
    assert plan.state == state


@pytest.mark.parametrize("verb", [submit_plan, partial(approve_plan, approved_on=TODAY)])
@pytest.mark.parametrize("dues", [(), ("待定",)])
def test_a_plan_without_a_dated_milestone_goes_nowhere(project, office, verb, dues):
    plan = plan_of(project, *dues)
    with pytest.raises(ValidationError, match="还没有写明计划完成时间的节点，请先补充节点"):
        verb(plan=plan, by=office, now=NOW)


def test_steps_that_wait_for_each_other_are_not_handed_in(project, office):
    plan = plan_of(project, "2023-11-01", "2023-12-01")
    one, other = plan.milestones.order_by("position")
    one.predecessors.set([other])
    other.predecessors.set([one])
    with pytest.raises(ValidationError, match=r"节点1.*节点2|节点2.*节点1"):
        submit_plan(plan=plan, by=office, now=NOW)


def test_a_plan_is_sent_back_with_a_reason(project, office):
    plan = plan_of(project, "2023-12-01", state=State.SUBMITTED)
    with pytest.raises(ValidationError, match="请填写退回原因") as refusal:
        return_plan(plan=plan, reason=" ", by=office, now=NOW)
    assert list(refusal.value.message_dict) == ["reason"]


@pytest.mark.parametrize("state", [State.DRAFT, State.APPROVED, State.SUPERSEDED])
def test_a_plan_handed_in_alone_is_sent_back(project, office, state):
    plan = plan_of(project, "2023-12-01", state=state)
    with pytest.raises(ValidationError, match="不在待审状态，不能退回"):
        return_plan(plan=plan, reason="节点不全", by=office, now=NOW)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("state", [State.APPROVED, State.SUPERSEDED])
def test_a_plan_is_approved_once(project, office, state):
    plan = plan_of(project, "2023-12-01", state=state)
    with pytest.raises(ValidationError, match="已批准过，不能再次批准"):
        approve_plan(plan=plan, approved_on=TODAY, by=office, now=NOW)


def test_a_plan_is_approved_today_at_the_latest(project, office):
    plan = plan_of(project, "2023-12-01", state=State.SUBMITTED)
    with pytest.raises(ValidationError, match="批准日期不能晚于今天"):
        approve_plan(plan=plan, approved_on=TOMORROW, by=office, now=NOW)
    assert approve_plan(plan=plan, approved_on=TODAY, by=office, now=NOW).state == State.APPROVED


def test_a_plan_is_not_approved_before_the_one_it_replaces(project, office):
    former = plan_of(project, "2023-12-01", state=State.APPROVED, approved_on=TODAY)
    plan = plan_of(project, "2024-06-01", number=2)
    yesterday = TODAY - dt.timedelta(days=1)
    with pytest.raises(ValidationError, match="批准日期不能早于上一版的批准日期（2023-10-12）"):
        approve_plan(plan=handed_in(plan), approved_on=yesterday, by=office, now=NOW)
    former.refresh_from_db()
    assert former.state == State.APPROVED
    approve_plan(plan=handed_in(plan), approved_on=TODAY, by=office, now=NOW)
    former.refresh_from_db()
    assert former.state == State.SUPERSEDED


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.SUPERSEDED])
def test_a_new_version_is_drafted_of_the_plan_in_force_alone(project, office, state):
    plan = plan_of(project, "2023-12-01", state=state)
    with pytest.raises(ValidationError, match="不在执行中，不能据此拟订新版"):
        revise_plan(plan=plan, by=office, now=NOW)
    assert project.plans.count() == 1


# --- milestones of a plan replaced, of another project -----------------------------------------------------


def test_an_achievement_in_a_replaced_plan_is_history(project, office):
    plan = plan_of(project, "2023-10-01", state=State.APPROVED)
    milestone = plan.milestones.get()
    achieve_milestone(milestone=milestone, achieved_on=TODAY, evidence="验收单", by=office, now=NOW)
    DeliveryPlan.objects.filter(pk=plan.pk).update(state=State.SUPERSEDED, until_on=TODAY)
    with pytest.raises(ValidationError, match="该节点不在执行中的推进方案内，不能撤销"):
        undo_achievement(milestone=milestone, reason="登记有误", by=office, now=NOW)
    milestone.refresh_from_db()
    assert milestone.achieved_on == TODAY


def test_a_problem_concerns_milestones_and_visits_of_its_own_project(project, office):
    other = make_project()
    milestone = plan_of(other, "2023-12-01").milestones.get()
    visit = SiteVisit.objects.create(
        project=other, visited_on=TODAY, findings="施工正常", logged_by=office, logged_at=NOW
    )
    given = {"project": project, "category": "land", "text": "用地未批", "by": office, "now": NOW}
    with pytest.raises(ValidationError, match="影响节点须是本项目的节点") as refusal:
        raise_problem(milestone=milestone, **given)
    assert list(refusal.value.message_dict) == ["milestone"]
    with pytest.raises(ValidationError, match="走访记录不属于本项目"):
        raise_problem(visit=visit, **given)
    assert not Problem.objects.exists()
