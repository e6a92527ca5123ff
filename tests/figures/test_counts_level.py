"""Which level a list counts (统计层级): package or parts, never both, in figures, doors and the ledger alike."""

import datetime as dt
import re
from decimal import Decimal

import pytest

from projects.figures.figures import figure_rows, figure_total
from projects.figures.population import Scope
from projects.models import ListingVersion, Project, Role
from projects.queries.register.ledger import ledger_sums
from tests.factories import TODAY, make_list, make_listing, make_project, make_report, make_user
from tests.reading import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SINGLE, PACKAGE, PHASE = Project.Level.SINGLE, Project.Level.PACKAGE, Project.Level.PHASE


def family(annual_list, *, amounts=("500", "300", "200"), level=PACKAGE):
    """A package with two parts, each listed with the plan given (None: not listed), and reported in full."""
    package = make_project("产业园", level=level)
    parts = [make_project(f"产业园{n}期", level=PHASE, parent=package) for n in ("一", "二")]
    for project, amount in zip([package, *parts], amounts, strict=True):
        if amount is not None:
            make_listing(project, annual_list, planned_investment=Decimal(amount))
        make_report(project, invested=amount or "1")
    return package, parts


def total(**scope):
    return figure_total(Scope(TODAY, 2023, **scope), follow_up=False)


def counted(**scope) -> set[str]:
    return set(Scope(TODAY, 2023, **scope).projects().values_list("name", flat=True))


@pytest.mark.parametrize(
    ("level", "names", "planned"),
    [
        (PACKAGE, {"产业园", "独立项目"}, 1500),
        (SINGLE, {"产业园一期", "产业园二期", "独立项目"}, 1500),
        (PHASE, {"产业园一期", "产业园二期", "独立项目"}, 1500),
    ],
)
def test_a_list_counts_the_package_or_its_parts_never_both(level, names, planned):
    annual_list = make_list(counts_level=level)
    family(annual_list)
    make_listing(make_project("独立项目"), annual_list, planned_investment=Decimal(1000))
    row = total()
    assert counted() == names
    assert (row["projects"], row["planned_investment"]) == (len(names), planned)
    assert row["invested_this_year"] == 500  # nobody's twice
    assert next(iter(figure_rows(Scope(TODAY, 2023), follow_up=False))).values == row.values


@pytest.mark.parametrize("level", [PACKAGE, SINGLE, PHASE])
@pytest.mark.parametrize(
    ("amounts", "names"),
    [(("500", None, None), {"产业园"}), ((None, "300", "200"), {"产业园一期", "产业园二期"})],
)
def test_what_stands_in_the_list_without_the_other_level_counts(level, amounts, names):
    family(make_list(counts_level=level), amounts=amounts)
    assert counted() == names


def test_a_part_in_another_list_hides_no_package():
    city, zone = make_list(counts_level=SINGLE), make_list("区级重点", counts_level=SINGLE)
    family(city, amounts=("500", None, None))
    make_listing(make_project("另一期", parent=Project.objects.get(name="产业园")), zone)
    assert counted(lists=(city.pk,)) == {"产业园"}


def test_a_part_taken_off_the_list_hides_its_package_only_until_then():
    annual_list = make_list(counts_level=SINGLE)
    package, parts = family(annual_list, amounts=("500", "300", None))
    make_listing(parts[0], annual_list, effective_on=dt.date(2023, 7, 1), change="removed")
    assert set(
        ListingVersion.objects.counting(dt.date(2023, 6, 30)).values_list("listing__project", flat=True)
    ) == {parts[0].pk}
    assert counted() == {package.name}


def test_a_project_not_counted_in_a_higher_list_counts_by_the_lower_one():
    province, city = make_list("省级重点", counts_level=PACKAGE), make_list(counts_level=SINGLE)
    _package, parts = family(province)
    make_listing(parts[0], city, planned_investment=Decimal(77))
    row = total()
    assert counted() == {"产业园", "产业园一期"}
    assert row["planned_investment"] == 500 + 77
    scope = Scope(TODAY, 2023)
    sums = ledger_sums(scope.projects(), scope)
    assert (sums["n"], sums["planned"]) == (row["projects"], row["planned_investment"])


@pytest.mark.parametrize("level", [PACKAGE, SINGLE])
def test_doors_open_the_rows_that_count_and_the_page_says_which_level(client, level):
    annual_list = make_list(counts_level=level)
    family(annual_list)
    client.force_login(make_user(Role.OFFICE))
    assert f"按{level.label}统计" in client.get("/dashboard/").content.decode()
    for figure in ("projects", "planned_investment", "invested_this_year"):
        page = client.get(f"/projects/?figure={figure}&list={annual_list.pk}&year=2023").content.decode()
        row = total(lists=(annual_list.pk,))
        assert int(re.search(r'data-count="(\d+)"', page)[1]) == row["projects"]
        assert f"按{level.label}统计" in page
        if figure != "projects":
            assert Decimal(re.search(r'data-sum="([\d.]+)"', page)[1]) == row[figure]


def test_lists_of_different_levels_say_so():
    make_list("省级重点", counts_level=PACKAGE)
    make_list(counts_level=SINGLE)
    assert Scope(TODAY, 2023).level_words == "按各名单规定的层级统计"
    assert Scope(TODAY, 1999).level_words == ""


def test_as_many_queries_for_many_packages_as_for_one():
    annual_list = make_list(counts_level=PACKAGE)

    def queries() -> int:
        return queries_of(figure_rows, Scope(TODAY, 2023))

    family(annual_list)
    few = queries()
    for _ in range(10):
        family(annual_list)
    assert queries() == few
