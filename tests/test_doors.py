"""Every figure on a page is a door: the page it opens lists exactly the rows it counted, or sums what it summed."""

from decimal import Decimal
from functools import partial
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from projects.measures.definitions import AMOUNTS, COUNTS
from projects.measures.population import Scope
from projects.models import (
    AnnualList,
    ListingVersion,
    Official,
    ProgressReport,
    ReportState,
    Role,
    Unit,
)
from projects.services.year_amounts import rewrite_all_year_amounts
from projects.views.lists import paged
from projects.views.scope import door, doors
from tests.factories import make_user
from tests.shared_ledger import AS_OF, imported_ledger

pytestmark = pytest.mark.django_db
LISTS = [
    "project_list",
    "milestone_list",
    "problem_list",
    "report_list",
    "visit_list",
    "alert_list",
    "weekly_list",
]


class Page(HTMLParser):
    """The figures of a page and what it says of its own rows."""

    def __init__(self, text: str):
        super().__init__()
        self.figures: set[tuple[str, str, str]] = set()
        self.counts: list[str] = []
        self.sums: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "data-figure" in given:
            assert tag == "a", f"{given['data-figure']} is no link"
            self.figures.add((given["data-figure"], given.get("data-value"), given.get("href")))
        if "data-count" in given:
            self.counts.append(given["data-count"])
        if "data-sum" in given:
            self.sums.append(given["data-sum"])


@pytest.fixture(scope="module", autouse=True)
def ledger(django_db_setup, django_db_blocker):
    with imported_ledger(django_db_blocker):
        yield


@pytest.fixture(autouse=True)
def held(settings, monkeypatch):
    """The demonstration's day, and one row a page: what a door says of its rows is said of all its pages."""
    settings.TODAY = AS_OF
    monkeypatch.setattr("projects.views.projects.paged", partial(paged, per_page=1))


def reporter():
    return make_user(Role.REPORTER, unit=Unit.objects.get(name="建设局"))


def sponsor():
    user = make_user(Role.SPONSOR)
    Official.objects.filter(name="领导甲").update(user=user)
    return user


def office():
    return make_user(Role.OFFICE)


def opened(client: Client, address: str) -> Page:
    response = client.get(address)
    assert response.status_code == 200, address
    return Page(response.content.decode())


def mismatches(client: Client, address: str, known: dict[str, Page]) -> tuple[int, list[str]]:
    """How many figures a page has, and those whose door opens something else."""
    figures = opened(client, address).figures
    wrong = []
    for key, value, href in sorted(figures, key=str):
        if href not in known:
            known[href] = opened(client, href)
        page = known[href]
        told = page.sums if key in AMOUNTS else page.counts
        if len(told) != 1 or Decimal(told[0]) != Decimal(value):
            wrong.append(f"{key}={value} opens {href} with {told}")
    return len(figures), wrong


@pytest.mark.parametrize("person", [office, reporter, sponsor])
def test_every_figure_opens_exactly_its_rows(client, person):
    client.force_login(person())
    addresses = [reverse("desk"), reverse("dashboard"), *(reverse(name) for name in LISTS[:6])]
    if person is office:
        addresses.append(reverse("weekly_list"))
    known: dict[str, Page] = {}
    found = {address: mismatches(client, address, known) for address in addresses}
    assert not [line for _, wrong in found.values() for line in wrong]
    assert found["/dashboard/"][0] > 30
    assert person is not sponsor or found["/"][0] >= 3


def overview(**query) -> str:
    return reverse("dashboard") + "?" + "&".join(f"{key}={value}" for key, value in query.items())


def cards_of(page: Page) -> set:
    """Figures of the whole population: those whose door is narrowed to no group."""
    return {figure for figure in page.figures if "by=" not in figure[2]}


def assert_doors_agree(client, address, at_least, keys=None):
    """The figures of the whole population, or those of the keys."""
    known: dict[str, Page] = {}
    wrong, figures = [], cards_of(opened(client, address))
    figures = {figure for figure in figures if keys is None or figure[0] in keys}
    for key, value, href in figures:
        if href not in known:
            known[href] = opened(client, href)
        told = known[href].sums if key in AMOUNTS else known[href].counts
        if [Decimal(number) for number in told] != [Decimal(value)]:
            wrong.append(f"{key}={value} opens {href} with {told}")
    assert not wrong
    assert len(figures) >= at_least


def test_doors_agree_on_a_day_gone_by(client):
    client.force_login(office())
    assert_doors_agree(client, overview(as_of="2023-06-30"), at_least=20)


def test_doors_of_one_list_take_that_lists_plan_where_a_higher_list_has_another(client):
    client.force_login(office())
    city = AnnualList.objects.get(kind__name="市级重大")
    both = ListingVersion.objects.filter(
        listing__annual_list__kind__name="省级重点", listing__project__listings__annual_list=city
    )
    assert both.update(planned_investment=Decimal("12345.67"), category="preparatory") == 6
    assert_doors_agree(client, overview(list=city.pk), at_least=15)


def test_doors_of_provisional_figures_open_provisional_sums(client):
    client.force_login(office())
    latest = ProgressReport.objects.filter(period_ends_on="2023-10-10", invested_this_year__gt=0)
    assert ProgressReport.objects.filter(pk=latest.first().pk).update(state=ReportState.PASSED)
    rewrite_all_year_amounts()
    for basis in ("submitted", "confirmed"):
        assert_doors_agree(client, overview(basis=basis), at_least=4, keys={"invested_this_year"})


def test_a_group_in_the_overviews_address_narrows_nothing_its_doors_forget(client):
    client.force_login(office())
    unit = Unit.objects.get(name="建设局")
    address = overview(by="lead_department", group=unit.pk)
    assert opened(client, address).figures == opened(client, overview()).figures


def test_a_person_without_projects_opens_empty_pages(client):
    client.force_login(make_user(Role.REPORTER))
    page = opened(client, overview())
    assert {Decimal(value) for key, value, _ in cards_of(page)} == {0}
    assert_doors_agree(client, overview(), at_least=4, keys={"projects", "invested_this_year"})


def test_the_doors_of_a_page_are_the_doors_of_each_figure():
    scope = Scope(AS_OF, AS_OF.year, (3,), "submitted", None, "sponsor", "7")
    assert doors(scope) == {key: door(scope, key) for key in (*COUNTS, *AMOUNTS)}
