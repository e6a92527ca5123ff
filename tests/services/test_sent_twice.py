"""The same sent twice (重复提交): the second answers the first, nothing is written or told twice; another person's counts."""

import datetime as dt

import pytest

from projects.models import AuditRecord, Notice, ProblemEntry, Role
from projects.services.assessment import schemes
from projects.services.problems import clinics, handling
from projects.services.problems import urgent as urgent_lists
from projects.services.problems.actions import add_action
from projects.services.problems.visits import log_visit
from projects.services.supervision import orders
from tests.factories import NOW, TODAY, make_official, make_problem, make_project, make_unit, make_user

pytestmark = pytest.mark.django_db


def visit(project, by):
    return log_visit(project=project, visited_on=TODAY, findings="施工正常", by=by, now=NOW)


def case_of(problem, by):
    session = clinics.call_session(
        held_on=TODAY, place="一楼", chair="领导甲", units=[make_unit()], by=by, now=NOW
    )
    return clinics.add_case(session=session, problem=problem, by=by, now=NOW)


def follow(problem, by):
    case = problem.cases.first() or case_of(problem, by)
    return clinics.follow_up(case=case, text="已供电", by=by, now=NOW)


def raise_one(project, by, unit):
    return handling.raise_problem(
        project=project, category="land", text="用地未落实", lead_unit=unit, by=by, now=NOW
    )


CREATING = {
    "a problem": lambda project, problem, unit, by: raise_one(project, by, unit),
    "progress": lambda project, problem, unit, by: handling.add_progress(
        problem=problem, text="已报市局", by=by, now=NOW
    ),
    "a slip": lambda project, problem, unit, by: orders.draft_order(
        type="supervise", unit=unit, facts="逾期", demand="限期办结", by=by, now=NOW
    ),
    "an urgent list": lambda project, problem, unit, by: urgent_lists.draft_urgent_list(
        title="清单", as_of=TODAY, problems=[problem], by=by, now=NOW
    ),
    "a scheme": lambda project, problem, unit, by: schemes.draft_scheme(
        name="考核办法", year=2023, effective_on=dt.date(2023, 1, 1), by=by, now=NOW
    ),
    "a follow-up": lambda project, problem, unit, by: follow(problem, by),
    "a visit": lambda project, problem, unit, by: visit(project, by),
    "an action": lambda project, problem, unit, by: add_action(
        problem=problem, text="报批", unit=unit, due_on=TODAY + dt.timedelta(days=3), by=by, now=NOW
    ),
}


@pytest.mark.parametrize("create", CREATING.values(), ids=CREATING)
def test_the_second_answers_the_first(create, project, office, colleague):
    problem, bureau = make_problem(project), make_unit("电力局")
    make_user(Role.REPORTER, unit=bureau)
    first = create(project, problem, bureau, office)
    before = AuditRecord.objects.count(), Notice.objects.count(), ProblemEntry.objects.count()
    assert create(project, problem, bureau, office) == first
    assert (AuditRecord.objects.count(), Notice.objects.count(), ProblemEntry.objects.count()) == before
    assert create(project, problem, bureau, colleague) != first


def test_a_problem_with_other_helpers_or_after_the_write_off_is_another(project, office, colleague):
    raised = {"project": project, "category": "land", "text": "用地未落实", "by": office, "now": NOW}
    first = handling.raise_problem(**raised)
    assert handling.raise_problem(**raised, helper_units=[make_unit()]) != first
    handling.mark_handled(problem=first, result="已供地", document="淄高新〔2023〕1号", by=office, now=NOW)
    handling.resolve_problem(problem=first, by=colleague, now=NOW)
    assert handling.raise_problem(**raised) != first


def test_a_second_slip_of_the_same_words_is_drafted_once_the_first_has_its_project(inspector, unit):
    same = {
        "type": "supervise",
        "unit": unit,
        "facts": "逾期",
        "demand": "限期办结",
        "by": inspector,
        "now": NOW,
    }
    first = orders.draft_order(**same)
    orders.add_line(order=first, project=make_project(), matter="主体封顶", by=inspector, now=NOW)
    assert orders.draft_order(**same) != first


def test_visits_of_two_leaders_on_a_day_are_two(project, office):
    same = {"project": project, "visited_on": TODAY, "findings": "施工正常", "by": office, "now": NOW}
    assert log_visit(**same, official=make_official()) != log_visit(**same, official=make_official())
