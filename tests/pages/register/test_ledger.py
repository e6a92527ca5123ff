"""The ledger, the overview and the project page: filters, search, sorting, bad addresses, constant queries."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from projects.figures.population import DIMENSIONS
from projects.models import Handover, IndustryChain, Project, Role, Unit
from projects.pages.register.tables import ProjectTable
from projects.services.register.search import search_text_for
from tests.crawling import turns
from tests.factories import (
    NOW,
    TODAY,
    make_list,
    make_listing,
    make_official,
    make_plan,
    make_problem,
    make_project,
    make_report,
    make_unit,
    make_user,
)
from tests.reading import page_queries

pytestmark = pytest.mark.django_db
QUIET = {"reports_from_on": dt.date(2024, 1, 1)}
PAGES = ["project_list", "dashboard"]


def rows(client, **query) -> list[str]:
    """Names on the list's page, in its order."""
    response = client.get(reverse("project_list"), query)
    assert response.status_code == 200
    table = response.context["table"]
    assert f'data-count="{table.paginator.count}"' in response.content.decode()
    return [row.record.name for row in table.paginated_rows]


def listed(name, annual_list=None, *, planned="1000", category="new_start", invested=None, **fields):
    project = make_project(name, **QUIET | fields)
    make_listing(project, annual_list, planned_investment=Decimal(planned), category=category)
    if invested is not None:
        make_report(project, "2023-10-1", invested)
    return project


# --- what is shown ----------------------------------------------------------------------------------------


def test_the_list_says_how_many_rows_it_has_and_sums_what_it_lists(as_office):
    listed("甲", planned="1000.10", invested="200")
    listed("乙", planned="2000", invested="100.05")
    response = as_office.get(reverse("project_list"))
    text = response.content.decode()
    assert 'data-count="2"' in text and "合计 2 个" in text
    assert "3,000.10" in text and "300.05" in text and "10.0%" in text


@pytest.mark.parametrize(
    ("figure", "told"), [("planned_investment", "3000.00"), ("invested_this_year", "200.00")]
)
def test_the_list_of_an_amount_tells_its_sum(as_office, figure, told):
    listed("甲", planned="1000", invested="200")
    listed("乙", planned="2000")
    assert f'data-sum="{told}"' in as_office.get(reverse("project_list"), {"figure": figure}).content.decode()


def test_one_lists_rows_show_that_lists_plan_and_category(as_office):
    province, city = make_list("省级重点"), make_list("市级重大")
    project = listed("甲", province, planned="700", category="continuing")
    make_listing(project, city, planned_investment=Decimal(300))
    assert rows(as_office, list=city.pk, category="new_start") == ["甲"]
    assert (
        rows(as_office, list=province.pk, category="new_start") == rows(as_office, category="new_start") == []
    )
    table = as_office.get(reverse("project_list"), {"list": city.pk}).context["table"]
    assert table.sums["planned"] == 300


def test_a_person_sees_own_projects_and_the_page_says_so(client):
    unit = make_unit()
    listed("甲", lead_department=unit)
    listed("乙")
    client.force_login(make_user(Role.REPORTER, unit=unit))
    assert rows(client) == ["甲"]
    for name in PAGES:
        assert "仅含您有权查看的项目" in client.get(reverse(name)).content.decode()


def test_a_foreign_project_is_not_found(client):
    foreign = listed("乙")
    client.force_login(make_user(Role.REPORTER))
    assert client.get(reverse("project_detail", args=[foreign.code])).status_code == 404


# --- filters and search -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"category": "continuing"}, ["乙"]),
        ({"stage": "preparatory"}, ["甲"]),
        ({"stage": "construction"}, ["乙"]),
        ({"stage": "completed"}, ["丙"]),
        ({"stage": "in_production"}, ["丁"]),
        ({"state": "suspended"}, ["丙"]),
        ({"light": "red"}, ["甲"]),
        ({"light": "green"}, ["乙", "丙", "丁"]),
        ({"figure": "in_production"}, ["丁"]),
        ({"figure": "started", "stage": "construction"}, ["乙"]),
        ({"as_of": "2023-10-11", "stage": "in_production"}, []),
        ({"as_of": "2023-10-11", "stage": "construction"}, ["乙", "丁"]),
    ],
)
def test_filters(as_office, query, found):
    entered = {"entered_statistics_on": dt.date(2023, 1, 2)}
    make_problem(listed("甲", planned="0"))
    listed("乙", planned="0", category="continuing", started_on=dt.date(2023, 1, 1), **entered)
    listed("丙", planned="0", completed_on=dt.date(2023, 5, 1), state="suspended")
    listed("丁", planned="0", started_on=dt.date(2023, 1, 1), in_production_on=TODAY, **entered)
    assert rows(as_office, **query) == found


