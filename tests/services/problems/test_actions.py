"""Actions: set for a unit with a day, told to it, reported carried out with a result."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from projects.models import AuditRecord, CorrectiveAction, Notice, Project, Role
from projects.services.base.attachments import prepare_file
from projects.services.problems.actions import add_action, finish_action
from tests.factories import NOW, TODAY, make_problem, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DUE = dt.date(2023, 10, 20)


@pytest.fixture
def bureau():
    return make_unit("自然资源局")


@pytest.fixture
def clerk(bureau):
    return make_user(Role.REPORTER, unit=bureau)


def set_one(by, unit, **owner):
    return add_action(text="完成勘界", unit=unit, due_on=DUE, by=by, now=NOW, **owner)


def test_the_unit_is_told_sees_the_project_and_the_problem_keeps_it(project, reporter, bureau, clerk):
    problem = make_problem(project)
    action = set_one(reporter, bureau, problem=problem)
    assert set_one(reporter, bureau, problem=problem) == action
    assert (action.project, action.made_on, action.made_by) == (project, TODAY, reporter)
    assert problem.entries.get().text == "自然资源局于2023年10月20日前：完成勘界"
    assert problem.entries.get().kind == "action"
    assert Notice.objects.unread().get(recipient=clerk).link == f"/actions/{action.pk}/finish/"
    assert list(Project.objects.visible_to(clerk)) == [project]
    assert AuditRecord.objects.filter(action="定措施").count() == 1


def test_a_day_before_today_a_settled_problem_and_strangers_are_refused(project, reporter, bureau, clerk):
    problem = make_problem(project)
    with pytest.raises(ValidationError, match="不能早于今天"):
        add_action(
            problem=problem, text="勘界", unit=bureau, due_on=dt.date(2023, 10, 11), by=reporter, now=NOW
        )
    with pytest.raises(ValidationError, match="已销号"):
        set_one(reporter, bureau, problem=make_problem(project, state="resolved", resolved_on=TODAY))
    with pytest.raises(PermissionDenied):
        set_one(clerk, bureau, problem=problem)
    with pytest.raises(ValueError, match="belongs to a problem or to a visit"):
        set_one(reporter, bureau)
    assert not CorrectiveAction.objects.exists() and not AuditRecord.objects.exists()


def test_a_visits_decision_is_a_action_of_the_visit(project, reporter, bureau, clerk):
    visit = project.visits.create(visited_on=TODAY, findings="道路不通", logged_by=reporter, logged_at=NOW)
    action = set_one(reporter, bureau, visit=visit)
    assert (action.project, action.visit, action.problem) == (project, visit, None)
    with pytest.raises(PermissionDenied):
        set_one(make_user(Role.REPORTER), bureau, visit=visit)


def test_the_unit_reports_it_done_with_papers_and_who_set_it_is_told(
    project, reporter, bureau, clerk, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    problem = make_problem(project)
    action = set_one(reporter, bureau, problem=problem)
    with pytest.raises(ValidationError, match="请填写落实情况"):
        finish_action(action=action, result=" ", by=clerk, now=NOW)
    file = prepare_file(SimpleUploadedFile("勘界图.pdf", b"%PDF-1.7\n%%EOF"))
    for _time in range(2):
        done = finish_action(action=action, result="已勘界", files=[file], by=clerk, now=NOW)
    assert (done.done_on, done.done_by, done.result) == (TODAY, clerk, "已勘界")
    assert problem.attachments.get().name == "勘界图.pdf"
    assert problem.entries.count() == 2
    assert Notice.objects.unread().filter(recipient=reporter, subject__contains="措施已落实").count() == 1
    with pytest.raises(ValidationError, match="已于2023年10月12日登记落实"):
        finish_action(action=action, result="另一结果", by=reporter, now=NOW)


def test_another_unit_may_not_report_it_done(project, reporter, bureau):
    action = set_one(reporter, bureau, problem=make_problem(project))
    with pytest.raises(PermissionDenied):
        finish_action(action=action, result="已勘界", by=make_user(Role.REPORTER), now=NOW)
    action.refresh_from_db()
    assert action.done_on is None
