"""The day itself (当日): what holds the day before, on the day and the day after, for every comparison with a date.

One table a question: the row's own day is tomorrow, today and yesterday in turn, and the answer for each stands beside
it. So a `<` that becomes a `<=` anywhere turns one cell.
"""

import datetime as dt
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError

from projects.models import (
    AlertKind,
    OfficeSettings,
    ProgressReport,
    Project,
    ProjectMember,
    Role,
    StateChange,
    User,
)
from projects.money import Ratio, pace_percent
from projects.periods import TenDayPeriod
from projects.queries.alerts.findings import driven_forward, findings, milestones_in_force
from projects.queries.desk.desk import Desk
from projects.queries.desk.owed import OwedKind
from projects.queries.reports.owing import ReportingClock
from projects.queries.reports.reports import current_window
from projects.services.problems.handling import escalate_problem, raise_problem
from projects.services.reports.steps import ReportRules, fill_step
from tests.factories import (
    NOW,
    TODAY,
    make_action,
    make_exemption,
    make_listing,
    make_permit,
    make_plan,
    make_problem,
    make_project,
    make_report,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DAY = dt.timedelta(days=1)
PERIOD = TenDayPeriod.parse("2023-10-1")  # due on 11 October: late if missing on TODAY, the 12th
CLOSED_ON = PERIOD.last_on
EARLY = dt.date(2023, 9, 1)
QUIET = {"reports_from_on": dt.date(2024, 1, 1)}
# the places of a row's three letters
in_turn = pytest.mark.parametrize("place", [0, 1, 2], ids=["day after", "the day", "day before"])


def late(kind: AlertKind) -> bool:
    return any(found.kind == kind for found in findings(TODAY))


# --- findings: what is late on TODAY ----------------------------------------------------------------------


def planned(day, **fields):
    make_listing(make_project(**QUIET), planned_start=str(day), **fields)


def finished(name):
    def made(day):
        project = make_project(started_on=EARLY, **QUIET, **{name: day})
        make_listing(project, category="continuing", planned_completion=str(EARLY))

    return made


def state(*changes):
    """A project with a late milestone whose state changes on each day given; the last change is the tried one."""

    def made(day):
        project = make_project(state=changes[-1][0], **QUIET)
        make_plan(project, EARLY)
        for changed_to, on in changes:
            StateChange.objects.create(
                project=project, state=changed_to, effective_on=on or day, reason="停工", made_at=NOW
            )

    return made


def second_plan(day):
    project = make_project(**QUIET)
    make_plan(project, EARLY, state="superseded")
    make_plan(project, "2024-09-01", number=2, approved_on=day)


def second_version(day):
    project = make_project(**QUIET)
    make_listing(project, planned_start=str(EARLY))
    make_listing(project, planned_start="2023-12-01", effective_on=day)


def handed_in(day):
    at = NOW.replace(year=day.year, month=day.month, day=day.day, hour=23)
    project = make_project(reports_from_on=PERIOD.first_on)
    make_report(project, PERIOD.code, state="submitted", submitted_at=at)


FOUND = {
    # what the row's day is: (made, kind, late or not when it is tomorrow, today, yesterday)
    "milestone due": (lambda day: make_plan(make_project(**QUIET), day), "milestone_overdue", "··L"),
    "milestone done": (
        lambda day: make_plan(make_project(**QUIET), EARLY).milestones.update(
            achieved_on=day, evidence="验收单"
        ),
        "milestone_overdue",
        "L··",
    ),
    "start planned": (planned, "start_overdue", "··L"),
    "started": (
        lambda day: make_listing(make_project(started_on=day, **QUIET), planned_start=str(EARLY)),
        "start_overdue",
        "L··",
    ),
    "list version in force": (second_version, "start_overdue", "L··"),
    "completion planned": (
        lambda day: make_listing(make_project(**QUIET), category="continuing", planned_completion=str(day)),
        "completion_overdue",
        "··L",
    ),
    "completed": (finished("completed_on"), "completion_overdue", "L··"),
    "in production": (finished("in_production_on"), "completion_overdue", "L··"),
    "problem due": (lambda day: make_problem(make_project(**QUIET), due_on=day), "problem_overdue", "··L"),
    "problem written off": (
        lambda day: make_problem(make_project(**QUIET), state="resolved", handled_on=EARLY, resolved_on=day),
        "problem_overdue",
        "L··",
    ),
    "permit valid until": (
        lambda day: make_permit(make_project(**QUIET), valid_until_on=day),
        "permit_lapsed",
        "··L",
    ),
    "suspended": (state(("suspended", None)), "milestone_overdue", "L··"),
    "resumed": (state(("suspended", EARLY), ("active", None)), "milestone_overdue", "·LL"),
    "plan in force": (second_plan, "milestone_overdue", "L··"),
    "report handed in": (handed_in, "report_missing", "L··"),
}


@pytest.mark.parametrize("row", FOUND)
@in_turn
def test_what_is_late_today_by_the_day_of_the_row(row, place):
    day = TODAY + (1 - place) * DAY
    made, kind, expected = FOUND[row]
    made(day)
    assert late(AlertKind(kind)) is (expected[place] == "L"), f"{row} on {day}, asked on {TODAY}"


@pytest.mark.parametrize("row", ["suspended", "resumed"])
@in_turn
def test_what_is_driven_forward_is_what_can_be_late(row, place):
    FOUND[row][0](TODAY + (1 - place) * DAY)
    driven = driven_forward(TODAY, Project.objects.all()).exists()
    assert driven is (FOUND[row][2][place] == "L")


@pytest.mark.parametrize(("day", "due"), [(TODAY + DAY, EARLY), (TODAY, None), (TODAY - DAY, None)])
def test_the_plan_of_a_day_is_the_one_approved_by_then(day, due):
    second_plan(day)
    found = milestones_in_force(TODAY, Project.objects.all()).get()
    assert (found.due_on == EARLY) is (due == EARLY)


# --- reports: the last day of the period ------------------------------------------------------------------

OWES = {
    "followed from": (lambda day: {"reports_from_on": day}, "·LL"),
    "in production": (
        lambda day: {"reports_from_on": PERIOD.first_on, "started_on": EARLY, "in_production_on": day},
        "L··",
    ),
}


@pytest.mark.parametrize("row", OWES)
@in_turn
def test_who_owes_the_report_of_a_period_by_its_last_day(row, place):
    fields, expected = OWES[row]
    make_project(**fields(CLOSED_ON + (1 - place) * DAY))
    owed = expected[place] == "L"
    assert Project.objects.reporting_on(CLOSED_ON).exists() is owed
    assert late(AlertKind.REPORT_MISSING) is owed


@in_turn
def test_a_figure_of_a_ledger_is_handed_in_from_its_own_day(place):
    day = TODAY + (1 - place) * DAY
    make_report(make_project(), "2023-10-2", source=ProgressReport.Source.LEDGER, counts_from_on=day)
    assert ProgressReport.objects.handed_in_by(TODAY).exists() is (day <= TODAY)


def test_a_report_is_late_the_day_after_its_due_day():
    clock = ReportingClock.current()
    due_on = clock.due_on(PERIOD)
    assert due_on == dt.date(2023, 10, 11)
    assert clock.last_due(due_on) == PERIOD.previous()
    assert clock.last_due(due_on + DAY) == PERIOD


def test_the_window_of_a_period_day_by_day():
    window = current_window(PERIOD)
    days = [PERIOD.first_on - DAY, PERIOD.first_on, window.due_on, window.due_on + DAY]
    days += [window.closes_on, window.closes_on + DAY]
    told = [(window.is_future(day), window.is_late(day), window.is_locked(day)) for day in days]
    assert told == [
        (True, False, False),
        (False, False, False),
        (False, False, False),
        (False, True, False),
        (False, True, False),
        (False, True, True),
    ]


@pytest.mark.parametrize(
    ("from_on", "words"),
    [
        (CLOSED_ON - DAY, None),
        (CLOSED_ON, None),
        (CLOSED_ON + DAY, "该项目自2023年10月中旬起报送旬报，10月上旬无需填报"),
    ],
)
def test_a_project_reports_from_the_period_that_holds_its_first_day(from_on, words):
    project = make_project(reports_from_on=from_on)
    report = ProgressReport(project=project, period_ends_on=PERIOD.last_on)
    step = fill_step(report, make_user(Role.REPORTER), TODAY, ReportRules(), is_ours=True)
    assert bool(step) is (words is None)
    assert words is None or words in step.refusal


# --- problems ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_on", "words"),
    [(TODAY + DAY, "时限由"), (TODAY, "时限由"), (TODAY - DAY, "不因提级重新计算")],
)
def test_an_escalation_gives_a_new_limit_until_the_old_one_has_passed(due_on, words):
    problem = make_problem(make_project(), due_on=due_on)
    escalate_problem(problem=problem, level="zone", reason="本级解决不了", by=make_user(Role.OFFICE), now=NOW)
    problem.refresh_from_db()
    assert words in problem.entries.get().text
    assert (problem.due_on == due_on) is (due_on < TODAY)