def test_filter_by_list_and_year(as_office):
    province, old = make_list("省级重点"), make_list("省级重点", 2022)
    listed("甲", province)
    listed("乙")
    listed("旧", old)
    make_project("未列")
    assert rows(as_office) == ["甲", "乙", "旧", "未列"]
    assert rows(as_office, list=province.pk) == ["甲"]
    assert rows(as_office, year=2023) == ["甲", "乙"]
    assert rows(as_office, year=2022, list=old.pk) == ["旧"]
    assert rows(as_office, year=2023, list=old.pk) == []  # a list of another year is not this year's
    assert rows(as_office, year=2022, list=province.key) == ["旧"]  # its kind has one in each


@pytest.mark.parametrize("by", DIMENSIONS)
def test_filter_by_who_answers_and_by_chain(as_office, by):
    def holder():
        if by == "sponsor":
            return make_official()
        if by == "industry_chain":
            return IndustryChain.objects.create(name=f"链{IndustryChain.objects.count()}")
        return make_unit(kind=Unit.Kind.DISTRICT if by == "host_district" else Unit.Kind.DEPARTMENT)

    first, second = holder(), holder()
    listed("甲", **{by: first})
    listed("乙", **{by: second})
    listed("丙")
    assert rows(as_office, **{by: first.pk}) == rows(as_office, by=by, group=first.pk) == ["甲"]
    assert rows(as_office, by=by, group="") == ["丙"]


def test_who_answers_is_asked_of_the_lists_day(as_office):
    before, after = make_unit(), make_unit()
    project = listed("甲", lead_department=before)
    Handover.objects.create(project=project, slot="lead_department", unit=after, from_on=TODAY, made_at=NOW)
    Project.objects.filter(pk=project.pk).update(lead_department=after)
    assert rows(as_office, lead_department=before.pk) == []
    assert rows(as_office, lead_department=before.pk, as_of="2023-10-11") == ["甲"]


def test_the_columns_name_who_answered_on_the_lists_day_and_sort_by_them(as_office):
    first, second, third = (make_unit(name) for name in ("甲局", "乙局", "丙局"))
    for place, unit in enumerate((third, second, first)):
        Unit.objects.filter(pk=unit.pk).update(position=place)
    project = listed("甲", lead_department=first)
    listed("乙", lead_department=second)
    listed("丙")
    Handover.objects.create(project=project, slot="lead_department", unit=third, from_on=TODAY, made_at=NOW)

    def named(**asked) -> list[tuple]:
        table = as_office.get(reverse("project_list"), asked).context["table"]
        return [(row.record.name, str(row.get_cell("lead_department"))) for row in table.page.object_list]

    assert named(as_of="2023-10-11", sort="lead_department") == [("乙", "乙局"), ("甲", "甲局"), ("丙", "—")]
    assert named(as_of="2023-10-12", sort="lead_department") == [("甲", "丙局"), ("乙", "乙局"), ("丙", "—")]
    assert named(as_of="2023-10-12", sort="-lead_department") == [("乙", "乙局"), ("甲", "丙局"), ("丙", "—")]


