"""The dashboards beside the overview: what stages are watched for, what lags and why, comparison, ranking, screen."""

import datetime as dt

import pytest
from django.urls import reverse

from projects.figures.comparison import compared
from projects.figures.lights.judging import colours_for
from projects.figures.lights.lagging import lagging
from projects.figures.population import Scope
from projects.figures.watches import WATCHES, watch_counts, watched
from projects.models import Project, ProjectStage
from projects.periods import same_day_last_month, same_day_last_year
from projects.rules import Light
from tests.factories import (
    TODAY,
    make_list,
    make_listing,
    make_official,
    make_plan,
    make_problem,
    make_project,
    make_report,
    make_unit,
)
from tests.reading import page_queries

pytestmark = pytest.mark.django_db
STARTED = dt.date(2023, 3, 1)


def listed(name, invested=None, *, category=ProjectStage.CONTINUING, planned_start="", **fields):
    project = make_project(name, **fields)
    make_listing(project, category=category, planned_start=planned_start)
    if invested is not None:
        make_report(project, "2023-10-1", invested=invested)
    return project


def test_same_days_of_last_month_and_last_year():
    assert same_day_last_month(dt.date(2024, 3, 31)) == dt.date(2024, 2, 29)
    assert same_day_last_month(dt.date(2023, 1, 15)) == dt.date(2022, 12, 15)
    assert same_day_last_year(dt.date(2024, 2, 29)) == dt.date(2023, 2, 28)


@pytest.mark.crawl
def test_each_stage_is_watched_for_its_matters_and_the_door_opens_exactly_them(as_office):
    new = ProjectStage.NEW_START
    listed("本月", category=new, planned_start="2023年10月")
    late = listed("到期", category=new, planned_start="2023年6月")
    make_plan(late, "2023-12-01")
    listed("差十点", "677.77", started_on=STARTED)  # 序时 is 28/36
    listed("差九点九", "677.78", started_on=STARTED)
    overdue = listed("逾期", "900", started_on=STARTED)
    make_plan(overdue, "2023-09-01")
    listed("停工", "900", started_on=STARTED, state="suspended")
    listed("竣工", "900", started_on=STARTED, completed_on=dt.date(2023, 9, 1))
    scope = Scope(TODAY, 2023)
    counts = watch_counts(scope)
    assert counts == {key: len(watched(scope, key)) for key in WATCHES}
    names = {
        key: set(Project.objects.filter(pk__in=watched(scope, key)).values_list("name", flat=True))
        for key in WATCHES
    }
    assert names["due_this_month"] == {"本月"}
    assert names["start_missed"] == {"到期"}
    assert names["far_behind"] == {"差十点"}
    assert names["stopped"] == {"停工"}
    assert names["milestone_overdue"] == {"逾期"}
    assert names["not_in_production"] == names["not_in_statistics"] == {"竣工"}
    shown = as_office.get(reverse("dashboard"))
    for column in shown.context["stages"]:
        for item in column["watches"]:
            assert f'data-count="{item["n"]}"' in as_office.get(item["href"]).content.decode(), item["href"]


def test_what_lags_is_red_before_yellow_the_furthest_behind_first(as_office):
    red = listed("红", "100", started_on=STARTED, lead_department=make_unit("建设局"))
    redder = listed("更红", "50", started_on=STARTED)
    yellow = listed("黄", "600", started_on=STARTED, entered_statistics_on=STARTED)
    for project in (red, redder, yellow):
        make_report(project, "2023-09-3", invested=40)
    make_problem(red, text="用地未交付", category="land", lead_unit=red.lead_department)
    scope = Scope(TODAY, 2023)
    lags = lagging(scope, colours_for(scope.listed(), TODAY))
    assert [(lag.project_id, lag.light) for lag in lags] == [
        (redder.pk, Light.RED),
        (red.pk, Light.RED),
        (yellow.pk, Light.YELLOW),
    ]
    page = as_office.get(reverse("lagging_list")).content.decode()
    assert 'data-count="3"' in page and "用地：用地未交付（建设局）" in page
    assert 'data-count="1"' in as_office.get(reverse("lagging_list"), {"light": "yellow"}).content.decode()
    for kind in ("xlsx", "docx"):
        assert as_office.get(reverse("lagging_list"), {"format": kind}).getvalue()[:2] == b"PK"
        assert as_office.get(reverse("ranking_list"), {"format": kind}).getvalue()[:2] == b"PK"


