"""Problems: raised with a limit, handled with a result, written off by another, reopened with a reason."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import AuditRecord, Notice, Problem, Project, ProjectMember, Role
from projects.services.problems import handling as problems
from tests.factories import NOW, TODAY, make_official, make_problem, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PAPER = "淄高新自规〔2023〕8号"


def raise_one(project, by, **fields):
    fields = {"category": Problem.Category.LAND, "text": "用地指标未落实", **fields}
    return problems.raise_problem(project=project, by=by, now=NOW, **fields)


def test_a_new_problem_gets_the_offices_limit_in_working_days(project, reporter):
    problem = raise_one(project, reporter)
    assert problem.raised_on == TODAY
    assert problem.due_on == dt.date(2023, 10, 26)  # ten working days after Thursday 12 October
    assert problem.state == Problem.State.OPEN
    assert AuditRecord.objects.get(action="提出问题").by == reporter


def test_a_limit_before_today_is_refused(project, reporter):
    with pytest.raises(ValidationError) as refusal:
        raise_one(project, reporter, due_on=TODAY - dt.timedelta(days=1))
    assert "due_on" in refusal.value.message_dict
    assert raise_one(project, reporter, due_on=TODAY).due_on == TODAY


def test_blank_text_is_refused_and_nothing_written(project, reporter):
    with pytest.raises(ValidationError, match="此字段不能为空"):
        raise_one(project, reporter, text="   ")
    assert not Problem.objects.exists() and not AuditRecord.objects.exists()


def test_a_stranger_may_not_raise(project):
    with pytest.raises(PermissionDenied):
        raise_one(project, make_user(Role.REPORTER))


def test_the_sponsor_may_raise_on_own_projects_only(project):
    sponsor = make_user(Role.SPONSOR)
    with pytest.raises(PermissionDenied):
        raise_one(project, sponsor)
    project.sponsor = make_official(user=sponsor)
    project.save()
    assert raise_one(project, sponsor).raised_by == sponsor


def test_a_lead_unit_from_outside_sees_the_project_and_is_told(project, reporter):
    land_bureau = make_unit("自然资源局")
    clerk = make_user(Role.REPORTER, unit=land_bureau)
    assert not Project.objects.visible_to(clerk).exists()
    problem = raise_one(project, reporter, lead_unit=land_bureau)
    raise_one(project, reporter, lead_unit=land_bureau, text="第二个问题")
    assert list(Project.objects.visible_to(clerk)) == [project]
    assert (
        ProjectMember.objects.filter(unit=land_bureau).count() == 2
    )  # one for each, for each ends by itself
    assert Notice.objects.unread().filter(recipient=clerk).count() == 2
    assert Problem.objects.workable_by(clerk).filter(pk=problem.pk).exists()
    with pytest.raises(PermissionDenied):  # seeing the project is not working on all of it
        raise_one(project, clerk)


def test_progress_is_dated_and_refused_after_the_write_off(project, reporter, office):
    problem = raise_one(project, reporter)
    entry = problems.add_progress(problem=problem, text="已上报市局", by=reporter, now=NOW)
    assert (entry.entered_on, entry.entered_by) == (TODAY, reporter)
    problems.mark_handled(problem=problem, result="指标已下达", document=PAPER, by=reporter, now=NOW)
    problems.resolve_problem(problem=problem, by=office, now=NOW)
    with pytest.raises(ValidationError, match="该问题已销号"):
        problems.add_progress(problem=problem, text="补充", by=reporter, now=NOW)


def test_the_handler_cannot_write_off_but_another_can(project, reporter, office):
    problem = raise_one(project, office)
    problems.mark_handled(problem=problem, result="指标已下达", document=PAPER, by=reporter, now=NOW)
    with pytest.raises(ValidationError, match="由他人核验"):
        problems.resolve_problem(problem=problem, by=reporter, now=NOW)
    problem = problems.resolve_problem(problem=problem, by=office, now=NOW)
    assert (problem.state, problem.resolved_on, problem.resolved_by) == ("resolved", TODAY, office)
    assert problem.handled_by == reporter
    assert Notice.objects.unread().filter(recipient=office, subject__contains="核验销号").count() == 1


def test_an_unhandled_problem_cannot_be_written_off(project, reporter, office):
    problem = raise_one(project, reporter)
    with pytest.raises(ValidationError, match="尚未办结"):
        problems.resolve_problem(problem=problem, by=office, now=NOW)


def test_handling_needs_a_result_and_twice_is_once(project, reporter):
    problem = raise_one(project, reporter)
    with pytest.raises(ValidationError, match="请填写办理结果"):
        problems.mark_handled(problem=problem, result=" ", document=PAPER, by=reporter, now=NOW)
    problems.mark_handled(problem=problem, result="已解决", document=PAPER, by=reporter, now=NOW)
    problems.mark_handled(problem=problem, result="已解决", document=PAPER, by=reporter, now=NOW)
    assert problem.entries.count() == 1
    with pytest.raises(ValidationError, match="该问题待销号"):
        problems.mark_handled(problem=problem, result="另一结果", document=PAPER, by=reporter, now=NOW)


def test_reopening_keeps_history_and_the_limit(project, reporter, office):
    problem = raise_one(project, reporter, due_on=TODAY)
    problems.mark_handled(problem=problem, result="已解决", document=PAPER, by=reporter, now=NOW)
    problems.resolve_problem(problem=problem, by=office, now=NOW)
    with pytest.raises(ValidationError, match="请填写重新办理的原因"):
        problems.reopen_problem(problem=problem, reason="", by=office, now=NOW)
    problem = problems.reopen_problem(problem=problem, reason="现场未整改", by=office, now=NOW)
    assert (problem.state, problem.resolved_on, problem.handled_by) == ("open", None, None)
    assert problem.reopen_count == 1
    assert problem.due_on == TODAY
    texts = list(problem.entries.values_list("text", flat=True))
    assert texts == [f"办结：已解决（依据：{PAPER}）", "销号：经核验，问题已解决", "重新办理：现场未整改"]
    assert AuditRecord.objects.get(action="问题重新办理").reason == "现场未整改"
    assert Notice.objects.unread().filter(recipient=reporter, subject__contains="重新办理").count() == 1


def test_the_state_of_a_day_agrees_between_row_and_rows(project):
    day = dt.date(2023, 10, 1)
    make_problem(project)
    make_problem(project, state="handled", handled_on=day)
    make_problem(project, state="handled", handled_on=day + dt.timedelta(days=1))
    make_problem(project, state="resolved", handled_on=day - dt.timedelta(days=5), resolved_on=day)
    make_problem(
        project,
        state="resolved",
        handled_on=day - dt.timedelta(days=5),
        resolved_on=day + dt.timedelta(days=1),
    )
    make_problem(project, state="resolved", resolved_on=day)
    make_problem(project, raised_on=day + dt.timedelta(days=1), due_on=day + dt.timedelta(days=9))
    counts = {}
    for state in Problem.State:
        rows = list(Problem.objects.in_state(state, day))
        assert all(row.state_on(day) == state for row in rows)
        counts[state.value] = len(rows)
    assert counts == {"open": 2, "handled": 2, "resolved": 2}