def test_filter_by_gap_of_the_six(as_office):
    full = listed("甲", sponsor=make_official(), lead_department=make_unit(), host_district=make_unit())
    make_plan(full, "2024-01-01")
    listed("乙")
    assert rows(as_office, gap="true") == ["乙"]
    assert rows(as_office, gap="") == ["甲", "乙"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("氮化硅", ["高性能氮化硅项目"]),
        ("gxndhg", ["高性能氮化硅项目"]),
        ("GXNDHG", ["高性能氮化硅项目"]),
        ("zcgx", ["高性能氮化硅项目"]),  # the firm's initials
        ("中材 项目", ["高性能氮化硅项目"]),
        ("000777", ["高性能氮化硅项目"]),
        ("项目 不存在", []),
        ("%", []),
        ("_", []),
    ],
)
def test_search_by_name_firm_code_and_pinyin_initials(as_office, words, found):
    for name, developer, code in (
        ("高性能氮化硅项目", "中材高新", "2301-370371-04-01-000777"),
        ("特种玻璃", "金晶", "2301-370371-04-01-000888"),
    ):
        project = listed(name, developer=developer, code=code)
        project.search_text = search_text_for(project)
        project.save()
    assert rows(as_office, q=words) == found


# --- sorting, columns, pages ------------------------------------------------------------------------------


def sortable() -> list[str]:
    return [name for name, column in ProjectTable.base_columns.items() if column.orderable is not False]


@pytest.mark.parametrize("column", turns(sortable(), 3))
def test_sorting_by_each_column_both_ways_keeps_every_row(as_office, column):
    unit, other, official = make_unit("乙局"), make_unit("甲局"), make_official()
    chain = IndustryChain.objects.create(name="新材料")
    first = listed(
        "甲",
        planned="10",
        invested="1",
        lead_department=unit,
        host_district=other,
        sponsor=official,
        developer="A",
        industry_chain=chain,
        started_on=dt.date(2023, 1, 1),
        in_production_on=dt.date(2023, 9, 1),
        total_investment=Decimal(5),
    )
    first.reports.update(physical_progress="桩基")
    make_plan(first, "2024-01-01")
    second = listed(
        "乙",
        planned="20",
        invested="19",
        lead_department=other,
        host_district=unit,
        sponsor=make_official(),
        developer="B",
        category="continuing",
        industry_chain=IndustryChain.objects.create(name="新能源"),
        started_on=dt.date(2023, 2, 1),
        in_production_on=dt.date(2023, 9, 2),
    )
    second.reports.update(physical_progress="主体")
    make_plan(second, "2024-02-01")
    listed("丙", planned="0")
    query = {"columns": "1", "col": ProjectTable.OPTIONAL}
    up, down = rows(as_office, sort=column, **query), rows(as_office, sort=f"-{column}", **query)
    assert sorted(up) == sorted(down) == sorted(["甲", "乙", "丙"])
    assert up != down


def test_sorting_by_completion_is_by_the_rate(as_office):
    listed("半", planned="1000", invested="500")
    listed("满", planned="10", invested="10")
    listed("无", planned="1000", invested="0")
    assert rows(as_office, sort="completion") == ["无", "半", "满"]
    assert rows(as_office, sort="-completion") == ["满", "半", "无"]


def test_chosen_columns_are_remembered(as_office):
    listed("甲", developer="金晶集团")
    assert "金晶集团" not in as_office.get(reverse("project_list")).content.decode()
    as_office.get(reverse("project_list"), {"columns": "1", "col": ["developer", "nonsense"]})
    assert "金晶集团" in as_office.get(reverse("project_list")).content.decode()
    as_office.get(reverse("project_list"), {"columns": "1"})
    assert "金晶集团" not in as_office.get(reverse("project_list")).content.decode()


def test_more_than_a_page_is_counted_whole_and_a_page_too_far_is_the_last(as_office):
    for number in range(53):
        listed(f"项{number:02}")
    assert (len(rows(as_office)), len(rows(as_office, page=2)), len(rows(as_office, page=99))) == (50, 3, 3)
    assert 'data-count="53"' in as_office.get(reverse("project_list"), {"page": 2}).content.decode()


# --- addresses nobody should send -------------------------------------------------------------------------

