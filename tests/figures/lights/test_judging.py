"""Lights of projects: the facts of a day, judged by the rules, with the sentence that says why."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.figures.lights.judging import LightFacts, colour, judge, light_facts, lights_for
from projects.models import DeliveryPlan, Project, ReportState
from projects.rules import Light, LightDimension
from tests.factories import (
    TODAY,
    make_list,
    make_listing,
    make_plan,
    make_problem,
    make_project,
    make_report,
)
from tests.reading import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LATER = dt.date(2024, 1, 1)
GREEN, YELLOW, RED = Light.GREEN, Light.YELLOW, Light.RED


def light_of(project, as_of=TODAY):
    return lights_for(Project.objects.filter(pk=project.pk), as_of)[project.pk]


def why(project, as_of=TODAY) -> dict[str, Light]:
    """{dimension: light} of the reasons shown."""
    return {reason.dimension: reason.light for reason in light_of(project, as_of).reasons}


def quiet(**fields):
    """A project that owes no reports and stands in no list: nothing to judge."""
    return make_project(reports_from_on=fields.pop("reports_from_on", LATER), **fields)


def planned(start="", plan="0", category="new_start", **fields):
    project = quiet(**fields)
    make_listing(project, planned_start=start, planned_investment=Decimal(plan), category=category)
    return project


def test_nothing_to_judge_is_green_and_says_so():
    light = light_of(quiet())
    assert (light.light, light.reasons, light.sentence) == (GREEN, (), "各项工作正常推进")


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2023-11-01", {}),
        ("2023-10-31", {LightDimension.START: YELLOW}),
        ("2023-09-01", {LightDimension.START: YELLOW}),
        ("2023-08-31", {LightDimension.START: RED}),
        ("2023年三季度", {LightDimension.START: YELLOW}),
        ("2023年上半年", {LightDimension.START: RED}),
        ("未批复", {}),
    ],
)
def test_start_is_judged_by_the_month_its_planned_span_ends_in(start, expected):
    assert why(planned(start)) == expected


def test_only_new_starts_owe_a_start():
    assert why(planned("2023-08-31", category="continuing")) == {}


def test_a_start_that_comes_later_is_not_yet_made():
    project = planned("2023-08-31", started_on=TODAY + dt.timedelta(days=1))
    assert why(project)[LightDimension.START] == RED
    assert why(project, TODAY + dt.timedelta(days=1))[LightDimension.START] == GREEN  # noted: late


@pytest.mark.parametrize(
    ("invested", "light", "noted"),
    [
        ("778", GREEN, False),
        ("777.3", GREEN, False),  # rounds to level
        ("770", GREEN, True),
        ("679", GREEN, True),  # 9.9 points behind
        ("678", GREEN, True),  # 9.98: printed so, not as 10.0
        ("677.7", YELLOW, True),  # 10.01
        ("478", YELLOW, True),  # 30.0
        ("477", RED, True),  # 30.1
    ],
)
def test_progress_is_judged_by_points_behind_the_pace(invested, light, noted):
    project = planned(plan="1000", category="continuing")
    make_report(project, "2023-10-1", invested)
    assert light_of(project).light == light
    assert (LightDimension.PROGRESS in why(project)) is noted


def test_progress_counts_confirmed_reports_up_to_the_day_against_the_highest_lists_plan():
    project = quiet()
    for kind, plan in (("市级重大", 10_000), ("省级重点", 1000)):
        make_listing(project, make_list(kind), planned_investment=plan, category="continuing")
    make_report(project, "2023-09-3", "700")
    make_report(project, "2023-10-1", "0", state=ReportState.PASSED)
    facts = light_facts(Project.objects.all(), TODAY)[project.pk]
    assert (facts.planned, facts.invested) == (1000, 700)
    assert light_of(project).light == GREEN
    assert light_of(project, dt.date(2023, 9, 29)).light == RED  # not reported then


def test_a_project_in_production_has_no_pace_to_keep():
    project = planned(plan="1000", category="continuing", in_production_on=TODAY)
    assert light_of(project).light == GREEN
    assert light_of(project, TODAY - dt.timedelta(days=1)).light == RED


@pytest.mark.parametrize(
    ("started_on", "light"),
    [
        (dt.date(2023, 9, 12), GREEN),
        (dt.date(2023, 9, 11), YELLOW),
        (dt.date(2023, 8, 12), YELLOW),
        (dt.date(2023, 8, 11), RED),
    ],
)
def test_statistics_entry_is_missed_by_full_months_after_the_start(started_on, light):
    assert light_of(quiet(started_on=started_on)).light == light


def test_statistics_entry_of_a_later_day_was_missing_then():
    project = quiet(started_on=dt.date(2023, 8, 11), entered_statistics_on=TODAY)
    assert light_of(project).light == GREEN
    assert light_of(project, TODAY - dt.timedelta(days=1)).light == YELLOW


@pytest.mark.parametrize(
    ("due", "light"),
    [
        ("2023-10-12", GREEN),
        ("2023-10-11", YELLOW),
        ("2023-09-28", YELLOW),
        ("2023-09-27", RED),
        ("未定", GREEN),
    ],
)
def test_milestones_are_judged_by_the_one_longest_overdue(due, light):
    project = quiet()
    make_plan(project, due, "2023-10-11" if light == RED else "2023-12-31")
    assert light_of(project).light == light


def test_a_milestone_achieved_later_was_open_then():
    project = quiet()
    milestone = make_plan(project, "2023-09-01").milestones.get()
    milestone.achieved_on, milestone.evidence = TODAY, "淄高新验〔2023〕1号"
    milestone.save()
    assert light_of(project).light == GREEN
    assert light_of(project, TODAY - dt.timedelta(days=1)).light == RED


def test_a_draft_plan_makes_nobody_late():
    project = quiet()
    make_plan(project, "2023-09-01", state=DeliveryPlan.State.DRAFT, approved_on=None)
    assert light_of(project).light == GREEN


@pytest.mark.parametrize(
    ("due_on", "light"),
    [
        (TODAY, GREEN),
        (dt.date(2023, 10, 11), YELLOW),
        (dt.date(2023, 10, 6), YELLOW),
        (dt.date(2023, 10, 5), RED),
    ],
)
def test_problems_are_judged_by_days_past_their_limit(due_on, light):
    project = quiet()
    make_problem(project, due_on=due_on)
    assert light_of(project).light == light


def test_a_problem_written_off_later_was_open_then_and_one_raised_later_was_not_there():
    project = quiet()
    make_problem(project, state="resolved", resolved_on=TODAY)
    assert light_of(project).light == GREEN
    assert light_of(project, TODAY - dt.timedelta(days=1)).light == RED
    assert light_of(project, dt.date(2023, 8, 31)).light == GREEN


@pytest.mark.parametrize(
    ("reported", "light"),
    [("2023-10-1", GREEN), ("2023-09-3", YELLOW), ("2023-09-2", RED)],
)
def test_missing_reports_are_counted_from_the_last_one_handed_in(reported, light):
    """The report of early October was due on the 11th, a working day after the period's end."""
    project = quiet(reports_from_on=dt.date(2023, 1, 1))
    make_report(project, reported, state=ReportState.SUBMITTED)
    assert light_of(project).light == light


