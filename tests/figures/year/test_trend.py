"""Investment over the year: cumulative by period, beside the plan at the pace of its baseline."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from projects.figures.baselines import TEN_DAY, Baseline
from projects.figures.figures import figure_total
from projects.figures.population import Scope
from projects.figures.year.trend import investment_trend
from projects.models import ReportState, Role
from projects.money import Ratio
from projects.periods import TenDayPeriod
from tests.factories import TODAY, make_list, make_listing, make_project, make_report, make_unit, make_user
from tests.properties import costly

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PERIODS = list(TenDayPeriod.of_year(2023))


def trend(as_of=TODAY, baseline=TEN_DAY, **narrowed):
    return investment_trend(Scope(as_of, 2023, **narrowed), baseline)


def invested(points) -> dict[str, Decimal]:
    """{period code: cumulative 万元} of the periods in which somebody reported."""
    return {point.period.code: point.invested for point in points if point.invested is not None}


def listed(planned="1000", annual_list=None, **fields):
    project = make_project(**fields)
    make_listing(project, annual_list, planned_investment=Decimal(planned))
    return project


def test_a_year_has_thirty_six_points_with_the_plan_at_its_baselines_share():
    listed("3600")
    points = trend()
    assert [point.period for point in points] == PERIODS
    assert [point.planned for point in points[:2]] == [100, 200]
    assert points[-1].planned == 3600
    assert {point.invested for point in points} == {None}
    by_month = trend(baseline=Baseline("month", "month"))
    assert [point.planned for point in by_month[:6]] == [0, 0, 300, 300, 300, 600]


def test_the_line_adds_up_each_projects_last_cumulative_figure():
    first, second = listed(), listed()
    make_report(first, "2023-01-1", "10")
    make_report(first, "2023-02-1", "30")
    make_report(second, "2023-01-3", "5")
    make_report(second, "2023-02-1", "6")
    assert invested(trend()) == {"2023-01-1": 10, "2023-01-3": 15, "2023-02-1": 36}


def test_a_correction_downwards_lets_the_line_fall():
    project = listed()
    make_report(project, "2023-01-1", "50")
    make_report(project, "2023-01-2", "40")
    assert invested(trend()) == {"2023-01-1": 50, "2023-01-2": 40}


def test_a_period_reported_without_progress_is_a_point_and_an_unreported_one_is_not():
    project = listed()
    make_report(project, "2023-01-1", "0")
    make_report(project, "2023-01-3", "0")
    assert invested(trend()) == {"2023-01-1": 0, "2023-01-3": 0}


def test_projects_that_report_for_the_first_time_are_counted_where_they_join():
    first, second = listed(), listed()
    make_report(first, "2022-12-3", "900")
    make_report(first, "2023-01-1", "10")
    make_report(first, "2023-01-2", "20")
    make_report(second, "2023-01-2", "500")
    joined = {point.period.code: point.joined for point in trend() if point.joined}
    assert joined == {"2023-01-1": 1, "2023-01-2": 1}


def test_nothing_is_known_after_the_day_nor_of_unconfirmed_reports():
    project = listed()
    make_report(project, "2023-09-3", "200")
    make_report(project, "2023-10-1", "300", state=ReportState.PASSED)
    make_report(project, "2023-10-2", "400")
    assert invested(trend()) == {"2023-09-3": 200}
    assert invested(trend(basis="submitted")) == {"2023-09-3": 200, "2023-10-1": 300}
    assert invested(trend(dt.date(2023, 10, 20))) == {"2023-09-3": 200, "2023-10-2": 400}


def test_a_project_in_two_lists_is_drawn_once_and_a_lists_line_is_its_own():
    province, city = make_list("省级重点"), make_list("市级重大")
    both = listed("700", province)
    make_listing(both, city, planned_investment=Decimal(300))
    make_report(both, "2023-01-1", "70")
    make_report(listed("100", city), "2023-01-1", "1")
    points = trend()
    assert (points[0].invested, points[-1].planned) == (71, 800)
    assert (trend(lists=(province.pk,))[0].invested, trend(lists=(province.pk,))[-1].planned) == (70, 700)
    assert trend(lists=(city.pk,))[-1].planned == 400


def test_a_person_sees_the_line_of_own_projects():
    unit = make_unit()
    make_report(listed(lead_department=unit), "2023-01-1", "10")
    make_report(listed(), "2023-01-1", "90")
    assert invested(trend(viewer=make_user(Role.REPORTER, unit=unit))) == {"2023-01-1": 10}
    assert invested(trend(viewer=make_user(Role.REPORTER))) == {}


def test_amounts_keep_two_places():
    for amount in ("0.10", "0.20"):
        make_report(listed(), "2023-01-1", amount)
    assert str(trend()[0].invested) == "0.30"


def test_a_point_says_its_completion_of_the_years_plan():
    make_report(listed("1000"), "2023-01-1", "125")
    first, second = trend()[:2]
    assert first.completion(Decimal(1000)) == Ratio(125, 1000)
    assert second.completion(Decimal(0)).value is None


@costly(4)
@given(st.lists(st.dictionaries(st.integers(0, 35), st.integers(0, 999), max_size=4), max_size=4), st.data())
def test_the_last_point_is_the_figure_of_the_day(projects, data):
    as_of = data.draw(st.dates(dt.date(2023, 1, 1), dt.date(2023, 12, 31)))
    with transaction.atomic():
        for amounts in projects:
            project = listed()
            for number, amount in amounts.items():
                make_report(project, PERIODS[number].code, amount)
        drawn = list(invested(trend(as_of)).values())
        figure = figure_total(Scope(as_of, 2023), follow_up=False)["invested_this_year"]
        assert (drawn[-1] if drawn else 0) == figure
        transaction.set_rollback(True)


def test_two_queries_however_many_projects():
    for _ in range(12):
        make_report(listed(), "2023-01-1", "1")
    with CaptureQueriesContext(connection) as captured:
        trend()
    assert len(captured) == 2
