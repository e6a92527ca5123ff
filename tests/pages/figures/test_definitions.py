"""口径说明: every figure has one definition, complete and shown; its numbers of the day are doors to exactly its rows."""

import datetime as dt
import pkgutil
import re

import pytest
from django.urls import reverse

from projects.figures.definitions import (
    AMOUNTS,
    COUNTS,
    DERIVED,
    FIGURES,
    FOLLOW_UP,
    MATTER_RATES,
    RATES,
    FigureGroup,
    Rate,
)
from projects.figures.figures import (
    CONTRACT_COUNTS,
    CONTRACT_MATTERS,
    CONTRACT_RATES,
    figure_total,
    figures_of,
)
from projects.figures.population import Scope
from projects.models import ListKind, Role
from projects.money import Ratio
from projects.pages.base.scope import door
from projects.templatetags.show import meaning, stat
from tests.crawling import Page, Walk, turns
from tests.factories import (
    TODAY,
    make_indicator,
    make_list,
    make_listing,
    make_plan,
    make_problem,
    make_project,
    make_report,
    make_unit,
    make_user,
)
from tests.reading import page_queries

NEXT_DAY = TODAY + dt.timedelta(days=1)


@pytest.fixture
def world(db):
    """Two lists with a project in both, milestones and problems of every kind, one project outside the lists."""
    province, city = make_list("省级重点"), make_list("市级重大")
    unit = make_unit("建设局")
    both = make_project(lead_department=unit, started_on=TODAY)
    other = make_project(lead_department=make_unit("科技局"))
    outside = make_project()
    make_listing(both, province, planned_start="2023年9月", planned_completion="2023年12月")
    make_listing(both, city, planned_start="2023年9月")
    make_listing(other, city, planned_start="2023年6月")
    make_report(both, invested="400")
    for project in (both, other, outside):
        plan = make_plan(project, "2023-09-01", "2023-10-01", "2023-10-20")
        plan.milestones.filter(position=1).update(achieved_on=dt.date(2023, 9, 1), evidence="1号")
        plan.milestones.filter(position=2).update(achieved_on=dt.date(2023, 10, 5), evidence="2号")
        make_problem(project)
        make_problem(project, state="resolved", resolved_on=TODAY)
        make_problem(project, raised_on=NEXT_DAY, due_on=NEXT_DAY)
    make_plan(make_project(lead_department=unit, state="suspended"), "2023-09-01")
    return city


def office():
    return make_user(Role.OFFICE)


# --- completeness -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_definition_is_complete(figure):
    assert all((figure.name, figure.meaning, figure.formula, figure.population, figure.unit, figure.rounding))
    assert figure.source
    assert figure.group in FigureGroup
    if isinstance(figure, Rate):
        assert {figure.numerator, figure.denominator} <= set(FIGURES)
        assert figure.formula == f"{FIGURES[figure.numerator].name} ÷ {FIGURES[figure.denominator].name}"


def test_names_and_keys_are_said_once():
    assert len({figure.name for figure in FIGURES.values()}) == len(FIGURES)
    assert {key for key, figure in FIGURES.items() if key != figure.key} == set()


@pytest.mark.parametrize("figure", DERIVED.values(), ids=DERIVED)
def test_what_is_no_count_sum_or_rate_names_the_function_that_takes_it(figure):
    where = (
        figure.taken_by if figure.taken_by.startswith(("money", "queries")) else f"figures.{figure.taken_by}"
    )
    found = pkgutil.resolve_name(f"projects.{where}")
    assert callable(found) or isinstance(found, property)


def test_the_contract_prints_defined_figures_only(db):
    printed = {*CONTRACT_RATES, *CONTRACT_COUNTS, *CONTRACT_MATTERS, "projects", *AMOUNTS}
    assert printed <= set(FIGURES)
    beside = {"list", "group", "pro_rata_progress", "schedule_gap_points", "gap_words", "lights"}
    assert set(figure_total(Scope(TODAY, 2023)).as_json()) == printed | beside


