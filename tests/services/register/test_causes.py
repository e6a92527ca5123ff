"""What lets a unit see a project carries its cause and ends with it (协办随事由结束)."""

import datetime as dt

import pytest
from django.urls import reverse

from projects.models import Milestone, Notice, Project, ProjectMember, Role, User
from projects.queries.register.responsibilities import once_each
from projects.services.plans.milestones import achieve_milestone, undo_achievement
from projects.services.plans.versions import approve_plan, revise_plan
from projects.services.problems import clinics, handling
from projects.services.problems.actions import add_action, finish_action
from projects.services.register.handovers import hand_over, hand_over_all
from projects.services.register.members import add_member, end_member
from projects.services.supervision import orders
from tests.factories import NOW, TODAY, handed_in, make_plan, make_problem, make_project, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SOON = TODAY + dt.timedelta(days=3)


@pytest.fixture
def bureau(db):
    return make_unit("电力局")


@pytest.fixture
def clerk(bureau) -> User:
    return make_user(Role.REPORTER, unit=bureau)


def sees(person: User, project: Project) -> bool:
    return project in Project.objects.visible_to(User.objects.get(pk=person.pk))


def of_problem(project, bureau, office, colleague):
    problem = handling.raise_problem(
        project=project, category="land", text="未供地", lead_unit=bureau, by=office, now=NOW
    )

    def end():
        handling.mark_handled(problem=problem, result="已供地", document="1号", by=office, now=NOW)
        handling.resolve_problem(problem=problem, by=colleague, now=NOW)

    return end


def of_helping(project, bureau, office, colleague):
    problem = make_problem(project)
    handling.set_helpers(problem=problem, units=[bureau], by=office, now=NOW)
    return lambda: handling.set_helpers(problem=problem, units=[], by=office, now=NOW)


def of_going_up(project, bureau, office, colleague):
    problem = make_problem(project)
    handling.escalate_problem(
        problem=problem, level="zone", reason="须区协调", lead_unit=bureau, by=office, now=NOW
    )
    return lambda: handling.escalate_problem(
        problem=problem, level="city", reason="须市协调", lead_unit=make_unit(), by=office, now=NOW
    )


def issued(project, bureau, office):
    order = orders.draft_order(
        type="supervise", unit=bureau, facts="逾期", demand="限期办结", by=office, now=NOW
    )
    orders.add_line(order=order, project=project, matter="供电", by=office, now=NOW)
    return orders.issue_order(order=order, by=office, now=NOW)


def of_void_slip(project, bureau, office, colleague):
    order = issued(project, bureau, office)
    return lambda: orders.void_order(order=order, reason="误发", by=office, now=NOW)


def of_closed_row(project, bureau, office, colleague):
    line = issued(project, bureau, office).lines.get()

    def end():
        person = make_user(Role.REPORTER, unit=bureau)
        orders.reply_line(line=line, reply="已供电", by=person, now=NOW)
        orders.close_line(line=line, by=office, now=NOW)

    return end


def of_action(project, bureau, office, colleague):
    action = add_action(
        problem=make_problem(project), text="增容", unit=bureau, due_on=SOON, by=office, now=NOW
    )
    return lambda: finish_action(action=action, result="已增容", by=office, now=NOW)


def of_case(project, bureau, office, colleague):
    session = clinics.call_session(
        held_on=TODAY, place="一楼", chair="领导甲", units=[bureau], by=office, now=NOW
    )
    case = clinics.add_case(session=session, problem=make_problem(project), by=office, now=NOW)
    clinics.diagnose(case=case, diagnosis="缺电", by=office, now=NOW)
    return lambda: clinics.discharge_case(case=case, outcome="已供电", by=office, now=NOW)


def planned(project, bureau, office, **fields) -> Milestone:
    plan = make_plan(project, "2023-12-31", state="submitted", approved_on=None)
    plan.milestones.update(unit=bureau)
    return approve_plan(plan=plan, approved_on=TODAY, by=office, now=NOW).milestones.get()


def of_milestone(project, bureau, office, colleague):
    milestone = planned(project, bureau, office)
    return lambda: achieve_milestone(
        milestone=milestone, achieved_on=TODAY, evidence="验收单", by=office, now=NOW
    )


def of_version(project, bureau, office, colleague):
    milestone = planned(project, bureau, office)

    def end():
        draft = revise_plan(plan=milestone.plan, by=office, now=NOW)
        draft.milestones.update(unit=None)
        approve_plan(plan=handed_in(draft), approved_on=TODAY, by=colleague, now=NOW)

    return end


