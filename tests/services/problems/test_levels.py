"""Problems going up the levels (提级), their helpers and evidence."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from projects.models import AuditRecord, LevelLimit, Notice, Problem, Project, Role
from projects.queries.problems.problems import limits_by_level
from projects.services.base.attachments import prepare_file
from projects.services.problems import handling as problems
from projects.services.problems.actions import add_action, finish_action
from tests.factories import NOW, TODAY, make_official, make_problem, make_project, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LATER = dt.date(2023, 10, 20)


def escalate(problem, by, level="city", reason="区里无指标", **more):
    return problems.escalate_problem(problem=problem, level=level, reason=reason, by=by, now=NOW, **more)


def test_each_level_starts_with_the_domains_working_days_and_the_office_may_change_them(project, reporter):
    assert limits_by_level() == {
        "officer": 3, "department": 10, "sponsor": 10, "zone": 15, "city": 20, "province": 30,
    }  # fmt: skip
    LevelLimit.objects.filter(level="officer").update(working_days=1)
    given = {"project": project, "category": "land", "text": "围挡占路", "by": reporter, "now": NOW}
    problem = problems.raise_problem(level="officer", **given)
    assert problem.due_on == dt.date(2023, 10, 13)
    LevelLimit.objects.filter(level="zone").delete()
    assert limits_by_level()["zone"] == 10  # the office's default


def test_in_time_the_new_level_has_its_own_days_and_the_entry_keeps_the_old_limit(project, reporter, unit):
    problem = make_problem(project, due_on=LATER, lead_unit=unit)
    problem = escalate(problem, reporter)
    assert (problem.level, problem.due_on) == ("city", dt.date(2023, 11, 9))
    entry = problem.entries.get()
    assert (entry.kind, entry.entered_by) == ("escalated", reporter)
    assert entry.text == "由部门提级至市：区里无指标（时限由2023年10月20日改为2023年11月9日）"
    assert AuditRecord.objects.get(action="问题提级").reason == "区里无指标"


def test_an_overdue_problem_stays_overdue_when_it_goes_up(project, reporter):
    problem = make_problem(project, due_on=TODAY - dt.timedelta(days=1))
    problem = escalate(problem, reporter)
    assert (problem.level, problem.due_on) == ("city", TODAY - dt.timedelta(days=1))
    assert Problem.objects.overdue(TODAY).get() == problem
    assert "原时限2023年10月11日已过" in problem.entries.get().text


def test_going_up_twice_at_once_is_one_step(project, reporter):
    problem = make_problem(project, due_on=LATER)
    escalate(problem, reporter)
    again = escalate(problem, reporter)
    assert problem.entries.count() == AuditRecord.objects.count() == 1
    assert again.level == "city"


@pytest.mark.parametrize(
    ("state", "level", "reason", "words"),
    [
        ({}, "department", "说明", "请选择更高的层级"),
        ({}, "officer", "说明", "请选择更高的层级"),
        ({}, "city", "  ", "请填写提级原因"),
        ({"state": "handled", "handled_on": TODAY}, "city", "说明", "待销号，不能提级"),
        ({"state": "resolved", "resolved_on": TODAY}, "city", "说明", "已销号，不能提级"),
    ],
)
def test_what_going_up_refuses_changes_nothing(project, reporter, state, level, reason, words):
    problem = make_problem(project, due_on=LATER, **state)
    with pytest.raises(ValidationError, match=words):
        escalate(problem, reporter, level=level, reason=reason)
    problem.refresh_from_db()
    assert problem.level == "department" and not problem.entries.exists() and not AuditRecord.objects.exists()


def test_a_stranger_may_not_take_it_up(project):
    problem = make_problem(project)
    with pytest.raises(PermissionDenied):
        escalate(problem, make_user(Role.REPORTER))


def test_who_takes_it_up_is_told_and_a_new_lead_unit_let_in(project, reporter):
    office, leader = make_user(Role.OFFICE), make_user(Role.SPONSOR)
    project.sponsor = make_official(user=leader)
    project.save()
    bureau = make_unit("自然资源局")
    clerk = make_user(Role.REPORTER, unit=bureau)
    problem = make_problem(project, due_on=LATER)
    escalate(problem, reporter, level="sponsor")
    assert Notice.objects.unread().filter(recipient=leader, subject__contains="提级至挂包领导").exists()
    problem.refresh_from_db()
    escalate(problem, reporter, level="zone", lead_unit=bureau)
    assert Notice.objects.unread().filter(recipient=office, subject__contains="提级至区").exists()
    assert Notice.objects.unread().filter(recipient=clerk, subject__contains="提级至区").exists()
    assert list(Project.objects.visible_to(clerk)) == [project]


def test_helpers_see_the_project_and_the_lead_unit_is_none_of_them(project, reporter, unit):
    helper = make_unit("供电公司")
    clerk = make_user(Role.REPORTER, unit=helper)
    problem = make_problem(project, lead_unit=unit)
    with pytest.raises(ValidationError, match="不必再列为配合单位"):
        problems.set_helpers(problem=problem, units=[unit], by=reporter, now=NOW)
    for _time in range(2):
        problems.set_helpers(problem=problem, units=[helper, helper], by=reporter, now=NOW)
    assert list(problem.helper_units.all()) == [helper]
    assert problem.entries.get().text == "配合单位：供电公司"
    assert list(Project.objects.visible_to(clerk)) == [project]
    assert Notice.objects.unread().filter(recipient=clerk).count() == 1
    problems.set_helpers(problem=problem, units=[], by=reporter, now=NOW)
    assert not problem.helper_units.exists()


def test_handling_needs_evidence_by_number_or_by_file(project, reporter, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    problem = make_problem(project)
    with pytest.raises(ValidationError, match="至少一项"):
        problems.mark_handled(problem=problem, result="已批", by=reporter, now=NOW)
    file = prepare_file(SimpleUploadedFile("批复.pdf", b"%PDF-1.7\n%%EOF"))
    problem = problems.mark_handled(problem=problem, result="已批", files=[file], by=reporter, now=NOW)
    assert (problem.state, problem.resolution) == ("handled", "已批")
    assert problem.attachments.get().name == "批复.pdf"
    numbered = problems.mark_handled(
        problem=make_problem(project), result="已批", document="淄高新审〔2023〕9号", by=reporter, now=NOW
    )
    assert numbered.resolution == "已批（依据：淄高新审〔2023〕9号）"


def test_a_problem_is_not_handled_while_its_actions_wait(project, reporter, unit):
    problem = make_problem(project, lead_unit=unit)
    action = add_action(problem=problem, text="报市局", unit=unit, due_on=LATER, by=reporter, now=NOW)
    given = {"problem": problem, "result": "已批", "document": "1号", "by": reporter, "now": NOW}
    with pytest.raises(ValidationError, match="还有1项措施未登记落实"):
        problems.mark_handled(**given)
    finish_action(action=action, result="已报", by=reporter, now=NOW)
    assert problems.mark_handled(**given).state == "handled"


def test_a_problem_found_on_a_visit_names_it_but_never_anothers(project, reporter):
    visit = project.visits.create(visited_on=TODAY, findings="道路不通", logged_by=reporter, logged_at=NOW)
    given = {"category": "site", "text": "道路不通", "by": reporter, "now": NOW, "visit": visit}
    assert problems.raise_problem(project=project, **given).visit == visit
    other = make_project(lead_department=project.lead_department)
    with pytest.raises(ValidationError, match="不属于本项目"):
        problems.raise_problem(project=other, **given)