def test_a_report_due_that_day_is_not_missing():
    project = quiet(reports_from_on=dt.date(2023, 10, 1))
    assert [light_of(project, dt.date(2023, 10, day)).light for day in (11, 12)] == [GREEN, YELLOW]


def test_a_draft_is_not_handed_in_and_nothing_is_owed_before_the_first_period():
    project = quiet(reports_from_on=dt.date(2023, 10, 1))
    make_report(project, "2023-10-1", state=ReportState.DRAFT)
    assert light_of(project).light == YELLOW
    assert light_of(quiet(reports_from_on=dt.date(2023, 10, 11))).light == GREEN


def test_a_suspended_project_owes_no_reports_and_no_milestones():
    project = quiet(reports_from_on=dt.date(2023, 1, 1), state=Project.State.SUSPENDED)
    make_plan(project, "2023-09-01")
    assert light_of(project).light == GREEN


def test_the_worst_dimension_rules_and_reasons_stand_worst_first():
    project = planned("2023-10-31", plan="1000", reports_from_on=dt.date(2023, 10, 1))
    make_problem(project, due_on=dt.date(2023, 10, 1))
    light = light_of(project)
    assert light.light == RED
    assert [reason.light for reason in light.reasons] == [RED, RED, YELLOW, YELLOW]
    assert light.sentence == "；".join(reason.sentence for reason in light.reasons)
    assert "慢于序时77.8个百分点" in light.sentence and "超办理时限11天" in light.sentence


def test_one_projects_lateness_is_not_anothers():
    late, fine = quiet(), quiet()
    make_plan(late, "2023-09-01")
    make_problem(late)
    lights = lights_for(Project.objects.all(), TODAY)
    assert (lights[late.pk].light, lights[fine.pk].light) == (RED, GREEN)


def test_queries_do_not_grow_with_the_projects():
    def queries():
        return queries_of(lights_for, Project.objects.all(), TODAY)

    def fill(number):
        for _ in range(number):
            project = planned("2023-10-31", plan="1000")
            make_plan(project, "2023-09-01")
            make_problem(project)
            make_report(project)

    fill(2)
    of_two = queries()
    fill(12)
    assert queries() == of_two


def test_the_gap_is_taken_from_the_baseline_of_the_projects_own_list():
    project = quiet()
    monthly = make_list("技改", baseline="month")
    make_listing(project, monthly, planned_investment=Decimal(1000))
    make_report(project, "2023-10-1", "600")
    assert "15.0个百分点" in light_of(project).sentence  # nine of twelve months, not 28 of 36 periods


dates = st.none() | st.dates(dt.date(2023, 1, 1), dt.date(2024, 6, 30))
amounts = st.decimals(0, 9999, places=2)


@given(
    st.builds(
        LightFacts,
        planned=amounts,
        invested=amounts,
        pro_rata=st.fractions(0, 1, max_denominator=36),
        is_new_start=st.booleans(),
        planned_start_on=dates,
        started_on=dates,
        entered_statistics_on=dates,
        in_production_on=st.none() | st.just(TODAY),
        milestone_due_on=dates,
        problem_due_on=dates,
        missing_reports=st.integers(0, 3),
    )
)
def test_the_light_alone_is_the_light_that_is_explained(facts):
    assert colour(facts, TODAY) == judge(facts, TODAY).light
