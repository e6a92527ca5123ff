"""Drafting from a template, editing the draft, and the way from draft to in force and superseded."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import AuditRecord, DeliveryPlan, Milestone, Notice, PlanTemplate, Project, StepDayKind
from projects.services.plans import drafting
from projects.services.plans.versions import approve_plan, return_plan, revise_plan, submit_plan
from tests.factories import NOW, TODAY, handed_in, make_plan, make_project, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LONG = {"starts_on": dt.date(2023, 10, 16), "finish_on": dt.date(2025, 12, 31)}
SHORT = {"starts_on": dt.date(2023, 10, 16), "finish_on": dt.date(2024, 6, 30)}


@pytest.fixture
def template():
    return PlanTemplate.objects.get(name="工业项目")


@pytest.fixture
def project_of_a_district(unit):
    return make_project(lead_department=unit, host_district=make_unit("中埠镇", kind="district"))


def draft(project, template, by, **given):
    return drafting.draft_plan_from_template(
        project=project, template=template, by=by, now=NOW, **{**LONG, **given}
    )


@pytest.fixture
def plan(project_of_a_district, template, reporter):
    return draft(project_of_a_district, template, reporter)


def named(plan, name) -> Milestone:
    return plan.milestones.get(name=name)


# --- the template ---------------------------------------------------------------------------------------


def test_the_default_template_is_the_one_of_the_domain(template):
    days = dict(template.steps.filter(day_kind="working").values_list("name", "duration"))
    assert days == {
        "签约": 0, "备案（赋码）": 1, "规划选址": 5, "用地预审": 10, "用地规划许可": 5, "环评": 30, "能评": 20,
        "安评": 20, "方案审查": 7, "工程规划许可": 7, "施工图审查": 7, "施工许可": 3, "联合验收": 10,
    }  # fmt: skip
    before = {
        step.name: {one.name for one in step.predecessors.all()}
        for step in template.steps.prefetch_related("predecessors")
    }
    assert before["供地"] == {"规划选址", "用地预审"}
    assert before["方案审查"] == {"环评", "能评", "安评"}
    assert before["签约"] == set()
    assert [step.name for step in template.steps.all()][-1] == "投产"


# --- drafting -------------------------------------------------------------------------------------------


def test_a_draft_is_scheduled_backward_from_the_target_date(plan, project_of_a_district, reporter):
    assert (plan.state, plan.number, plan.made_by) == ("draft", 1, reporter)
    assert plan.milestones.count() == 21
    assert named(plan, "投产").due_on == dt.date(2025, 12, 31)
    assert named(plan, "试生产").due_on == dt.date(
        2025, 12, 31
    )  # an event falls on the day of what precedes it
    assert named(plan, "联合验收").due_on <= dt.date(2025, 12, 31) - dt.timedelta(90)
    review = named(plan, "方案审查")
    assert {one.name for one in review.predecessors.all()} == {"环评", "能评", "安评"}
    assert (review.duration, review.day_kind) == (7, StepDayKind.WORKING)
    assert named(plan, "供地").unit == project_of_a_district.host_district
    assert named(plan, "备案（赋码）").unit == project_of_a_district.lead_department
    assert AuditRecord.objects.get(model="deliveryplan").action == "按模板“工业项目”拟订推进方案"


def test_only_what_leads_to_the_target_is_listed_and_what_is_left_out_hands_its_order_on(
    project_of_a_district, template, reporter
):
    target = template.steps.get(name="厂房竣工")
    out = template.steps.filter(name__in=["环评", "能评", "安评"]).values_list("pk", flat=True)
    plan = draft(project_of_a_district, template, reporter, target=target, left_out=set(out))
    names = [row.name for row in plan.milestones.all()]
    assert names[-1] == "厂房竣工"
    assert "环评" not in names and "投产" not in names
    assert [one.name for one in named(plan, "方案审查").predecessors.all()] == ["用地规划许可"]
    assert named(plan, "厂房竣工").due_on == LONG["finish_on"]


def test_a_unit_named_by_the_template_answers_for_its_step(project_of_a_district, template, reporter):
    bureau = make_unit("行政审批服务局")
    template.steps.filter(name="施工许可").update(answers="unit", unit=bureau)
    assert named(draft(project_of_a_district, template, reporter), "施工许可").unit == bureau


@pytest.mark.parametrize("role", ["sponsor", "inspector", "reporter"])
def test_who_does_not_report_on_the_project_drafts_nothing(project_of_a_district, template, role):
    with pytest.raises(PermissionDenied):
        draft(project_of_a_district, template, make_user(role))
    assert not DeliveryPlan.objects.exists()


def test_a_second_open_draft_a_stopped_template_and_a_finish_before_the_start_are_refused(
    plan, project_of_a_district, template, reporter
):
    with pytest.raises(ValidationError, match="已有未批准的新版"):
        draft(project_of_a_district, template, reporter)
    other = make_project(lead_department=project_of_a_district.lead_department)
    with pytest.raises(ValidationError, match="不能早于可启动日期"):
        draft(other, template, reporter, finish_on=dt.date(2023, 10, 1))
    template.is_active = False
    template.save()
    with pytest.raises(ValidationError, match="已停用"):
        draft(other, template, reporter)
    assert DeliveryPlan.objects.count() == 1


def test_a_template_whose_steps_wait_for_each_other_is_refused_with_the_cycle_named(
    project_of_a_district, template, reporter
):
    first, last = template.steps.get(name="供地"), template.steps.get(name="施工许可")
    first.predecessors.add(last)
    with pytest.raises(ValidationError, match=r"供地.*施工许可.*循环"):
        draft(project_of_a_district, template, reporter)
    assert not DeliveryPlan.objects.exists()


# --- editing a draft ------------------------------------------------------------------------------------


def test_recomputing_follows_durations_and_target(plan, reporter):
    before = named(plan, "主体封顶").due_on
    drafting.edit_draft(
        plan=plan, head={}, rows={named(plan, "厂房竣工").pk: {"duration": 120}}, by=reporter, now=NOW
    )
    assert named(plan, "主体封顶").due_on == before  # a changed duration moves nothing by itself
    changed = drafting.recompute_draft(plan=plan, by=reporter, now=NOW)
    assert named(plan, "主体封顶").due_on == before - dt.timedelta(30)
    assert changed > 10
    assert AuditRecord.objects.filter(action="按倒排重算").count() == changed
    assert drafting.recompute_draft(plan=plan, by=reporter, now=NOW) == 0


def test_a_wrong_row_leaves_the_whole_draft_as_it_was(plan, reporter):
    row, other = named(plan, "能评"), named(plan, "安评")
    records = AuditRecord.objects.count()
    with pytest.raises(ValidationError, match="“能评”：“下辈子”不是有效日期"):
        drafting.edit_draft(
            plan=plan,
            head={"finish_on": dt.date(2026, 1, 1)},
            rows={row.pk: {"due": "下辈子"}, other.pk: {"due": "2024年6月"}},
            by=reporter,
            now=NOW,
        )
    plan.refresh_from_db()
    other.refresh_from_db()
    assert plan.finish_on == LONG["finish_on"]
    assert other.due != "2024年6月"
    assert AuditRecord.objects.count() == records


def values(name="水土保持", **given):
    return {"name": name, "stage": "preparatory", "due": "2024年5月底前", "duration": 10, **given}


def test_rows_are_added_moved_and_removed(plan, reporter):
    row = drafting.save_row(
        plan=plan, milestone=None, values=values(), predecessors=[named(plan, "供地")], by=reporter, now=NOW
    )
    assert row.position == 22
    drafting.move_row(milestone=row, up=True, by=reporter, now=NOW)
    assert [one.name for one in plan.milestones.all()][-2:] == ["水土保持", "投产"]
    drafting.move_row(
        milestone=named(plan, "签约"), up=True, by=reporter, now=NOW
    )  # the first stays the first
    assert plan.milestones.first().name == "签约"
    removed = named(plan, "方案审查")
    drafting.remove_row(milestone=removed, by=reporter, now=NOW)
    after = {one.name for one in named(plan, "工程规划许可").predecessors.all()}
    assert after == {"环评", "能评", "安评"}
    assert AuditRecord.objects.get(action="删除节点").object_text == "方案审查"


def test_an_order_that_closes_a_cycle_is_refused_with_its_names(plan, reporter):
    row = named(plan, "供地")
    with pytest.raises(ValidationError, match=r"“供地”.*“施工许可”.*循环") as refused:
        drafting.save_row(
            plan=plan,
            milestone=row,
            values=values("供地"),
            predecessors=[named(plan, "施工许可")],
            by=reporter,
            now=NOW,
        )
    assert "predecessors" in refused.value.message_dict
    assert {one.name for one in row.predecessors.all()} == {"规划选址", "用地预审"}


def test_a_plan_in_force_is_not_edited(project_of_a_district, reporter):
    row = make_plan(project_of_a_district, "2023-12-01").milestones.get()
    for verb in (
        lambda: drafting.remove_row(milestone=row, by=reporter, now=NOW),
        lambda: drafting.edit_draft(plan=row.plan, head={"reason": "改"}, rows={}, by=reporter, now=NOW),
        lambda: drafting.recompute_draft(plan=row.plan, by=reporter, now=NOW),
        lambda: drafting.move_row(milestone=row, up=True, by=reporter, now=NOW),
    ):
        with pytest.raises(ValidationError, match="不能直接修改"):
            verb()
    assert not AuditRecord.objects.exists()


# --- handing in, returning, approving -------------------------------------------------------------------


def test_submitted_returned_with_a_reason_and_approved_with_words_to_the_submitter(plan, reporter, office):
    plan = submit_plan(plan=plan, by=reporter, now=NOW)
    assert (plan.state, plan.submitted_by) == ("submitted", reporter)
    with pytest.raises(ValidationError, match="退回原因"):
        return_plan(plan=plan, reason=" ", by=office, now=NOW)
    with pytest.raises(PermissionDenied):
        return_plan(plan=plan, reason="工期偏短", by=reporter, now=NOW)
    plan = return_plan(plan=plan, reason="环评工期偏短", by=office, now=NOW)
    assert (plan.state, plan.return_reason) == ("draft", "环评工期偏短")
    told = Notice.objects.get(channel="in_app")
    assert told.recipient == reporter and "环评工期偏短" in told.body
    plan = submit_plan(plan=plan, by=reporter, now=NOW + dt.timedelta(hours=1))
    assert plan.return_reason == ""
    with pytest.raises(PermissionDenied):
        approve_plan(plan=plan, approved_on=TODAY, by=reporter, now=NOW)
    plan = approve_plan(plan=plan, approved_on=TODAY, by=office, now=NOW + dt.timedelta(hours=2))
    assert (plan.state, plan.approved_by, plan.approved_on) == ("approved", office, TODAY)
    assert Notice.objects.filter(recipient=reporter, channel="in_app", subject__contains="已批准").exists()


def test_an_infeasible_plan_is_handed_in_only_with_its_reason(project_of_a_district, template, reporter):
    plan = draft(project_of_a_district, template, reporter, **SHORT)
    with pytest.raises(ValidationError, match=r"不可行，差.*个工作日") as refused:
        submit_plan(plan=plan, by=reporter, now=NOW)
    assert "reason" in refused.value.message_dict
    plan.refresh_from_db()
    assert plan.state == "draft"
    plan = submit_plan(plan=plan, reason="已签约，前期手续并联办理", by=reporter, now=NOW)
    assert (plan.state, plan.reason) == ("submitted", "已签约，前期手续并联办理")


def test_an_answering_unit_sees_the_project_once_the_plan_is_in_force(plan, reporter, office):
    bureau = make_unit("行政审批服务局")
    person = make_user("reporter", unit=bureau)
    Milestone.objects.filter(plan=plan, name="施工许可").update(unit=bureau)
    assert not Project.objects.visible_to(person).exists()
    approve_plan(plan=submit_plan(plan=plan, by=reporter, now=NOW), approved_on=TODAY, by=office, now=NOW)
    assert Project.objects.visible_to(person).get() == plan.project
    assert plan.project.members.count() == 1  # lead department and district see it anyway


def test_a_revision_keeps_order_durations_and_baseline_and_is_the_leads_to_make(plan, reporter, office):
    first = approve_plan(plan=handed_in(plan), approved_on=TODAY, by=office, now=NOW)
    second = revise_plan(plan=first, by=reporter, now=NOW)
    copy, source = named(second, "方案审查"), named(first, "方案审查")
    assert copy.baseline == source
    assert (copy.duration, copy.day_kind, copy.due_on) == (7, "working", source.due_on)
    assert [one.plan_id for one in copy.predecessors.all()] == [second.pk] * 3
    assert (second.starts_on, second.finish_on, second.template) == (
        first.starts_on, first.finish_on, first.template,
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        revise_plan(plan=first, by=make_user("sponsor"), now=NOW)
    approve_plan(plan=handed_in(second), approved_on=TODAY, by=office, now=NOW)
    third = revise_plan(plan=second, by=reporter, now=NOW)
    assert named(third, "方案审查").baseline == source  # of the first approved version, not of the last


def test_what_was_achieved_meanwhile_comes_along_by_identity_even_under_a_new_name(plan, reporter, office):
    first = approve_plan(plan=handed_in(plan), approved_on=TODAY, by=office, now=NOW)
    second = revise_plan(plan=first, by=reporter, now=NOW)
    Milestone.objects.filter(plan=second, name="环评").update(name="环境影响评价")
    Milestone.objects.filter(plan=first, name="环评").update(achieved_on=TODAY, evidence="环审1号")
    second = approve_plan(plan=handed_in(second), approved_on=TODAY, by=office, now=NOW)
    assert named(second, "环境影响评价").evidence == "环审1号"


def test_a_milestone_without_baseline_is_known_again_by_its_name(
    plan, reporter, office, project_of_a_district
):
    former = make_plan(project_of_a_district, "2023-12-01", number=9)
    Milestone.objects.filter(plan=former).update(name="施工许可", achieved_on=TODAY, evidence="许可1号")
    second = approve_plan(plan=handed_in(plan), approved_on=TODAY, by=office, now=NOW)
    row = named(second, "施工许可")
    assert (row.evidence, row.baseline.plan) == ("许可1号", former)
    assert second.number == 10  # versions count in the order they came into force
