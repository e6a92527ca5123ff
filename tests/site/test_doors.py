"""Every figure on a page is a door: the page it opens lists exactly the rows it counted, or sums what it summed."""

from decimal import Decimal

import pytest
from django.urls import reverse

from projects.figures.definitions import AMOUNTS, COUNTS, MATTERS
from projects.figures.population import DIMENSIONS, Scope
from projects.models import (
    AnnualList,
    IndustryChain,
    ListingVersion,
    Official,
    ProgressReport,
    Project,
    ReportState,
    Role,
    Unit,
)
from projects.pages.base.listing import paged
from projects.pages.base.scope import door, doors
from projects.services.figures.year_amounts import rewrite_all_year_amounts
from tests.crawling import Page, Walk
from tests.factories import TODAY, belongs, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("imported_ledger")]


@pytest.fixture(autouse=True)
def one_row_a_page(monkeypatch):
    """What a door says of its rows is said of all its pages."""
    monkeypatch.setattr(paged, "__defaults__", (1,))


def reporter():
    return make_user(Role.REPORTER, unit=Unit.objects.get(name="建设局"))


def sponsor():
    user = make_user(Role.SPONSOR)
    Official.objects.filter(name="领导甲").update(user=user)
    return user


def office():
    return make_user(Role.OFFICE)


@pytest.mark.crawl
@pytest.mark.parametrize("person", [sponsor, office, reporter])
def test_every_figure_of_the_ledger_opens_exactly_its_rows(client, person):
    """The office's own workbook: the overview with all its doors, every other page with some of each figure."""
    client.force_login(person())
    walk = Walk(client)
    walk.follow(most=40 if person is office else 30, depth=3, doors=1)
    assert walk.check(reverse("dashboard"), doors=4 if person is office else 1) > 30
    assert not walk.wrong
    assert person is not sponsor or len(walk.open("/").figures) >= 3
    assert {"dashboard", "ranking_list", "dashboard_compare", "lagging_list", "project_list"} <= set(
        walk.names
    )


def groups() -> dict[str, str]:
    """A group of each dimension, by dimension."""
    version = Scope(TODAY, TODAY.year).once().exclude(listing__project__sponsor=None)
    project = Project.objects.filter(pk__in=version.values("listing__project")).first()
    chain = IndustryChain.objects.create(name="新能源")
    belongs(project, industry_chain=chain)
    project.refresh_from_db()
    return {by: str(getattr(project, f"{by}_id")) for by in DIMENSIONS}


@pytest.mark.crawl
@pytest.mark.parametrize("by", DIMENSIONS)
def test_the_dashboards_of_groups_and_lists_open_exactly_their_rows(client, by):
    client.force_login(office())
    walk, pk = Walk(client), groups()[by]
    addresses = [overview(by=by, group=pk), f"{reverse('dashboard_compare')}?by={by}&group={pk}"]
    addresses += [f"{reverse('ranking_list')}?by={by}&few=1"]
    addresses += [overview(by=by, group="")] if by == "sponsor" else []
    for address in addresses:
        walk.check(address, doors=1)
    assert not walk.wrong
    assert walk.checked > 20


def overview(**query) -> str:
    return reverse("dashboard") + "?" + "&".join(f"{key}={value}" for key, value in query.items())


def assert_doors_agree(client, address, at_least, keys=None):
    """The figures of the whole population (no group's), or those of the keys."""
    walk = Walk(client)
    page = walk.open(address)
    page.figures = [
        one for one in page.figures if "by=" not in one.href and (keys is None or one.key in keys)
    ]
    walk.check(address)
    assert not walk.wrong
    assert walk.checked >= at_least


@pytest.mark.crawl
def test_doors_agree_on_a_day_gone_by(client):
    client.force_login(office())
    assert_doors_agree(client, overview(as_of="2023-06-30"), at_least=20)


@pytest.mark.crawl
def test_doors_of_one_list_take_that_lists_plan_where_a_higher_list_has_another(client):
    client.force_login(office())
    city = AnnualList.objects.get(kind__name="市级重大")
    both = ListingVersion.objects.filter(
        listing__annual_list__kind__name="省级重点", listing__project__listings__annual_list=city
    )
    assert both.update(planned_investment=Decimal("12345.67"), category="preparatory") == 6
    assert_doors_agree(client, overview(list=city.pk), at_least=15)


@pytest.mark.crawl
def test_doors_of_provisional_figures_open_provisional_sums(client):
    client.force_login(office())
    latest = ProgressReport.objects.filter(period_ends_on="2023-10-10", invested_this_year__gt=0)
    assert ProgressReport.objects.filter(pk=latest.first().pk).update(state=ReportState.PASSED)
    rewrite_all_year_amounts()
    for basis in ("submitted", "confirmed"):
        assert_doors_agree(client, overview(basis=basis), at_least=4, keys={"invested_this_year"})


@pytest.mark.crawl
def test_a_groups_dashboard_is_about_its_own_projects_alone(client):
    client.force_login(office())
    unit = Unit.objects.get(name="建设局")
    page = client.get(overview(by="lead_department", group=unit.pk))
    own = Scope(TODAY, TODAY.year).within("lead_department", str(unit.pk))
    assert page.context["total"]["projects"] == own.once().count() > 0
    assert all("by=lead_department" in one.href for one in Page.read(page.content.decode()).figures)
    assert "建设局" in page.content.decode()


def test_an_unknown_group_is_not_asked_for_and_a_foreign_one_not_found(client):
    client.force_login(office())
    assert client.get(overview(by="lead_department", group="999999")).context["group"] is None
    client.force_login(reporter())
    foreign = Unit.objects.get(name="科技创新局")
    assert client.get(overview(by="lead_department", group=foreign.pk)).status_code == 404


@pytest.mark.crawl
def test_a_person_without_projects_opens_empty_pages(client):
    client.force_login(make_user(Role.REPORTER))
    walk = Walk(client)
    page = walk.open(overview())
    assert {Decimal(one.value) for one in page.figures if "by=" not in one.href} == {0}
    walk.check(overview())
    assert not walk.wrong


def test_the_doors_of_a_page_are_the_doors_of_each_figure():
    scope = Scope(TODAY, TODAY.year, (3,), "submitted", None, "sponsor", "7")
    assert doors(scope) == {key: door(scope, key) for key in (*COUNTS, *AMOUNTS, *MATTERS)}