CAUSES = {
    "a problem written off": of_problem,
    "helping": of_helping,
    "going up to another unit": of_going_up,
    "a slip declared void": of_void_slip,
    "a row of a slip closed": of_closed_row,
    "an action carried out": of_action,
    "a case discharged": of_case,
    "a milestone done": of_milestone,
    "a version that names another": of_version,
}


@pytest.mark.parametrize("let_in", CAUSES.values(), ids=CAUSES)
def test_it_ends_with_its_cause_and_with_no_other(let_in, project, bureau, clerk, office, colleague):
    end = let_in(project, bureau, office, colleague)
    assert sees(clerk, project)
    end()
    assert not sees(clerk, project)
    end_of_first = let_in(make_project(), bureau, office, colleague)
    make_problem(project)
    handling.raise_problem(
        project=project, category="land", text="另一问题", lead_unit=bureau, by=office, now=NOW
    )
    end_of_first()
    assert sees(clerk, project), "the other cause stands"


def test_what_is_taken_up_again_lets_in_again(project, bureau, clerk, office, colleague):
    of_problem(project, bureau, office, colleague)()
    handling.reopen_problem(problem=project.problems.get(), reason="又断电", by=office, now=NOW)
    assert sees(clerk, project)
    handling.mark_handled(problem=project.problems.get(), result="已办", document="2号", by=office, now=NOW)
    handling.resolve_problem(problem=project.problems.get(), by=colleague, now=NOW)
    milestone = planned(project, bureau, office)
    achieve_milestone(milestone=milestone, achieved_on=TODAY, evidence="验收单", by=office, now=NOW)
    assert not sees(clerk, project)
    undo_achievement(milestone=milestone, reason="未验收", by=office, now=NOW)
    assert sees(clerk, project)


def test_a_membership_by_hand_outlives_every_cause_and_ends_them_all(
    project, bureau, clerk, office, colleague, settings
):
    kind = ProjectMember.Kind.SUPPORTING_UNIT
    end = of_problem(project, bureau, office, colleague)
    member = add_member(project=project, kind=kind, unit=bureau, from_on=TODAY, by=office, now=NOW)
    end()
    assert sees(clerk, project)
    handling.raise_problem(
        project=project, category="land", text="又一问题", lead_unit=bureau, by=office, now=NOW
    )
    end_member(member=member, until_on=TODAY, by=office, now=NOW)
    settings.TODAY = TODAY + dt.timedelta(days=1)
    assert not sees(clerk, project)


def test_the_list_of_supporting_units_shows_each_once(client, project, bureau, office):
    for text in ("未供地", "未供电"):
        handling.raise_problem(
            project=project, category="land", text=text, lead_unit=bureau, by=office, now=NOW
        )
    assert len(project.members.all()) == 2
    assert [one.unit for one in once_each(project.members.all(), set())] == [bureau]
    assert once_each(project.members.all(), {bureau.pk}) == []
    client.force_login(office)
    page = client.get(reverse("project_detail", args=[project.code])).content.decode()
    assert page.count("电力局不再担任") == 1


@pytest.mark.parametrize("at_once", [False, True])
def test_a_lead_that_gives_the_project_up_still_sees_what_it_owes_and_is_told(
    at_once, unit, project, reporter, office
):
    """供地 names the unit, then lead; the lead goes to another; the unit was neither told nor saw the project."""
    other = make_project(lead_department=unit)
    planned(project, unit, office)
    assert not project.members.exists(), "it sees it anyway"
    to = make_unit("新局")
    given = {
        "slot": "lead_department",
        "to": to,
        "from_on": TODAY,
        "document": "1号",
        "by": office,
        "now": NOW,
    }
    if at_once:
        hand_over_all(holder=unit, **given)
    else:
        for one in (project, other):
            hand_over(project=one, **given)
    assert sees(reporter, project) and not sees(reporter, other)
    told = Notice.objects.filter(
        recipient=reporter, channel="in_app", subject__contains="仍有1项由贵单位负责"
    )
    assert told.count() == 1 and project.name in told.get().subject
    milestone = Milestone.objects.get(plan__project=project)
    achieve_milestone(milestone=milestone, achieved_on=TODAY, evidence="验收单", by=office, now=NOW)
    assert not sees(reporter, project)
