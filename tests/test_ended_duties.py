"""Who has left a duty (离任) has its rights no longer: in roles and units, on rows, desks, letters and in the admin."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from projects.models import (
    Duty,
    Milestone,
    Notice,
    Permit,
    Problem,
    ProgressReport,
    Project,
    ProjectMember,
    Role,
    User,
)
from projects.pages.register.forms import MemberForm
from projects.queries.base.audience import Audience, Audiences
from projects.queries.desk.desk import Desk, own_projects
from projects.queries.desk.owed import OwedKind
from projects.queries.reports.reports import office_contacts
from projects.services.assessment import appeals as score_appeals
from projects.services.assessment import rounds as assessments
from projects.services.lists.adjustments import approve_adjustment, submit_adjustment
from projects.services.problems.entries import people_of
from projects.services.reports.review import pass_reports
from tests.factories import (
    NOW,
    TODAY,
    make_adjustment,
    make_list,
    make_listing,
    make_official,
    make_plan,
    make_problem,
    make_project,
    make_round,
    make_scheme,
    make_unit,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]

YESTERDAY = TODAY - dt.timedelta(days=1)
ROLES = list(Role)


def leave(user: User, **which) -> User:
    """The person after these duties (all, unless told) ended yesterday, as the next request meets him or her."""
    assert Duty.objects.filter(user=user, **which).update(ends_on=YESTERDAY)
    return User.objects.get(pk=user.pk)


def project_of(user: User, unit) -> Project:
    """A project with a late milestone and an open problem, which every role has to do with."""
    project = make_project(lead_department=unit, host_district=unit, sponsor=make_official("领导甲", user))
    make_plan(project, "2023-09-30")
    make_problem(project, lead_unit=unit, level=Problem.Level.SPONSOR, raised_by=make_user())
    return project


@pytest.mark.parametrize("role", ROLES)
def test_an_ended_duty_gives_no_role_and_no_unit(role, unit):
    user = make_user(role, unit=unit)
    assert user.roles == {role}, "so that the end below takes something away"
    user = leave(user)
    assert (user.roles, user.unit_ids, user.headed_unit_ids) == (frozenset(), frozenset(), frozenset())
    assert not (user.is_office or user.supervises or user.sees_all_projects)


@pytest.mark.parametrize("role", [role for role in ROLES if role != Role.SERVICE_OFFICER])
def test_who_has_left_sees_and_edits_nothing_of_the_project(role, unit):
    user = make_user(role, unit=unit)
    project = project_of(user, unit)
    assert project in Project.objects.visible_to(user)
    user = leave(user)
    for rows in (Project.objects, ProgressReport.objects, Milestone.objects, Problem.objects, Permit.objects):
        assert not rows.visible_to(user).exists()
        assert not rows.editable_by(user).exists()
    for rows in (Project.objects, Milestone.objects, Problem.objects):
        assert not rows.workable_by(user).exists()
    assert not own_projects(user).exists()


def test_a_service_officer_who_has_left_edits_nothing_any_more(unit):
    user = make_user(Role.SERVICE_OFFICER)
    project = project_of(make_user(), unit)
    ProjectMember.objects.create(
        project=project, kind="service_officer", user=user, from_on=dt.date(2023, 1, 1)
    )
    assert project in Project.objects.editable_by(user)
    user = leave(user)
    assert not Project.objects.editable_by(user).exists()
    assert not Project.objects.workable_by(user).exists()


def test_of_two_units_only_the_present_one_counts(unit):
    other = make_unit("科技局")
    user = make_user(Role.REPORTER, Role.UNIT_HEAD, unit=unit)
    old, new = make_project(lead_department=unit), make_project(lead_department=other)
    Duty.objects.create(user=user, role=Role.REPORTER, unit=other, starts_on=TODAY)
    user = leave(user, unit=unit)
    assert user.unit_ids == {other.pk}
    assert list(Project.objects.visible_to(user)) == [new]
    assert list(Project.objects.editable_by(user)) == [new]
    assert old not in Project.objects.workable_by(user)


@pytest.mark.parametrize("role", ROLES)
def test_the_desk_of_who_has_left_is_empty(role, unit):
    user = make_user(role, unit=unit)
    project_of(user, unit)
    assert Desk(leave(user), TODAY).sections() == []


def test_the_desk_shows_no_problem_of_a_project_out_of_sight(unit):
    reporter = make_user(Role.REPORTER, unit=unit)
    project = make_project()
    problem = make_problem(project, lead_unit=unit)

    def listed():
        sections = Desk(User.objects.get(pk=reporter.pk), TODAY).sections()
        groups = [group for section in sections for group in section.groups]
        return [row.target for group in groups if group.kind == OwedKind.PROBLEM for row in group.rows]

    assert listed() == []
    ProjectMember.objects.create(project=project, kind="supporting_unit", unit=unit, from_on=TODAY)
    assert listed() == [problem.pk]


def test_nobody_who_has_left_is_told(unit):
    user = make_user(*ROLES, unit=unit)
    project = project_of(user, unit)
    told = Audiences.current().told(list(Audience), project, unit.pk)
    assert {person.user for person in told} == {user}
    assert people_of(unit) == [user]
    leave(user)
    audiences = Audiences.current()
    assert audiences.told(list(Audience), project, unit.pk) == []
    assert not audiences.has_reporter(project, unit.pk)
    assert people_of(unit) == []


def test_an_officer_who_has_left_is_not_named_as_the_one_to_ask():
    user = make_user(Role.OFFICE, name="张统筹")
    assert "张统筹" in office_contacts()
    leave(user)
    assert "张统筹" not in office_contacts()


def test_a_head_who_has_left_passes_no_report_and_appeals_against_no_score(unit):
    head = make_user(Role.UNIT_HEAD, unit=unit)
    assert score_appeals.heads(head, unit.pk)
    head = leave(head)
    assert not score_appeals.heads(head, unit.pk)
    with pytest.raises(PermissionDenied, match="只有本单位负责人可以审核"):
        pass_reports(reports=[], by=head, now=NOW)


def test_scores_and_appeals_are_told_to_the_present_people_alone(unit):
    office, gone = make_user(Role.OFFICE), make_user(Role.UNIT_HEAD, Role.OFFICE, unit=unit)
    present = make_user(Role.UNIT_HEAD, unit=unit)
    leave(gone)
    make_listing(make_project(lead_department=unit, started_on=dt.date(2023, 3, 1)))
    round_ = make_round(make_scheme("start_rate_of_year"), office)
    round_.scheme.items.filter(figure="manual").delete()
    round_ = assessments.publish_round(round_=round_, document="淄高新督〔2023〕6号", by=office, now=NOW)
    score_appeals.file_appeal(
        round_=round_,
        unit=unit,
        item=round_.scheme.items.get(),
        reason="漏计一项",
        evidence="附表",
        by=present,
        now=NOW,
    )
    told = [(row.subject, row.recipient) for row in Notice.objects.filter(channel="in_app").order_by("pk")]
    assert told == [(f"{round_}成绩已公布", present), (f"{unit}对{round_}提出申诉", office)]


def test_a_service_officer_who_has_left_is_not_offered_for_a_project():
    gone, present = make_user(Role.SERVICE_OFFICER, Role.REPORTER), make_user(Role.SERVICE_OFFICER)
    leave(gone, role=Role.SERVICE_OFFICER)
    form = MemberForm(kinds=list(ProjectMember.Kind))
    assert list(form.fields["user"].queryset) == [present]


def test_an_officer_is_alone_when_the_colleague_has_left():
    alone, colleague = make_user(Role.OFFICE), make_user(Role.OFFICE)
    assert not User.objects.get(pk=alone.pk).is_whole_office
    leave(colleague)
    assert User.objects.get(pk=alone.pk).is_whole_office


def test_an_officer_left_alone_approves_the_own_adjustment_with_a_note():
    drafter, colleague = make_user(Role.OFFICE), make_user(Role.OFFICE)
    project = make_project()
    make_listing(project)
    draft = make_adjustment(make_list(), drafter, (project, "raised", {"planned_investment": 2000}))
    submit_adjustment(adjustment=draft, by=drafter, now=NOW)
    leave(colleague)
    done = approve_adjustment(adjustment=draft, note="仅一人在岗", by=drafter, now=NOW)
    assert done.get_state_display() == "已生效"


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ADMINISTRATOR])
def test_the_admin_opens_nothing_to_who_has_left(client, role):
    user = make_user(role, is_staff=True)
    client.force_login(user)
    assert client.get("/admin/projects/project/").status_code == 200
    leave(user)
    for name in ("project", "user", "auditrecord", "notice"):
        assert client.get(f"/admin/projects/{name}/").status_code == 403


def test_pages_answer_who_has_left_as_a_stranger(client, unit):
    user = make_user(*ROLES, unit=unit)
    project = project_of(user, unit)
    leave(user)
    client.force_login(user)
    assert client.get(f"/projects/{project.code}/").status_code == 404
    assert project.name not in client.get("/projects/").content.decode()
    assert project.name not in client.get("/").content.decode()
    assert client.get("/imports/").status_code == 403


# --- entered ahead of time ---------------------------------------------------------------------------------


def test_a_last_day_entered_ahead_takes_nothing_away_before_it_has_passed(settings, unit):
    reporter, project = make_user("reporter", unit=unit), make_project(lead_department=unit)
    Duty.objects.filter(user=reporter).update(ends_on=TODAY)
    assert Project.objects.visible_to(User.objects.get(pk=reporter.pk)).get() == project
    assert Audiences.current().reporters(unit.pk) == [reporter]
    settings.TODAY = TODAY + dt.timedelta(days=1)
    assert not Project.objects.visible_to(User.objects.get(pk=reporter.pk)).exists()
    assert not Audiences.current().reporters(unit.pk)


def test_a_duty_to_come_gives_nothing_before_its_first_day(settings, unit):
    user, _project = make_user(), make_project(lead_department=unit)
    Duty.objects.create(user=user, role=Role.OFFICE, starts_on=TODAY + dt.timedelta(days=1))
    assert not User.objects.get(pk=user.pk).is_office
    assert not Project.objects.visible_to(User.objects.get(pk=user.pk)).exists()
    settings.TODAY = TODAY + dt.timedelta(days=1)
    assert User.objects.get(pk=user.pk).is_office


def test_an_officer_sees_the_project_from_the_first_to_the_last_day(settings):
    officer, project = make_user("service_officer"), make_project()
    ProjectMember.objects.create(
        project=project,
        kind=ProjectMember.Kind.SERVICE_OFFICER,
        user=officer,
        from_on=TODAY,
        until_on=TODAY + dt.timedelta(days=1),
    )
    for days, seen in ((-1, 0), (0, 1), (1, 1), (2, 0)):
        settings.TODAY = TODAY + dt.timedelta(days=days)
        assert Project.objects.visible_to(User.objects.get(pk=officer.pk)).count() == seen, days


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "refused"),
    [
        ("2023-02-01", None, True),
        ("2022-01-01", "2023-01-01", True),
        ("2022-01-01", "2022-12-31", False),
        ("2023-06-30", "2023-07-01", True),
    ],
)
def test_two_duties_of_a_kind_never_share_a_day(unit, starts_on, ends_on, refused):
    user = make_user()
    Duty.objects.create(
        user=user, role=Role.REPORTER, unit=unit, starts_on="2023-01-01", ends_on="2023-06-30"
    )
    second = Duty(
        user=user,
        role=Role.REPORTER,
        unit=unit,
        starts_on=dt.date.fromisoformat(starts_on),
        ends_on=dt.date.fromisoformat(ends_on) if ends_on else None,
    )
    if refused:
        with pytest.raises(ValidationError, match="任期不能重叠"):
            second.full_clean()
    else:
        second.full_clean()