# --- the page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "query", "unknown"),
    turns(
        [
            (Role.REPORTER, "", set()),
            (Role.OFFICE, "", set()),
            (
                Role.OFFICE,
                "?list={city}&as_of=2023-10-04",
                {"invested_this_year"},
            ),  # nobody has reported by then
            (Role.OFFICE, "?as_of=2024-02-29&year=2023", set()),
        ]
    ),
)
def test_the_page_shows_every_definition_and_its_figures_open_their_rows(client, world, query, role, unknown):
    unit = make_unit() if role == Role.OFFICE else world.listings.first().project.lead_department
    client.force_login(make_user(role, unit=unit))
    answer = client.get(reverse("definition_list") + query.format(city=world.pk))
    text = answer.content.decode()
    assert all(f'<tr id="{key}">' in text for key in FIGURES)
    assert {one.key for one in Page.read(text).figures} == {*COUNTS, *AMOUNTS, *FOLLOW_UP} - unknown
    walk = Walk(client)
    assert walk.check(reverse("definition_list") + query.format(city=world.pk))
    assert not walk.wrong


def test_rates_stand_with_their_terms(client, world):
    client.force_login(office())
    make_indicator()
    text = re.sub(r"<[^>]+>|\s+", "", client.get(reverse("definition_list")).content.decode())
    assert "50%1÷2" in text  # one of two started, one of two due
    assert "2−1＋0＝1" in text
    assert "20%400÷2,000" in text
    assert "50%2÷4" in text  # milestones on time
    assert "2÷4" in text  # problems settled


def test_the_page_takes_constant_queries(client, db):
    client.force_login(office())
    annual_list = make_list()

    def filled(number):
        for _ in range(number):
            project = make_project(lead_department=make_unit())
            make_listing(project, annual_list)
            make_plan(project, "2023-09-01")
            make_problem(project)
            make_report(project)

    def queries():
        return page_queries(client, reverse("definition_list"))

    filled(1)
    queries()
    for_one = queries()
    filled(9)
    assert queries() == for_one <= 24


@pytest.mark.parametrize(
    "query", ["?list=99999999999999999999", "?year=0", "?list=x&as_of=x", "?year=2022", "?list=%00"]
)
def test_no_address_of_the_page_answers_500(client, world, query):
    client.force_login(office())
    assert client.get(reverse("definition_list") + query).status_code == 200


# --- doors ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", turns(["", "lead_department", "sponsor"]))
def test_doors_of_milestones_and_problems_open_exactly_those_rows(client, world, by):
    client.force_login(office())
    found = figures_of(Scope(TODAY, 2023), by=by)
    for row in [found.total, *found.lists, *found.groups]:
        for key in FOLLOW_UP:
            opened = Page.read(client.get(door(row.scope, key)).content.decode())
            assert opened.counts == [str(row[key])], (key, row.group)
    assert found.total["milestones_due"] == 4
    assert found.total["problems_raised"] == 4


def test_the_list_says_whose_rows_it_shows(client, world):
    client.force_login(office())
    scope = Scope(TODAY, 2023, (world.pk,)).within("lead_department", str(make_unit("水利局").pk))
    for key, words in (("milestones_on_time", "按期完成节点"), ("problems_settled", "已办结问题")):
        text = client.get(door(scope, key)).content.decode()
        assert "2023年市级重大，推进部门：水利局" in text
        assert f"：{words}</h1>" in text
    assert "当前只列出" not in client.get(reverse("milestone_list")).content.decode()


# --- the mark ---------------------------------------------------------------------------------------------


def test_a_rate_carries_the_mark_to_its_definition():
    mark = meaning("start_rate_to_date")
    assert 'href="/definitions/#start_rate_to_date"' in mark
    assert 'title="计划开工率＝新开工项目已开工 ÷ 应开工"' in mark
    assert meaning("no_figure") == ""
    assert mark.replace("start_rate_to_date", "x") not in stat("projects", 3, "项目数")
    assert "口径" in stat("investment_completion", Ratio(1, 2), "投资完成率")
    assert "口径" not in stat("projects", 3, "项目数")


@pytest.mark.parametrize(
    ("page", "key"),
    [
        ("dashboard", "start_rate_of_year"),
        ("dashboard", "investment_completion"),
        ("project_list", "investment_completion"),
        ("progress_list", "milestone_on_time_rate"),
    ],
)
def test_pages_that_show_a_rate_link_its_definition(client, world, page, key):
    client.force_login(office())
    assert f"/definitions/#{key}" in client.get(reverse(page)).content.decode()


def test_rates_of_two_decimals_stay_so_on_the_page(client, world):
    ListKind.objects.filter(pk=world.kind_id).update(rate_places=2)
    make_listing(make_project(started_on=TODAY), world)
    client.force_login(office())
    text = client.get(reverse("definition_list"), {"list": world.pk}).content.decode()
    assert "66.67%" in text
    assert set(RATES) | set(MATTER_RATES) <= set(re.findall(r'<tr id="(\w+)">', text))