@pytest.mark.parametrize(("due_on", "refused"), [(TODAY + DAY, False), (TODAY, False), (TODAY - DAY, True)])
def test_a_limit_may_be_today_and_not_before(due_on, refused):
    given = {"project": make_project(), "category": "land", "text": "用地未批", "due_on": due_on}
    given |= {"by": make_user(Role.OFFICE), "now": NOW}
    if refused:
        with pytest.raises(ValidationError, match="办理时限不能早于今天"):
            raise_problem(**given)
    else:
        assert raise_problem(**given).due_on == due_on


# --- the desk ---------------------------------------------------------------------------------------------


def listed(user: User, kind: OwedKind, day: dt.date = TODAY) -> bool:
    sections = Desk(User.objects.get(pk=user.pk), day).sections()
    return any(group.kind == kind for section in sections for group in section.groups)


def _own_project(user: User) -> Project:
    return make_project(lead_department_id=min(user.unit_ids), **QUIET)


def _served_project(user: User) -> Project:
    project = make_project(**QUIET)
    ProjectMember.objects.create(project=project, kind="service_officer", user=user, from_on=EARLY)
    return project


AHEAD = {
    # kind: (role, what it asks for, so many days ahead at most)
    OwedKind.MILESTONE: (Role.REPORTER, lambda user, day: make_plan(_own_project(user), day), 7),
    OwedKind.ACTION: (
        Role.REPORTER,
        lambda user, day: make_action(
            user.current_duties[0].unit,
            problem=make_problem(_own_project(user)),
            by=user,
            due_on=day,
        ),
        7,
    ),
    OwedKind.PERMIT_LAPSING: (
        Role.REPORTER,
        lambda user, day: make_permit(_own_project(user), valid_until_on=day),
        30,
    ),
    OwedKind.EXEMPTION_ENDING: (
        Role.REPORTER,
        lambda user, day: make_exemption(_own_project(user), user, until_on=day, state="approved"),
        7,
    ),
    OwedKind.PERMIT: (
        Role.SERVICE_OFFICER,
        lambda user, day: make_plan(_served_project(user), day).milestones.update(stage="preparatory"),
        14,
    ),
}