def test_a_day_is_compared_with_last_month_and_with_last_years_own_lists(as_office):
    project = listed("甲", "500", started_on=STARTED)
    make_report(project, "2023-09-1", invested=300)
    found = compared(Scope(TODAY, 2023))
    assert (
        found.month.row("")["invested_this_year"] == 300
        and found.now.row("市级重大")["invested_this_year"] == 500
    )
    assert found.year.scope is None and found.year.note == "2022年没有名单，不作比较。"
    page = as_office.get(reverse("dashboard_compare")).content.decode()
    assert "+0.02亿元" in page and "+20.0个百分点" in page
    assert "较上月同期" in page and "较上年同期" not in page  # a year without lists has no columns
    old = make_project("旧")
    make_listing(old, make_list(year=2022), effective_on=dt.date(2022, 1, 1))
    found = compared(Scope(TODAY, 2023))
    assert found.year.row("")["projects"] == 1 and "还没有旬报" in found.year.note
    assert compared(Scope(dt.date(2023, 1, 15), 2023)).month.scope is None


def test_a_total_with_a_list_that_had_not_reported_is_not_compared(as_office):
    """Else the plans of that list would stand in the denominator, with nothing of it above."""
    project = listed("甲", "500", started_on=STARTED)
    make_report(project, "2023-09-1", invested=300)
    silent = make_project("乙")
    make_listing(silent, make_list("技改"))
    make_report(silent, "2023-10-1", invested=400)
    month = compared(Scope(TODAY, 2023)).month
    assert [month.row(name).remark for name in ("市级重大", "技改", "")] == [
        "",
        "尚无旬报",
        "不含尚无旬报的技改",
    ]
    page = as_office.get(reverse("dashboard_compare")).content.decode()
    assert "技改名单还没有旬报，该名单及合计的完成投资不作比较" in page and "+20.0个百分点" in page
    assert "+0.06亿元" not in page


def test_the_total_shows_each_further_rate_with_its_numerator_and_denominator(as_office):
    listed("竣工", "900", started_on=STARTED, completed_on=dt.date(2023, 9, 1), entered_statistics_on=STARTED)
    late = listed("逾期", "900", started_on=STARTED)
    make_plan(late, "2023-09-01")
    make_problem(late)
    page = as_office.get(reverse("dashboard"))
    lines = {line.rate.key: line for line in page.context["rates"]}
    assert list(lines) == [
        "completion_rate",
        "production_rate",
        "statistics_rate",
        "milestone_on_time_rate",
        "problem_settlement_rate",
    ]
    assert (lines["statistics_rate"].done, lines["statistics_rate"].of) == (1, 2)
    assert (lines["milestone_on_time_rate"].done, lines["milestone_on_time_rate"].of) == (0, 1)
    for line in lines.values():
        assert f'data-count="{line.of}"' in as_office.get(line.of_href).content.decode()
        assert f'data-count="{line.done}"' in as_office.get(line.done_href).content.decode()


def test_a_filter_narrows_the_group_that_the_list_was_opened_for(as_office):
    unit = make_unit()
    listed("甲", "100", started_on=STARTED, lead_department=unit)
    page = as_office.get(reverse("lagging_list"), {"by": "lead_department", "group": unit.pk, "page": 1})
    kept = page.content.decode().split('<div class="filter-grid">')[0].rsplit("<form", 1)[1]
    assert f'name="group" value="{unit.pk}"' in kept and 'name="by" value="lead_department"' in kept
    assert 'name="page"' not in kept


@pytest.mark.parametrize("name", ["ranking_list", "dashboard_compare", "lagging_list", "dashboard_screen"])
def test_pages_take_as_many_queries_whatever_the_number_of_projects(as_office, name):
    unit, official = make_unit(), make_official()

    def add(number):
        for _ in range(number):
            project = listed(None, "10", started_on=STARTED, lead_department=unit, sponsor=official)
            make_plan(project, "2023-09-01")
            make_problem(project)

    def queries():
        as_office.get(reverse(name))
        return page_queries(as_office, reverse(name))

    add(3)
    few = queries()
    add(12)
    assert queries() == few


def test_the_screen_stays_signed_in_and_says_its_day_and_hour(as_office):
    listed("甲", "500", started_on=STARTED, lead_department=make_unit("建设局"))
    response = as_office.get(reverse("dashboard_screen"))
    page = response.content.decode()
    assert "sessionid" in response.cookies
    assert "数据截至 2023年10月12日" in page and "最近刷新" in page
    assert page.count('data-panel="') == 5
