"""Baselines of lists and projects: own plans as sums over sums, totals over lists, names of the command."""

import datetime as dt
import json
from decimal import Decimal
from fractions import Fraction
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.figures.baselines import OWN_PLAN, TEN_DAY, built_in, listing_share
from projects.figures.figures import figure_rows, figure_total, figures_of
from projects.figures.lights.judging import light_facts
from projects.figures.lights.lagging import lagging
from projects.figures.population import Scope
from projects.figures.watches import watch_counts, watched
from projects.figures.year.targets import project_targets, target_rows, target_total
from projects.figures.year.trend import investment_trend
from projects.models import AnnualList, BaselineCurve, Listing, PeriodTarget, Project, TargetPlan
from projects.periods import TenDayPeriod
from projects.rules import Light
from tests.factories import NOW, TODAY, make_list, make_listing, make_project, make_report, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PERIODS = TenDayPeriod.of_year(2023)


def listed(planned="360", annual_list=None, **fields) -> Listing:
    return make_listing(make_project(**fields), annual_list, planned_investment=Decimal(planned)).listing


def split(listing: Listing, amounts: dict[int, str], effective_on=dt.date(2023, 1, 1)) -> TargetPlan:
    """A split by hand of a few amounts by the place of the period, 1 to 36."""
    plan = TargetPlan.objects.create(listing=listing, effective_on=effective_on, made_at=NOW)
    PeriodTarget.objects.bulk_create(
        PeriodTarget(plan=plan, period_ends_on=period.last_on, amount=Decimal(amounts.get(period.index, "0")))
        for period in PERIODS
    )
    return plan


def own_plans(kind="市级重大") -> AnnualList:
    return make_list(kind, baseline="own_plan")


def test_the_progress_of_a_group_by_own_plans_is_expected_over_planned():
    department = make_unit()
    split(listed("360", own_plans(), lead_department=department), {36: "360"})
    listed("120", own_plans())
    total = figure_total(Scope(TODAY, 2023))
    assert total.baseline == OWN_PLAN
    assert total.pro_rata_progress == Fraction(120 * 28, 36) / 480  # the one without a split goes by ten-day
    assert [row.pro_rata_progress for row in figure_rows(Scope(TODAY, 2023), by="lead_department")] == [
        Fraction(0),
        Fraction(28, 36),
    ]


def test_a_project_without_a_split_follows_the_curve_of_its_list():
    listed("100", own_plans())
    curve = BaselineCurve.objects.create(name="前慢", points=[[9, 30, "0.5"], [12, 31, "1"]])
    AnnualList.objects.update(curve=curve)
    assert figure_total(Scope(TODAY, 2023)).pro_rata_progress == Fraction(1, 2)


def test_the_split_in_force_on_the_day_decides():
    listing = listed("360", own_plans())
    split(listing, {1: "360"})
    split(listing, {36: "360"}, dt.date(2023, 7, 1))
    assert figure_total(Scope(dt.date(2023, 6, 30), 2023)).pro_rata_progress == 1
    assert figure_total(Scope(dt.date(2023, 7, 1), 2023)).pro_rata_progress == 0


def test_by_own_plans_nothing_planned_has_no_progress():
    listed("0", own_plans())
    total = figure_total(Scope(TODAY, 2023))
    assert total.pro_rata_progress is None
    assert total.schedule_gap_points is None
    assert total.as_json()["pro_rata_progress"] is None


def test_a_total_over_lists_follows_what_they_share_and_ten_day_otherwise():
    listed("10", make_list("市级重大", baseline="month"))
    listed("10", make_list("省级重点", baseline="month"))
    assert figure_total(Scope(TODAY, 2023)).baseline == built_in("month")
    AnnualList.objects.filter(kind__name="省级重点").update(baseline="day")
    assert figure_total(Scope(TODAY, 2023)).baseline == TEN_DAY
    assert figure_total(Scope(TODAY, 2023, (make_list("省级重点").pk,))).baseline == built_in("day")


def test_one_list_by_own_plans_among_others_has_its_own_progress():
    split(listed("100", own_plans("省级重点")), {1: "100"})
    listed("100", make_list("市级重大"))
    figures = figures_of(Scope(TODAY, 2023))
    assert [row.pro_rata_progress for row in figures.lists] == [1, Fraction(28, 36)]
    assert figures.total.pro_rata_progress == Fraction(28, 36)


def test_figures_by_own_plans_take_as_many_queries_for_thirty_projects_as_for_one():
    def queries(scope):
        with CaptureQueriesContext(connection) as captured:
            figures_of(scope, by="lead_department")
            target_rows(scope, "lead_department")
            project_targets(scope)
        return len(captured)

    split(listed(annual_list=own_plans(), lead_department=make_unit()), {3: "360"})
    few = queries(Scope(TODAY, 2023))
    for _ in range(30):
        split(listed(annual_list=own_plans(), lead_department=make_unit()), {3: "360"})
    assert queries(Scope(TODAY, 2023)) == few