@pytest.mark.parametrize("kind", AHEAD)
@pytest.mark.parametrize(("more", "shown"), [(0, True), (1, False)])
def test_the_desk_looks_so_many_days_ahead_and_not_one_more(kind, more, shown):
    role, made, days = AHEAD[kind]
    user = make_user(role)
    made(user, TODAY + (days + more) * DAY)
    assert listed(user, kind) is shown


@pytest.mark.parametrize(("day", "shown"), [(20, True), (21, False)])
def test_a_late_report_is_on_the_desk_until_the_last_day_of_its_window(day, shown):
    OfficeSettings.objects.update(report_grace_days=0)
    assert current_window(PERIOD).closes_on == dt.date(2023, 10, 20)
    reporter = make_user(Role.REPORTER)
    make_project(lead_department_id=min(reporter.unit_ids))
    sections = Desk(reporter, dt.date(2023, 10, day)).sections()
    owed = {group.target for section in sections for group in section.groups if group.kind == OwedKind.REPORT}
    assert (PERIOD.code in owed) is shown


@pytest.mark.parametrize(("before", "unfolded"), [(3, True), (4, False)])
def test_the_reports_of_the_running_period_unfold_in_its_last_days(before, unfolded):
    running = PERIOD.next()
    day = current_window(running).due_on - before * DAY  # report_reminder_days is 2: one day more than that
    reporter = make_user(Role.REPORTER)
    make_project(lead_department_id=min(reporter.unit_ids))
    groups = [group for section in Desk(reporter, day).sections() for group in section.groups]
    group = next(group for group in groups if group.target == running.code)
    assert bool(group.rows) is unfolded


# --- rates ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done", "pro_rata", "percent"),
    [
        (Ratio(50, 100), Fraction(0), None),  # the first days of January: 序时 asks for nothing yet
        (Ratio(0, 0), Fraction(1, 2), None),
        (Ratio(0, 100), Fraction(1, 2), 0),
        (Ratio(50, 100), Fraction(1, 2), 100),
        (Ratio(50, 100), Fraction(1, 36), 1800),
    ],
)
def test_the_share_of_pace_exists_once_pace_asks_for_something(done, pro_rata, percent):
    assert pace_percent(done, pro_rata) == percent
