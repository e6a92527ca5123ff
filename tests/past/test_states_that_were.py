"""A state that was stays for its days: handed in, returned, written off, reopened, stopped (docs/rules.md §4)."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from projects.figures.figures import figures_of
from projects.figures.lights.judging import lights_for
from projects.figures.population import Scope
from projects.models import Problem, ProblemClosing, Project, StateChange
from projects.queries.alerts.findings import findings
from projects.services.problems.handling import mark_handled, reopen_problem, resolve_problem
from projects.services.reports.review import return_report
from tests.factories import (
    NOW,
    make_list,
    make_listing,
    make_problem,
    make_project,
    make_report,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SHANGHAI = dt.timezone(dt.timedelta(hours=8))


def moment(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=SHANGHAI)


def on(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def kinds(day: str) -> list[str]:
    return [one.kind for one in findings(on(day))]


@pytest.fixture
def followed(unit) -> Project:
    """A project that reports from the first period of September on."""
    project = make_project(
        lead_department=unit, reports_from_on=on("2023-09-01"), started_on=on("2023-01-01")
    )
    make_listing(project, make_list("市级重大"), planned_investment=1000, category="continuing")
    return project


# --- problems ---------------------------------------------------------------------------------------------


@pytest.fixture
def reopened(unit, office) -> Problem:
    """Raised 1 September with a limit on the 15th, written off on the 27th, reopened on 12 October."""
    project = make_project(lead_department=unit)
    make_listing(project, make_list("市级重大"))
    problem = make_problem(project, lead_unit=unit, raised_by=office)
    doer = make_user("reporter", unit=unit)
    mark_handled(problem=problem, result="已协调", document="会议纪要", by=doer, now=moment("2023-09-26"))
    resolve_problem(problem=problem, by=office, now=moment("2023-09-27"))
    reopen_problem(problem=problem, reason="复发", by=office, now=moment("2023-10-12"))
    return Problem.objects.get(pk=problem.pk)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2023-09-25", "open"),
        ("2023-09-26", "handled"),
        ("2023-09-27", "resolved"),
        ("2023-10-11", "resolved"),
        ("2023-10-12", "open"),
    ],
)
def test_a_problem_reopened_was_written_off_until_that_day(reopened, day, state):
    assert reopened.state_on(on(day)) == state
    for each in Problem.State.values:
        assert Problem.objects.in_state(each, on(day)).exists() is (each == state)
    assert Problem.objects.open(on(day)).exists() is (state != "resolved")
    row = figures_of(Scope(on(day), 2023)).total
    assert (row["problems_raised"], row["problems_settled"]) == (1, int(state == "resolved"))
    assert ("problem_overdue" in kinds(day)) is (state != "resolved")


def test_closings_of_older_databases_are_read_from_the_entries(reopened):
    kept = list(ProblemClosing.objects.values_list("problem", "handled_on", "resolved_on", "reopened_on"))
    ProblemClosing.objects.all().delete()
    import_module("projects.migrations.0035_problem_closings").from_entries(apps, None)
    assert kept == list(
        ProblemClosing.objects.values_list("problem", "handled_on", "resolved_on", "reopened_on")
    )


# --- reports ----------------------------------------------------------------------------------------------


def test_a_report_returned_later_had_been_handed_in(followed, office):
    """Handed in on 11 September in time, returned on the 20th, in again on the 22nd."""
    reporter = make_user("reporter", unit=followed.lead_department)
    report = make_report(
        followed, "2023-09-1", state="submitted", submitted_by=reporter, submitted_at=moment("2023-09-11")
    )
    return_report(report=report, reason="金额有误", by=office, now=moment("2023-09-20"))
    report.refresh_from_db()
    report.state, report.submitted_at = "submitted", moment("2023-09-22")
    report.save()
    missing = {day: "report_missing" in kinds(f"2023-09-{day}") for day in (11, 12, 15, 19, 20, 21)}
    assert missing == {11: False, 12: False, 15: False, 19: False, 20: True, 21: True}


def test_the_light_of_a_day_does_not_know_what_was_handed_in_afterwards(followed):
    """Report of 9上旬, due on 11 September, handed in on the 18th: on the 15th it was missing, whenever that is asked."""
    make_report(followed, "2023-09-1", invested="700", state="submitted", submitted_at=moment("2023-09-18"))
    assert "report_missing" in kinds("2023-09-15")
    for day, missing in (("2023-09-15", True), ("2023-09-18", False)):
        light = lights_for(Project.objects.all(), on(day))[followed.pk]
        assert any("未报旬报" in reason.sentence for reason in light.reasons) is missing, day


@pytest.mark.parametrize(
    ("day", "missing"), [("2023-09-22", False), ("2023-09-30", True), ("2023-10-05", False)]
)
def test_the_light_of_a_day_takes_the_state_of_that_day(followed, day, missing):
    """Stopped from 5 to 25 September and again from 5 October; no report since August."""
    for state, since in (("suspended", "2023-09-05"), ("active", "2023-09-26"), ("suspended", "2023-10-05")):
        StateChange.objects.create(
            project=followed, state=state, effective_on=on(since), reason="依据", made_at=NOW
        )
    Project.objects.filter(pk=followed.pk).update(state="suspended")
    light = lights_for(Project.objects.all(), on(day))[followed.pk]
    assert any("未报旬报" in reason.sentence for reason in light.reasons) is missing
    assert ("report_missing" in kinds(day)) is missing
