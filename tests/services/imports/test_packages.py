"""Packages and parts in a ledger: written beneath one another, and counted once."""

import datetime as dt
from decimal import Decimal

import pytest

from projects.figures.figures import figures_of
from projects.figures.population import Scope
from projects.models import AnnualList, Belonging, ImportBatch, ListingVersion, ListKind, Project
from projects.services.imports import Options, import_file, revert_batch
from tests.factories import NOW, TODAY
from tests.workbooks_for_import import table

from .sheets_of_offices import HEAD, TITLE, project

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LINES = (
    project(1, "甲管网", 50000, 20000, 18000),
    project(1.1, "甲管网东段", 30000, 12000, 11000),
    project(1.2, "甲管网西段", 20000, 8000, 7000),
    project(2, "乙"),
)


def written(*lines, day: dt.date = TODAY) -> dict:
    """The result of importing a ledger of these lines into 区级重点."""
    head = (*HEAD, "项目类别", "计划开工时间")
    cells = [TITLE, head, *([*line, "续建", "2022年3月"] for line in lines)]
    result, refusal = import_file(
        content=table(cells, "区级重点"),
        file_name="台账.xlsx",
        options=Options(answers={"listed_from:区级重点": "2023-01-01"}),
        by=None,
        now=NOW,
        today=day,
    )
    assert not refusal
    return result


def plan_of_list() -> tuple[int, Decimal]:
    """(projects, the year's plan) of the list as the figures count it."""
    total = figures_of(Scope(as_of=TODAY, year=2023)).total
    return total.values["projects"], total.values["planned_investment"]


def test_parts_hang_under_their_package_since_the_year_began_and_the_package_counts_once():
    written(*LINES)
    package = Project.objects.get(name="甲管网")
    assert (package.level, {part.name for part in package.children.all()}) == (
        Project.Level.PACKAGE,
        {"甲管网东段", "甲管网西段"},
    )
    held = Belonging.objects.filter(kind=Belonging.Kind.PACKAGE)
    assert {row.from_on for row in held} == {dt.date(2023, 1, 1)} and held.count() == 3
    assert AnnualList.objects.get(kind__name="区级重点", year=2023).counts_level == Project.Level.PACKAGE
    assert plan_of_list() == (2, Decimal(24000))


def test_the_same_ledger_again_changes_nothing():
    written(*LINES)
    again = written(*LINES)
    assert (again["written"], again["sheets"][0]["unchanged"]) == (False, 4)


def test_a_later_ledger_without_the_numbers_leaves_the_parts_where_they_are():
    written(*LINES)
    written(*(project(n, *line[1:2], *line[3:6]) for n, line in enumerate(LINES, 1)))
    assert Project.objects.get(name="甲管网").children.count() == 2


def test_parts_without_amounts_stand_in_the_list_by_their_package_also_where_it_counts_single_projects():
    AnnualList.objects.create(kind=ListKind.objects.get(name="区级重点"), year=2023)
    bare = [[line[0], line[1], line[2], None, None, None, line[6]] for line in LINES[1:3]]
    written(LINES[0], *bare, LINES[3])
    assert Project.objects.get(name="甲管网").children.count() == 2
    assert plan_of_list() == (2, Decimal(24000))


def test_parts_of_one_name_beneath_two_packages_are_two_projects():
    written(
        project(1, "甲园区", 200, 80, 40), project(1.1, "一期", 200, 80, 40),
        project(2, "乙园区", 300, 90, 50), project(2.1, "一期", 300, 90, 50),
    )  # fmt: skip
    assert set(Project.objects.filter(parent__isnull=False).values_list("name", flat=True)) == {
        "甲园区一期",
        "乙园区一期",
    }


def test_a_batch_of_packages_is_taken_back_whole():
    result = written(*LINES)
    revert_batch(batch=ImportBatch.objects.get(pk=result["batch"]), by=None, now=NOW)
    assert not Project.objects.exists() and not Belonging.objects.exists()


@pytest.mark.parametrize(
    ("said", "since"), [("2023-01-01", dt.date(2023, 1, 1)), ("2023-09-30", dt.date(2023, 9, 30))]
)
def test_a_list_that_comes_in_mid_year_is_asked_since_when_it_counts(said, since):
    content = table([TITLE, (*HEAD, "项目类别"), [*LINES[3], "续建"]], "区级重点")
    given = {"content": content, "file_name": "台账.xlsx", "by": None, "now": NOW, "today": TODAY}
    result, refusal = import_file(options=Options(), **given)
    (question,) = result["questions"]
    assert (question["id"], question["choices"]) == ("listed_from:区级重点", ["2023-01-01", "2023-09-30"])
    assert "自何日起列入名单" in refusal and not Project.objects.exists()
    import_file(options=Options(answers={"listed_from:区级重点": said}), **given)
    assert ListingVersion.objects.get().effective_on == since