BAD = {
    "as_of": ["abc", "2023-02-30", "0000-00-00", "9999-12-31", "\x00", "1990-01-01", "2099-12-31"],
    "year": ["abc", "0", "-1", "99999999999999999999", "1989", "2099", "\x00"],
    "list": ["x", "-1", "0", "999999999", "99999999999999999999", "\x00"],
    "page": ["99", "-1", "0", "x", "99999999999999999999", "\x00"],
    "group": ["-1", "x", "999999999", "99999999999999999999", "\x00", "٣"],
    "by": ["colour", "listing__project", "\x00"],
    "figure": ["x", "__class__", "\x00"],
    "basis": ["x", "\x00"],
    "split": ["x", "\x00"],
    "sort": ["x", "-", "--name", "lights", "-lists", "pk", "sponsor__user__password", "\x00"],
    "q": [
        "\x00",
        "x" * 5000,
        "'; --",
        "%",
        "\\",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    ],
    "light": ["pink", "\x00"],
    "stage": ["x"],
    "category": ["x"],
    "state": ["x"],
    "gap": ["x"],
    "sponsor": ["-1", "x", "99999999999999999999", "\x00"],
    "lead_department": ["99999999999999999999"],
    "industry_chain": ["x"],
    "col": ["x", "\x00"],
}


@pytest.mark.parametrize("parameter", turns(BAD, ["stage"]))
def test_bad_words_in_the_address_are_answered(as_office, parameter):
    project = listed("甲", lead_department=make_unit())
    detail = reverse("project_detail", args=[project.code])
    for value in BAD[parameter]:
        query = {"by": "lead_department", parameter: value} if parameter == "group" else {parameter: value}
        query |= {"columns": "1"} if parameter == "col" else {}
        for address in (*(reverse(name) for name in PAGES), detail):
            assert as_office.get(address, query).status_code == 200, (address, query)


@pytest.mark.parametrize("code", ["%00", "x%00y", "%F0%9F%98%80", "x" * 3000, "..%2F..", "%27--"])
def test_a_code_that_is_no_projects_is_not_found(as_office, code):
    assert as_office.get(f"/projects/{code}/").status_code == 404


def test_a_filter_with_a_bad_value_lets_no_row_through_and_says_so(as_office):
    listed("甲")
    response = as_office.get(reverse("project_list"), {"light": "pink"})
    assert "“亮灯”无法识别" in response.content.decode()
    assert rows(as_office, light="pink") == rows(as_office, gap="pink") == []


def test_an_empty_system_has_empty_pages(as_office):
    shown = as_office.get(reverse("dashboard")).content.decode()
    assert "该年度还没有名单" in shown
    assert reverse("adjustment_roll") in shown, "what to do in January"
    assert "没有符合条件的项目" in as_office.get(reverse("project_list")).content.decode()


# --- speed ------------------------------------------------------------------------------------------------


def fill(number):
    unit, district, official = make_unit(), make_unit(kind=Unit.Kind.DISTRICT), make_official()
    chain = IndustryChain.objects.create(name=f"链{IndustryChain.objects.count()}")
    for _ in range(number):
        project = make_project(
            lead_department=unit, host_district=district, sponsor=official, industry_chain=chain
        )
        for kind in ("省级重点", "市级重大"):
            make_listing(project, make_list(kind), planned_start="2023年6月")
        make_plan(project, "2023-09-01", "2023-12-01")
        make_problem(project)
        make_report(project)


@pytest.mark.parametrize("role", turns([Role.OFFICE, Role.SPONSOR]))
@pytest.mark.parametrize(
    "address", ["/projects/", "/projects/?light=red&figure=projects&sort=completion", "/dashboard/"]
)
def test_pages_take_as_many_queries_for_thirty_projects_as_for_three(client, role, address):
    user = make_user(role)

    def queries():
        client.get(address)  # what is read once a process
        return page_queries(client, address)

    fill(3)
    official = make_official(user=user)
    Project.objects.update(sponsor=official)
    client.force_login(user)
    of_three = queries()
    fill(27)
    Project.objects.update(sponsor=official)
    assert queries() == of_three


def test_a_projects_page_takes_as_many_queries_whatever_its_length(as_office):
    def queries(project):
        address = reverse("project_detail", args=[project.code])
        as_office.get(address)
        return page_queries(as_office, address)

    fill(2)
    first, second = Project.objects.all()
    of_short = queries(first)
    second.plans.get().milestones.all().delete()
    second.plans.all().delete()
    make_plan(second, *["2023-09-01"] * 12)
    for month in range(1, 10):
        make_problem(second)
        make_report(second, f"2023-{month:02}-3")
    assert queries(second) == of_short
