"""Corrections of a project in two lists (更正与计入名单): the total follows its highest list, each list its own row."""

import datetime as dt
from decimal import Decimal

import pytest

from projects.figures.corrections import OTHER_LIST, REMOVED, Readings, corrected_sum
from projects.figures.figures import figures_of
from projects.figures.published import as_corrected, as_published
from projects.models import AnnualList, Listing, ListingVersion, Project, Publication, Role
from projects.services.figures.publications import seal_figures
from tests.factories import NOW, make_list, make_listing, make_project, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SUNDAY = dt.date(2023, 10, 8)
HIGHER, LOWER = "省级重点", "市级重大"


@pytest.fixture(params=[(HIGHER, LOWER), (LOWER, HIGHER)], ids=["higher list first", "lower list first"])
def project_in_two_lists(request) -> Project:
    """In a higher list with a plan of 900 万元 and a lower one with 1000, in either order of entry."""
    project = make_project("氮化硅项目", started_on=dt.date(2023, 3, 5))
    for name in request.param:
        make_listing(project, make_list(name), planned_investment=Decimal(900 if name == HIGHER else 1000))
    assert make_list(HIGHER).kind.position < make_list(LOWER).kind.position
    return project


def sealed() -> Publication:
    return seal_figures(name="新闻发布会", as_of=SUNDAY, by=make_user(Role.OFFICE), now=NOW)


def correct(annual_list: AnnualList, plan: int) -> None:
    ListingVersion.objects.filter(listing__annual_list=annual_list).update(planned_investment=Decimal(plan))


def planned_difference(publication: Publication) -> Decimal:
    """By how much the plan printed for all lists together has moved."""
    published, corrected = (
        figures_of(reading(publication)).total for reading in (as_published, as_corrected)
    )
    return corrected["planned_investment"] - published["planned_investment"]


def test_the_total_is_corrected_by_the_row_of_the_highest_list(project_in_two_lists):
    publication = sealed()
    correct(make_list(HIGHER), 950)
    correct(make_list(LOWER), 1500)
    readings = Readings.of(publication)
    (total,) = readings.corrections()
    assert (total.fact, total.before, total.after) == ("planned_investment", 900, 950)
    assert total.planned == planned_difference(publication) == 50
    assert total.lists == (make_list(HIGHER).pk,)
    for name, effect in ((HIGHER, 50), (LOWER, 500)):
        found = readings.corrections(make_list(name).pk)
        assert corrected_sum(found, "planned_investment") == effect


def test_a_correction_in_the_lower_list_leaves_the_total_alone(project_in_two_lists):
    publication = sealed()
    correct(make_list(LOWER), 1500)
    readings = Readings.of(publication)
    assert readings.corrections() == []
    assert planned_difference(publication) == 0
    assert len(readings.corrections(make_list(LOWER).pk)) == 1


def test_a_project_off_its_highest_list_is_counted_by_the_next(project_in_two_lists):
    publication = sealed()
    last = ListingVersion.objects.get(listing__annual_list=make_list(HIGHER))
    ListingVersion.objects.filter(pk=last.pk).update(change=ListingVersion.Change.REMOVED)
    readings = Readings.of(publication)
    other, plan = readings.corrections()
    higher, lower = make_list(HIGHER).pk, make_list(LOWER).pk
    assert (other.fact, other.before, other.after, other.lists) == (
        OTHER_LIST,
        higher,
        lower,
        (higher, lower),
    )
    assert (plan.fact, plan.planned) == ("planned_investment", 100)
    assert planned_difference(publication) == 100
    (gone,) = readings.corrections(higher)
    assert (gone.fact, gone.planned) == (REMOVED, -900)
    assert Listing.objects.filter(project=project_in_two_lists).count() == 2