def test_the_light_of_a_project_reads_its_own_plan():
    first, second = listed("360", own_plans()), listed("360", own_plans())
    split(first, {36: "360"})
    facts = light_facts(Project.objects.all(), TODAY)
    assert facts[first.project_id].pro_rata == 0
    assert facts[second.project_id].pro_rata == Fraction(28, 36)
    assert listing_share(first.versions.get(), TODAY) == 0
    assert listing_share(second.versions.get(), TODAY) == Fraction(28, 36)


def test_who_is_far_behind_and_who_lags_is_judged_by_the_own_plan():
    first, second = (listed("360", own_plans(), started_on=dt.date(2023, 3, 1)) for _ in range(2))
    split(first, {36: "360"})
    scope = Scope(TODAY, 2023)
    assert watched(scope, "far_behind") == [second.project_id]
    assert watch_counts(scope)["far_behind"] == 1
    red = dict.fromkeys((first.project_id, second.project_id), Light.RED)
    assert [(lag.project_id, lag.gap) for lag in lagging(scope, red)] == [
        (second.project_id, Decimal("-77.8")),
        (first.project_id, Decimal("0.0")),
    ]


def test_the_plan_line_of_the_trend_is_the_sum_of_the_targets():
    split(listed("360", own_plans()), {2: "300", 36: "60"})
    total = figure_total(Scope(TODAY, 2023))
    points = investment_trend(total.scope, total.baseline)
    assert [point.planned for point in points[:2]] == [0, 300]
    assert points[-1].planned == 360


# --- targets ------------------------------------------------------------------------------------------------


def test_targets_of_groups_are_splits_by_hand_and_the_rest_by_the_baseline_of_the_list():
    department = make_unit()
    split(listed("100", lead_department=department), {1: "40", 30: "60"})
    other = listed("360", lead_department=department)
    make_report(other.project, "2023-01-1", "25")
    make_report(other.project, "2023-01-3", "20")  # a correction downwards
    (row,) = target_rows(Scope(TODAY, 2023), "lead_department")
    assert (row.label, row.projects, row.planned) == (department.name, 2, 460)
    assert row.year.targets[0] == 50
    assert row.year.targets[29] == 70
    assert row.year.total == 460
    assert row.year.done[:3] == [25, 25, 20]
    assert row.year.closed == 28
    assert row.year.shortfall == 40 + 280 - 20


def test_the_total_counts_each_project_once_and_each_list_its_own():
    project = make_project()
    for kind in ("省级重点", "市级重大"):
        make_listing(project, make_list(kind), planned_investment=Decimal(360))
    make_report(project, "2023-10-1", "90")
    scope = Scope(TODAY, 2023)
    assert [row.planned for row in target_rows(scope, "list")] == [360, 360]
    assert [row.year.now for row in target_rows(scope, "list")] == [90, 90]
    assert (target_total(scope).planned, target_total(scope).year.now) == (360, 90)
    assert len(project_targets(scope)) == 1


def test_a_report_for_the_running_period_counts_as_now_but_closes_nothing():
    listing = listed("360")
    make_report(listing.project, "2023-10-1", "280")
    make_report(listing.project, "2023-10-2", "300", counts_from_on=TODAY)
    year = target_total(Scope(TODAY, 2023)).year
    assert (year.done[27], year.done[28], year.now) == (280, None, 300)
    assert target_total(Scope(dt.date(2023, 10, 11), 2023)).year.now == 280


def test_projects_are_listed_with_the_furthest_behind_first_and_say_when_the_plan_has_moved_on():
    behind, ahead = listed("360"), listed("100")
    make_report(ahead.project, "2023-10-1", "100")
    make_report(behind.project, "2023-10-1", "0")
    split(behind, {1: "300"})
    first, second = project_targets(Scope(TODAY, 2023))
    assert (first.listing, first.shortfall, first.difference) == (behind.pk, 300, 60)
    assert (second.shortfall, second.difference, second.split_total) == (0, 0, None)


def test_an_empty_scope_has_a_total_of_nothing():
    total = target_total(Scope(TODAY, 2023))
    assert (total.projects, total.planned, total.year.total) == (0, 0, 0)


# --- the command ----------------------------------------------------------------------------------------------


def figures(*arguments) -> dict:
    out = StringIO()
    call_command("figures", "--as-of", "2023-10-12", "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_the_command_answers_by_own_plans_and_by_a_curves_name():
    split(listed("100"), {1: "50", 36: "50"})
    document = figures("--baseline", "own_plan")
    assert document["baseline"] == "own_plan"
    assert document["total"]["pro_rata_progress"] == "50.0"
    assert [row["pro_rata_progress"] for row in document["rows"]] == ["50.0"]
    assert figures()["total"]["pro_rata_progress"] == "77.8"
    quarterly = BaselineCurve.objects.get(name__startswith="按季度阶梯")
    assert figures("--baseline", quarterly.name)["total"]["pro_rata_progress"] == "75.0"
    with pytest.raises(CommandError, match="没有序时口径"):
        figures("--baseline", "没有的")
